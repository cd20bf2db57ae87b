package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/bus/bustest"
	"promethean/schema"
)

// logOf is a log on a server of the test's own.
type logOf struct {
	t  *testing.T
	js jetstream.JetStream
}

func newLog(t *testing.T, s *bustest.Server) *logOf {
	t.Helper()
	b, err := bus.Connect(bus.Options{URL: s.URL(), Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	if err := b.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := b.EnsureStreams(t.Context(), bus.StreamOptions{}); err != nil {
		t.Fatal(err)
	}
	return &logOf{t, b.JetStream()}
}

// put puts chat lines n to m on the log, each with an event of another type
// before it.
func (l *logOf) put(n, m int) {
	l.t.Helper()
	for i := n; i <= m; i++ {
		for _, typ := range []schema.Type{"streamerbot.twitch.follow", schema.ChatMessage} {
			now := time.Now()
			sealed, err := schema.Seal(schema.Draft{
				ID: fmt.Sprint(typ, i), Type: typ, Provider: schema.Twitch, OwnVersion: true, Timestamp: now,
				Payload: fmt.Appendf(nil, "{\"username\":\"ada\",\n\"message\":\"line %d\"}", i),
				Trace:   schema.Trace{Source: "test", Tenant: "duck", ReceivedAt: now, Origin: schema.Live},
			})
			if err != nil {
				l.t.Fatal(err)
			}
			if _, err := l.js.Publish(l.t.Context(), sealed.Subject, sealed.Body); err != nil {
				l.t.Fatal(err)
			}
		}
	}
}

// tailing is a tail that runs in this process.
type tailing struct {
	mu     sync.Mutex
	out    bytes.Buffer
	stderr bytes.Buffer
	done   chan error
	stop   context.CancelFunc
}

func (r *tailing) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.out.Write(b)
}

func startTail(t *testing.T, url string, args ...string) *tailing {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r := &tailing{done: make(chan error, 1), stop: cancel}
	p := surroundings{environ: []string{"BRAIN_NATS_URL=" + url}, stdout: r, stderr: lockedWriter{r}}
	go func() { r.done <- execute(ctx, append([]string{"tail"}, args...), p) }()
	return r
}

type lockedWriter struct{ *tailing }

func (w lockedWriter) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stderr.Write(b)
}

// lines waits until so many lines are shown and gives the numbers in them.
func (r *tailing) lines(t *testing.T, n int) []string {
	t.Helper()
	var got []string
	eventually(t, fmt.Sprintf("%d lines", n), func() error {
		r.mu.Lock()
		defer r.mu.Unlock()
		got = strings.Split(strings.TrimSuffix(r.out.String(), "\n"), "\n")
		if r.out.Len() == 0 || len(got) < n {
			return fmt.Errorf("shown:\n%s\nsaid:\n%s", r.out.String(), r.stderr.String())
		}
		return nil
	})
	for i, line := range got {
		_, after, _ := strings.Cut(line, `"message":"line `)
		got[i], _, _ = strings.Cut(after, `"`)
	}
	return got
}

func (r *tailing) says(t *testing.T, text string) {
	t.Helper()
	eventually(t, text, func() error {
		r.mu.Lock()
		defer r.mu.Unlock()
		if !strings.Contains(r.stderr.String(), text) {
			return fmt.Errorf("said: %s", r.stderr.String())
		}
		return nil
	})
}

func (r *tailing) ends(t *testing.T) error {
	t.Helper()
	select {
	case err := <-r.done:
		return err
	case <-time.After(patience):
		t.Fatal("tail does not end")
		return nil
	}
}

func numbers(from, to int) (all []string) {
	for i := from; i <= to; i++ {
		all = append(all, fmt.Sprint(i))
	}
	return all
}

func consumers(t *testing.T, js jetstream.JetStream) (names []string) {
	t.Helper()
	s, err := js.Stream(t.Context(), bus.StreamEvents)
	if err != nil {
		t.Fatal(err)
	}
	list := s.ConsumerNames(t.Context())
	for name := range list.Name() {
		names = append(names, name)
	}
	if err := list.Err(); err != nil {
		t.Fatal(err)
	}
	return names
}

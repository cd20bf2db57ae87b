package status_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"promethean/bus"
	"promethean/bus/bustest"
	"promethean/cmd/brain/internal/status"
	"promethean/schema"
)

// places are a NATS server and a store where nobody listens.
func places(server *bustest.Server, login ...nats.Option) status.Places {
	return status.Places{
		NATS: server.URL(), Store: "mongodb://127.0.0.1:1", MongoURI: "mongodb://127.0.0.1:1", Database: "promethean",
		Dial: func(more ...nats.Option) (*nats.Conn, error) {
			return nats.Connect(server.URL(), append(more, login...)...)
		},
	}
}

// streamsAndConsumers are the names of all there are.
func streamsAndConsumers(t *testing.T, b *bus.Bus) string {
	t.Helper()
	var names []string
	for info := range b.JetStream().ListStreams(t.Context()).Info() {
		names = append(names, info.Config.Name, fmt.Sprint(info.State.LastSeq), fmt.Sprint(info.State.Consumers))
	}
	return strings.Join(names, " ")
}

// TestAskingChangesNothing: no stream and no consumer is made, no message kept,
// on a server that has none of ours and on one that has all.
func TestAskingChangesNothing(t *testing.T) {
	server := bustest.Start(t)
	b, err := bus.Connect(bus.Options{URL: server.URL()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	if err := b.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := status.Gather(t.Context(), places(server))
	if after := streamsAndConsumers(t, b); after != "" {
		t.Errorf("it made %s", after)
	}
	if len(r.NATS.Streams) != 5 || !r.NATS.Streams[0].Missing || len(r.NATS.Unasked) != 0 || r.Ready || r.Programs == nil {
		t.Errorf("%+v", r)
	}

	b = server.Connect(bus.StreamOptions{})
	before := streamsAndConsumers(t, b)
	r = status.Gather(t.Context(), places(server))
	if after := streamsAndConsumers(t, b); after != before {
		t.Errorf("before: %s\nafter: %s", before, after)
	}
	if len(r.NATS.Durable) != 4 || !r.NATS.Durable[0].Missing || len(r.NATS.Unasked) != 0 {
		t.Errorf("%+v", r.NATS)
	}
}

// TestUserWhoMayNot: what the user may not ask is one line each, soon, and all
// the rest is there.
func TestUserWhoMayNot(t *testing.T) {
	for _, c := range []struct {
		name   string
		denied []string
		what   []string
	}{
		{"nothing denied", []string{"x"}, nil},
		{"status", []string{schema.StatusSubject}, []string{"running programs"}},
		{"streams", []string{"$JS.API.STREAM.INFO.>"}, []string{"streams", "positions on the log"}},
		{"consumers", []string{"$JS.API.CONSUMER.>"}, []string{"positions on the log"}},
		{"all of JetStream", []string{"$JS.>"}, []string{"streams", "positions on the log"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := bustest.Start(t)
			server.Connect(bus.StreamOptions{}).Close()
			server.Stop()
			server.Login("reader", "secret", c.denied...)
			began := time.Now()
			r := status.Gather(t.Context(), places(server, nats.UserInfo("reader", "secret")))
			if took := time.Since(began); took > 8*time.Second {
				t.Errorf("it took %s", took)
			}
			var what []string
			for _, u := range r.NATS.Unasked {
				what = append(what, u.What)
				if !strings.HasPrefix(u.Why, `NATS does not permit it: Publish to "`) || strings.Contains(u.Why, "\n") {
					t.Errorf("%s: %s", u.What, u.Why)
				}
			}
			if strings.Join(what, ",") != strings.Join(c.what, ",") {
				t.Errorf("not asked: %v, want %v", what, c.what)
			}
			if r.NATS.Error != "" || r.NATS.Version == "" || r.Store.Error == "" {
				t.Errorf("%+v", r)
			}
			if known := r.NATS.Streams != nil; known == strings.Contains(strings.Join(c.what, ","), "streams") {
				t.Errorf("streams: %+v", r.NATS.Streams)
			}
		})
	}
}

// TestProgramsAndLetters: who runs, and what the newest dead letters say.
func TestProgramsAndLetters(t *testing.T) {
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	who := schema.ProgramStatus{Program: "brain", Instance: "pond/1", StartedAt: schema.NewTime(time.Now())}
	running.Go(func() {
		_ = b.AnswerStatus(ctx, who, func(context.Context) (map[string]string, map[string]float64) {
			return map[string]string{"sink ledger": "", "sink chat": "", "sink channel": "", "sink ai": ""}, nil
		})
	})
	for n := range 5 {
		letter := schema.DeadLetter{Event: schema.Recorded{Subject: "promethean.p.twitch.t.duck.events.chat.message", Stream: bus.StreamEvents, Seq: uint64(n), Body: []byte("{")}, Sink: "chat", Reason: fmt.Sprintf("reason %d\n\x1b[2J", n)}
		if err := b.Bury(t.Context(), letter); err != nil {
			t.Fatal(err)
		}
	}
	// The newest but one is dealt with already.
	dlq, err := b.JetStream().Stream(t.Context(), bus.StreamDLQ)
	if err != nil {
		t.Fatal(err)
	}
	if err := dlq.DeleteMsg(t.Context(), 4); err != nil {
		t.Fatal(err)
	}
	var r status.Report
	for r = status.Gather(t.Context(), places(server)); len(r.Programs) == 0; {
		r = status.Gather(t.Context(), places(server))
	}
	if len(r.NATS.Newest) != 3 || r.NATS.Newest[0].Seq != 5 || r.NATS.Newest[1].Seq != 3 || !strings.HasPrefix(r.NATS.Newest[0].Reason, "reason 4") || r.NATS.Newest[0].Sink != "chat" {
		t.Errorf("%+v", r.NATS.Newest)
	}
	if *r.NATS.DeadLetters != 4 || !r.Programs[0].Ready || r.Programs[0].Instance != "pond/1" {
		t.Errorf("%+v", r)
	}
	// The only problem is the store; dead letters are worth a look.
	if r.Ready || len(r.Findings) != 2 || r.Findings[0].Part != "store" || r.Findings[1].Problem {
		t.Errorf("%+v", r.Findings)
	}
}

package ailicia

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Who may listen to what.
func TestRequests(t *testing.T) {
	r := newRig(t, Options{Key: "right", BasicKey: "basic"})
	for _, tt := range []struct {
		name, query, key, body string
		status                 int
	}{
		{"everything", "", "right", "", 200},
		{"some types", "?types=chat.message,ai.thoughts", "right", "", 200},
		{"a channel", "?channelId=ch_51d1", "right", "", 200},
		{"no key", "", "", "", 401},
		{"another key", "", "wrong", "", 401},
		{"a key in the address", "?token=right", "", "", 401},
		{"a subscription without it", "", "basic", "", 403},
		{"another channel", "?channelId=ch_0000", "right", "", 404},
		{"an unknown type", "?types=chat.message,chat.massage", "right", "Invalid EventSub types value\n", 400},
		{"an empty type", "?types=chat.message,", "right", "Invalid EventSub types value\n", 400},
	} {
		t.Run(tt.name, func(t *testing.T) {
			answer, err := r.get(t, tt.query, tt.key)
			if err != nil || answer.StatusCode != tt.status {
				t.Fatalf("%v, %v", answer, err)
			}
			defer answer.Body.Close()
			if tt.status == http.StatusOK {
				return
			}
			if body, err := io.ReadAll(answer.Body); err != nil || string(body) != tt.body {
				t.Errorf("body %q, %v", body, err)
			}
		})
	}
	r.order(t, "key mended")
	if answer, err := r.get(t, "", "mended"); err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("with the new key: %v, %v", answer, err)
	}
}

func TestFilters(t *testing.T) {
	r := newRig(t, Options{})
	types, channel, all := r.open(t, "?types=ai.thoughts"), r.open(t, "?channelId=ch_51d1"), r.open(t, "")
	youTube := `{"event":{"source":"YouTube","type":"BroadcastStarted"},"data":{}}`
	r.order(t, `emit api.event {"n":1}`)
	r.Tell([]byte(youTube))
	r.order(t, `emit ai.thoughts {"n":2}`)
	if got := types.block(); !strings.HasPrefix(got, "event: ai.thoughts\n") {
		t.Errorf("by type: %q", got)
	}
	if got := channel.block(); !strings.HasPrefix(got, "event: channel.go_live\n") {
		t.Errorf("by channel: %q", got)
	}
	for _, want := range []string{"api.event", "channel.go_live", "ai.thoughts"} {
		if got := all.block(); !strings.HasPrefix(got, "event: "+want+"\n") {
			t.Errorf("all: %q, not %s", got, want)
		}
	}
}

// A server without a Streamer.bot plays an evening of its own, the same for the same seed.
func TestOwnEvening(t *testing.T) {
	at := func() time.Time { return start }
	first := func() string {
		r := newRig(t, Options{Seed: 7, Clock: at})
		stream := r.open(t, "")
		ctx, stop := context.WithCancel(r.ctx)
		done := make(chan struct{})
		go func() { defer close(done); r.play(ctx, 2000) }()
		var all strings.Builder
		for range 50 {
			all.WriteString(stream.block())
		}
		stop()
		<-done
		return all.String()
	}
	if a, b := first(), first(); a != b {
		t.Errorf("two evenings of one seed differ: %q, %q", a, b)
	}
}

func TestKeepAlive(t *testing.T) {
	r := newRig(t, Options{KeepAlive: time.Millisecond})
	if got := r.open(t, "").block(); got != ping {
		t.Errorf("got %q", got)
	}
}

// Whatever was going on, a server that has returned has left nothing behind, and can serve again.
func TestLeavesNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	t.Run("busy", func(t *testing.T) {
		r := newRig(t, Options{Rate: 500, Seed: 1})
		r.open(t, "").block()
		r.open(t, "") // reads nothing
		r.order(t, "mute", "oversize 30000000")
		go func() { _, _ = r.get(t, "", DefaultKey) }()
		if err := r.Wait(r.ctx, func(s Stats) bool { return s.Refused == 1 }); err != nil {
			t.Fatal(err)
		}
		r.order(t, "stall")
	})
	deadline := time.Now().Add(10 * time.Second)
	for runtime.NumGoroutine() > before && time.Now().Before(deadline) {
		runtime.Gosched()
	}
	if after := runtime.NumGoroutine(); after > before {
		buf := make([]byte, 1<<16)
		t.Errorf("%d goroutines before, %d after:\n%s", before, after, buf[:runtime.Stack(buf, true)])
	}
}

func TestControl(t *testing.T) {
	s := New(Options{})
	for _, tt := range []struct {
		name, method, body, want string
		status                   int
	}{
		{"orders", "POST", "status 500 2\n\nkey k\n", `{"done":2}`, 200},
		{"an unknown order", "POST", "heal\ndance\n", `there is no order \"dance\"`, 400},
		{"the state", "GET", "", `"clients":0`, 200},
		{"something else", "DELETE", "", "", 405},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			s.Control().ServeHTTP(w, httptest.NewRequest(tt.method, "/", strings.NewReader(tt.body)))
			if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.want) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	for _, name := range names(orders()) {
		if !strings.Contains(OrderHelp(), "  "+name) {
			t.Errorf("the help lacks %s", name)
		}
	}
}

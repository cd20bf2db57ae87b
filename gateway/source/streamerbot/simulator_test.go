package streamerbot

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"promethean/gateway/simulator"
	"promethean/schema"

	"github.com/google/go-cmp/cmp"
)

// TestAgainstTheSimulator drives a real socket: every kind of server, and
// events in the order sent.
func TestAgainstTheSimulator(t *testing.T) {
	for _, tt := range []struct {
		name     string
		o        simulator.Options
		password string
	}{
		{"1.0.7", simulator.Options{Hello: true}, ""},
		{"0.2.4 without Hello", simulator.Options{Version: "0.2.4"}, ""},
		{"camel case, exactly", simulator.Options{Hello: true, Version: "0.2.5", CamelCaseSources: true, ExactCase: true}, ""},
		{"password enforced", simulator.Options{Hello: true, Auth: simulator.AuthEnforced, Password: "pässwörd🔒"}, "pässwörd🔒"},
		{"password not enforced and not given", simulator.Options{Hello: true, Auth: simulator.AuthOn, Password: "pw"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			tt.o.Lossless = true
			sim, url := serveSimulator(t, ctx, tt.o)
			s, drafts := runSource(t, ctx, Config{
				URL: url, Tenant: "duck", Password: tt.password, Timings: Timings{Hello: 50 * time.Millisecond},
			})
			if err := sim.WaitSubscribed(ctx, 1); err != nil {
				t.Fatal(err, s.Status().LastError)
			}
			const n = 300
			for i := range n {
				frame := fmt.Sprintf(`{"timeStamp":"2026-03-04T19:21:44.5+01:00","event":{"source":"Twitch","type":"ChatMessage"},"data":{"messageId":"m%d","text":"%d","user":{"id":"1","login":"a"}}}`, i, i)
				if err := sim.Inject(ctx, []byte(frame)); err != nil {
					t.Fatal(err)
				}
			}
			var got, sent []string
			for i := range n {
				sent = append(sent, schema.NativeID(schema.Twitch, "duck", schema.ChatMessage, fmt.Sprint("m", i)))
			}
			for len(got) < n {
				if d := next(t, ctx, drafts); d.Type == schema.ChatMessage {
					got = append(got, d.ID)
				}
			}
			if diff := cmp.Diff(sent, got); diff != "" {
				t.Errorf("order (-sent +got):\n%s", diff)
			}
		})
	}
}

// TestSimulatorWrongPassword: both ways in which servers refuse.
func TestSimulatorWrongPassword(t *testing.T) {
	for _, asAnswer := range []bool{false, true} {
		t.Run(fmt.Sprint("as an answer: ", asAnswer), func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			_, url := serveSimulator(t, ctx, simulator.Options{Hello: true, Auth: simulator.AuthEnforced, Password: "pw", AuthErrorAnswer: asAnswer})
			c := Config{URL: url, Tenant: "duck", Password: "no", PasswordSetting: "BRAIN_X"}
			s, err := New(c)
			if err != nil {
				t.Fatal(err)
			}
			err = s.connect(ctx)
			if err == nil || !strings.Contains(err.Error(), "BRAIN_X") {
				t.Errorf("error %v does not name the setting", err)
			}
		})
	}
}

// TestLongFramesOverASocket: frames of 3 and 20 MiB become refusals and the
// same connection goes on.
func TestLongFramesOverASocket(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	sim, url := serveSimulator(t, ctx, simulator.Options{Hello: true, Lossless: true})
	s, drafts := runSource(t, ctx, Config{URL: url, Tenant: "duck"})
	if err := sim.WaitSubscribed(ctx, 1); err != nil {
		t.Fatal(err)
	}
	want(t, next(t, ctx, drafts).Type, schema.SourceConnected)
	for _, size := range []int64{3 << 20, 20 << 20} {
		frame := []byte(`{"event":{"source":"Twitch","type":"ChatMessage"},"data":"` + strings.Repeat("x", int(size)) + `"}`)
		if err := sim.Inject(ctx, frame); err != nil {
			t.Fatal(err)
		}
		d := next(t, ctx, drafts)
		if d.Refusal == nil {
			t.Fatalf("no refusal: %s", d.Type)
		}
		want(t, d.Refusal.Size, int64(len(frame)))
		want(t, len(d.Refusal.Bytes), schema.MaxFrame)
	}
	if err := sim.InjectBinary(ctx, []byte{1, 2, 3}); err != nil {
		t.Fatal(err)
	}
	want(t, next(t, ctx, drafts).Refusal.Reason, errBinary.Error())
	if err := sim.Inject(ctx, []byte(`{"event":{"source":"Twitch","type":"Follow"},"data":{}}`)); err != nil {
		t.Fatal(err)
	}
	want(t, next(t, ctx, drafts).Type, "streamerbot.twitch.follow")
	want(t, s.Status().Connections, 1)
}

func serveSimulator(t *testing.T, ctx context.Context, o simulator.Options) (*simulator.Server, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(ctx)
	sim := simulator.New(o)
	var work sync.WaitGroup
	work.Go(func() { _ = sim.Serve(ctx, l) })
	t.Cleanup(func() { cancel(); work.Wait() })
	return sim, "ws://" + l.Addr().String() + "/"
}

func runSource(t *testing.T, ctx context.Context, c Config) (*Source, <-chan schema.Draft) {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(ctx)
	drafts := make(chan schema.Draft)
	var work sync.WaitGroup
	work.Go(func() {
		_ = s.Run(ctx, func(d schema.Draft) {
			select {
			case drafts <- d:
			case <-ctx.Done():
			}
		})
	})
	t.Cleanup(func() { cancel(); work.Wait() })
	return s, drafts
}

func next(t *testing.T, ctx context.Context, drafts <-chan schema.Draft) schema.Draft {
	t.Helper()
	select {
	case d := <-drafts:
		return d
	case <-ctx.Done():
		t.Fatal("nothing came")
		return schema.Draft{}
	}
}

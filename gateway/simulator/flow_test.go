package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"promethean/gateway/simulator/internal/evening"
)

const everything = `{"request":"Subscribe","id":"all","events":{"*":["*"]}}`

func subscribed(t *testing.T, url, request string) *client {
	t.Helper()
	c := connect(t, url)
	if got := c.ask(request); got["status"] != "ok" {
		t.Fatalf("Subscribe: %v", got)
	}
	return c
}

func TestLosslessSendsAllInOrder(t *testing.T) {
	const lines, clients = 20000, 2
	s, url := serve(t, Options{Lossless: true, Queue: 16})
	ctx := testContext(t)
	var readers sync.WaitGroup
	for range clients {
		c := subscribed(t, url, `{"request":"Subscribe","events":{"Twitch":["ChatMessage"]}}`)
		readers.Go(func() {
			for n := 1; n <= lines; n++ {
				_, body, err := c.conn.Read(ctx)
				if want := fmt.Sprintf(`"text":"line %d"`, n); err != nil || !strings.Contains(string(body), want) {
					t.Errorf("line %d: %v %s", n, err, body)
					return
				}
			}
		})
	}
	if err := s.WaitSubscribed(ctx, clients); err != nil {
		t.Fatal(err)
	}
	if err := s.Number(ctx, lines); err != nil {
		t.Fatal(err)
	}
	if err := s.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	readers.Wait()
	if st := s.Stats(); st.Sent != lines*clients || st.Lost != 0 || st.Cut != 0 {
		t.Errorf("stats %+v", st)
	}
}

func TestNumberWaitsForSomebodyToHear(t *testing.T) {
	s, url := serve(t, Options{Lossless: true})
	ctx := testContext(t)
	var sender sync.WaitGroup
	sender.Go(func() {
		if err := s.Number(ctx, 3); err != nil {
			t.Error(err)
		}
	})
	c := subscribed(t, url, `{"request":"Subscribe","events":{"Obs":["Event"]}}`)
	c.ask(`{"request":"Subscribe","events":{"Twitch":["ChatMessage"]}}`)
	for n := 1; n <= 3; n++ {
		if got := c.text(); !strings.Contains(got, fmt.Sprintf("line %d", n)) {
			t.Errorf("line %d is %s", n, got)
		}
	}
	sender.Wait()
}

func TestSlowClientIsCutAndOthersAreNot(t *testing.T) {
	s, url := serve(t, Options{Queue: 8})
	slow := subscribed(t, url, everything)
	fast := subscribed(t, url, everything)
	frame := []byte(`{"event":{"source":"Obs","type":"Event"},"data":"` + strings.Repeat("x", 256<<10) + `"}`)
	for n := 0; s.Stats().Cut == 0; n++ {
		if n == 1000 {
			t.Fatal("a client that never reads was not cut after 256 MB")
		}
		if err := s.Inject(fast.ctx, frame); err != nil {
			t.Fatal(err)
		}
		if got := fast.text(); got != string(frame) {
			t.Fatalf("frame %d: %d bytes", n, len(got))
		}
	}
	if err := s.Wait(fast.ctx, func(st Stats) bool { return st.Clients == 1 && st.Queued == 0 }); err != nil {
		t.Fatal(err)
	}
	if st := s.Stats(); st.Cut != 1 || st.Subscribed != 1 || st.Lost == 0 {
		t.Errorf("stats %+v", st)
	}
	if code := slow.closed(); code != -1 {
		t.Errorf("the slow client was told %d", code)
	}
}

func TestFramesThatAreNoEventsGoToEverybody(t *testing.T) {
	s, url := serve(t, Options{})
	c := connect(t, url)
	c.ask(`{"request":"GetInfo"}`)
	for _, tt := range []struct {
		name, frame string
		send        func(context.Context, []byte) error
		kind        websocket.MessageType
	}{
		{"truncated", `{"timeStamp":"2026`, s.Inject, websocket.MessageText},
		{"no event", `{"data":1}`, s.Inject, websocket.MessageText},
		{"not UTF-8", "\xff\xfe", s.Inject, websocket.MessageText},
		{"binary", "\x00\x01\x02", s.InjectBinary, websocket.MessageBinary},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := tt.send(c.ctx, []byte(tt.frame)); err != nil {
				t.Fatal(err)
			}
			kind, body, err := c.conn.Read(c.ctx)
			if err != nil || kind != tt.kind || string(body) != tt.frame {
				t.Errorf("got %v %q, %v", kind, body, err)
			}
		})
	}
}

func TestInjectGivesUpWithItsContext(t *testing.T) {
	s, url := serve(t, Options{Lossless: true, Queue: 1})
	c := subscribed(t, url, everything)
	s.Stall(true)
	frame := func(n int) []byte { return fmt.Appendf(nil, `{"event":{"source":"Obs","type":"Event"},"data":%d}`, n) }
	for n := range 2 {
		if err := s.Inject(c.ctx, frame(n)); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(c.ctx)
	failed := make(chan error)
	go func() { failed <- s.Inject(ctx, frame(2)) }()
	if err := s.Wait(c.ctx, func(st Stats) bool { return st.Queued == 3 }); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("Inject: %v", err)
	}
	s.Stall(false)
	for n := range 2 {
		if got := c.text(); got != string(frame(n)) {
			t.Errorf("got %s", got)
		}
	}
	if err := s.Flush(c.ctx); err != nil {
		t.Fatal(err)
	}
	if st := s.Stats(); st.Sent != 2 || st.Lost != 0 {
		t.Errorf("stats %+v", st)
	}
}

func TestStalledServerIsADeadPeer(t *testing.T) {
	s, url := serve(t, Options{})
	c := subscribed(t, url, everything)
	frames := make(chan string, 8)
	go func() {
		defer close(frames)
		for {
			_, body, err := c.conn.Read(c.ctx)
			if err != nil {
				return
			}
			frames <- string(body)
		}
	}()
	if err := c.conn.Ping(c.ctx); err != nil {
		t.Fatalf("ping before the stall: %v", err)
	}
	s.Stall(true)
	short, cancel := context.WithTimeout(c.ctx, 50*time.Millisecond)
	defer cancel()
	if err := c.conn.Ping(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("ping of a stalled server: %v", err)
	}
	if conn, _, err := websocket.Dial(short, url, nil); err == nil {
		_ = conn.CloseNow()
		t.Error("a stalled server answered a new connection")
	}
	c.send(`{"request":"GetInfo","id":"late"}`)
	if err := s.Inject(c.ctx, []byte(`{"event":{"source":"Obs","type":"Event"}}`)); err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-frames:
		t.Errorf("a stalled server sent %s", got)
	default:
	}
	s.Stall(false)
	got := <-frames + <-frames
	if !strings.Contains(got, `"late"`) || !strings.Contains(got, `"Obs"`) {
		t.Errorf("after the stall came %s", got)
	}
	_ = c.conn.CloseNow()
	for range frames {
		t.Error("more frames than expected")
	}
}

func TestDropEndsSubscriptions(t *testing.T) {
	s, url := serve(t, Options{})
	c := subscribed(t, url, everything)
	if err := s.WaitSubscribed(c.ctx, 1); err != nil {
		t.Fatal(err)
	}
	s.Drop()
	if code := c.closed(); code != -1 {
		t.Errorf("dropped with close code %d", code)
	}
	if err := s.Wait(c.ctx, func(st Stats) bool { return st.Clients == 0 }); err != nil {
		t.Fatal(err)
	}
	connect(t, url).ask(`{"request":"GetInfo"}`)
	if n, st := s.Connections(), s.Stats(); n != 1 || st.Subscribed != 0 {
		t.Errorf("%d connections, stats %+v", n, st)
	}
}

func TestServeEndsAndBeginsAgain(t *testing.T) {
	s := New(Options{Rate: 1000})
	for range 2 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(testContext(t))
		ended := make(chan error, 1)
		go func() { ended <- s.Serve(ctx, l) }()
		polite := subscribed(t, URL(l), `{"request":"Subscribe","events":{"Twitch":["Follow"]}}`)
		subscribed(t, URL(l), everything) // never reads again, so never answers the close frame
		if err := s.WaitSubscribed(ctx, 2); err != nil {
			t.Fatal(err)
		}
		stop()
		if code := polite.closed(); code != websocket.StatusGoingAway {
			t.Errorf("closed with %d", code)
		}
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("Serve: %v", err)
			}
		case <-time.After(patience):
			t.Fatal("Serve did not return")
		}
		if st := s.Stats(); st.Clients != 0 || st.Subscribed != 0 || st.Queued != 0 {
			t.Errorf("left behind: %+v", st)
		}
	}
}

// Whatever is under way when the server stops, it leaves nothing behind and returns at once.
func TestServeEndsWithWorkInHand(t *testing.T) {
	s := New(Options{
		Lossless: true, Rate: 100,
		Actions: []Action{{Name: "for ever", Do: TakeTime(24 * time.Hour)}},
		Faults:  []Fault{{Request: "GetInfo", Kind: Late, Delay: time.Hour}, {Request: "GetEvents", Kind: Swap}},
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(testContext(t))
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	c := subscribed(t, URL(l), watchRuns)
	for _, r := range []string{`"GetInfo"`, `"GetEvents"`, `"DoAction","action":{"name":"for ever"}`, `"DoAction","action":{"name":"for ever"}`} {
		c.send(`{"request":` + r + `}`)
	}
	for c.receive()["event"] == nil { // the action runs
	}
	if err := s.Close(1012, ""); err != nil {
		t.Fatal(err)
	}
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Fatal("Serve did not return")
	}
	// Serve has waited for each goroutine's last line; the few instructions behind it cannot be waited for.
	buf, limit := make([]byte, 1<<20), time.Now().Add(patience)
	for {
		stacks := string(buf[:runtime.Stack(buf, true)])
		if !strings.Contains(stacks, "simulator.(*session)") && !strings.Contains(stacks, "simulator.(*Server)") {
			return
		}
		if time.Now().After(limit) {
			t.Fatalf("goroutines are left:\n%s", stacks)
		}
		runtime.Gosched()
	}
}

func TestServeTellsWhyItFailed(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	if err := New(Options{}).Serve(testContext(t), l); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Serve on a closed listener: %v", err)
	}
}

// The server plays the evening that its seed says, without leaving a frame out.
func TestRatePlaysTheEvening(t *testing.T) {
	clock := func() time.Time { return time.Date(2026, 3, 4, 19, 20, 0, 0, time.UTC) }
	s, url := serve(t, Options{Seed: 11, Rate: 400, Clock: clock, Lossless: true})
	e := evening.New(evening.Options{Seed: 11, Start: clock(), Kick: true})
	e.Titled(s.Title())
	place := map[string]int{}
	for range 3000 {
		for _, frame := range e.Next(clock()) {
			place[string(frame)] = len(place)
		}
	}
	c := subscribed(t, url, everything)
	last := -1
	for range 300 {
		body := c.text()
		at, ok := place[body]
		if !ok || last >= 0 && at != last+1 {
			t.Fatalf("frame %d of the evening follows frame %d: %s", at, last, body)
		}
		last = at
	}
	if st := s.Stats(); st.Cut != 0 || st.Lost != 0 {
		t.Errorf("stats %+v", st)
	}
}

func TestVersionDecidesTheShape(t *testing.T) {
	for _, tt := range []struct {
		version      string
		nested, flat bool
	}{
		{"0.2.4", true, false}, {"0.2.5", true, true}, {"1.0.4", true, true}, {"1.0.5", false, true}, {"1.1.0-alpha", false, true}, {"next", false, true},
	} {
		t.Run(tt.version, func(t *testing.T) {
			s, url := serve(t, Options{Version: tt.version})
			c := subscribed(t, url, everything)
			if err := s.Number(c.ctx, 1); err != nil {
				t.Fatal(err)
			}
			var frame struct{ Data map[string]json.RawMessage }
			if err := json.Unmarshal([]byte(c.text()), &frame); err != nil {
				t.Fatal(err)
			}
			_, nested := frame.Data["message"]
			_, flat := frame.Data["messageId"]
			if nested != tt.nested || flat != tt.flat {
				t.Errorf("nested %v, flat %v", nested, flat)
			}
		})
	}
}

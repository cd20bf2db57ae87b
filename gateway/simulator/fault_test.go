package simulator

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"
)

// TestMisanswers asks for the actions with a fault in force and then for a probe, and looks at the ids
// of the answers in their order.
func TestMisanswers(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fault Fault
		want  []string
	}{
		{"ignored", Fault{Request: "GetActions", Kind: Ignore}, []string{"probe"}},
		{"muted", Fault{Request: "GetActions", Kind: Mute}, []string{"probe"}},
		{"refused", Fault{Request: "GetActions", Kind: Refuse, Error: "not now"}, []string{"a not now", "b not now", "probe"}},
		{"refused once", Fault{Request: "GetActions", Kind: Refuse, Error: "not now", Times: 1}, []string{"a not now", "b", "probe"}},
		{"any refused twice", Fault{Request: "*", Kind: Refuse, Error: "no", Times: 2}, []string{"a no", "b no", "probe"}},
		{"late", Fault{Request: "GetActions", Kind: Late, Delay: time.Hour, Times: 1}, []string{"b", "probe"}},
		{"swapped", Fault{Request: "GetActions", Kind: Swap, Times: 1}, []string{"b", "a", "probe"}},
		{"of another request", Fault{Request: "DoAction", Kind: Ignore}, []string{"a", "b", "probe"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, url := serve(t, Options{Faults: []Fault{tt.fault}})
			c := connect(t, url)
			c.send(`{"request":"GetActions","id":"a"}`)
			c.send(`{"request":"GetActions","id":"b"}`)
			c.send(`{"request":"GetInfo","id":"probe"}`)
			var got []string
			for len(got) == 0 || got[len(got)-1] != "probe" {
				m := c.receive()
				id := m["id"].(string)
				if why, ok := m["error"].(string); ok {
					id += " " + why
				}
				got = append(got, id)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if n := s.Asked(); n["GetActions"] != 2 || n["GetInfo"] != 1 {
				t.Errorf("asked %v", n)
			}
		})
	}
}

func TestLateAnswerComes(t *testing.T) {
	_, url := serve(t, Options{Faults: []Fault{{Request: "DoAction", Kind: Late, Delay: time.Millisecond}}})
	c := connect(t, url)
	if got := c.ask(`{"request":"DoAction","id":"late","action":{"name":"Lights On"}}`); got["id"] != "late" || got["status"] != "ok" {
		t.Errorf("answer %v", got)
	}
}

// Which of the faults act: the run is seen by another client.
func TestFaultsThatAct(t *testing.T) {
	for _, tt := range []struct {
		kind FaultKind
		acts bool
	}{{Ignore, false}, {Refuse, false}, {Mute, true}, {Late, true}, {Swap, true}, {HangUp, true}} {
		s, url := serve(t, Options{})
		watcher, c := connect(t, url), connect(t, url)
		watcher.ask(watchRuns)
		s.Misanswer(Fault{Request: "DoAction", Kind: tt.kind, Times: 1, Delay: time.Hour})
		c.send(`{"request":"DoAction","id":"x","action":{"name":"Lights On"}}`)
		if tt.kind == HangUp {
			if code := c.closed(); code != -1 {
				t.Errorf("hang-up with code %d", code)
			}
			c = connect(t, url)
		}
		c.send(`{"request":"DoAction","id":"y","action":{"name":"Say Hello"}}`)
		want := "Say Hello"
		if tt.acts {
			want = "Lights On"
		}
		if got := watcher.event("Raw.Action"); got["name"] != want {
			t.Errorf("kind %d: %v ran first, want %s", tt.kind, got["name"], want)
		}
	}
}

func TestHealEndsFaults(t *testing.T) {
	s, url := serve(t, Options{Faults: []Fault{{Request: "*", Kind: Ignore}}})
	c := connect(t, url)
	s.Stall(true)
	s.Duplicate(9)
	s.Heal()
	c.ask(everything)
	for range 2 {
		if err := s.Emit(c.ctx, "Obs", "Event", nil); err != nil {
			t.Fatal(err)
		}
	}
	c.event("Obs.Event")
	c.event("Obs.Event")
	if got := c.ask(`{"request":"GetInfo","id":"1"}`); got["id"] != "1" {
		t.Errorf("a third event? %v", got)
	}
}

func TestDuplicate(t *testing.T) {
	s, url := serve(t, Options{})
	c := connect(t, url)
	c.ask(everything)
	s.Duplicate(2)
	var got []string
	for n := range 3 {
		if err := s.Emit(c.ctx, "Obs", "Event", n); err != nil {
			t.Fatal(err)
		}
	}
	for range 5 {
		got = append(got, c.text())
	}
	if got[0] != got[1] || got[2] != got[3] || got[3] == got[4] || got[1] == got[2] {
		t.Errorf("got %s", got)
	}
}

func TestGarbageAndOversizeReachEverybody(t *testing.T) {
	s, url := serve(t, Options{})
	c := connect(t, url)
	c.ask(`{"request":"GetInfo"}`)
	for kind, want := range garbage {
		if err := s.Garbage(c.ctx, kind); err != nil {
			t.Fatal(err)
		}
		wire, body, err := c.conn.Read(c.ctx)
		if err != nil || string(body) != want || (wire == websocket.MessageBinary) != (kind == "binary") {
			t.Errorf("%s: %v %q, %v", kind, wire, body, err)
		}
	}
	for _, size := range []int{3<<20 + 7, 1} {
		if err := s.Oversize(c.ctx, size); err != nil {
			t.Fatal(err)
		}
		if n := len(c.text()); size > 1000 && n != size {
			t.Errorf("%d bytes, want %d", n, size)
		}
	}
	if err := s.Garbage(c.ctx, "compost"); err == nil || !strings.Contains(err.Error(), "truncated") {
		t.Errorf("unknown kind: %v", err)
	}
}

func TestClose(t *testing.T) {
	s, url := serve(t, Options{})
	c := connect(t, url)
	c.ask(`{"request":"GetInfo"}`)
	for _, code := range []int{0, 999, 1005, 1006, 1015, 2000, 5000} {
		if s.Close(code, "") == nil {
			t.Errorf("code %d was taken", code)
		}
	}
	if s.Close(1000, strings.Repeat("x", 124)) == nil {
		t.Error("a reason of 124 bytes was taken")
	}
	if err := s.Close(1012, "back soon"); err != nil {
		t.Fatal(err)
	}
	_, _, err := c.conn.Read(c.ctx)
	var closed websocket.CloseError
	if !errors.As(err, &closed) || closed.Code != 1012 || closed.Reason != "back soon" {
		t.Errorf("read: %v", err)
	}
}

// A client that goes away takes answers with it that were still to come.
func TestNothingWaitsForTheGone(t *testing.T) {
	s, url := serve(t, Options{Faults: []Fault{{Request: "GetInfo", Kind: Late, Delay: time.Hour}}})
	c := connect(t, url)
	c.send(`{"request":"GetInfo","id":"1"}`)
	c.ask(`{"request":"GetActions","id":"2"}`)
	_ = c.conn.CloseNow()
	if err := s.Wait(c.ctx, func(st Stats) bool { return st.Clients == 0 }); err != nil {
		t.Fatal(err)
	}
}

func TestParseOrder(t *testing.T) {
	for _, tt := range []struct{ order, want string }{
		{"dance", "hangup"}, {"", "there is no order"}, {"drop now", "nothing more"},
		{"close soon", "CODE"}, {"garbage compost", "KIND"}, {"oversize big", "BYTES"}, {"oversize 99999999999", "64 MiB"},
		{"duplicate twice", "N"}, {"ignore Nope", "no request"}, {"mute GetInfo often", "no number"},
		{"late GetInfo", "DURATION"}, {"inject", "no frame"}, {"emit Twitch", "SOURCE.TYPE"}, {"emit Twitch.Raid {", "not JSON"},
		{"event", "no name"}, {"event x [", "not JSON"}, {"say twitch", "nothing is said"}, {"global", "no name"},
		{"global x {", "not JSON"}, {"wait long", "DURATION"}, {"after 1s dance", "no order"}, {"once two drop", "N ORDER"},
	} {
		if _, err := ParseOrder(tt.order); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %q", tt.order, err, tt.want)
		}
	}
}

// Each order does what the Go method does.
func TestOrders(t *testing.T) {
	for _, tt := range []struct{ order, want string }{
		{`emit General.Custom {"kind":"deaths"}`, `"data":{"kind":"deaths"}`},
		{`emit General.Custom "boss down"`, `"data":"boss down"`},
		{`emit Obs.Event`, `"data":{}`},
		{`event lights.changed {"level":40}`, `"eventName":"lights.changed"`},
		{`say twitch hello  there`, `"text":"hello  there"`},
		{`title Tower Climb at night`, `"status":"Tower Climb at night"`},
		{`global brain_mood "hyped"`, `"newValue":"hyped"`},
		{`inject {"event":{"source":"Kofi","type":"Donation"}}`, `{"event":{"source":"Kofi","type":"Donation"}}`},
		{`garbage truncated`, garbage["truncated"]},
		{`oversize 500`, `xxxx`},
		{`once 1 after 1ms emit Obs.Event 7`, `"data":7`},
		{`after 1ms wait 1ms`, ""},
		{`refuse GetInfo 1 go away`, `"error":"go away"`},
		{`refuse GetInfo`, `"error":"Refused by order"`},
		{`late GetInfo 1ms 1`, `"info"`},
	} {
		t.Run(tt.order, func(t *testing.T) {
			s, url := serve(t, Options{Title: "before"})
			c := connect(t, url)
			c.ask(everything)
			do, err := ParseOrder(tt.order)
			if err != nil {
				t.Fatal(err)
			}
			if err := do(c.ctx, s); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(tt.order, "GetInfo") {
				c.send(`{"request":"GetInfo","id":"1"}`)
			}
			if tt.want != "" {
				if got := c.text(); !strings.Contains(got, tt.want) {
					t.Errorf("got %s", got)
				}
			}
		})
	}
}

func TestControl(t *testing.T) {
	s, url := serve(t, Options{Title: "before"})
	web := httptest.NewServer(s.Control())
	t.Cleanup(web.Close)
	c := connect(t, url)
	c.ask(everything)
	ask := func(orders string) (int, string) {
		t.Helper()
		r, err := http.Post(web.URL, "text/plain", strings.NewReader(orders))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		body, _ := io.ReadAll(r.Body)
		return r.StatusCode, string(body)
	}
	for _, tt := range []struct {
		name, orders string
		status       int
		want         string
	}{
		{"two", "emit Obs.Event 1\r\n\nemit Obs.Event 2\n", 200, `{"done":2}`},
		{"none done when one is wrong", "emit Obs.Event 3\ndance", 400, "there is no order"},
		{"one fails", "title " + strings.Repeat("x", 141), 500, "141"},
		{"too much", "inject " + strings.Repeat("x", controlLimit), 400, "too large"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if status, body := ask(tt.orders); status != tt.status || !strings.Contains(body, tt.want) {
				t.Errorf("%d %s", status, body)
			}
		})
	}
	c.event("Obs.Event")
	c.event("Obs.Event")
	if got := c.ask(`{"request":"GetInfo","id":"1"}`); got["id"] != "1" {
		t.Errorf("a third event? %v", got)
	}
	r, err := http.Get(web.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, _ := io.ReadAll(r.Body)
	for _, want := range []string{`"clients":1`, `"connected":1`, `"subscribed":1`, `"title":"before"`, `"asked":{"GetInfo":1,"Subscribe":1}`} {
		if !strings.Contains(string(body), want) {
			t.Errorf("state %s lacks %s", body, want)
		}
	}
	if status, _ := ask("drop"); status != 200 {
		t.Error("drop by order")
	}
	if code := c.closed(); code != -1 {
		t.Errorf("dropped with %d", code)
	}
}

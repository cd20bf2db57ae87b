package simulator

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

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

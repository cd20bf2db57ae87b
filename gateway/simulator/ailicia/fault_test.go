package ailicia

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// How a stream ends by each order, and what a client has read by then.
func TestEndings(t *testing.T) {
	for _, tt := range []struct {
		order, text string
		err         error
	}{
		{"end", "", nil},
		{"cut", half, nil},
		{"drop", half, io.ErrUnexpectedEOF},
		{"reset", "", syscall.ECONNRESET},
	} {
		t.Run(tt.order, func(t *testing.T) {
			r := newRig(t, Options{})
			stream := r.open(t, "")
			r.order(t, "emit api.event {}", tt.order)
			if got := stream.block(); !strings.HasPrefix(got, "event: api.event\ndata: {") {
				t.Errorf("first %q", got)
			}
			text, err := io.ReadAll(stream)
			if string(text) != tt.text || !errors.Is(err, tt.err) {
				t.Errorf("got %q, %v", text, err)
			}
			if err := r.Wait(r.ctx, func(s Stats) bool { return s.Clients == 0 && s.Queued == 0 }); err != nil {
				t.Error(err)
			}
			r.open(t, "") // the next one is served
		})
	}
}

// What the next request is answered.
func TestAnswers(t *testing.T) {
	for _, tt := range []struct {
		order               string
		status              int
		header, value, body string
	}{
		{"status 503 1 7", 503, "Retry-After", "7", ""},
		{"status 429 1 Wed, 21 Oct 2026 07:28:00 GMT", 429, "Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT", ""},
		{"status 204", 204, "", "", ""},
		{"status 500", 500, "Retry-After", "", ""},
		{"redirect http://other.example/stream", 307, "Location", "http://other.example/stream", ""},
		{"login", 200, "Content-Type", "text/html; charset=utf-8", loginPage},
	} {
		t.Run(tt.order, func(t *testing.T) {
			r := newRig(t, Options{})
			r.order(t, tt.order)
			answer, err := r.get(t, "", DefaultKey)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(answer.Body)
			if err != nil || answer.StatusCode != tt.status || answer.Header.Get(tt.header) != tt.value || string(body) != tt.body {
				t.Errorf("%s, %v, %q, %v", answer.Status, answer.Header, body, err)
			}
			r.open(t, "") // once only
		})
	}
}

func TestStatusUntilHeal(t *testing.T) {
	r := newRig(t, Options{})
	r.order(t, "status 500 0")
	for range 3 {
		if answer, err := r.get(t, "", DefaultKey); err != nil || answer.StatusCode != http.StatusInternalServerError {
			t.Fatalf("%v, %v", answer, err)
		}
	}
	r.order(t, "heal")
	r.open(t, "")
}

// No header comes until heal, and then none either: the connection ends.
func TestMute(t *testing.T) {
	r := newRig(t, Options{})
	r.order(t, "mute 1")
	failed := make(chan error, 1)
	go func() {
		_, err := r.get(t, "", DefaultKey)
		failed <- err
	}()
	if err := r.Wait(r.ctx, func(s Stats) bool { return s.Refused == 1 }); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-failed:
		t.Fatalf("answered: %v", err)
	default:
	}
	r.open(t, "")
	r.order(t, "heal")
	if err := <-failed; !errors.Is(err, io.EOF) {
		t.Errorf("got %v", err)
	}
}

// A stalled server is a dead peer: no event, no comment, no answer.
func TestStall(t *testing.T) {
	r := newRig(t, Options{KeepAlive: time.Millisecond})
	stream := r.open(t, "")
	if got := stream.block(); got != ping {
		t.Fatalf("got %q", got)
	}
	r.order(t, "stall", "emit api.event {}")
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		if answer, err := r.get(t, "", DefaultKey); err == nil {
			_ = answer.Body.Close()
		}
	}()
	if err := r.Wait(r.ctx, func(s Stats) bool { return s.Requests == 2 }); err != nil {
		t.Fatal(err)
	}
	if s := r.Stats(); s.Sent != 0 || s.Connected != 1 {
		t.Errorf("while stalled: %+v", s)
	}
	r.order(t, "resume")
	for got := ping; got == ping; {
		if got = stream.block(); got != ping && !strings.HasPrefix(got, "event: api.event\n") {
			t.Errorf("got %q", got)
		}
	}
	<-answered
}

// What is sent among the events.
func TestSent(t *testing.T) {
	sized := func(n int) func(string) bool {
		return func(s string) bool {
			_, data, _ := strings.Cut(s, "\ndata: ")
			return len(strings.TrimSuffix(data, "\n\n")) == n
		}
	}
	has := func(text string) func(string) bool { return func(s string) bool { return strings.Contains(s, text) } }
	is := func(text string) func(string) bool { return func(s string) bool { return s == text } }
	cases := []struct {
		name, order string
		fits        func(string) bool
	}{
		{"retry", "retry 250", is("retry: 250\n\n")},
		{"mismatch", "mismatch", func(s string) bool {
			return strings.HasPrefix(s, "event: ai.thoughts\n") && strings.Contains(s, `"type":"chat.message"`)
		}},
		{"oversize", "oversize", sized(beyondLimit)},
		{"oversize of a size", "oversize 3000000", sized(3000000)},
		{"inject", `inject ": hello\n\n"`, is(": hello\n\n")},
		{"emit", `emit ai.new {"a":1}`, has(`"payload":{"a":1}`)},
	}
	for kind, text := range garbage() {
		cases = append(cases, struct {
			name, order string
			fits        func(string) bool
		}{"garbage " + kind, "garbage " + kind, is(text)})
	}
	r := newRig(t, Options{})
	stream := r.open(t, "")
	for _, tt := range cases {
		r.order(t, tt.order)
		if got := stream.block(); !tt.fits(got) {
			t.Errorf("%s: %d bytes, %.300q", tt.name, len(got), got)
		}
	}
}

// How events are written.
func TestWriting(t *testing.T) {
	r := newRig(t, Options{})
	stream := r.open(t, "")
	next := func() string { r.order(t, `emit api.event {"n":1}`); return stream.block() }
	if got := next(); !strings.HasPrefix(got, "event: api.event\ndata: {") {
		t.Errorf("plain: %q", got)
	}
	r.order(t, "ids", "lines crlf", "slow 7 1ns")
	if got := next(); !strings.HasPrefix(got, "id: evt_") || !strings.Contains(got, "\r\nevent: api.event\r\ndata: {") || !strings.HasSuffix(got, "}\r\n\r\n") {
		t.Errorf("with ids, slowly: %q", got)
	}
	r.order(t, "heal", "lines cr")
	r.order(t, "emit api.event {}")
	text := make([]byte, 16)
	if _, err := io.ReadFull(stream, text); err != nil || string(text) != "event: api.event" {
		t.Errorf("%q, %v", text, err)
	}
	if b, err := stream.ReadByte(); err != nil || b != '\r' {
		t.Errorf("%q, %v", b, err)
	}
}

func TestDuplicate(t *testing.T) {
	r := newRig(t, Options{})
	stream := r.open(t, "")
	r.order(t, "duplicate 1", "emit api.event {}", "emit api.event {}")
	first, second, third := stream.block(), stream.block(), stream.block()
	if first != second || second == third {
		t.Errorf("got %q, %q, %q", first, second, third)
	}
}

// A client that does not read is cut off, and takes nobody with it.
func TestSlowClient(t *testing.T) {
	r := newRig(t, Options{Queue: 2})
	r.open(t, "")
	r.order(t, "oversize 30000000", "oversize 1000", "oversize 1000", "oversize 1000", "oversize 1000", "oversize 1000")
	if err := r.Wait(r.ctx, func(s Stats) bool { return s.Clients == 0 && s.Queued == 0 }); err != nil {
		t.Fatal(err)
	}
	r.open(t, "")
}

func TestOrders(t *testing.T) {
	for _, line := range []string{
		"dance", "end now", "status", "status 99", "status 500 x", "redirect", "login x", "mute -1", "key", "lines lfcr",
		"slow", "slow 0", "slow 4 x", "duplicate", "garbage", "garbage rhubarb", "oversize x", "oversize " + strconv.Itoa(65<<20),
		"emit", "emit a {", "inject", "inject hello", "wait", "after", "after 1s dance", "once", "once 1 dance",
	} {
		if _, err := ParseOrder(line); err == nil {
			t.Errorf("%q is an order", line)
		}
	}
	r := newRig(t, Options{})
	stream := r.open(t, "")
	r.order(t, "once 1 after 1ms emit api.event {}", "wait 1ns")
	if got := stream.block(); !strings.HasPrefix(got, "event: api.event\n") {
		t.Errorf("got %q", got)
	}
}

package eventstream

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// parse feeds stream in pieces of n bytes, all at once for 0.
func parse(limit int, stream []byte, n int) (events []Event, p *parser) {
	p = newParser(limit, "")
	if n <= 0 {
		n = max(len(stream), 1)
	}
	for len(stream) > 0 {
		k := min(n, len(stream))
		p.feed(stream[:k])
		stream = stream[k:]
		for e, ok := p.next(); ok; e, ok = p.next() {
			events = append(events, e)
		}
	}
	return events, p
}

func TestParser(t *testing.T) {
	for _, c := range []struct {
		name, stream string
		limit        int
		want         []string
	}{
		{"only the beginning of a mark", "\xef\xbbdata:x\n\ndata:y\n\n", 0, []string{"message y "}},
		{"a mark alone", "\xef\xbb\xbf", 0, nil},
		{"two marks", "\xef\xbb\xbf\xef\xbb\xbfdata:x\n\ndata:y\n\n", 0, []string{"message y "}},
		{"CR LF CR LF is one blank line", "data:x\r\n\r\ndata:y\r\n\r\n", 0, []string{"message x ", "message y "}},
		{"LF CR is a blank line", "data:x\n\rdata:y\n\r", 0, []string{"message x ", "message y "}},
		{"a name that only begins like one", "dat:x\ndatax:y\ndata :z\n\n", 0, nil},
		{"a space before the name", " data:x\n\n", 0, nil},
		{"two spaces, one is taken", "data:  x\n\n", 0, []string{"message  x "}},
		{"a tab stays", "data:\tx\n\n", 0, []string{"message \tx "}},
		{"NUL in data stays", "data:a\x00b\n\n", 0, []string{"message a\x00b "}},
		{"NUL in a type stays", "event:a\x00b\ndata:x\n\n", 0, []string{"a\x00b x "}},
		{"an empty type is message", "event: a\nevent\ndata:x\n\n", 0, []string{"message x "}},
		{"an id in a block without data counts", "id:7\n\ndata:x\n\n", 0, []string{"message x 7"}},
		{"an id with NUL leaves the one before", "id:7\ndata:x\n\nid:\x00\ndata:y\n\n", 0, []string{"message x 7", "message y 7"}},
		{"data after a comment line", ":x\ndata:y\n:z\n\n", 0, []string{"message y "}},
		{"lines of nothing", "data\ndata\ndata\n\n", 0, []string{"message \n\n "}},
		{"no blank line, no event", "data:x\n", 0, nil},
		{"broken UTF-8, each maximal part", "data:a\xe2\x80b\xf0\x9f\x91c\xff\xfed\xed\xa0\x80\n\n", 0, []string{"message a�b�c��d��� "}},
		{"broken UTF-8 at the end of a line", "data:\xe2\x80\ndata:\xa6\n\n", 0, []string{"message �\n� "}},
		{"at the limit", "data:12345678\n\n", 8, []string{"message 12345678 "}},
		{"over it", "id:3\nevent:e\ndata:123456789\n\ndata:x\n\n", 8, []string{"e 12345678 3 oversize 9 " + sumOf("123456789"), "message x 3"}},
		{"over it by the line end", "data:1234\ndata:5678\n\n", 8, []string{"message 1234\n567  oversize 9 " + sumOf("1234\n5678")}},
		{"a type over it", "event:123456789\ndata:x\n\n", 8, []string{"12345678 x  oversize 1 " + sumOf("x")}},
		{"an id over it", "id:123456789\ndata:x\n\n", 8, []string{"message x  oversize 1 " + sumOf("x")}},
		{"without end", "id:3\ndata:" + strings.Repeat("1", 64) + "\ndata:2\n\ndata:x\n\n", 2, []string{"message 11 3 oversize 57 " + sumOf(strings.Repeat("1", 57))}},
		{"lines without end", "data:1\n" + strings.Repeat("data\n", 20) + "\ndata:x\n\n", 2, []string{"message 1\n  oversize 16 " + sumOf("1"+strings.Repeat("\n", 15))}},
		{"a name without end", "data:1\nevent:" + strings.Repeat("e", 99) + "\n\ndata:x\n\n", 2, []string{"message 1  oversize 1 " + sumOf("1")}},
		{"an id without end is of no event", "id:" + strings.Repeat("e", 99) + "\n\ndata:x\n\n", 2, nil},
		{"comments are no part of it", "data:1\n" + strings.Repeat(":e\nx:e\n", 99) + "\ndata:x\n\n", 2, []string{"message 1 ", "message x "}},
		{"an unknown field over it is nothing", strings.Repeat("y", 99) + "\n:" + strings.Repeat("y", 99) + "\ndata:x\n\n", 8, []string{"message x "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.limit == 0 {
				c.limit = 1 << 10
			}
			for n := range len(c.stream) {
				events, _ := parse(c.limit, []byte(c.stream), n)
				var got []string
				for _, e := range events {
					got = append(got, show(e))
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Fatalf("in pieces of %d (-want +got):\n%s", n, diff)
				}
			}
		})
	}
}

func show(e Event) string {
	text := fmt.Sprintf("%s %s %s", e.Type, e.Data, e.ID)
	if e.Oversize {
		text += fmt.Sprintf(" oversize %d %x", e.Size, e.SHA256)
	}
	return text
}

func sumOf(s string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(s))) }

func TestParserRetry(t *testing.T) {
	for _, c := range []struct {
		name, stream string
		want         int64
	}{
		{"none", "data:x\n\n", -1},
		{"a number", "retry:1500\n", 1500},
		{"a space", "retry: 1500\n", 1500},
		{"two spaces", "retry:  1500\n", -1},
		{"a sign", "retry:+5\n", -1},
		{"digits of another script", "retry:١\n", -1},
		{"a fraction", "retry:1.5\n", -1},
		{"zero", "retry:0\n", 0},
		{"the last one counts", "retry:1\nretry:2\n", 2},
		{"a bad one leaves the good", "retry:1\nretry:x\n", 1},
		{"empty", "retry:\n", -1},
		{"not ended", "retry:5", -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, p := parse(99, []byte(c.stream), 1); p.retry != c.want {
				t.Errorf("retry %d, want %d", p.retry, c.want)
			}
		})
	}
	if _, p := parse(99, []byte("retry:"+strings.Repeat("9", 40)+"\n"), 0); p.retry < maxRetry.Milliseconds() {
		t.Errorf("a huge one is %d", p.retry)
	}
}

// TestParserMemory: nothing that a server sends without an end fills memory.
func TestParserMemory(t *testing.T) {
	const limit = 1 << 10
	for _, begin := range []string{"", ":", "data:", "id:", "event:", "retry:", "data:x\nid:", "unknown:"} {
		t.Run("endless "+begin, func(t *testing.T) {
			p := newParser(limit, "")
			p.feed([]byte(begin))
			chunk := bytes.Repeat([]byte("7"), 64<<10)
			for range 64 {
				p.feed(chunk)
			}
			if kept := cap(p.name) + cap(p.value) + cap(p.block.data); kept > 8*limit {
				t.Errorf("%d bytes are kept", kept)
			}
		})
	}
}

// FuzzFraming: however a stream is cut, the events are the same; what was not
// ended by a blank line is none; the library makes of the frames what went in.
func FuzzFraming(f *testing.F) {
	f.Add([]byte("\xef\xbb\xbfid: 1\r\nevent: a\rdata: x\ndata\n\n:c\n\nretry: 7\ndata: y\xff\n"), uint8(1))
	f.Add([]byte("data: 123456789012345678901234567890123456789\n\nid\ndata\n\n"), uint8(3))
	f.Add([]byte("event:\x00\ndata: a\ndata:\ndata:\n\nid: 2\ndata: trunc"), uint8(7))
	f.Add([]byte("data:\xed\n\n0"), uint8(1))
	f.Fuzz(func(t *testing.T, stream []byte, n uint8) {
		const limit = 32
		whole, end := parse(limit, stream, 0)
		pieces, _ := parse(limit, stream, int(n))
		if diff := cmp.Diff(whole, pieces, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("cut in pieces of %d:\n%s", n, diff)
		}
		if !end.empty || end.block.has {
			// What comes behind is not joined to it by a mere line end.
			more, _ := parse(limit, append(bytes.Clone(stream), "x"...), 0)
			if diff := cmp.Diff(whole, more, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("an event that was not complete:\n%s", diff)
			}
		}
		for _, e := range whole {
			if frame := appendFrame(nil, e); len(frame) > frameRoom(limit) {
				t.Fatalf("a frame of %d bytes", len(frame))
			}
		}
		if diff := cmp.Diff(whole, throughLibrary(t, limit, stream, int(n)), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("through the library:\n%s", diff)
		}
	})
}

// throughLibrary is what Read makes of a stream whose reads give n bytes each.
func throughLibrary(t *testing.T, limit int, stream []byte, n int) (got []Event) {
	t.Helper()
	asked := false
	transport := roundTripper(func(*http.Request) (*http.Response, error) {
		resp := &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}, Body: http.NoBody}
		if !asked {
			asked = true
			resp.StatusCode = http.StatusOK
			resp.Header.Set("Content-Type", "text/event-stream")
			resp.Body = io.NopCloser(&slowly{stream, max(n, 1)})
		}
		return resp, nil
	})
	// The stream may ask for a wait: its end is the end here.
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o := Options{URL: "http://stream.invalid/", Transport: transport, MaxEvent: limit, Closed: func(error, time.Duration) { cancel() }}
	if err := Read(ctx, o, func(e Event) { got = append(got, e) }); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	return got
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// slowly reads n bytes at a time.
type slowly struct {
	rest []byte
	n    int
}

func (s *slowly) Read(p []byte) (int, error) {
	if len(s.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.rest[:min(s.n, len(s.rest))])
	s.rest = s.rest[n:]
	return n, nil
}

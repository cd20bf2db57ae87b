package eventstream_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"promethean/gateway/source/ailicia/eventstream"
)

// wire is a server of bare bytes: answers[n] is all that the n-th connection is
// sent, then it is closed; the last one is sent to all later ones and stays open.
func wire(t *testing.T, answers ...func(io.Writer)) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	quit := make(chan struct{})
	serve := func(c net.Conn, n int) {
		defer c.Close()
		request := make([]byte, 4096)
		if _, err := c.Read(request); err != nil {
			return
		}
		answers[min(n, len(answers)-1)](c)
		if n >= len(answers)-1 {
			<-quit
		}
	}
	all.Go(func() {
		for n := 0; ; n++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { serve(c, n) })
		}
	})
	t.Cleanup(func() { close(quit); _ = l.Close(); all.Wait() })
	return "http://" + l.Addr().String()
}

func bytesOf(text string) func(io.Writer) {
	return func(w io.Writer) { _, _ = io.WriteString(w, text) }
}

// drip sends text byte by byte, then x for ever.
func drip(text string) func(io.Writer) {
	return func(w io.Writer) {
		for i := 0; ; i++ {
			b := []byte("x")
			if i < len(text) {
				b[0] = text[i]
			}
			if _, err := w.Write(b); err != nil {
				return
			}
			time.Sleep(time.Millisecond)
		}
	}
}

// zipped is texts in one gzip stream, each flushed, the end only where whole.
func zipped(whole bool, texts ...string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	for _, text := range texts {
		_, _ = io.WriteString(w, text)
		_ = w.Flush()
	}
	if whole {
		_ = w.Close()
	}
	return b.String()
}

const (
	okay      = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
	afterward = okay + "\r\ndata: last\n\n"
)

// TestWire: answers that Go's own server would not give.
func TestWire(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer func(io.Writer)
		want   string
	}{
		{"HTTP/1.0, ended by the close", bytesOf("HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\ndata: cut"), "1 last"},
		{"no length, no chunks", bytesOf(okay + "Connection: close\r\n\r\ndata: 1\n\n"), "1 last"},
		{"a length that is reached within an event", bytesOf(okay + "Content-Length: 15\r\n\r\ndata: 1\n\ndata: 2\n\n"), "1 last"},
		{"a length that is not reached", bytesOf(okay + "Content-Length: 99\r\n\r\ndata: 1\n\ndata: 2\n"), "1 last"},
		{"chunks that part CR from LF", bytesOf(okay + "Transfer-Encoding: chunked\r\n\r\n8\r\ndata: 1\r\r\n2;x=y\r\n\n\r\r\n1\r\n\n\r\n0\r\nTrailer: x\r\n\r\n"), "1 last"},
		{"chunks that break off", bytesOf(okay + "Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n40\r\ndata: 2\n\n"), "1 2 last"},
		{"chunks that are none", bytesOf(okay + "Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\nnonsense\r\n"), "1 last"},
		{"gzip", bytesOf(okay + "Content-Encoding: gzip\r\n\r\n" + zipped(true, "data: 1\n\n", "data: 2\n\ndata: cut")), "1 2 last"},
		{"gzip that breaks off", bytesOf(okay + "Content-Encoding: gzip\r\n\r\n" + zipped(false, "data: 1\n\n", "data: 2\n")), "1 last"},
		{"gzip that is none", bytesOf(okay + "Content-Encoding: gzip\r\n\r\ndata: 1\n\n"), "last"},
		{"an early hint", bytesOf("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + okay + "\r\ndata: 1\n\n"), "1 last"},
		{"no HTTP", bytesOf("SSH-2.0-OpenSSH_9.9\r\n"), "last"},
		{"nothing", bytesOf(""), "last"},
		{"a header without end", drip(okay + "X: "), "last"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := eventstream.Options{URL: wire(t, c.answer, bytesOf(afterward))}
			if c.name == "a header without end" {
				o.HeaderWait = 200 * time.Millisecond
			}
			r := start(t, t.Context(), o, -1)
			until(t, "the second stream's event", func() bool { h := r.heard(); return len(h) > 0 && string(h[len(h)-1].Data) == "last" })
			r.stop()
			var got []string
			for _, e := range r.heard() {
				got = append(got, string(e.Data))
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("heard %q, want %q", got, c.want)
			}
		})
	}
}

// TestZippedComesAtOnce: an event does not wait for the next one.
func TestZippedComesAtOnce(t *testing.T) {
	r := start(t, t.Context(), eventstream.Options{URL: wire(t, bytesOf(okay+"Content-Encoding: gzip\r\n\r\n"+zipped(false, "data: 1\n\n")))}, -1)
	until(t, "the event of an open stream", func() bool { return len(r.heard()) == 1 })
}

// TestEncodings: what this program cannot decode is no stream; it would be one
// without events.
func TestEncodings(t *testing.T) {
	for encoding, refused := range map[string]bool{"identity": false, "Identity": false, "": false, "br": true, "deflate": true, "gzip, gzip": true} {
		t.Run(encoding, func(t *testing.T) {
			s := newServer(t, []script{{Status: http.StatusOK, Headers: map[string]string{"Content-Type": "text/event-stream", "Content-Encoding": encoding}, Body: send("", "data: 1\n\n").Body, End: "hold"}}, false)
			r := start(t, t.Context(), eventstream.Options{URL: s.URL}, -1)
			if !refused {
				until(t, "the event", func() bool { return len(r.heard()) == 1 })
				return
			}
			<-r.done
			var why *eventstream.Refused
			if !errors.As(r.err, &why) || why.Why != eventstream.ByContentType || !strings.Contains(why.ContentType, encoding) {
				t.Errorf("Read = %v", r.err)
			}
		})
	}
}

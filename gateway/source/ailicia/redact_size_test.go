package ailicia

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// TestRedactLongWords: what takes time grows with an event's size, not with its
// square, which for one of 2 MiB is a quarter of an hour without sight.
func TestRedactLongWords(t *testing.T) {
	const size = 1 << 20
	for _, c := range []struct{ name, piece, kept string }{
		{"backslashes", `\`, "x" + strings.Repeat(`\`, size) + "x"},
		{"keys without end", "browserkey=", "xbrowserkey=redacted"},
		{"addresses without end", ".tts//", "x.tts//.tts//redacted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := []byte("x" + strings.Repeat(c.piece, size/len(c.piece)) + "x")
			done := make(chan []byte, 1)
			go func() { got, _ := redact(in); done <- got }()
			select {
			case got := <-done:
				if !bytes.Equal(got, []byte(c.kept)) {
					t.Errorf("%d bytes became %d: %.60q", len(in), len(got), got)
				}
			case <-time.After(time.Minute):
				t.Fatal("takes for ever")
			}
		})
	}
}

package ailicia

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// TestRedactLongWords: what takes time grows with an event's size, not with its
// square, which for one of 2 MiB is a quarter of an hour without sight. It is
// measured against as much text of short words, and not by a clock.
func TestRedactLongWords(t *testing.T) {
	const size, much = 1 << 20, 20
	began := time.Now()
	redact([]byte(strings.Repeat("/tts/a/b ", size/9)))
	fair := time.Since(began)
	for _, c := range []struct{ name, piece, kept string }{
		{"backslashes", `\`, "x" + strings.Repeat(`\`, size) + "x"},
		{"keys without end", "browserkey=", "xbrowserkey=redacted"},
		{"addresses without end", ".tts//", "x.tts//.tts//redacted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := []byte("x" + strings.Repeat(c.piece, size/len(c.piece)) + "x")
			began := time.Now()
			got, _ := redact(in)
			if took := time.Since(began); took > much*fair {
				t.Errorf("took %v, as much other text %v", took, fair)
			}
			if !bytes.Equal(got, []byte(c.kept)) {
				t.Errorf("%d bytes became %d: %.60q", len(in), len(got), got)
			}
		})
	}
}

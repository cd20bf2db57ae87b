package streamerbot

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestEarlyEventsOutliveAFailedHandshake: what came before the handshake
// failed is emitted, without source.connected.
func TestEarlyEventsOutliveAFailedHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bot{
			hello:   helloPlain,
			before:  map[string][]string{"Subscribe": {follow(1), "{broken", follow(2)}},
			answers: map[string]string{"Subscribe": `{"id":"%s","status":"error"}`},
		}
		s, out, _ := start(t, b, Config{})
		wantTypes(t, out, "1", "refused: not JSON: no key (at byte 1)", "2")
		want(t, s.Status().Emitted, 2)
		want(t, s.Status().Refused, 1)
	})
}

// TestEarlyEventsTakeBoundedMemory: many of them go on before the handshake
// ends, in order and each once.
func TestEarlyEventsTakeBoundedMemory(t *testing.T) {
	big := strings.Replace(follow(0), `"data":0`, `"data":"`+strings.Repeat("x", 1_000_000)+`"`, 1)
	synctest.Test(t, func(t *testing.T) {
		b := &bot{
			hello:   helloPlain,
			before:  map[string][]string{"Subscribe": {follow(1), big, big, big, big, big, follow(2)}},
			answers: map[string]string{"Subscribe": `{"id":"of another","status":"ok"}`},
		}
		_, out, _ := start(t, b, Config{})
		time.Sleep(time.Second) // the answer is still awaited
		got := out.types()
		if len(got) != 7 {
			t.Fatalf("%d drafts are emitted, want 7", len(got))
		}
		want(t, got[0], "1")
		want(t, got[6], "2")
		want(t, slices.Contains(got, "source.connected"), false)
	})
}

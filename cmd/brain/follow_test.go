package main

import (
	"context"
	"errors"
	"strings"
	"testing"

	"promethean/bus/bustest"
)

// TestTailSaysWhatFails: what NATS refuses is said once, however often it is
// asked for.
func TestTailSaysWhatFails(t *testing.T) {
	t.Run("what the user may not do", func(t *testing.T) {
		locked := bustest.Start(t)
		locked.Stop()
		locked.Login("ada", "secret", "$JS.API.>")
		r := startTail(t, strings.Replace(locked.URL(), "//", "//ada:secret@", 1))
		r.says(t, `Permissions Violation for Publish to "$JS.API.STREAM.INFO.PROM_EVENTS"`)
		r.stop()
		if err := r.ends(t); err != nil {
			t.Error(err)
		}
	})
	t.Run("a consumer that is refused", func(t *testing.T) {
		log := newLog(t, bustest.Start(t))
		ctx, cancel := context.WithCancel(t.Context())
		var said []string
		f := &follower{js: log.js, filter: filter{subjects: []string{"a.>", "a.b"}}, say: func(text string) {
			said = append(said, text)
			cancel()
		}}
		if err := f.run(ctx, nil); err != nil {
			t.Error(err)
		}
		if len(said) != 1 || !strings.Contains(said[0], "overlap") {
			t.Errorf("said %q", said)
		}
	})
	t.Run("once", func(t *testing.T) {
		var said []string
		f := &follower{say: func(text string) { said = append(said, text) }}
		for _, text := range []string{"no heartbeat", `not "$JS.API.CONSUMER.CREATE.PROM_EVENTS.a"`, "no heartbeat", `not "$JS.API.CONSUMER.CREATE.PROM_EVENTS.b"`, `not "$JS.API.STREAM.INFO.PROM_EVENTS"`} {
			f.tell(errors.New(text))
		}
		if len(said) != 3 {
			t.Errorf("said %q", said)
		}
	})
}

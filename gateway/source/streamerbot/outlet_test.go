package streamerbot

import (
	"testing"
	"testing/synctest"
	"time"

	"promethean/schema"
)

// TestHeldUpGapIsAGap: while the gap of a full outbox is itself held up nothing is
// read either.
func TestHeldUpGapIsAGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		holds := map[string]time.Duration{"event": 10 * time.Second, "gap of 10s": 7 * time.Second, "gap of 7s": time.Second}
		var told []string
		o := outlet{clock: time.Now, most: 5 * time.Second, emit: func(d schema.Draft) {
			told = append(told, d.ID)
			time.Sleep(holds[d.ID])
		}}
		o.send(schema.Draft{ID: "event"}, func(from, to time.Time) schema.Draft {
			return schema.Draft{ID: "gap of " + to.Sub(from).String()}
		})
		if len(told) != 3 || told[1] != "gap of 10s" || told[2] != "gap of 7s" {
			t.Errorf("told %q", told)
		}
	})
}

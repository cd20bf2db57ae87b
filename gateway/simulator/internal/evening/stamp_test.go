package evening

import (
	"testing"
	"time"
)

// Times never run backwards, even where the caller's clock does, until it is plainly set back.
func TestClock(t *testing.T) {
	e := New(Options{Seed: 8, Start: start})
	var last time.Time
	for _, tt := range []struct {
		name string
		at   time.Duration
		back bool
	}{
		{"the start", 0, false}, {"the same moment", 0, false}, {"half a second back", -500 * time.Millisecond, false},
		{"on", time.Second, false}, {"an hour back", -time.Hour, true},
	} {
		for i, p := range readAll(t, e, start.Add(tt.at)) {
			if back := !p.at.After(last); back != (tt.back && i == 0) {
				t.Errorf("%s: %s after %s", tt.name, p.at, last)
			}
			last = p.at
		}
	}
}

func TestStamps(t *testing.T) {
	zone := time.FixedZone("", -4*3600)
	at := func(ns int) time.Time { return time.Date(2025, 2, 18, 23, 51, 50, ns, zone) }
	for _, tt := range []struct{ name, got, want string }{
		{"seven digits", Stamp(at(372803149)), "2025-02-18T23:51:50.3728031-04:00"},
		{"trimmed zeros", Stamp(at(372803000)), "2025-02-18T23:51:50.372803-04:00"},
		{"no fraction", Stamp(at(0)), "2025-02-18T23:51:50-04:00"},
		{"UTC offset", Stamp(at(500000000).UTC()), "2025-02-19T03:51:50.5+00:00"},
		{"platform time", utcStamp(at(120000000)), "2025-02-19T03:51:50.12Z"},
		{"YouTube", microStamp(at(332605999)), "2025-02-18T23:51:50.332605-04:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("got %s, want %s", tt.got, tt.want)
			}
		})
	}
}

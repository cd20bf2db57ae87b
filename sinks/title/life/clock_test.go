package life

import (
	"testing"
	"time"

	"promethean/schema"
)

// TestClockThatWasWrong: a machine whose clock was years ahead for an evening, or
// years behind, has titles again as soon as it is right.
func TestClockThatWasWrong(t *testing.T) {
	const years = 9 * 365 * 24 * time.Hour
	for _, wrong := range []struct {
		name string
		by   time.Duration
	}{{"ahead", years}, {"behind", -years}} {
		for _, tt := range []struct {
			name, mode string
			before     func(*world)
			after      func(*world)
			want       string
		}{
			{"a stream that ended", schema.TitleAuto, func(w *world) { w.starts(); w.after(time.Minute); w.stops() },
				func(w *world) { w.starts(); w.after(5 * time.Second) }, "requested suggested approved sent"},
			{"a stream whose end nobody told", schema.TitleAuto, func(w *world) { w.starts(); w.after(time.Minute) },
				func(w *world) { w.starts(); w.after(5 * time.Second) }, "requested suggested approved sent"},
			{"a title that a person chose", schema.TitleAuto, func(w *world) {
				w.says("ada", "!title new")
				w.after(time.Second)
				w.says("ada", "!title 1")
				w.after(time.Minute)
			},
				func(w *world) { w.starts(); w.after(5 * time.Second) }, "requested suggested approved sent"},
			{"the streamer's own event", schema.TitleSuggest, func(w *world) { w.raises(); w.after(time.Hour) },
				func(w *world) { w.raises(); w.after(5 * time.Second) }, "requested suggested"},
			{"an interval", schema.TitleSuggest, func(w *world) {
				w.starts()
				w.after(time.Minute)
				w.says("ada", "!title no")
				w.after(time.Minute)
				w.stops()
			},
				func(w *world) { w.starts(); w.after(5 * time.Second); w.says("ada", "!title no"); w.after(time.Hour) }, "requested suggested rejected requested suggested"},
			{"a request that was not answered", schema.TitleAuto, func(w *world) {
				w.starts()
				w.now = w.now.Add(5 * time.Second)
				do, _ := w.state.Due(w.now, false)
				w.do(do)
			}, func(w *world) { w.after(5 * time.Second) }, "expired"},
		} {
			t.Run(tt.name+", "+wrong.name, func(t *testing.T) {
				w := calmWorld(t, Config{Mode: tt.mode, Every: 45 * time.Minute})
				right := w.now
				w.now = w.now.Add(wrong.by)
				tt.before(w)
				w.now = right.Add(2 * time.Hour)
				w.reborn()
				then := len(w.log)
				tt.after(w)
				if got := told(w.log[then:]); got != tt.want {
					w.failf("after the clock was right: %q, want %q", got, tt.want)
				}
				w.sameAgain()
			})
		}
	}
}

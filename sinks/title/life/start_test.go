package life

import (
	"testing"
	"time"

	"promethean/schema"
)

// TestRaisedBeforeTheStart: what the streamer's own action said belongs to the
// stream that begins, also where a request of its own was made of it.
func TestRaisedBeforeTheStart(t *testing.T) {
	for _, gap := range []time.Duration{0, time.Second, 20 * time.Second} {
		t.Run(gap.String(), func(t *testing.T) {
			w := newWorld(t, 1)
			w.c.Mode = schema.TitleAuto
			w.state = New(w.c)
			w.put(customEvent, schema.StreamerBot, map[string]any{"eventName": "brain.title", "args": map[string]any{"note": "soup"}})
			due := func() Do {
				do, ok := w.state.Due(w.now, false)
				for ; ok && do.Tell != nil; do, ok = w.state.Due(w.now, false) {
					w.do(do)
				}
				return do
			}
			w.now = w.now.Add(gap)
			if do := due(); do.Request != nil {
				w.do(do)
			}
			w.put(schema.OBSStreamingStarted, schema.OBS, schema.OutputPayload{Software: "obs"})
			w.now = w.now.Add(5 * time.Second)
			do := due()
			for do.Suggest != nil {
				w.do(do)
				do = due()
			}
			if do.Request == nil || do.Request.Trigger != string(schema.OBSStreamingStarted) || do.Request.Note != "soup" || do.Request.Mode != schema.TitleAuto {
				t.Errorf("due %+v", do.Request)
			}
		})
	}
}

// TestDecidedBeforeTheStart: a title that somebody took a moment before the stream
// began stays, whoever asked for it.
func TestDecidedBeforeTheStart(t *testing.T) {
	for _, tt := range []struct {
		name         string
		asked, taken func(*world)
		gap          time.Duration
		want         string
	}{
		{"asked and taken in chat", func(w *world) { w.says("ada", "!title new") }, func(w *world) { w.says("ada", "!title 2") }, time.Minute, ""},
		{"asked for by an action, taken in chat", (*world).raises, func(w *world) { w.says("ada", "!title 2") }, time.Minute, ""},
		{"asked for and taken by actions", (*world).raises, func(w *world) {
			w.put(customEvent, schema.StreamerBot, map[string]any{"eventName": "brain.approve", "args": map[string]any{"candidate": 2}})
		}, time.Minute, ""},
		{"and others are asked for since", (*world).raises, func(w *world) {
			w.says("ada", "!title 2")
			w.after(time.Second)
			w.updated("Soup night")
			w.after(time.Second)
			w.says("ada", "!title new")
		}, time.Minute, ""},
		{"long before", (*world).raises, func(w *world) { w.says("ada", "!title 2") }, 11 * time.Minute, "requested suggested approved sent"},
		{"nobody took one", (*world).raises, func(w *world) {}, time.Minute, "expired requested suggested approved sent"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := calmWorld(t, Config{Mode: schema.TitleAuto})
			tt.asked(w)
			w.after(5 * time.Second)
			tt.taken(w)
			w.after(time.Second)
			for _, c := range w.commands {
				w.updated(c.title)
			}
			w.after(tt.gap)
			then := len(w.log)
			w.starts()
			w.after(5 * time.Second)
			if got := told(w.log[then:]); got != tt.want {
				w.failf("%q, want %q", got, tt.want)
			}
		})
	}
}

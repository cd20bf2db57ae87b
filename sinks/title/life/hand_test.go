package life

import (
	"strings"
	"testing"
	"time"

	"promethean/schema"
)

// TestByHandAtTheStart: a title that the streamer sets while the start of the
// stream is still settling wins, too.
func TestByHandAtTheStart(t *testing.T) {
	for _, tt := range []struct {
		name    string
		happens func(*world)
		want    string
	}{
		{"after the start", func(w *world) { w.starts(); w.updated("Soup night") }, "requested overridden"},
		{"and somebody asks for others", func(w *world) { w.starts(); w.updated("Soup night"); w.says("ada", "!title new") }, "requested suggested"},
		{"before the start", func(w *world) { w.updated("Soup night"); w.starts() }, "requested suggested approved sent"},
		{"an empty title, which says nothing", func(w *world) { w.starts(); w.updated(" ") }, "requested suggested approved sent"},
		{"only the category", func(w *world) { w.starts(); w.updated("Soon") }, "requested suggested approved sent"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := calmWorld(t, Config{Mode: schema.TitleAuto})
			w.updated("Soon")
			tt.happens(w)
			w.after(10 * time.Second)
			w.tells(tt.want)
			w.sameAgain()
		})
	}
}

// TestRollback: what comes back is what Twitch had, where the platforms had
// different titles.
func TestRollback(t *testing.T) {
	w := calmWorld(t, Config{Mode: schema.TitleAuto})
	shows := func(p schema.Provider, title string) {
		w.put(schema.ChannelUpdated, p, schema.ChannelUpdatedPayload{Title: title})
	}
	shows(schema.Twitch, "Soon")
	shows(schema.Kick, "Kick night")
	w.starts()
	w.after(5 * time.Second)
	for _, c := range w.commands {
		shows(schema.Twitch, c.title)
		shows(schema.Kick, c.title)
	}
	w.after(time.Minute)
	do, err := w.state.Command(schema.TitleCommand{Envelope: schema.Envelope{ID: "c"}, Deadline: w.now.Add(time.Minute), Rollback: &schema.TitleRollbackCommand{}}, w.now)
	if err != nil || do.Request == nil || do.Request.Note != "Soon" {
		t.Errorf("%+v, %v", do.Request, err)
	}
}

// checkHands: nothing is sent because a stream began whose title the streamer had
// set since.
func (w *world) checkHands() {
	w.t.Helper()
	stands, began := "", map[string]uint64{}
	var hand uint64 // the last title set by hand
	barred := map[string]bool{}
	for _, e := range w.log {
		switch e.Type {
		case schema.OBSStreamingStarted, schema.ChannelGoLive:
			began[e.ID] = e.Seq
		case schema.ChannelUpdated:
			p, _ := read[schema.ChannelUpdatedPayload](e)
			if stands != "" && p.Title != stands && strings.HasPrefix(p.Title, "by hand") {
				hand = e.Seq
			}
			stands = p.Title
		case schema.TitleRequested:
			p, _ := read[schema.TitleRequestedPayload](e)
			barred[p.RequestID] = began[p.Session] > 0 && p.By.Kind == schema.ActorPolicy && p.Trigger != schema.TriggerInterval && hand > began[p.Session]
		case schema.TitleSent:
			if p, _ := read[schema.TitleSentPayload](e); barred[p.RequestID] {
				w.failf("%q was sent because a stream began, over a title that was set by hand since", p.Title)
			}
		}
	}
}

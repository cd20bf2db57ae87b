package life

import (
	"strings"
	"testing"
	"time"

	"promethean/schema"
)

// starts begins a stream.
func (w *world) starts() {
	w.t.Helper()
	w.put(schema.OBSStreamingStarted, schema.OBS, schema.OutputPayload{Software: "obs"})
}

func (w *world) stops() {
	w.t.Helper()
	w.put(schema.OBSStreamingStopped, schema.OBS, schema.OutputPayload{Software: "obs"})
}

func (w *world) says(name, text string) {
	w.t.Helper()
	w.put(schema.ChatMessage, schema.Twitch, schema.ChatPayload{Username: name, Message: text, Platform: "TWITCH", IsModerator: true})
}

// after lets time pass, second by second.
func (w *world) after(d time.Duration) {
	w.t.Helper()
	for range int(d / time.Second) {
		w.now = w.now.Add(time.Second)
		w.doAll()
	}
}

// told are the worker's events, without "title.".
func (w *world) told() string { return told(w.log) }

func told(log []Event) string {
	var all []string
	for _, e := range log {
		if e.Provider == string(schema.Brain) {
			all = append(all, strings.TrimPrefix(string(e.Type), "title."))
		}
	}
	return strings.Join(all, " ")
}

func (w *world) tells(want string) {
	w.t.Helper()
	if got := w.told(); got != want {
		w.failf("events\n%s, want\n%s", got, want)
	}
}

// TestInterval: titles are proposed again after so long or so many lines, never
// sent, and never while a proposal waits, the title is locked or no stream is on.
func TestInterval(t *testing.T) {
	const round = "requested suggested"
	const unanswered = round + " expired"
	for _, tt := range []struct {
		name          string
		every         time.Duration
		everyMessages int
		happens       func(*world)
		want          string
	}{
		{"after so long", 45 * time.Minute, 0, func(w *world) { w.after(46 * time.Minute) }, unanswered + " " + round},
		{"not before", 45 * time.Minute, 0, func(w *world) { w.after(44 * time.Minute) }, unanswered},
		{"a proposal waits", 10 * time.Minute, 0, func(w *world) { w.after(29 * time.Minute) }, round},
		{"again and again", 40 * time.Minute, 0, func(w *world) { w.after(130 * time.Minute) },
			strings.Join([]string{unanswered, unanswered, unanswered, round}, " ")},
		{"a person asked in between", 45 * time.Minute, 0, func(w *world) {
			w.after(40 * time.Minute)
			w.says("ada", "!title new")
			w.after(time.Second)
			w.says("ada", "!title no")
			w.after(44 * time.Minute)
		}, unanswered + " " + round + " rejected"},
		{"locked", 10 * time.Minute, 0, func(w *world) {
			w.after(time.Minute)
			w.says("ada", "!title no")
			w.says("ada", "!title lock")
			w.after(time.Hour)
		}, round + " rejected locked"},
		{"the stream is over", 45 * time.Minute, 0, func(w *world) {
			w.after(40 * time.Minute)
			w.stops()
			w.after(3 * time.Hour)
		}, unanswered},
		{"so many lines", 0, 3, func(w *world) {
			w.after(time.Minute)
			w.says("ada", "!title no")
			for range 3 {
				w.says("bob", "hello")
			}
			w.after(8 * time.Minute)
			w.tells(round + " rejected")
			w.after(2 * time.Minute)
		}, round + " rejected " + round},
		{"too few lines", 0, 3, func(w *world) {
			w.after(time.Minute)
			w.says("ada", "!title no")
			w.says("bob", "hello")
			w.after(time.Hour)
		}, round + " rejected"},
		{"never", 0, 0, func(w *world) { w.after(10 * time.Hour) }, unanswered},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := calmWorld(t, Config{Mode: schema.TitleSuggest, Every: tt.every, EveryMessages: tt.everyMessages})
			w.starts()
			tt.happens(w)
			w.tells(tt.want)
			if len(w.commands) > 0 {
				t.Error("a title was sent that nobody approved")
			}
			w.sameAgain()
		})
	}
	t.Run("in auto nothing but the start is sent", func(t *testing.T) {
		w := calmWorld(t, Config{Mode: schema.TitleAuto, Every: 20 * time.Minute})
		w.starts()
		w.after(5 * time.Second)
		for _, c := range w.commands {
			w.updated(c.title)
		}
		w.after(25 * time.Minute)
		w.tells("requested suggested approved sent applied requested suggested")
		p, _ := read[schema.TitleRequestedPayload](w.log[len(w.log)-2])
		if p.Trigger != schema.TriggerInterval || p.Mode != schema.TitleSuggest {
			t.Errorf("requested %+v", p)
		}
	})
}

// TestLateOrders: what somebody said in chat, and what led to nothing then, is not
// done minutes later when nobody thinks of it any more.
func TestLateOrders(t *testing.T) {
	for _, tt := range []struct {
		name    string
		happens func(*world)
		want    string
	}{
		{"locked by two, unlocked by one", func(w *world) {
			w.says("ada", "!title lock")
			w.after(2 * time.Second)
			w.says("bob", "!title lock")
			w.after(time.Minute)
			w.says("ada", "!title unlock")
			w.after(time.Minute)
		}, "locked locked"},
		{"unlocked by two, locked by one", func(w *world) {
			w.says("bob", "!title unlock")
			w.after(2 * time.Second)
			w.says("ada", "!title lock")
			w.after(time.Minute)
		}, "locked"},
		{"locked, unlocked and locked at once", func(w *world) {
			w.says("ada", "!title lock")
			w.says("bob", "!title unlock")
			w.says("cay", "!title lock")
			w.after(time.Minute)
		}, "locked locked locked"},
		{"locked while no worker ran, and again", func(w *world) {
			w.says("ada", "!title lock")
			w.now = w.now.Add(6 * time.Minute)
			w.says("ada", "!title lock")
			w.after(time.Second)
		}, "locked"},
		{"taken while it was locked", func(w *world) {
			w.says("ada", "!title new")
			w.after(time.Second)
			w.says("ada", "!title lock")
			w.says("bob", "!title 1")
			w.says("cay", "!title new")
			w.after(time.Minute)
			w.says("ada", "!title unlock")
			w.after(time.Minute)
		}, "requested suggested locked locked"},
		{"unlocked and taken at once", func(w *world) {
			w.says("ada", "!title new")
			w.after(time.Second)
			w.says("ada", "!title lock")
			w.after(time.Second)
			w.says("bob", "!title unlock")
			w.says("bob", "!title 1")
			w.after(time.Second)
		}, "requested suggested locked locked approved sent"},
		{"asked for by two, taken by one", func(w *world) {
			w.says("ada", "!title new")
			w.says("bob", "!title new")
			w.after(time.Second)
			w.says("ada", "!title 1")
			w.after(time.Second)
			for _, c := range w.commands {
				w.updated(c.title)
			}
			w.after(4 * time.Minute)
		}, "requested suggested approved sent applied"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := calmWorld(t, Config{Mode: schema.TitleSuggest})
			tt.happens(w)
			w.tells(tt.want)
			w.sameAgain()
		})
	}
}

// TestModeChanged: what the settings say now counts, also for titles that were
// asked for under others.
func TestModeChanged(t *testing.T) {
	for _, tt := range []struct {
		name, mode string
		happens    func(*world)
		want       string
	}{
		{"to suggest, nobody decides", schema.TitleSuggest, func(*world) {}, "requested suggested expired"},
		{"to suggest, a person decides", schema.TitleSuggest, func(w *world) {
			w.after(10 * time.Minute)
			w.says("ada", "!title 2")
		}, "requested suggested approved sent unconfirmed"},
		{"to off", schema.TitleOff, func(w *world) { w.says("ada", "!title 2") }, "requested suggested expired"},
		{"not at all", schema.TitleAuto, func(*world) {}, "requested suggested approved sent unconfirmed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := calmWorld(t, Config{Mode: schema.TitleAuto})
			w.starts()
			for w.now = w.now.Add(5 * time.Second); w.told() != "requested suggested"; {
				do, _ := w.state.Due(w.now, false)
				w.do(do)
			}
			w.c.Mode = tt.mode
			w.reborn()
			tt.happens(w)
			w.after(time.Hour)
			w.tells(tt.want)
			for _, c := range w.commands {
				if by := c.candidate == 2; by != (tt.mode == schema.TitleSuggest) {
					t.Errorf("candidate %d was sent", c.candidate)
				}
			}
		})
	}
	t.Run("a rollback is a person's word", func(t *testing.T) {
		w := calmWorld(t, Config{Mode: schema.TitleSuggest})
		w.state.before["twitch"] = "Soon"
		do, err := w.state.Command(schema.TitleCommand{Envelope: schema.Envelope{ID: "c"}, Deadline: w.now.Add(time.Minute), Rollback: &schema.TitleRollbackCommand{}}, w.now)
		if err != nil {
			t.Fatal(err)
		}
		w.do(do)
		w.after(time.Second)
		w.tells("requested suggested approved sent")
	})
}

// raises has the streamer's own action ask for titles.
func (w *world) raises() {
	w.t.Helper()
	w.put(customEvent, schema.StreamerBot, map[string]any{"eventName": "brain.title", "args": map[string]any{"note": "soup"}})
}

package evening

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAgendaKeepsOrder(t *testing.T) {
	var a agenda
	var played []string
	for _, item := range []struct {
		due  int
		name string
	}{{5, "c"}, {2, "a"}, {5, "d"}, {9, "e"}, {2, "b"}} {
		a.add(item.due, func(*Evening) [][]byte { played = append(played, item.name); return nil })
	}
	for now := range 9 {
		for play, ok := a.next(now); ok; play, ok = a.next(now) {
			play(nil)
		}
	}
	if diff := cmp.Diff([]string{"a", "b", "c", "d"}, played); diff != "" || len(a) != 1 {
		t.Errorf("%d left; played (-want +got):\n%s", len(a), diff)
	}
}

// What cannot happen yet is tried until it can, and the ending waits for it.
func TestEndingWaitsForWhatIsPlanned(t *testing.T) {
	e := New(Options{Seed: 2, Start: start})
	readAll(t, e, start)
	tries := 0
	e.agenda.add(longest+100, e.cueOf(happening{servers: allServers, play: func(e *Evening, _ Shape) [][]byte {
		if tries++; tries < 4 {
			return nil
		}
		return e.one("General", "Custom", "at last")
	}}))
	var kinds []string
	for len(e.agenda) > 0 {
		for _, p := range readAll(t, e, e.at) {
			if p.value["data"] == "at last" || p.kind == "Twitch.StreamOffline" {
				kinds = append(kinds, p.kind)
			}
		}
	}
	if want := []string{"General.Custom", "Twitch.StreamOffline"}; !slices.Equal(kinds, want) || tries != 4 {
		t.Errorf("after %d tries %v, want %v", tries, kinds, want)
	}
}

// A line is deleted once, and a line that is gone is not answered.
func TestDeletedLinesAreForgotten(t *testing.T) {
	e := New(Options{Seed: 2, Start: start})
	by := e.someone(twitch, func(v *viewer) bool { return v.role == roleViewer })
	e.remember(spoken{by: by, id: "1", text: "first"})
	e.remember(spoken{by: by, id: "2", text: "second"})
	for _, want := range []string{"2", "1"} {
		p := read(t, e.deleteLine(Both)[0])
		if got := p.str("messageId"); got != want {
			t.Errorf("deleted %s, want %s", got, want)
		}
	}
	if frames := e.deleteLine(Both); frames != nil || len(e.recent) != 0 {
		t.Errorf("nothing is left, yet %s was deleted", frames)
	}
}

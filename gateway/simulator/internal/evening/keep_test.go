package evening

import (
	"encoding/json"
	"testing"
	"time"
)

// TestKeepTitles: the streamer changes the game and never the title.
func TestKeepTitles(t *testing.T) {
	e := New(Options{Seed: 3, Start: time.Date(2026, 11, 25, 20, 0, 0, 0, time.UTC), Shape: Flat, KeepTitles: true})
	e.Titled("ours")
	updates := 0
	for range 20_000 {
		for _, frame := range e.Next(e.at) {
			var f struct {
				Event struct{ Source, Type string }
				Data  json.RawMessage
			}
			if err := json.Unmarshal(frame, &f); err != nil {
				t.Fatal(err)
			}
			if f.Event.Source != "Twitch" || f.Event.Type != "StreamUpdate" {
				continue
			}
			updates++
			var update struct{ Status, OldStatus string }
			if err := json.Unmarshal(f.Data, &update); err != nil || update.Status != "ours" || update.OldStatus != "ours" {
				t.Fatalf("%v: title %q, was %q", err, update.Status, update.OldStatus)
			}
		}
	}
	if updates == 0 {
		t.Error("no StreamUpdate in the whole evening")
	}
}

package prompt

import (
	"time"

	"promethean/sinks/title/facts"
)

// Example is an invented evening with something in each fact: to try a prompt
// on, and to show one when the log holds none.
func Example() facts.Facts {
	now := time.Date(2025, 2, 21, 20, 15, 0, 0, time.FixedZone("CET", 3600))
	return facts.Facts{
		Session: "example", Trigger: "obs.streaming_started", Now: now,
		Platforms: []string{"twitch", "youtube"}, Channel: "mychannel", Category: "Hollow Knight", Title: "back to Hallownest",
		Note: "second try at the Mantis Lords, no charms", Mood: "calm, a bit stubborn", Character: "Nova",
		Tried: []facts.Tried{
			{Title: "Mantis Lords, attempt 41", Fate: "liked", At: now.Add(-24 * time.Hour)},
			{Title: "Epic bug hunting journey", Fate: "rejected", At: now.Add(-48 * time.Hour)},
		},
		Chat: facts.Chat{Messages: 128, Chatters: 17, PerMinute: 4.2, Words: []string{"mantis", "nail"}, Emotes: []string{"Kappa"},
			Subs: 2, Follows: 5, Raids: 1, Cheers: 3, Lines: []string{"you got this", "third lord is the worst"}},
	}
}

// bare is an evening of which nothing is known.
func bare() facts.Facts {
	return facts.Facts{Session: "bare", Trigger: "operator", Now: Example().Now}
}

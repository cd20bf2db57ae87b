package simulator

import (
	"slices"
	"testing"
)

func TestCatalogue(t *testing.T) {
	for _, tt := range []struct {
		name   string
		opt    Options
		source string
		kind   string
		want   bool
	}{
		{"built in", Options{}, "YouTube", "Message", true},
		{"no such thing", Options{}, "YouTube", "ChatMessage", false},
		{"since 1.0.5", Options{}, "Twitch", "PowerUpRedemption", true},
		{"not before 1.0.5", Options{Version: "1.0.4"}, "Twitch", "PowerUpRedemption", false},
		{"alpha of a later one", Options{Version: "1.1.0-alpha.3"}, "Twitch", "PowerUpRedemption", true},
		{"Kick since 1.0.0", Options{Version: "1.0.0"}, "Kick", "ChatMessage", true},
		{"no Kick before", Options{Version: "0.2.8"}, "Kick", "ChatMessage", false},
		{"dropped in 0.2.5", Options{Version: "0.2.4"}, "Command", "Message", true},
		{"not offered since", Options{Version: "0.2.5"}, "Command", "Message", false},
		{"camel case", Options{CamelCaseSources: true}, "youTube", "Message", true},
		{"camel case only", Options{CamelCaseSources: true}, "YouTube", "Message", false},
		{"extra", Options{Events: map[string][]string{"Twitch": {"TideTableUpdated"}}}, "Twitch", "TideTableUpdated", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, url := serve(t, tt.opt)
			events := connect(t, url).ask(`{"request":"GetEvents","id":"1"}`)["events"].(map[string]any)
			types, _ := events[tt.source].([]any)
			if got := slices.Contains(types, any(tt.kind)); got != tt.want {
				t.Errorf("%s.%s offered: %v", tt.source, tt.kind, got)
			}
		})
	}
}

func TestCatalogueIsWhole(t *testing.T) {
	types := 0
	c := newCatalogue(Options{Version: "1.0.0"})
	for _, list := range c {
		types += len(list)
	}
	if len(c) != 44 || types != 464 {
		t.Errorf("%d sources, %d types; the client of 2.0.1 knows 44 and 464", len(c), types)
	}
}

// A server sends nothing that it does not offer.
func TestTheEveningIsOnOffer(t *testing.T) {
	for _, version := range []string{"0.2.4", "0.2.8", "1.0.0", "1.0.4", "1.0.7"} {
		t.Run(version, func(t *testing.T) {
			s := New(Options{Version: version, Seed: 5})
			unoffered := map[event]int{}
			for range 2000 {
				for _, frame := range s.chat.Next(s.opt.Clock()) {
					if e := *eventOf(frame); !slices.Contains(s.catalogue[e.source], e.kind) {
						unoffered[e]++
					}
				}
			}
			if len(unoffered) > 0 {
				t.Errorf("sent, but not offered: %v", unoffered)
			}
		})
	}
}

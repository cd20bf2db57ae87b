package streamerbot

import (
	"slices"
	"strings"
)

// DefaultEvents is the allow-list that is used when none is set: the
// platforms, the scene programs, commands, custom events, and every donation
// and shop service (design 3).
func DefaultEvents() []string {
	return []string{
		"Twitch.*", "YouTube.*", "Kick.*", "Trovo.*",
		"Obs.*", "MeldStudio.*", "StreamlabsDesktop.*",
		"Command.*", "Custom.*", "General.*", "CrowdControl.*",
		"DonorDrive.*", "Fourthwall.*", "Kofi.*", "Pallygg.*", "Patreon.*", "Shopify.*",
		"StreamElements.*", "Streamlabs.*", "Streamloots.*", "Throne.*", "TipeeeStream.*", "TreatStream.*",
		"Misc.StreamerbotStarted", "Misc.StreamerbotExiting",
	}
}

// privateEvents are subscribed to only when named exactly (reference:
// streamerbot.md 7). A source of which every known type is private is closed
// as a whole, so that types which are new to this program are as well.
func privateEvents() []string {
	return []string{
		"Inputs.*", "HotKey.*", "System.*", "Raw.*", "Shopify.*",
		"Fourthwall.NewsletterSubscribed", "Fourthwall.OrderPlaced", "Fourthwall.OrderUpdated", "Fourthwall.GiftPurchase",
		"Kofi.ShopOrder", "Kofi.Commission", "Patreon.*",
		"SpeechToText.Dictation", "FileWatcher.*", "FileTail.*",
		"WebsocketClient.Message", "WebsocketCustomServer.Message",
		"Pulsoid.*", "HypeRate.HeartRatePulse",
	}
}

// privateWords are in the names of whispers and of variables' values, whatever
// the source: Twitch.BotWhisper, Command.Whisper of old servers,
// Misc.UserGlobalVariableUpdated.
func privateWords() []string { return []string{"whisper", "globalvariable"} }

// isPrivate reports whether only its exact name opens a type.
func isPrivate(name string) bool {
	lower := strings.ToLower(name)
	return matches(privateEvents(), name) ||
		slices.ContainsFunc(privateWords(), func(w string) bool { return strings.Contains(lower, w) })
}

// floodEvents are harmless but so many that only their exact name in the
// allow-list subscribes to them.
func floodEvents() []string {
	return []string{
		"Elgato.WaveLinkInputLevelMeterChanged", "Elgato.WaveLinkOutputLevelMeterChanged",
		"Midi.Message", "Obs.Event", "VTubeStudio.TrackingStatusChanged",
	}
}

// plan chooses from what the server offers, in the server's own spelling, and
// lists the wishes that it has nothing for.
func plan(offered map[string][]string, events, private []string) (chosen map[string][]string, lacking []string) {
	chosen = map[string][]string{}
	for source, types := range offered {
		for _, kind := range types {
			if wanted(source+"."+kind, events, private) && !slices.Contains(chosen[source], kind) {
				chosen[source] = append(chosen[source], kind)
			}
		}
		slices.Sort(chosen[source])
	}
	for _, wish := range slices.Concat(events, private) {
		if !offers(offered, wish) {
			lacking = append(lacking, wish)
		}
	}
	return chosen, lacking
}

func wanted(name string, events, private []string) bool {
	switch {
	case strings.Contains(name, "*"):
		return false // to a server, that is every type of a source
	case names(private, name):
		return true
	case isPrivate(name):
		return false
	case matches(floodEvents(), name):
		return names(events, name)
	}
	return matches(events, name)
}

// names reports whether list has exactly this name, in any case.
func names(list []string, name string) bool {
	return slices.ContainsFunc(list, func(p string) bool { return strings.EqualFold(p, name) })
}

// matches reports whether a pattern of list means this name.
func matches(list []string, name string) bool {
	return slices.ContainsFunc(list, func(p string) bool { return match(p, name) })
}

func match(pattern, name string) bool {
	if source, found := strings.CutSuffix(pattern, ".*"); found {
		of, _, _ := strings.Cut(name, ".")
		return strings.EqualFold(source, of)
	}
	return strings.EqualFold(pattern, name)
}

func offers(offered map[string][]string, wish string) bool {
	for source, types := range offered {
		for _, kind := range types {
			if match(wish, source+"."+kind) {
				return true
			}
		}
	}
	return false
}

// size counts the types of a list by source.
func size(events map[string][]string) int {
	n := 0
	for _, types := range events {
		n += len(types)
	}
	return n
}

package streamerbot

import (
	"slices"
	"strings"

	"promethean/schema"
)

// DefaultIgnoreUsers names the Restream relay, whose copies of other
// platforms' messages are duplicates.
func DefaultIgnoreUsers() []string { return []string{"restream", "restreambot"} }

// Ignored is a set of users whose events are dropped. The zero value ignores
// nobody.
type Ignored struct{ names map[string]bool }

// NewIgnored reads "name" or "platform:name", in any case. A colon after
// anything but a platform's name belongs to the user's name.
func NewIgnored(users []string) Ignored {
	names := make(map[string]bool, len(users))
	for _, u := range users {
		u = strings.ToLower(strings.TrimSpace(u))
		platform, name, found := strings.Cut(u, ":")
		if found && isPlatform(platform) {
			names[platform+":"+bare(name)] = true
		} else if u = bare(u); u != "" {
			names[u] = true
		}
	}
	return Ignored{names}
}

// bare is a name without the "@" that YouTube puts before handles.
func bare(name string) string { return strings.TrimPrefix(name, "@") }

// user reports whether one of a person's names is ignored on a platform.
func (g Ignored) user(platform string, names ...text) bool {
	if len(g.names) == 0 {
		return false
	}
	var memory [128]byte
	entry := lowered(memory[:0], platform)
	onPlatform := isPlatform(string(entry))
	entry = append(entry, ':')
	for _, n := range names {
		name := bare(string(n))
		if name == "" {
			continue
		}
		begin := len(entry)
		entry = lowered(entry, name)
		isOne := onPlatform && g.names[string(entry)]
		if isOne || g.names[string(entry[begin:])] && !qualified(string(entry[begin:])) {
			return true
		}
		entry = entry[:begin]
	}
	return false
}

// qualified reports whether an entry means a user of one platform, so that a
// display name spelt "twitch:somebody" does not match it.
func qualified(entry string) bool {
	platform, _, found := strings.Cut(entry, ":")
	return found && isPlatform(platform)
}

func isPlatform(name string) bool {
	return slices.Contains(schema.Providers(), schema.Provider(name))
}

// Package ignore tells the users whose events no source emits: relays that
// repeat what others said. It is pure.
package ignore

import (
	"slices"
	"strings"
	"unicode/utf8"

	"promethean/schema"
)

// Default names the Restream relay, whose copies of other
// platforms' messages are duplicates.
func Default() []string { return []string{"restream", "restreambot"} }

// Users is a set of users whose events are dropped. The zero value ignores
// nobody.
type Users struct{ names map[string]bool }

// New reads "name" or "platform:name", in any case. A colon after
// anything but a platform's name belongs to the user's name.
func New(users []string) Users {
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
	return Users{names}
}

// bare is a name without the "@" that YouTube puts before handles.
func bare(name string) string { return strings.TrimPrefix(name, "@") }

// Any reports whether one of a person's names is ignored on a platform, which
// may be in any case.
func Any[T ~string](u Users, platform string, names ...T) bool {
	if len(u.names) == 0 {
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
		isOne := onPlatform && u.names[string(entry)]
		if isOne || u.names[string(entry[begin:])] && !qualified(string(entry[begin:])) {
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

// lowered appends s in lower case, as strings.ToLower has it, without a string
// of its own.
func lowered(b []byte, s string) []byte {
	from := len(b)
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf {
			return append(b[:from], strings.ToLower(s)...)
		}
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return b
}

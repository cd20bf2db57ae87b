package main

import (
	"fmt"
	"slices"
	"strings"

	"promethean/schema"
)

// filter is which events are shown. subjects are what the server is asked for,
// which may be more than patterns match: JetStream takes no filters that
// overlap.
type filter struct {
	subjects []string
	patterns []string
}

// newFilter reads the words of a command line: each is a type or how types
// begin ("chat", "streamerbot.twitch"), a provider ("twitch"), or a subject of
// events with wildcards. No words mean every event. tenant narrows all of
// them; "" does not.
func newFilter(words []string, tenant string) (filter, error) {
	if tenant == "" {
		tenant = "*"
	} else if !schema.ValidToken(tenant) {
		return filter{}, fmt.Errorf("--tenant %q is not of [A-Za-z0-9_-]", tenant)
	}
	all := "promethean.p.*.t." + tenant + ".events.>"
	if len(words) == 0 {
		return filter{[]string{all}, []string{all}}, nil
	}
	var patterns []string
	for _, word := range words {
		more, err := patternsOf(word, tenant)
		if err != nil {
			return filter{}, err
		}
		patterns = append(patterns, more...)
	}
	patterns = widest(patterns)
	if overlapping(patterns) {
		return filter{[]string{all}, patterns}, nil
	}
	return filter{patterns, patterns}, nil
}

// patternsOf are the subjects that one word means.
func patternsOf(word, tenant string) ([]string, error) {
	if strings.HasPrefix(word, "promethean.") {
		pattern, err := subjectPattern(word, tenant)
		return []string{pattern}, err
	}
	kind := strings.ToLower(strings.TrimSuffix(word, ".>"))
	for _, token := range strings.Split(kind, ".") {
		if !schema.Type(token).Valid() && token != "*" {
			return nil, fmt.Errorf("%q is no filter: it is neither a type or how types begin (chat, channel.event), nor a provider (twitch), nor a subject (promethean.p.*.t.*.events.>)", word)
		}
	}
	var patterns []string
	isProvider := slices.Contains(schema.Providers(), schema.Provider(kind))
	if isProvider {
		patterns = append(patterns, "promethean.p."+kind+".t."+tenant+".events.>")
	}
	if !isProvider || beginsTypes(kind) {
		root := "promethean.p.*.t." + tenant + ".events." + kind
		patterns = append(patterns, root, root+".>")
	}
	return patterns, nil
}

// beginsTypes reports whether types begin with the name of a provider: obs and
// streamerbot mean both.
func beginsTypes(provider string) bool {
	return provider == string(schema.StreamerBot) || slices.ContainsFunc(schema.Catalogue(), func(e schema.Entry) bool {
		return strings.HasPrefix(string(e.Type), provider+".")
	})
}

// subjectPattern checks a whole subject and narrows it to the tenant.
func subjectPattern(word, tenant string) (string, error) {
	refuse := func(why string) (string, error) {
		return "", fmt.Errorf("%q is no subject of events: %s; they look like promethean.p.<provider>.t.<tenant>.events.<type>, with * and > as wildcards", word, why)
	}
	tokens := strings.Split(word, ".")
	if len(tokens) < 7 {
		return refuse("it is too short")
	}
	for i, token := range tokens {
		switch fixed := map[int]string{1: "p", 3: "t", 5: "events"}[i]; {
		case fixed != "" && token != fixed:
			return refuse(fmt.Sprintf("%q stands where %q belongs", token, fixed))
		case token == ">" && i == len(tokens)-1, token == "*", schema.ValidToken(token):
		default:
			return refuse(fmt.Sprintf("%q can be no part of it", token))
		}
	}
	switch named := tokens[4]; {
	case tenant == "*" || named == tenant:
	case named == "*":
		tokens[4] = tenant
	default:
		return refuse(fmt.Sprintf("it names tenant %s, and --tenant %s", named, tenant))
	}
	return strings.Join(tokens, "."), nil
}

// matches reports whether an event of this subject is shown.
func (f filter) matches(subject string) bool {
	return slices.ContainsFunc(f.patterns, func(p string) bool { return covers(p, subject) })
}

// covers reports whether everything that b matches is matched by a; b may be a
// plain subject.
func covers(a, b string) bool {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i, token := range as {
		switch {
		case token == ">":
			return len(bs) > i
		case i >= len(bs) || bs[i] == ">" || token != "*" && token != bs[i]:
			return false
		}
	}
	return len(as) == len(bs)
}

// meet reports whether one subject could match both.
func meet(a, b string) bool {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(as), len(bs)) {
		switch {
		case as[i] == ">" || bs[i] == ">":
			return true
		case as[i] != bs[i] && as[i] != "*" && bs[i] != "*":
			return false
		}
	}
	return len(as) == len(bs)
}

// widest leaves out what another pattern covers.
func widest(patterns []string) []string {
	var kept []string
	for _, p := range patterns {
		if slices.ContainsFunc(kept, func(k string) bool { return covers(k, p) }) {
			continue
		}
		kept = append(slices.DeleteFunc(kept, func(k string) bool { return covers(p, k) }), p)
	}
	return kept
}

func overlapping(patterns []string) bool {
	for i, p := range patterns {
		if slices.ContainsFunc(patterns[i+1:], func(q string) bool { return meet(p, q) }) {
			return true
		}
	}
	return false
}

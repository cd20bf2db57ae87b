package simulator

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
)

// builtIn is the catalogue of @streamerbot/client 2.0.1: 44 sources, 464 types.
//
//go:embed data/events.json
var builtIn []byte

// added are documented or recorded types that the client's list lacks.
var added = []struct{ since, source, name string }{
	{"1.0.5", "Twitch", "CustomPowerUpRedemption"},
	{"1.0.5", "Twitch", "PowerUpRedemption"},
	{"1.0.5", "YouTube", "JewelsGifted"},
	{"1.0.2", "Kick", "RewardRedemption"},
}

// catalogue is what GetEvents answers: types by source, in the server's spelling.
type catalogue map[string][]string

func newCatalogue(o Options) catalogue {
	var c catalogue
	// The embedded file is held by a test, so this cannot fail.
	_ = json.Unmarshal(builtIn, &c)
	for _, a := range added {
		if o.since(a.since) {
			c[a.source] = append(c[a.source], a.name)
		}
	}
	for source, types := range o.Events {
		for _, t := range types {
			if !slices.Contains(c[source], t) {
				c[source] = append(c[source], t)
			}
		}
	}
	if !o.since("1.0.0") {
		delete(c, "Kick")
	}
	if o.CamelCaseSources {
		return c.camelCase()
	}
	return c
}

// camelCase lowers the first letter of each source: youTube, obs, vTubeStudio.
func (c catalogue) camelCase() catalogue {
	lowered := make(catalogue, len(c))
	for source, types := range c {
		lowered[strings.ToLower(source[:1])+source[1:]] = types
	}
	return lowered
}

// source finds the catalogue's spelling of a source.
func (c catalogue) source(name string, exact bool) (string, bool) {
	if _, ok := c[name]; ok || exact {
		return name, ok
	}
	for source := range c {
		if strings.EqualFold(source, name) {
			return source, true
		}
	}
	return name, false
}

// kind finds the catalogue's spelling of a type.
func (c catalogue) kind(source, name string, exact bool) (string, bool) {
	for _, t := range c[source] {
		if t == name || !exact && strings.EqualFold(t, name) {
			return t, true
		}
	}
	return name, false
}

// Events lists what GetEvents offers as Source.Type, sorted.
func (s *Server) Events() []string {
	var list []string
	for source, types := range s.catalogue {
		for _, t := range types {
			list = append(list, source+"."+t)
		}
	}
	slices.Sort(list)
	return list
}

// SaysHello tells whether servers of a version greet on connect, and know authentication: since 0.2.5.
func SaysHello(version string) bool {
	return Options{Version: version}.withDefaults().since("0.2.5")
}

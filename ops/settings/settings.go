// Package settings is what a person can set, in one list.
//
// A setting has one dotted name: nats.listen in brain.yaml, BRAIN_NATS_LISTEN
// in the environment, --nats-listen as a flag. Defaults < file < environment <
// flags. A secret has no flag; it may come from a file named by BRAIN_…_FILE or
// by …_file in brain.yaml. A name that does not exist is refused, and the nearest that does is
// named. All problems are reported at once.
package settings

import (
	"time"
)

// Settings are all settings of all programs, typed. A program reads those that
// it asked for.
type Settings struct {
	Tenant      string
	NATS        NATS
	Mongo       Mongo
	StoreListen string
	Streamerbot Streamerbot
	IgnoreUsers []string
	DataDir     string
	HTTP        HTTP
	Sim         Sim
	OutboxMax   int64
	Log         Log

	origin map[string]string
}

// NATS says where the bus is and how its streams are set up.
type NATS struct {
	URL, Creds, User, Password string
	// Listen is where the embedded server listens when URL is empty.
	Listen          string
	Replicas        int
	MaxBytes        int64
	DuplicateWindow time.Duration
}

// Mongo says where the store is.
type Mongo struct{ URI, DB string }

// Streamerbot says where Streamer.bot is and what to listen to.
type Streamerbot struct {
	URL, Password   string
	Events, Private []string
}

// HTTP is the server for health and metrics.
type HTTP struct{ Addr, Token string }

// Sim is the simulated Streamer.bot.
type Sim struct {
	Listen string
	Rate   float64
	Seed   uint64
}

// Log says how much to log and how.
type Log struct{ Level, Format string }

// Asked reports whether a person set the value: a default port that is taken
// moves, one that was asked for is an error.
func (s *Settings) Asked(name string) bool { return s.origin[name] != "" }

// Origin says where a value came from: "default", "file", "environment" or
// "flag".
func (s *Settings) Origin(name string) string {
	if from := s.origin[name]; from != "" {
		return from
	}
	return "default"
}

// Package settings is what a person can set, in one list.
//
// A setting has one dotted name: nats.listen in brain.yaml, BRAIN_NATS_LISTEN
// in the environment, --nats-listen as a flag. Defaults < file < environment <
// flags. An empty text asks for the default, except in a list, where it means
// nothing at all.
//
// A secret has no flag and is never written into brain.yaml: it comes from the
// environment, or from a file of its own that BRAIN_…_FILE or the key …_file
// names. A name that does not exist is refused, and the nearest that does is
// named. All problems are reported at once.
//
// A tour: table.go is the list, parse.go says what is allowed, load.go and
// find.go find each value, file.go reads brain.yaml, describe.go shows all of
// it without secrets; flags.go and nearest.go help with misspelt names.
package settings

import (
	"fmt"
	"io"
	"time"
)

// Settings are all settings of all programs, typed. A program reads those that
// it asked for. Neither it nor its parts can be printed, so that a secret
// cannot reach a log by accident; [Loader.Describe] shows what may be seen.
type Settings struct {
	// Tenant is a token: 1 to 64 of A-Z a-z 0-9 _ -.
	Tenant string
	NATS   NATS
	Mongo  Mongo
	// Only names the sinks to run; none means all. Which there are, this package
	// does not know.
	Only        []string
	StoreListen string
	Streamerbot Streamerbot
	Ailicia     Ailicia
	IgnoreUsers []string
	LLM         LLM
	Title       Title
	// Timezone is the streamer's, by its IANA name; empty is this computer's.
	Timezone string
	DataDir  string
	HTTP     HTTP
	Sim      Sim
	// OutboxMax is in bytes.
	OutboxMax int64
	// PprofAddr is where profiles are shown; empty is nowhere.
	PprofAddr string
	Log       Log

	origin map[string]string
	// files are where secrets came from that came from a file of their own.
	files map[string]string
}

// NATS says where the bus is and how its streams are set up.
type NATS struct {
	// URL may hold a password or a token; [Redacted] shows it without.
	URL         string `json:"-"`
	Creds, User string
	Password    string `json:"-"`
	// Listen is where the embedded server listens when URL is empty.
	Listen   string
	Replicas int
	// MaxBytes is how large the log may grow; 0 leaves it to the bus.
	MaxBytes        int64
	DuplicateWindow time.Duration
}

// Mongo says where the store is. An empty URI means the embedded one.
type Mongo struct {
	URI string `json:"-"`
	DB  string
}

// Streamerbot says where Streamer.bot is and what to listen to. No Events
// means the built-in list; no Actions means that commands may run every one.
type Streamerbot struct {
	URL                      string `json:"-"`
	Password                 string `json:"-"`
	Events, Private, Actions []string
}

// Ailicia says where ai_licia's API is and what to ask for. No APIKey means
// that it is off; no Types means all; no ChannelID the key's only channel.
type Ailicia struct {
	URL       string `json:"-"`
	APIKey    string `json:"-"`
	Types     []string
	ChannelID string
}

// LLM says which model server is asked for titles, and how. No URL means none.
type LLM struct {
	// URL may hold a password; [Redacted] shows it without.
	URL     string `json:"-"`
	Model   string
	Key     string `json:"-"`
	Timeout time.Duration
	// Temperature is from 0 to 2.
	Temperature    float64
	MaxTokens      int
	MaxTokensField string
	// Extra is merged into each request; a nil value leaves its member out.
	Extra map[string]any
}

// Title says how titles are made and who decides.
type Title struct {
	// Mode is auto, suggest or off.
	Mode string
	// Action sets a title, AskAction shows suggestions; each is a name or an id.
	Action, AskAction string
	// Every and EveryMessages ask for titles again and again; 0 never.
	Every         time.Duration
	EveryMessages int
	Mood          string
	// ChatLines lets lines of chat into the context.
	ChatLines bool
	// Platforms that a title is for; none means those that are heard of.
	Platforms []string
	// Emoji is how many a title may have, Scripts those that it may be written in;
	// none means every one. Words and Prompts are folders; empty means the built-in ones.
	Emoji          int
	Scripts        []string
	Words, Prompts string
}

// HTTP is the server for health and metrics.
type HTTP struct {
	Addr  string
	Token string `json:"-"`
}

// Sim is the simulated Streamer.bot, which listens on Listen, and the simulated
// ai_licia beside it. Rate is in events a second, of Streamer.bot's.
type Sim struct {
	Listen        string
	AiliciaListen string
	Rate          float64
	Seed          uint64
	// KeepTitles: its streamer sets no titles.
	KeepTitles bool
}

// Log says how much to log and how.
type Log struct{ Level, Format string }

// Format hides the values, whatever the verb.
func (Settings) Format(f fmt.State, _ rune) { hide(f, "settings") }

// Format hides the values, whatever the verb.
func (NATS) Format(f fmt.State, _ rune) { hide(f, "nats") }

// Format hides the values, whatever the verb.
func (Mongo) Format(f fmt.State, _ rune) { hide(f, "mongo") }

// Format hides the values, whatever the verb.
func (Streamerbot) Format(f fmt.State, _ rune) { hide(f, "streamerbot") }

// Format hides the values, whatever the verb.
func (Ailicia) Format(f fmt.State, _ rune) { hide(f, "ailicia") }
func (LLM) Format(f fmt.State, _ rune)     { hide(f, "llm") }

// Format hides the values, whatever the verb.
func (HTTP) Format(f fmt.State, _ rune) { hide(f, "http") }

func hide(f fmt.State, name string) { _, _ = io.WriteString(f, name+"(not shown)") }

// Asked reports whether a person set the value: a default port that is taken
// moves, one that was asked for is an error.
func (s *Settings) Asked(name string) bool { return s.origin[name] != "" }

// KeyAgain reads a secret again that came from a file of its own, which a person
// may have mended since; nil where it came from elsewhere. Its error holds
// neither path nor secret.
func (s *Settings) KeyAgain(name string) func() (string, error) {
	path := s.files[name]
	if path == "" {
		return nil
	}
	return func() (string, error) { return readSecret(path) }
}

// Origin says where a value came from: "default", or "file brain.yaml",
// "environment BRAIN_NATS_URL", "flag --nats-url".
func (s *Settings) Origin(name string) string {
	if from := s.origin[name]; from != "" {
		return from
	}
	return byDefault
}

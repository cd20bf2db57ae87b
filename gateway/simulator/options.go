package simulator

import (
	"strconv"
	"strings"
	"time"

	"promethean/gateway/simulator/internal/evening"
)

// AuthMode is the server's authentication setting (reference/streamerbot.md section 1.4).
type AuthMode int

const (
	// AuthOff sends no challenge and refuses Authenticate.
	AuthOff AuthMode = iota
	// AuthOn sends a challenge, but serves clients that do not answer it.
	AuthOn
	// AuthEnforced closes a connection whose first request is not Authenticate, or that has not
	// authenticated within Options.AuthTimeout.
	AuthEnforced
)

// Options says which Streamer.bot is played. The zero value is a server without Hello and without
// authentication that sends only what is injected.
type Options struct {
	Password string
	Auth     AuthMode
	// AuthTimeout is how long an enforcing server waits; 30 s when zero.
	AuthTimeout time.Duration
	// AuthErrorAnswer refuses a wrong password with an error answer in place of closing with 4009;
	// both are reported of real servers.
	AuthErrorAnswer bool

	// Hello greets on connect, as servers since 0.2.5 do. Without it no client can learn the
	// challenge, so it belongs with every Auth but AuthOff.
	Hello bool
	// Version is what GetInfo tells, 1.0.7 when empty. It decides the shape of the Twitch frames:
	// nested below 0.2.5, both below 1.0.5, flat from then on and for what is not a version; and
	// whether Kick exists (since 1.0.0).
	Version string
	// MixShapes draws a shape for each Twitch line instead.
	MixShapes bool

	// Seed chooses the cast and what it says; Rate is frames a second on average, 0 for none.
	Seed uint64
	Rate float64
	// Clock is read for every time on the wire, in the zone it gives; time.Now when nil. It may be
	// called by several goroutines.
	Clock func() time.Time

	// Lossless makes Inject and the generator wait for slow clients. Otherwise a client that has
	// Queue frames waiting (1024 when zero) is disconnected and counted in Stats.Cut.
	Lossless bool
	Queue    int

	// CamelCaseSources spells sources in GetEvents as older servers do (youTube). Events keep theirs.
	CamelCaseSources bool
	// ExactCase acknowledges a Subscribe in any spelling, but delivers only for GetEvents' own. Otherwise
	// names are matched in any case and echoed in GetEvents' spelling.
	ExactCase bool
	// Actions are what GetActions lists and DoAction runs; DefaultActions when nil.
	Actions []Action
	// ActionDelay is the time from DoAction to the start of the run; 16 ms when zero, as recorded. The
	// official client relies on some: it subscribes to the answer of an action right after asking for it.
	ActionDelay time.Duration
	// Globals are the variables at first; DefaultGlobals when nil.
	Globals []Global
	// DocShapes answers as the written documentation has it where the official client's types differ:
	// GetGlobal and …GetUserGlobal with one variable in place of variables, UnSubscribe with a flat
	// list, GetCommands with a number as sources.
	DocShapes bool
	// Title is the stream's title at first. BannedWords are those that no title may contain, in any
	// case; "bannedword" when nil.
	Title       string
	BannedWords []string
	// KeepTitles lets the evening's streamer set no title, so that only clients do.
	KeepTitles bool
	// Faults are in force from the start, as if ordered by Misanswer.
	Faults []Fault
	// Facts is told what happens: {"action","run","success"} at the end of each run, {"title"},
	// {"said","platform","bot"}. It may be called by several goroutines, must not block, and must not
	// call the server.
	Facts func(map[string]any)
	// Frames is told each event frame on its way out, whether or not anybody is subscribed to it, in
	// order; numbered lines are not told. It must neither block, nor keep or change the frame, nor call the server.
	Frames func(frame []byte)

	// Events are offered beyond the built-in catalogue: types by source.
	Events map[string][]string
}

const (
	defaultVersion     = "1.0.7"
	defaultAuthTimeout = 30 * time.Second
	defaultActionDelay = 16 * time.Millisecond
	defaultQueue       = 1024
	defaultTitle       = "Moss Harbour, day 12: the lighthouse at last 🦆"
)

func (o Options) withDefaults() Options {
	if o.Version == "" {
		o.Version = defaultVersion
	}
	if o.AuthTimeout <= 0 {
		o.AuthTimeout = defaultAuthTimeout
	}
	if o.Queue <= 0 {
		o.Queue = defaultQueue
	}
	if o.Title == "" {
		o.Title = defaultTitle
	}
	if o.BannedWords == nil {
		o.BannedWords = []string{"bannedword"}
	}
	if o.ActionDelay == 0 {
		o.ActionDelay = defaultActionDelay
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	return o
}

func (o Options) shape() evening.Shape {
	switch {
	case o.since("1.0.5"):
		return evening.Flat
	case o.since("0.2.5"):
		return evening.Both
	default:
		return evening.Nested
	}
}

// since says whether the server plays the given version or a later one.
func (o Options) since(version string) bool {
	have, ok := versionNumbers(o.Version)
	if !ok {
		return true
	}
	want, _ := versionNumbers(version)
	for i := range want {
		if have[i] != want[i] {
			return have[i] > want[i]
		}
	}
	return true
}

// IsVersion says whether s can be a Streamer.bot version.
func IsVersion(s string) bool {
	_, ok := versionNumbers(s)
	return ok
}

// versionNumbers reads "1.0.7" or "1.1.0-alpha.2"; missing parts are 0.
func versionNumbers(s string) (n [3]int, ok bool) {
	s, _, _ = strings.Cut(s, "-")
	parts := strings.SplitN(s, ".", 4)
	for i, p := range parts[:min(3, len(parts))] {
		v, err := strconv.Atoi(p)
		if err != nil || v < 0 {
			return n, false
		}
		n[i] = v
	}
	return n, true
}

package life

import (
	"time"

	"promethean/schema"
	"promethean/sinks/title/facts"
)

// Config is how the worker is set. The zero value of each time and count is its
// default.
type Config struct {
	// Mode is one of auto, suggest and off.
	Mode string
	// Ask: an action of the streamer's shows suggestions.
	Ask bool
	// Pass is the gate: the title as it may be sent, or why not. It is pure.
	Pass func(text string, f facts.Facts) (string, error)
	// Every and EveryMessages ask for titles again and again; 0 never does.
	Every         time.Duration
	EveryMessages int
	// Fresh is how old an event may be to lead to something.
	Fresh time.Duration
	// Settle is how long the begin of a stream is waited for to be told by all.
	Settle time.Duration
	// CoolDown is how long a stream may be interrupted and stay the same, and how
	// long after a request no other is made unless a person asks.
	CoolDown time.Duration
	// Confirm is how long a platform may take to show a title.
	Confirm time.Duration
	// Valid is how long a suggestion can be approved.
	Valid time.Duration
}

func (c Config) withDefaults() Config {
	for _, d := range []struct {
		to *time.Duration
		by time.Duration
	}{
		{&c.Fresh, 5 * time.Minute}, {&c.Settle, 3 * time.Second}, {&c.CoolDown, 10 * time.Minute},
		{&c.Confirm, 30 * time.Second}, {&c.Valid, 30 * time.Minute},
	} {
		if *d.to == 0 {
			*d.to = d.by
		}
	}
	return c
}

const (
	// attemptsMost a suggestion: the second only where the first was refused.
	attemptsMost = 2
	// roundsMost a request.
	roundsMost = 10
	// triedMost are remembered, and recentMost lives for what comes late.
	triedMost  = 50
	recentMost = 8
	// sessionMost is how long a stream may last whose end nobody told.
	sessionMost = 12 * time.Hour
)

// State is what the log says of titles. The zero value is not ready; [New] is.
type State struct {
	c       Config
	session session
	// asked is the last suggestion that the streamer's action shows.
	asked string
	// asks wait for their turn, in order.
	asks []ask
	// causes are of the worker's last events, ends of the last commands to it.
	causes lately[bool]
	ends   lately[schema.ActionPayload]
	// answered are the last ones that led to something.
	answered []ask
	// standing is the title that each platform shows, by provider.
	standing map[string]string
	// lives are the last requests, the newest last.
	lives []*life
	tried []facts.Tried
	// sentSeq is the log's sequence of the last title.sent.
	sentSeq uint64
	locked  bool
	// before is the title that each platform had before ours was applied.
	before map[string]string
	// lastRequest is when titles were asked for last, whatever the cause, and
	// requestSeq its place on the log.
	lastRequest time.Time
	requestSeq  uint64
	// messages counts chat since then, intervals the requests by interval of the
	// session.
	messages, intervals int
}

// life is one request and what became of it.
type life struct {
	schema.TitleRequestedPayload
	at time.Time
	// rejectedAt is when another round was asked for.
	rejectedAt time.Time
	// round that is asked for, from 1.
	round     int
	note      string
	suggested *schema.TitleSuggestedPayload
	// suggestedSeq is its place on the log, suggestedAt its time.
	suggestedSeq uint64
	suggestedAt  time.Time
	// approvals of the suggestion, the last one counts.
	approvals  []schema.TitleApprovedPayload
	approvedAt time.Time
	sends      []*send
	// hand is a title that the streamer set and that has not been told yet.
	hand *handTitle
	// taint is a line that was taken away and has not been told yet.
	taint *schema.TitleTaintedPayload
	// taintedBy is the event that took it away.
	taintedBy string
	// tainted, overridden: it has been told. over: nothing is decided or sent any
	// more.
	tainted, overridden, over bool
}

// send is one attempt to set a title.
type send struct {
	schema.TitleSentPayload
	seq uint64
	// shown has, by platform, the event that says so; applied, what was told.
	shown   map[string]Event
	applied map[string]bool
	// refusal is known and has not been told yet.
	refusal *refusal
	refused *schema.TitleRefusedPayload
	// unconfirmed was told.
	unconfirmed bool
}

type refusal struct {
	kind, reason, cause string
}

type handTitle struct {
	event           Event
	platform, title string
}

// New is the state before anything happened.
func New(c Config) *State {
	return &State{c: c.withDefaults(), standing: map[string]string{}, before: map[string]string{}}
}

// last is the newest life; nil where there is none.
func (s *State) last() *life {
	if len(s.lives) == 0 {
		return nil
	}
	return s.lives[len(s.lives)-1]
}

// find is the life of a request.
func (s *State) find(request string) *life {
	for _, l := range s.lives {
		if l.RequestID == request {
			return l
		}
	}
	return nil
}

// approval is the one that counts; nil while there is none.
func (l *life) approval() *schema.TitleApprovedPayload {
	if len(l.approvals) == 0 {
		return nil
	}
	return &l.approvals[len(l.approvals)-1]
}

// sending is the last attempt; nil while there is none.
func (l *life) sending() *send {
	if len(l.sends) == 0 {
		return nil
	}
	return l.sends[len(l.sends)-1]
}

// open: somebody may decide about a suggestion.
func (l *life) open() bool { return l != nil && !l.over && l.suggested != nil && len(l.approvals) == 0 }

// Tried are earlier titles, the newest first.
func (s *State) Tried() []facts.Tried {
	list := make([]facts.Tried, 0, len(s.tried))
	for i := len(s.tried) - 1; i >= 0; i-- {
		list = append(list, s.tried[i])
	}
	return list
}

// remember notes a title's fate; a later fate of the same title replaces it.
func (s *State) remember(title, fate string, at time.Time) {
	if title == "" {
		return
	}
	for i := range s.tried {
		if s.tried[i].Title == title {
			s.tried = append(s.tried[:i], s.tried[i+1:]...)
			break
		}
	}
	s.tried = append(s.tried, facts.Tried{Title: title, Fate: fate, At: at})
	if len(s.tried) > triedMost {
		s.tried = s.tried[1:]
	}
}

// apart is how long lies between two times, whichever comes first: a clock that was
// wrong for a while leaves times on the log that have not come yet.
func apart(a, b time.Time) time.Duration { return a.Sub(b).Abs() }

// SentSeq is the log's sequence of the last title.sent, 0 for none: the worker
// publishes the next only where nobody else has published one since.
func (s *State) SentSeq() uint64 { return s.sentSeq }

// Standing is the title that a platform shows, "" where nobody said.
func (s *State) Standing(platform string) string { return s.standing[platform] }

package eventstream

import (
	"errors"
	"fmt"
	"time"
)

var (
	errIdle     = errors.New("nothing came for too long, not even a comment: the connection is dead")
	errNoHeader = errors.New("no answer came in time")
	errEnded    = errors.New("the server ended the stream")
	errEndless  = errors.New("an event went on without end; what there was of it is handed on")
)

// lostError is a connection that broke; it says nothing of addresses.
type lostError struct{ err error }

func (e *lostError) Error() string { return "connection lost: " + e.err.Error() }
func (e *lostError) Unwrap() error { return e.err }

// Why a server is not asked again.
type Why string

// The closed list of reasons.
const (
	// ByStatus: the status is no success that can be read and no fault that
	// passes; 204 asks not to come again.
	ByStatus Why = "status"
	// ByContentType: the answer is no event stream.
	ByContentType Why = "content-type"
	// ByRedirect: it leads to another host, away from TLS, or on and on.
	ByRedirect Why = "redirect"
)

// Refused is the answer by which [Read] gives up: trying again soon would
// bring the same.
type Refused struct {
	Why    Why
	Status int
	// ContentType is what the server calls its answer, cut short.
	ContentType string
	// Host is where a redirect leads.
	Host string
}

func (e *Refused) Error() string {
	switch e.Why {
	case ByContentType:
		return fmt.Sprintf("the answer is no event stream but %q", e.ContentType)
	case ByRedirect:
		return fmt.Sprintf("a redirect (HTTP %d) to %q was not followed", e.Status, e.Host)
	}
	return fmt.Sprintf("the server answers HTTP %d", e.Status)
}

// Unavailable is an answer that may be another one later.
type Unavailable struct {
	Status int
	// RetryAfter is how long the server asks to wait; 0 where it does not.
	RetryAfter time.Duration
}

func (e *Unavailable) Error() string { return fmt.Sprintf("the server answers HTTP %d", e.Status) }

package gateway

import (
	"context"

	"promethean/schema"
)

// Source reads one outside system.
type Source interface {
	// Run reads until ctx ends, which is no error, reconnecting for ever. emit
	// queues drafts in order and blocks while the outbox is full; it may be
	// called until Run returns, and by one goroutine at a time. An error means
	// that the source can never run as it is set up.
	Run(ctx context.Context, emit func(schema.Draft)) error
}

// Commander is a source that also carries commands out.
type Commander interface {
	// Do carries one command out, or finds that it cannot be, and returns when
	// the outside has taken or refused it: what comes after is sent after it.
	// While the source is not connected it waits, at most until c.Deadline;
	// nothing is begun after that. When ctx ends it comes back soon, with
	// nothing more sent.
	//
	// ended is called exactly once, before Do returns or later, by any
	// goroutine; it does not block. Where it cannot be known whether the
	// command was done, the outcome is unknown: it is never done again. The
	// command's id and type and the time are filled in by the caller.
	//
	// Do is called by one goroutine at a time.
	Do(ctx context.Context, c schema.Command, ended func(schema.ActionPayload))
	// Actions lists what may be run. The error is for a person. Any goroutine
	// may call it.
	Actions(ctx context.Context) ([]schema.Action, error)
	// Mood is the note that the streamer keeps for titles, "" for none. The error
	// is for a person. Any goroutine may call it.
	Mood(ctx context.Context) (string, error)
}

// Package health answers whether a program lives and whether it is ready.
// Ready means: an event can be accepted and stored now.
package health

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"
)

const (
	// checkTime bounds one round of checks.
	checkTime = 2 * time.Second
	// freshTime is how long a round's answer is given again, so that probing
	// cannot hammer what is probed.
	freshTime = time.Second
)

var (
	errSlow  = errors.New("no answer within " + checkTime.String())
	errStuck = errors.New("an earlier check has not come back")
)

// Check says why something is not ready; nil means that it is. It should heed
// its context; one that does not is answered for after 2 s and not started
// again while it hangs. It never runs twice at a time.
type Check func(context.Context) error

// Health holds the checks of one program; its zero value has none. Its methods
// may be called by any goroutine.
type Health struct {
	mu     sync.Mutex
	checks map[string]Check
	// busy has the checks that run, also those that overstay.
	busy   map[string]bool
	broken error

	round sync.Mutex
	at    time.Time
	last  map[string]string
}

// Add registers a check; a second one of the same name replaces the first.
func (h *Health) Add(name string, c Check) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.checks == nil {
		h.checks, h.busy = map[string]Check{}, map[string]bool{}
	}
	h.checks[name] = c
}

// AddAll registers several.
func (h *Health) AddAll(checks map[string]func(context.Context) error) {
	for name, c := range checks {
		h.Add(name, c)
	}
}

// Break makes the program neither alive nor ready, for good: our own
// corruption. The first reason is kept.
func (h *Health) Break(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.broken == nil {
		h.broken = err
	}
}

// Broken gives what Break was told.
func (h *Health) Broken() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.broken
}

// Results runs the checks side by side, or gives a round's answer that is less
// than a second old. An empty text means that the check passed; what Break was
// told is one that does not. It returns within two seconds of the round's start.
func (h *Health) Results(ctx context.Context) map[string]string {
	h.round.Lock()
	defer h.round.Unlock()
	if h.last == nil || time.Since(h.at) >= freshTime {
		// The answer is for everybody who asks in the next second, so the one
		// who asked may not cut it short.
		h.last, h.at = h.ask(context.WithoutCancel(ctx)), time.Now()
	}
	results := maps.Clone(h.last)
	// A round's answer may be older than the break.
	if err := h.Broken(); err != nil {
		results[brokenName] = why(err)
	}
	return results
}

type answer struct {
	name string
	err  error
}

// ask runs one round.
func (h *Health) ask(ctx context.Context) map[string]string {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	h.mu.Lock()
	results, waited := make(map[string]string, len(h.checks)), map[string]bool{}
	// Room for all: nobody reads what comes too late.
	answers := make(chan answer, len(h.checks))
	for name, check := range h.checks {
		if h.busy[name] {
			results[name] = errStuck.Error()
			continue
		}
		h.busy[name], waited[name] = true, true
		go h.run(ctx, name, check, answers)
	}
	h.mu.Unlock()
	for len(waited) > 0 {
		select {
		case a := <-answers:
			results[a.name] = why(a.err)
			delete(waited, a.name)
		case <-ctx.Done():
			for name := range waited {
				results[name] = errSlow.Error()
			}
			return results
		}
	}
	return results
}

func (h *Health) run(ctx context.Context, name string, check Check, answers chan<- answer) {
	err := check(ctx)
	h.mu.Lock()
	delete(h.busy, name)
	h.mu.Unlock()
	if ctx.Err() != nil && errors.Is(err, context.DeadlineExceeded) {
		err = errSlow
	}
	answers <- answer{name, err}
}

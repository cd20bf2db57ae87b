// Package health answers whether a program lives and whether it is ready.
// Ready means: an event can be accepted and stored now.
package health

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
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

// Check says why something is not ready; nil means that it is. It must heed
// its context.
type Check func(context.Context) error

// Health holds the checks of one program. Its methods may be called by any
// goroutine.
type Health struct {
	mu     sync.Mutex
	checks map[string]Check
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
		h.checks = map[string]Check{}
	}
	h.checks[name] = c
}

// AddAll registers several.
func (h *Health) AddAll(checks map[string]func(context.Context) error) {
	for name, c := range checks {
		h.Add(name, c)
	}
}

// Break makes the program not alive, for good: our own corruption.
func (h *Health) Break(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.broken = err
}

// Live answers /livez: 200 while the process works, 503 after Break.
func (h *Health) Live(w http.ResponseWriter, _ *http.Request) {
	h.mu.Lock()
	err := h.broken
	h.mu.Unlock()
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}

// Ready answers /readyz: 200 when every check passes now, else 503. The body
// has a line for each check, or JSON where the request asks for it.
func (h *Health) Ready(w http.ResponseWriter, r *http.Request) {
	results := h.Results(r.Context())
	status := http.StatusOK
	for _, why := range results {
		if why != "" {
			status = http.StatusServiceUnavailable
		}
	}
	if r.URL.Query().Has("json") || strings.Contains(r.Header.Get("Accept"), "application/json") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"ready": status == http.StatusOK, "checks": results})
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	for _, name := range slices.Sorted(maps.Keys(results)) {
		if results[name] == "" {
			fmt.Fprintf(w, "%s: ok\n", name)
			continue
		}
		fmt.Fprintf(w, "%s: %s\n", name, results[name])
	}
}

// Results runs the checks side by side, or gives a round's answer that is less
// than a second old. An empty text means that the check passed.
func (h *Health) Results(ctx context.Context) map[string]string {
	h.round.Lock()
	defer h.round.Unlock()
	if h.last != nil && time.Since(h.at) < freshTime {
		return h.last
	}
	// The answer is for everybody who asks in the next second, so the one who
	// asked may not cut it short.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), checkTime)
	defer cancel()
	h.mu.Lock()
	checks := maps.Clone(h.checks)
	h.mu.Unlock()
	results := make(map[string]string, len(checks))
	var mu sync.Mutex
	var wait sync.WaitGroup
	for name, check := range checks {
		wait.Go(func() {
			why := ""
			if err := check(ctx); err != nil {
				why = err.Error()
			}
			mu.Lock()
			defer mu.Unlock()
			results[name] = why
		})
	}
	wait.Wait()
	h.last, h.at = results, time.Now()
	return results
}

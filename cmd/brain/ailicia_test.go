package main

import (
	"bufio"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	simulated "promethean/gateway/simulator/ailicia"
	"promethean/schema"
)

// TestSimulatedAiliciaKeepsItsSchemas: every payload of the 13 types is what its
// JSON Schema says, and all of them come.
func TestSimulatedAiliciaKeepsItsSchemas(t *testing.T) {
	described := map[string]*description{}
	for _, name := range simulated.Types() {
		d, err := describedBy(schema.Type(name))
		if err != nil {
			t.Fatal(err)
		}
		described[name] = d
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	events := simulatedEvents(t, ctx)
	seen := map[string]bool{}
	for n := 0; len(seen) < len(described); n++ {
		if n == 3000 || !events.Scan() {
			t.Fatalf("%d events have the types %v, %v", n, seen, events.Err())
		}
		data, ok := strings.CutPrefix(events.Text(), "data: ")
		if !ok {
			n--
			continue
		}
		var e struct {
			Type    string
			Payload json.RawMessage
		}
		if err := json.Unmarshal([]byte(data), &e); err != nil {
			t.Fatal(err)
		}
		if d := described[e.Type]; d != nil {
			seen[e.Type] = true
			if err := d.check(e.Payload); err != nil {
				t.Errorf("%s: %v", data, err)
			}
		}
	}
}

// simulatedEvents are the lines of a fast evening of ai_licia's own.
func simulatedEvents(t *testing.T, ctx context.Context) *bufio.Scanner {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := simulated.New(simulated.Options{Seed: 1, Rate: 500})
	stop := member(ctx, func(ctx context.Context) error { return server.Serve(ctx, l) }, nil)
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, simulated.URL(l)+simulated.Path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+simulated.DefaultKey)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answer.Body.Close() })
	return bufio.NewScanner(answer.Body)
}

package sinks_test

import (
	"strings"
	"testing"

	"promethean/bus/bustest"
	"promethean/sinks/internal/storetest"
)

// TestNATSThatComesBackEmptyWhileRunning: the log made anew counts from 1 again,
// so nothing of it goes into the old log's database, and health says so; under
// another name all of it is stored.
func TestNATSThatComesBackEmptyWhileRunning(t *testing.T) {
	uri := storetest.Start(t)
	server := bustest.Start(t)
	fill(t, server, 1, 20)
	s, stop := open(t, optionsOf(server, uri))
	catchUp(t, s)
	server.Stop()
	server.Sweep()
	server.Restart()
	for _, k := range waitHeld(t, s, "PROM_EVENTS") {
		if k.Held != "waiting for NATS" {
			t.Errorf("%s: %q, %q", k.Name, k.Held, k.HeldBy)
		}
	}
	fill(t, server, 21, 45)
	for _, k := range waitHeld(t, s, "this database holds events of another log (created ") {
		if k.Held != "the database belongs to another log" || !strings.Contains(k.HeldBy, "set BRAIN_MONGO_DB to a new name") {
			t.Errorf("%s: %q, %q", k.Name, k.Held, k.HeldBy)
		}
	}
	if err := s.Checks()["sink ledger"](t.Context()); err == nil {
		t.Error("ready with another log")
	}
	stop()
	if got := count(t, uri, "events"); got != 20 {
		t.Errorf("%d events, want the first log's 20", got)
	}
	o := optionsOf(server, uri)
	o.Database = "another"
	s, _ = open(t, o)
	catchUp(t, s)
	if got := s.Stats()[0].Stored; got != 25 {
		t.Errorf("%d events stored of the new log, want 25", got)
	}
}

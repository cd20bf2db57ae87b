package bus_test

import (
	"errors"
	"testing"
	"time"

	"promethean/bus"
	"promethean/bus/bustest"
	"promethean/schema"
)

func message(t *testing.T, id string, typ schema.Type) schema.Message {
	t.Helper()
	m, err := schema.Seal(schema.Draft{ID: id, Type: typ, Provider: schema.Brain, OwnVersion: true, Timestamp: time.Now(), Payload: []byte(`{}`),
		Trace: schema.Trace{Source: "test", Tenant: "duck", ReceivedAt: time.Now(), Origin: schema.Live}})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestTell: awaited, filtered by id, and on condition.
func TestTell(t *testing.T) {
	b := bustest.Start(t).Connect(bus.StreamOptions{})
	first, err := b.Tell(t.Context(), message(t, "1", schema.TitleSent))
	if err != nil || first.Seq != 1 || first.Duplicate {
		t.Fatalf("first %+v, %v", first, err)
	}
	if again, err := b.Tell(t.Context(), message(t, "1", schema.TitleSent)); err != nil || !again.Duplicate || again.Seq != 1 {
		t.Errorf("again %+v, %v", again, err)
	}
	if _, err := b.TellAfter(t.Context(), message(t, "2", schema.TitleSent), 0); !errors.Is(err, bus.ErrOvertaken) {
		t.Errorf("after nothing: %v", err)
	}
	if second, err := b.TellAfter(t.Context(), message(t, "3", schema.TitleSent), 1); err != nil || second.Seq != 2 {
		t.Errorf("after the first: %+v, %v", second, err)
	}
	if other, err := b.TellAfter(t.Context(), message(t, "4", schema.TitleApplied), 0); err != nil || other.Seq != 3 {
		t.Errorf("another subject: %+v, %v", other, err)
	}
	if _, err := b.Ask(t.Context(), "promethean.p.x.t.y.ask.z"); !errors.Is(err, bus.ErrNobody) {
		t.Errorf("nobody there: %v", err)
	}
}

// TestHistory: all that matches, in order, from a time on; nothing of it stays
// on the server.
func TestHistory(t *testing.T) {
	b := bustest.Start(t).Connect(bus.StreamOptions{})
	read := func(from time.Time, filters ...string) (ids string, upTo uint64) {
		t.Helper()
		upTo, err := b.History(t.Context(), filters, from, func(r schema.Recorded) {
			ids += r.Envelope.ID
			if r.Seq == 0 || r.Origin != schema.Live {
				t.Errorf("recorded %+v", r)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		return ids, upTo
	}
	titles := schema.TenantEvents(schema.Brain, "duck", "title")
	if ids, upTo := read(time.Time{}, titles); ids != "" || upTo != 0 {
		t.Errorf("of nothing: %q up to %d", ids, upTo)
	}
	for i, typ := range []schema.Type{schema.TitleSent, schema.ActionCompleted, schema.TitleApplied} {
		if _, err := b.Tell(t.Context(), message(t, string(rune('a'+i)), typ)); err != nil {
			t.Fatal(err)
		}
	}
	// What is no envelope is passed over.
	if _, err := b.JetStream().Publish(t.Context(), schema.EventSubject(schema.Brain, "duck", schema.TitleSent), []byte("{")); err != nil {
		t.Fatal(err)
	}
	middle := time.Now()
	if _, err := b.Tell(t.Context(), message(t, "d", schema.TitleSent)); err != nil {
		t.Fatal(err)
	}
	if ids, upTo := read(time.Time{}, titles); ids != "acd" || upTo != 5 {
		t.Errorf("all: %q up to %d", ids, upTo)
	}
	if ids, _ := read(middle, titles); ids != "d" {
		t.Errorf("from the middle: %q", ids)
	}
	if ids, _ := read(time.Time{}, schema.TenantType("duck", schema.TitleSent), schema.TenantType("duck", schema.ActionCompleted)); ids != "abd" {
		t.Errorf("two filters: %q", ids)
	}
	stream, err := b.JetStream().Stream(t.Context(), bus.StreamEvents)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := stream.Info(t.Context()); err != nil || info.State.Consumers != 0 {
		t.Errorf("%d consumers stay, %v", info.State.Consumers, err)
	}
}

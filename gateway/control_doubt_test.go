package gateway

import (
	"context"
	"slices"
	"testing"
	"time"

	"promethean/bus"
	"promethean/schema"
)

// holdUntil keeps a control from acknowledging its first command until freed.
func holdUntil(journalled, freed chan struct{}) func(step) {
	first := true
	return func(s step) {
		if s == stepJournalled && first {
			first = false
			close(journalled)
			<-freed
		}
	}
}

// One that was not confirmed in time and comes again is this gateway's, and is
// carried out.
func TestDoubtfulCommandComesAgain(t *testing.T) {
	d := newDesk(t)
	journalled, freed := make(chan struct{}), make(chan struct{})
	d.soon("the-command")
	d.start(holdUntil(journalled, freed))
	<-journalled
	<-time.After(6 * time.Second) // the lease
	close(freed)
	if got := d.outcomes("the-command"); !slices.Equal(got, []string{schema.OutcomeCompleted}) {
		t.Errorf("ended %v", got)
	}
	if got := d.act.did(); len(got) != 1 {
		t.Errorf("done %v", got)
	}
}

// One that another gateway was given meanwhile is told by that one first; what
// this one says at last is the same event.
func TestDoubtfulCommandOfAnotherGateway(t *testing.T) {
	d := newDesk(t)
	journalled, freed := make(chan struct{}), make(chan struct{})
	deadline := time.Now().Add(9 * time.Second)
	d.send("the-command", rope, deadline)
	d.start(holdUntil(journalled, freed))
	<-journalled
	d.dir = t.TempDir()
	d.start(nil)
	if got := d.outcomes("the-command"); !slices.Equal(got, []string{schema.OutcomeCompleted}) {
		t.Errorf("ended %v", got)
	}
	close(freed)
	until(t, "the first one's word", func() bool { return len(d.outcomes("the-command")) == 2 })
	if left := time.Until(deadline); left > 0 {
		t.Errorf("the first one spoke %s before the deadline", left)
	}
	if got := d.outcomes("the-command"); got[1] != schema.OutcomeUnknown || d.seen["the-command"][0].ID != d.seen["the-command"][1].ID {
		t.Errorf("ended %v, as two events", got)
	}
	if got := d.act.did(); len(got) != 1 {
		t.Errorf("done %v", got)
	}
}

// A command that can leave no dead letter keeps no other from being taken.
func TestFullDeadLettersBlockNothing(t *testing.T) {
	d := newDesk(t)
	stream, err := d.bus.JetStream().Stream(t.Context(), bus.StreamDLQ)
	if err != nil {
		t.Fatal(err)
	}
	full := stream.CachedInfo().Config
	full.MaxMsgs = 1
	if _, err := d.bus.JetStream().UpdateStream(context.WithoutCancel(t.Context()), full); err != nil {
		t.Fatal(err)
	}
	const subject = "promethean.p.streamerbot.t.duck.control.do_action"
	for range 2 {
		d.publish(subject, `{"not":"an envelope"}`)
	}
	d.send("far", rope, time.Now().Add(2*time.Hour))
	d.soon("good")
	d.start(nil)
	if got := d.outcomes("good"); !slices.Equal(got, []string{schema.OutcomeCompleted}) {
		t.Errorf("good ended %v", got)
	}
	if got := d.outcomes("far"); !slices.Equal(got, []string{schema.OutcomeRefused}) {
		t.Errorf("far ended %v", got)
	}
}

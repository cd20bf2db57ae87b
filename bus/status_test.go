package bus_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"

	"promethean/bus"
	"promethean/bus/bustest"
	"promethean/schema"
)

// asker is a connection as an operator's command has.
func asker(t *testing.T, server *bustest.Server, more ...nats.Option) *nats.Conn {
	t.Helper()
	nc, err := nats.Connect(server.URL(), more...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc
}

type look func(context.Context) (map[string]string, map[string]float64)

func passes(context.Context) (map[string]string, map[string]float64) {
	return map[string]string{"bus": ""}, map[string]float64{"brain_outbox_entries": 3}
}

// answers runs programs until the test ends; they answer when it returns.
func answers(t *testing.T, server *bustest.Server, programs map[string]look) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	t.Cleanup(func() { cancel(); running.Wait() })
	for name, look := range programs {
		b := server.Connect(bus.StreamOptions{})
		program, instance, _ := strings.Cut(name, " ")
		running.Go(func() {
			if err := b.AnswerStatus(ctx, schema.ProgramStatus{Program: program, Instance: instance, Version: "v1"}, look); err != nil {
				t.Error(err)
			}
		})
	}
	nc := asker(t, server)
	for {
		got, err := bus.AskStatus(t.Context(), nc)
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Programs) == len(programs) {
			return
		}
	}
}

// TestEveryProgramAnswers: also two of one name, also one that is not well and
// takes its time, and one whose figure cannot be told.
func TestEveryProgramAnswers(t *testing.T) {
	server := bustest.Start(t)
	answers(t, server, map[string]look{
		"gateway a": passes, "sinks b": passes,
		"sinks c": func(ctx context.Context) (map[string]string, map[string]float64) {
			select { // longer than what is waited for when nobody is expected
			case <-time.After(1200 * time.Millisecond):
			case <-ctx.Done():
			}
			return map[string]string{"store": "no answer within 2s", "sink chat": ""}, nil
		},
		"brain d": func(context.Context) (map[string]string, map[string]float64) {
			return map[string]string{}, map[string]float64{"brain_x": math.NaN()}
		},
	})
	got, err := bus.AskStatus(t.Context(), asker(t, server))
	if err != nil {
		t.Fatal(err)
	}
	want := bus.Statuses{Programs: []schema.ProgramStatus{
		{Program: "brain", Instance: "d", Version: "v1", Ready: true, Checks: map[string]string{}},
		{Program: "gateway", Instance: "a", Version: "v1", Ready: true, Checks: map[string]string{"bus": ""}, Figures: map[string]float64{"brain_outbox_entries": 3}},
		{Program: "sinks", Instance: "b", Version: "v1", Ready: true, Checks: map[string]string{"bus": ""}, Figures: map[string]float64{"brain_outbox_entries": 3}},
		{Program: "sinks", Instance: "c", Version: "v1", Checks: map[string]string{"store": "no answer within 2s", "sink chat": ""}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestHangingProgramIsNamed: its checks never come back.
func TestHangingProgramIsNamed(t *testing.T) {
	server := bustest.Start(t)
	answers(t, server, map[string]look{"gateway a": passes, "sinks b": func(ctx context.Context) (map[string]string, map[string]float64) {
		<-ctx.Done()
		return nil, nil
	}})
	began := time.Now()
	got, err := bus.AskStatus(t.Context(), asker(t, server))
	if err != nil || len(got.Programs) != 2 || got.Programs[1].Program != "sinks" || got.Programs[1].Checks != nil || got.Programs[1].Ready || !got.Programs[0].Ready {
		t.Errorf("%+v, %v", got, err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestNobodyIsThereToAnswer(t *testing.T) {
	server := bustest.Start(t)
	got, err := bus.AskStatus(t.Context(), asker(t, server))
	if err != nil || len(got.Programs) != 0 || got.Refused != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestHostileAnswers neither hide the real ones nor take memory.
func TestHostileAnswers(t *testing.T) {
	server := bustest.Start(t)
	answers(t, server, map[string]look{"gateway a": passes})
	evil := asker(t, server)
	bodies := [][]byte{
		nil, []byte("{"), []byte(`"gateway"`), bytes.Repeat([]byte("x"), 1<<20),
		[]byte(`{"program":"gateway"}`), bytes.Repeat([]byte("["), 60_000),
		// The real one's name, without checks: what was said already stays.
		[]byte(`{"program":"gateway","instance":"a"}`),
	}
	sub, err := evil.Subscribe(schema.StatusSubject, func(m *nats.Msg) {
		for _, b := range bodies {
			_ = m.Respond(b)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := evil.Flush(); err != nil {
		t.Fatal(err)
	}
	got, err := bus.AskStatus(t.Context(), asker(t, server))
	if err != nil || len(got.Programs) != 1 || !got.Programs[0].Ready || got.Refused != len(bodies)-1 {
		t.Errorf("%+v, %v", got, err)
	}

	// Answers without end: they end.
	if err := sub.Unsubscribe(); err != nil {
		t.Fatal(err)
	}
	if _, err := evil.Subscribe(schema.StatusSubject, func(m *nats.Msg) {
		for n := range 5000 {
			body, _ := json.Marshal(schema.ProgramStatus{Program: "evil", Instance: fmt.Sprint(n)})
			_ = m.Respond(body)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if err := evil.Flush(); err != nil {
		t.Fatal(err)
	}
	if got, err = bus.AskStatus(t.Context(), asker(t, server)); err != nil || len(got.Programs) > 1000 {
		t.Errorf("%d programs, %v", len(got.Programs), err)
	}
}

// TestQuestionCannotWriteOntoAStream: the answer's subject is the asker's to
// name.
func TestQuestionCannotWriteOntoAStream(t *testing.T) {
	server := bustest.Start(t)
	answers(t, server, map[string]look{"gateway a": passes})
	nc := asker(t, server)
	for _, reply := range []string{"promethean.p.twitch.t.duck.events.chat.message", "dlq.x", "$JS.API.STREAM.LIST"} {
		if err := nc.PublishRequest(schema.StatusSubject, reply, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := nc.Publish(schema.StatusSubject, nil); err != nil {
		t.Fatal(err)
	}
	// An answer to a later question: the ones before have been dealt with.
	if _, err := bus.AskStatus(t.Context(), nc); err != nil {
		t.Fatal(err)
	}
	b := server.Connect(bus.StreamOptions{})
	for _, name := range []string{bus.StreamEvents, bus.StreamDLQ} {
		s, err := b.JetStream().Stream(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if n := s.CachedInfo().State.Msgs; n != 0 {
			t.Errorf("%s has %d messages", name, n)
		}
	}
}

// TestCutOffQuestionGivesItsReason, e.g. that the user may not ask.
func TestCutOffQuestionGivesItsReason(t *testing.T) {
	server := bustest.Start(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("not permitted")
	cancel(reason)
	if _, err := bus.AskStatus(ctx, asker(t, server)); !errors.Is(err, reason) {
		t.Errorf("%v", err)
	}
}

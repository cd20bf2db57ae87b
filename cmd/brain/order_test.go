package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"promethean/bus"
	"promethean/bus/bustest"
	"promethean/ops/run"
	"promethean/schema"
)

const (
	askedOn   = "promethean.p.streamerbot.t.duck.ask.actions"
	orderedOn = "promethean.p.streamerbot.t.duck.control.do_action"
	endedOn   = "promethean.p.streamerbot.t.duck.events.action.failed"
)

// duckGateway answers as a gateway that is there and gives each command that
// comes to took.
func duckGateway(t *testing.T, server *bustest.Server, took func(nc *nats.Conn, id string)) {
	t.Helper()
	nc, err := nats.Connect(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	subscribe := func(subject string, handle nats.MsgHandler) {
		if _, err := nc.Subscribe(subject, handle); err != nil {
			t.Fatal(err)
		}
	}
	subscribe(askedOn, func(m *nats.Msg) { _ = m.Respond([]byte(`{"actions":[]}`)) })
	subscribe(orderedOn, func(m *nats.Msg) {
		e, err := schema.Parse(m.Data)
		if err != nil {
			t.Error(err)
		}
		took(nc, e.ID)
	})
	if err := nc.Flush(); err != nil {
		t.Fatal(err)
	}
}

// tell publishes how a command ended.
func tell(t *testing.T, nc *nats.Conn, id, payload string) {
	if err := nc.Publish(endedOn, []byte(`{"id":"e","type":"action.failed","timestamp":"2026-11-25T20:00:00Z","payload":{"commandId":"`+id+`",`+payload+`}}`)); err != nil {
		t.Error(err)
	}
}

func runOrder(t *testing.T, ctx context.Context, server *bustest.Server, args ...string) (stdout string, code int, err error) {
	t.Helper()
	var out, say bytes.Buffer
	p := surroundings{environ: []string{"BRAIN_NATS_URL=" + server.URL(), "BRAIN_TENANT=duck"}, stdout: &out, stderr: &say}
	err = execute(ctx, append([]string{"action", "run", "Rope"}, args...), p)
	if exit, ok := errors.AsType[*run.ExitError](err); ok {
		code = exit.Code
	} else if err != nil {
		code = run.Failed
	}
	return out.String(), code, err
}

// Another command's end says nothing about one's own.
func TestOrderShowsItsOwnEndOnly(t *testing.T) {
	server := bustest.Start(t)
	server.Connect(bus.StreamOptions{})
	duckGateway(t, server, func(nc *nats.Conn, id string) {
		tell(t, nc, "another", `"command":"control.do_action","outcome":"failed","reason":"theirs","action":{"id":"a","name":"Theirs"},"durationMs":7`)
		tell(t, nc, id, `"command":"control.do_action","outcome":"expired"`)
	})
	out, code, _ := runOrder(t, t.Context(), server, "--json", "--id", "mine")
	var end schema.ActionPayload
	if err := json.Unmarshal([]byte(out), &end); err != nil {
		t.Fatalf("%v in %q", err, out)
	}
	if end.CommandID != "mine" || end.Outcome != schema.OutcomeExpired || end.Reason != "" || end.Action != nil || end.DurationMs != 0 || code != run.Failed {
		t.Errorf("exit code %d, %+v", code, end)
	}
}

// No answer of NATS leaves open whether it has the command: its end may come
// all the same, and only then is anything known.
func TestOrderThatNATSDoesNotConfirm(t *testing.T) {
	t.Parallel() // each waits for NATS' answer until that is out of time
	for _, tt := range []struct {
		name, wait, says string
		ends             bool
		code             int
	}{
		{name: "it ends", wait: "1m", ends: true, code: run.Failed, says: "refused: because"},
		{name: "no word", wait: "100ms", code: run.Partly, says: "command mine: NATS did not say whether it has the command"},
		{name: "not waited for", wait: "0", code: run.Partly, says: "sent again with --id mine it is not carried out twice"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := bustest.Start(t) // without streams: nobody confirms
			duckGateway(t, server, func(nc *nats.Conn, id string) {
				if tt.ends {
					tell(t, nc, id, `"command":"control.do_action","outcome":"refused","reason":"because"`)
				}
			})
			_, code, err := runOrder(t, t.Context(), server, "--wait", tt.wait, "--id", "mine")
			if code != tt.code || err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("exit code %d: %v; want %d and %q", code, err, tt.code, tt.says)
			}
		})
	}
}

func TestOrderInterrupted(t *testing.T) {
	server := bustest.Start(t)
	server.Connect(bus.StreamOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	duckGateway(t, server, func(*nats.Conn, string) { time.AfterFunc(50*time.Millisecond, cancel) })
	_, code, err := runOrder(t, ctx, server, "--id", "mine")
	if code != run.Partly || err == nil || !strings.HasPrefix(err.Error(), "command mine: interrupted. It may have been carried out") {
		t.Errorf("exit code %d: %v", code, err)
	}
}

// What NATS refuses is not waited for.
func TestOrderRefusedByNATS(t *testing.T) {
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{})
	stream, err := b.JetStream().Stream(t.Context(), bus.StreamControl)
	if err != nil {
		t.Fatal(err)
	}
	full := stream.CachedInfo().Config
	full.MaxMsgs = 1
	if _, err := b.JetStream().UpdateStream(t.Context(), full); err != nil {
		t.Fatal(err)
	}
	duckGateway(t, server, func(*nats.Conn, string) {})
	if _, err := b.JetStream().Publish(t.Context(), orderedOn, []byte(`{"id":"x","type":"control.do_action","timestamp":"2026-11-25T20:00:00Z","payload":{}}`)); err != nil {
		t.Fatal(err)
	}
	_, code, err := runOrder(t, t.Context(), server)
	if code != run.Failed || err == nil || !strings.Contains(err.Error(), "the command was not taken by NATS") {
		t.Errorf("exit code %d: %v", code, err)
	}
}

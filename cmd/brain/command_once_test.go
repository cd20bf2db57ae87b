package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"promethean/gateway/simulator"
	"promethean/schema"
)

// ropes counts how often each command's action ran.
type ropes struct {
	mu   sync.Mutex
	runs map[string]int
	ran  chan string
	// hold, while set, keeps a run from its end.
	hold chan struct{}
}

func (r *ropes) do(ctx context.Context, _ *simulator.Server, run *simulator.Run) error {
	id := run.Text("brainRunId")
	r.mu.Lock()
	r.runs[id]++
	hold := r.hold
	r.mu.Unlock()
	select {
	case r.ran <- id:
	default: // nobody waits for it
	}
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
		}
	}
	return nil
}

func (r *ropes) count(id string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.runs[id]
}

// commandRig is NATS and a gateway as processes, and a Streamer.bot that the
// test plays.
type commandRig struct {
	t     *testing.T
	p     *processes
	ropes *ropes
	nats  string
	http  string
	env   []string
}

func newCommandRig(t *testing.T) *commandRig {
	r := &commandRig{t: t, p: &processes{dir: t.TempDir()}, ropes: &ropes{runs: map[string]int{}, ran: make(chan string, 100)}, nats: freeAddr(t), http: freeAddr(t)}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	sim := simulator.New(simulator.Options{Hello: true, Actions: []simulator.Action{{Name: "Rope", Do: r.ropes.do}}})
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan struct{})
	go func() { defer close(done); _ = sim.Serve(ctx, l) }()
	t.Cleanup(func() { r.p.killAll(); cancel(); <-done })
	r.env = append(os.Environ(), "BRAIN_NATS_URL=nats://"+r.nats, "BRAIN_STREAMERBOT_URL="+simulator.URL(l),
		"BRAIN_DATA_DIR="+filepath.Join(r.p.dir, "data"), "BRAIN_HTTP_ADDR="+r.http, "BRAIN_TENANT=duck")
	if _, err := r.p.start("nats", r.env, "servers", "nats", "--dir", filepath.Join(r.p.dir, "nats"), "--listen", r.nats); err != nil {
		t.Fatal(err)
	}
	if err := r.p.get("nats").waitOutput(regexp.MustCompile(`(?m)^ready`)); err != nil {
		t.Fatal(err)
	}
	r.gateway()
	return r
}

// gateway starts it and waits until it is connected to Streamer.bot.
func (r *commandRig) gateway() {
	r.t.Helper()
	if _, err := r.p.start("gateway", r.env, "gateway"); err != nil {
		r.t.Fatal(err)
	}
	r.says(`brain_source_connected{source="streamerbot"} 1`)
}

func (r *commandRig) says(line string) {
	r.t.Helper()
	eventually(r.t, line, func() error {
		_, body, err := page("http://" + r.http + "/metrics")
		if err == nil && !strings.Contains(string(body), "\n"+line+"\n") {
			err = fmt.Errorf("it says\n%s", body)
		}
		return err
	})
}

func (r *commandRig) jetStream() jetstream.JetStream {
	r.t.Helper()
	js, closeJS, err := jetStream("nats://" + r.nats)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(closeJS)
	return js
}

// send publishes a command as any program might: without headers.
func (r *commandRig) send(js jetstream.JetStream, id string, deadline time.Time) {
	r.t.Helper()
	body := fmt.Appendf(nil, `{"id":%q,"type":"control.do_action","timestamp":%q,"payload":{"action":{"name":"Rope"},"deadline":%q}}`,
		id, schema.NewTime(time.Now()), schema.NewTime(deadline))
	eventually(r.t, "the command to be taken by NATS", func() error {
		_, err := js.Publish(r.t.Context(), "promethean.p.streamerbot.t.duck.control.do_action", body)
		return err
	})
}

// ends lists the outcomes of each command on the log, as type and outcome.
func (r *commandRig) ends(js jetstream.JetStream) map[string][]string {
	r.t.Helper()
	ends := map[string][]string{}
	c, err := js.OrderedConsumer(r.t.Context(), "PROM_EVENTS", jetstream.OrderedConsumerConfig{FilterSubjects: []string{schema.TenantEvents(schema.StreamerBot, "duck", "action")}})
	if err != nil {
		r.t.Fatal(err)
	}
	for left := c.CachedInfo().NumPending; left > 0; left-- {
		m, err := c.Next(jetstream.FetchMaxWait(10 * time.Second))
		if err != nil {
			r.t.Fatal(err)
		}
		e, err := schema.Parse(m.Data())
		if err != nil {
			r.t.Fatal(err)
		}
		var p schema.ActionPayload
		if err := json.Unmarshal(e.Payload, &p); err != nil {
			r.t.Fatal(err)
		}
		ends[p.CommandID] = append(ends[p.CommandID], string(e.Type)+" "+p.Outcome)
	}
	return ends
}

// await waits until a command has ended and gives its only end.
func (r *commandRig) await(js jetstream.JetStream, id string) (end string) {
	r.t.Helper()
	eventually(r.t, "the end of "+id, func() error {
		all := r.ends(js)[id]
		if len(all) == 0 {
			return fmt.Errorf("it has none; the gateway says\n%s", r.output())
		}
		if len(all) > 1 {
			r.t.Fatalf("%s ended %q", id, all)
		}
		end = all[0]
		return nil
	})
	return end
}

func (r *commandRig) output() string {
	out, _ := os.ReadFile(r.p.get("gateway").out)
	return tail(out)
}

// TestKilledGatewayRunsACommandOnce ends the gateway with kill -9 while an
// action runs, and at random moments around its start: each command has one
// outcome, and no action runs twice.
func TestKilledGatewayRunsACommandOnce(t *testing.T) {
	t.Parallel()
	r := newCommandRig(t)
	js := r.jetStream()

	// While it runs.
	r.ropes.hold = make(chan struct{})
	r.send(js, "killed-while-it-ran", time.Now().Add(time.Minute))
	select {
	case <-r.ropes.ran:
	case <-time.After(patience):
		t.Fatalf("the action does not run:\n%s", r.output())
	}
	r.p.get("gateway").kill9()
	close(r.ropes.hold)
	r.ropes.mu.Lock()
	r.ropes.hold = nil
	r.ropes.mu.Unlock()
	r.gateway()
	if end := r.await(js, "killed-while-it-ran"); end != "action.failed unknown" {
		t.Errorf("ended as %s", end)
	}

	// The same command once more, and one that is too late.
	r.send(js, "killed-while-it-ran", time.Now().Add(time.Minute))
	r.says("brain_commands_repeated_total 1")
	r.send(js, "too-late", time.Now().Add(-time.Millisecond))
	if end := r.await(js, "too-late"); end != "action.failed expired" {
		t.Errorf("ended as %s", end)
	}

	// At random moments.
	random := rand.New(rand.NewPCG(20261125, 3))
	sent := []string{"killed-while-it-ran", "too-late"}
	for round := range 6 {
		id := fmt.Sprint("round-", round)
		sent = append(sent, id)
		r.send(js, id, time.Now().Add(time.Minute))
		<-time.After(time.Duration(random.IntN(40)) * time.Millisecond)
		r.p.get("gateway").kill9()
		r.gateway()
		end := r.await(js, id)
		t.Logf("%s ended as %s, its action ran %d times", id, end, r.ropes.count(id))
	}
	r.says("brain_commands_open 0")
	ends := r.ends(js)
	for _, id := range sent {
		if ran := r.ropes.count(id); ran > 1 || ran == 0 && ends[id][0] == "action.completed completed" || len(ends[id]) != 1 {
			t.Errorf("%s ended %q, its action ran %d times", id, ends[id], ran)
		}
	}
}

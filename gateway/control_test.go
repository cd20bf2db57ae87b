package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/bus/bustest"
	"promethean/schema"
)

// actor is a scripted commander. do says how a command ends; nil is completed
// at once.
type actor struct {
	do func(ctx context.Context, c schema.Command, ended func(schema.ActionPayload))

	mu   sync.Mutex
	done []string
}

func (a *actor) Do(ctx context.Context, c schema.Command, ended func(schema.ActionPayload)) {
	a.mu.Lock()
	a.done = append(a.done, c.Envelope.ID)
	a.mu.Unlock()
	if a.do != nil {
		a.do(ctx, c, ended)
		return
	}
	ended(schema.ActionPayload{Outcome: schema.OutcomeCompleted})
}

func (a *actor) Actions(context.Context) ([]schema.Action, error) { return nil, nil }
func (a *actor) Mood(context.Context) (string, error)             { return "", nil }

func (a *actor) did() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.done)
}

// desk is a control under test on a real NATS server, and what it emits.
type desk struct {
	t    *testing.T
	bus  *bus.Bus
	dir  string
	act  *actor
	seen map[string][]schema.Draft // outcome events by command

	mu sync.Mutex
	// deaf takes no outcomes any more: the process is dead.
	deaf bool
}

func newDesk(t *testing.T) *desk {
	return &desk{t: t, bus: bustest.Start(t).Connect(bus.StreamOptions{}), dir: t.TempDir(), act: &actor{}, seen: map[string][]schema.Draft{}}
}

// start runs a control; a nil crash runs it until stop.
func (d *desk) start(crash func(step)) (c *control, stop func()) {
	d.t.Helper()
	c, err := newControl(controlOptions{
		commander: d.act, bus: d.bus, tenant: "duck", emit: d.emit, now: time.Now, log: zerolog.Nop(), reached: crash,
		trace: func() schema.Trace { return schema.Trace{Source: "streamerbot", InstanceID: "inst"} },
	}, d.dir)
	if err != nil {
		d.t.Fatal(err)
	}
	c.commands.AckWait = 6 * time.Second
	ctx, cancel := context.WithCancel(context.WithoutCancel(d.t.Context()))
	done := make(chan struct{})
	go func() { defer close(done); c.run(ctx) }()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	d.t.Cleanup(stop)
	return c, stop
}

func (d *desk) emit(_ context.Context, draft schema.Draft) {
	d.mu.Lock()
	deaf := d.deaf
	if !deaf {
		id := draft.Trace.CausedBy[0]
		d.seen[id] = append(d.seen[id], draft)
	}
	d.mu.Unlock()
	if deaf {
		draft.Done(context.Canceled)
		return
	}
	if _, err := schema.Seal(draft); err != nil {
		d.t.Error(err)
	}
	draft.Done(nil)
}

// send publishes a command and returns when the server has it.
func (d *desk) send(id, payload string, deadline time.Time) {
	d.t.Helper()
	var p map[string]any
	if err := json.Unmarshal([]byte(payload), &p); err != nil {
		d.t.Fatal(err)
	}
	p["deadline"] = schema.NewTime(deadline)
	body, err := json.Marshal(p)
	if err != nil {
		d.t.Fatal(err)
	}
	m, err := schema.Seal(schema.Draft{
		ID: id, Type: schema.ControlDoAction, Provider: schema.StreamerBot, OwnVersion: true, Timestamp: time.Now(), Payload: body,
		Trace: schema.Trace{Source: "test", Tenant: "duck", ReceivedAt: time.Now(), Origin: schema.Test, CorrelationID: "corr"},
	})
	if err != nil {
		d.t.Fatal(err)
	}
	d.publish(m.Subject, string(m.Body))
}

func (d *desk) publish(subject, body string) {
	d.t.Helper()
	if _, err := d.bus.JetStream().Publish(d.t.Context(), subject, []byte(body)); err != nil {
		d.t.Fatal(err)
	}
}

const rope = `{"action":{"name":"Rope"}}`

func (d *desk) soon(id string) { d.t.Helper(); d.send(id, rope, time.Now().Add(time.Minute)) }

// outcomes waits until a command has one and lists them.
func (d *desk) outcomes(id string) (list []string) {
	d.t.Helper()
	until(d.t, "the end of "+id, func() bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		return len(d.seen[id]) > 0
	})
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, draft := range d.seen[id] {
		list = append(list, payloadOf(d.t, draft).Outcome)
	}
	return list
}

func payloadOf(t *testing.T, draft schema.Draft) (p schema.ActionPayload) {
	t.Helper()
	if err := json.Unmarshal(draft.Payload, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func (d *desk) reason(id string) string {
	d.outcomes(id)
	d.mu.Lock()
	defer d.mu.Unlock()
	return payloadOf(d.t, d.seen[id][0]).Reason
}

func (d *desk) left(stream string) uint64 {
	d.t.Helper()
	s, err := d.bus.JetStream().Stream(d.t.Context(), stream)
	if err != nil {
		d.t.Fatal(err)
	}
	return s.CachedInfo().State.Msgs
}

func until(t *testing.T, what string, fact func() bool) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !fact() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func TestCommandsAreDoneOnceInOrder(t *testing.T) {
	d := newDesk(t)
	var want []string
	for i := range 20 {
		id := fmt.Sprint("c", i)
		want = append(want, id)
		d.soon(id)
	}
	d.soon("c3") // again, with no message id that NATS could know it by
	c, stop := d.start(nil)
	for _, id := range want {
		if got := d.outcomes(id); !slices.Equal(got, []string{schema.OutcomeCompleted}) {
			t.Errorf("%s ended %v", id, got)
		}
	}
	until(t, "the repeat", func() bool { return c.stats().Repeats == 1 && d.left(bus.StreamControl) == 0 })
	draft := d.seen["c3"][0]
	p := payloadOf(t, draft)
	p.SentDateTime = schema.Time{}
	if diff := cmp.Diff(schema.ActionPayload{CommandID: "c3", Command: schema.ControlDoAction, Outcome: schema.OutcomeCompleted, Action: &schema.ActionRef{Name: "Rope"}}, p); diff != "" {
		t.Errorf("payload (-want +got):\n%s", diff)
	}
	if draft.Type != schema.ActionCompleted || draft.Trace.Origin != schema.Test || draft.Trace.CorrelationID != "corr" || draft.Channel.ID != "inst" ||
		draft.ID != schema.OwnID("c3", "action", 0) {
		t.Errorf("event is %+v", draft)
	}
	until(t, "all to be settled", func() bool { return c.stats().Open == 0 })
	stop()
	if s := c.stats(); s.Taken != 20 || s.Ended[schema.OutcomeCompleted] != 20 {
		t.Errorf("%+v", s)
	}
	// Nothing is done again after a restart, nor told.
	d.soon("c7")
	c, stop = d.start(nil)
	until(t, "the repeat", func() bool { return c.stats().Repeats == 1 })
	stop()
	if diff := cmp.Diff(want, d.act.did()); diff != "" {
		t.Errorf("done (-want +got):\n%s", diff)
	}
	if got := d.outcomes("c7"); len(got) != 1 {
		t.Errorf("c7 ended %v", got)
	}
}

// crashAt runs one command until the step, where the goroutine that reached it
// dies and nothing is heard of the rest, and takes what is on the disk then for
// the next start, as after kill -9.
func (d *desk) crashAt(at step) {
	d.t.Helper()
	crashed := make(chan struct{})
	before := d.dir
	_, stop := d.start(func(s step) {
		if s != at {
			return
		}
		left := d.t.TempDir()
		text, err := os.ReadFile(filepath.Join(before, "commands"))
		if err == nil {
			err = os.WriteFile(filepath.Join(left, "commands"), text, 0o600)
		}
		if err != nil {
			d.t.Error(err)
		}
		d.mu.Lock()
		d.deaf, d.dir = true, left
		d.mu.Unlock()
		close(crashed)
		runtime.Goexit()
	})
	d.soon("the-command")
	<-crashed
	stop()
	d.mu.Lock()
	d.deaf = false
	d.mu.Unlock()
}

func TestCrashAtEachStep(t *testing.T) {
	for _, tt := range []struct {
		at step
		// done says that the commander had it before the crash.
		done []string
		// repeats come because the command was not acknowledged.
		repeats uint64
	}{
		{at: stepJournalled, repeats: 1},
		{at: stepAcked},
		{at: stepSent, done: []string{"the-command"}},
		{at: stepEnded, done: []string{"the-command"}},
	} {
		t.Run(string(tt.at), func(t *testing.T) {
			d := newDesk(t)
			if tt.at == stepSent {
				d.act.do = func(context.Context, schema.Command, func(schema.ActionPayload)) {}
			}
			d.crashAt(tt.at)
			for range 2 { // a second restart tells nothing more
				c, stop := d.start(nil)
				if got := d.outcomes("the-command"); !slices.Equal(got, []string{schema.OutcomeUnknown}) {
					t.Errorf("ended %v", got)
				}
				until(t, "the command to be gone", func() bool { return d.left(bus.StreamControl) == 0 })
				if got := c.stats().Repeats; got != tt.repeats {
					t.Errorf("%d repeats, want %d", got, tt.repeats)
				}
				tt.repeats = 0
				stop()
			}
			if !slices.Equal(d.act.did(), tt.done) {
				t.Errorf("done %v, want %v", d.act.did(), tt.done)
			}
			if d.seen["the-command"][0].Type != schema.ActionFailed {
				t.Errorf("event is %s", d.seen["the-command"][0].Type)
			}
		})
	}
}

// An outcome that was written down and not accepted is told after the restart
// as it was decided, under the same id.
func TestDecidedOutcomeIsToldAfterACrash(t *testing.T) {
	d := newDesk(t)
	d.deaf = true
	c, stop := d.start(nil)
	d.soon("the-command")
	until(t, "the end", func() bool { return c.stats().Ended[schema.OutcomeCompleted] == 1 && c.stats().Open == 0 })
	stop()
	d.mu.Lock()
	d.deaf = false
	d.mu.Unlock()
	_, stop = d.start(nil)
	if got := d.outcomes("the-command"); !slices.Equal(got, []string{schema.OutcomeCompleted}) {
		t.Errorf("ended %v", got)
	}
	stop()
	if got := d.act.did(); len(got) != 1 {
		t.Errorf("done %v", got)
	}
}

// One that is waited for does not keep those behind it from expiring.
func TestLaterCommandsExpireInTime(t *testing.T) {
	d := newDesk(t)
	release := make(chan struct{})
	d.act.do = func(ctx context.Context, c schema.Command, ended func(schema.ActionPayload)) {
		select {
		case <-release:
		case <-ctx.Done():
		}
		ended(schema.ActionPayload{Outcome: schema.OutcomeCompleted})
	}
	d.start(nil)
	d.soon("first")
	d.send("short", rope, time.Now().Add(500*time.Millisecond))
	d.send("late", rope, time.Now().Add(-time.Second))
	d.soon("last")
	for _, id := range []string{"late", "short"} {
		if got := d.outcomes(id); !slices.Equal(got, []string{schema.OutcomeExpired}) {
			t.Errorf("%s ended %v", id, got)
		}
	}
	close(release)
	d.outcomes("last")
	if got := d.act.did(); !slices.Equal(got, []string{"first", "last"}) {
		t.Errorf("done %v", got)
	}
}

func TestStopRefusesWhatWaits(t *testing.T) {
	d := newDesk(t)
	began := make(chan struct{})
	d.act.do = func(ctx context.Context, c schema.Command, ended func(schema.ActionPayload)) {
		close(began)
		<-ctx.Done()
		ended(schema.ActionPayload{Outcome: schema.OutcomeUnknown})
		ended(schema.ActionPayload{Outcome: schema.OutcomeCompleted}) // only the first counts
	}
	_, stop := d.start(nil)
	d.soon("first")
	d.soon("second")
	<-began
	until(t, "both to be taken", func() bool { return d.left(bus.StreamControl) == 0 })
	stop()
	if a, b := d.outcomes("first"), d.outcomes("second"); !slices.Equal(a, []string{schema.OutcomeUnknown}) || !slices.Equal(b, []string{schema.OutcomeRefused}) {
		t.Errorf("ended %v and %v", a, b)
	}
}

func TestRefusedAtTheDoor(t *testing.T) {
	d := newDesk(t)
	envelope := func(id, kind, rest string) string {
		return fmt.Sprintf(`{"id":%q,"type":%q,"timestamp":%q,"channel":{"id":"","name":"","platform":""},%s}`, id, kind, schema.NewTime(time.Now()), rest)
	}
	const subject = "promethean.p.streamerbot.t.duck.control."
	d.publish(subject+"do_action", `{"not":"an envelope"}`)
	d.publish(subject+"do_action", envelope(strings.Repeat("x", 300), "control.do_action", `"payload":`+rope))
	d.publish(subject+"dance", envelope("unknown-type", "control.dance", `"payload":{}`))
	d.publish(subject+"dance", envelope("long-type", "control."+strings.Repeat("y", commandMost/2), `"payload":{}`))
	d.publish(subject+"do_action", envelope("no-action", "control.do_action", `"payload":{"action":{}}`))
	d.publish(subject+"do_action", envelope("no-payload", "control.do_action", `"payload":7`))
	d.publish(subject+"do_action", envelope("elsewhere", "control.send_message", `"payload":{"platform":"twitch","message":"hi"}`))
	d.publish(subject+"do_action", envelope("large", "control.do_action", `"payload":{"action":{"id":"1"},"args":{"x":"`+strings.Repeat("x", commandMost)+`"}}`))
	d.send("far", rope, time.Now().Add(2*time.Hour))
	d.publish("promethean.p.streamerbot.t.goose.control.do_action", envelope("goose", "control.do_action", `"payload":`+rope))
	d.soon("good")
	_, stop := d.start(nil)
	for id, reason := range map[string]string{
		"unknown-type": `type "control.dance" is not known`,
		"long-type":    "is not known",
		"no-action":    "no action is named",
		"no-payload":   "not a command that can be carried out",
		"elsewhere":    "belongs on subject promethean.p.streamerbot.t.duck.control.send_message",
		"far":          "at most 1h0m0s is possible",
	} {
		if got := d.outcomes(id); !slices.Equal(got, []string{schema.OutcomeRefused}) {
			t.Errorf("%s ended %v", id, got)
		}
		if got := d.reason(id); !strings.Contains(got, reason) {
			t.Errorf("%s: %q says nothing of %q", id, got, reason)
		}
	}
	d.outcomes("good")
	stop()
	if got := d.seen["large"]; len(got) > 0 {
		t.Errorf("a command that is too large to be read ended %d times", len(got))
	}
	if got := d.act.did(); !slices.Equal(got, []string{"good"}) {
		t.Errorf("done %v", got)
	}
	if dead, left := d.left(bus.StreamDLQ), d.left(bus.StreamControl); dead != 9 || left != 1 {
		t.Errorf("%d dead letters and %d commands left, want 9 and the other tenant's", dead, left)
	}
	first, err := d.bus.JetStream().Stream(t.Context(), bus.StreamDLQ)
	if err != nil {
		t.Fatal(err)
	}
	letter, err := first.GetMsg(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if letter.Subject != "dlq."+subject+"do_action" || string(letter.Data) != `{"not":"an envelope"}` ||
		letter.Header.Get(schema.HeaderReason) != "not an envelope: no id" || letter.Header.Get(jetstream.MsgIDHeader) != "gateway-duck:PROM_CONTROL:1" {
		t.Errorf("letter %s %q %v", letter.Subject, letter.Data, letter.Header)
	}
	if letter, err = first.GetMsg(t.Context(), 8); err != nil || len(letter.Data) != keptMost || letter.Header.Get(schema.HeaderSize) == fmt.Sprint(keptMost) {
		t.Errorf("of a large command %d bytes are kept, of %v (%v)", len(letter.Data), letter.Header, err)
	}
	if got := payloadOf(t, d.seen["long-type"][0]).Command; len(got) > 512 {
		t.Errorf("a type of %d bytes is told", len(got))
	}
}

package title

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/bus/bustest"
	"promethean/schema"
	"promethean/sinks/title/life"
)

const setTitle = "0a5b1c62-3d74-4e85-8f96-a7b8c9dae0f1"

// stage is a real NATS server with a gateway played by the test: it lists
// actions and carries out commands as the script says.
type stage struct {
	t      *testing.T
	server *bustest.Server
	bus    *bus.Bus

	mu      sync.Mutex
	n       int
	actions []schema.Action
	// asked are the commands that the gateway took, by id.
	asked []schema.Command
	// act is what the gateway does with a command.
	act func(*stage, schema.Command)
	// worker is the last one that was set to work.
	worker *Worker
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{t: t, server: bustest.Start(t), actions: []schema.Action{{ID: setTitle, Name: "Set Stream Title", Enabled: true}}}
	s.bus = s.server.Connect(bus.StreamOptions{})
	s.act = applies
	answers := func(name string, answer func() any) {
		go func() {
			_ = s.bus.Answer(t.Context(), schema.AskSubject(schema.StreamerBot, "duck", name), "gateway", func(context.Context) []byte {
				s.mu.Lock()
				defer s.mu.Unlock()
				body, _ := json.Marshal(answer())
				return body
			})
		}()
	}
	answers(schema.AskActions, func() any { return schema.ActionsAnswer{Actions: s.actions} })
	answers(schema.AskMood, func() any { return schema.MoodAnswer{Mood: "cosy"} })
	go s.gateway(t.Context())
	return s
}

// gateway takes commands, each id once, as the real one's journal has it.
func (s *stage) gateway(ctx context.Context) {
	commands := bus.Commands{Name: "gateway-duck", Filter: schema.ControlFilter(schema.StreamerBot, "duck"), Bus: s.bus}
	known := map[string]bool{}
	for ctx.Err() == nil {
		d, err := commands.Next(ctx)
		if err != nil {
			continue
		}
		c, err := schema.ParseCommand(d.Body)
		if err != nil || d.Confirm(ctx) != nil || known[c.Envelope.ID] {
			continue
		}
		known[c.Envelope.ID] = true
		s.mu.Lock()
		s.asked = append(s.asked, c)
		act := s.act
		s.mu.Unlock()
		act(s, c)
	}
}

// title is the argument of a command.
func argument(c schema.Command, name string) string {
	var text string
	if c.DoAction != nil {
		_ = json.Unmarshal(c.DoAction.Args[name], &text)
	}
	return text
}

// applies sets the title as Twitch shows it.
func applies(s *stage, c schema.Command) {
	if c.DoAction != nil && c.DoAction.Action.ID == setTitle {
		s.updated(argument(c, "title"))
	}
}

// ignores does nothing.
func ignores(*stage, schema.Command) {}

// refuses says that Twitch does not take it.
func refuses(s *stage, c schema.Command) {
	s.emit("streamerbot.general.custom", schema.StreamerBot, map[string]any{
		"titleSuccess": false, "title": argument(c, "title"), "reason": "the title contains a banned word"})
}

func (s *stage) updated(title string) {
	s.emit(schema.ChannelUpdated, schema.Twitch, schema.ChannelUpdatedPayload{
		Title: title, Category: &schema.Category{ID: "1", Name: "Moss Harbour"}, Platform: "TWITCH", SentDateTime: schema.NewTime(time.Now())})
}

func (s *stage) starts() {
	s.emit(schema.OBSStreamingStarted, schema.OBS, schema.OutputPayload{Software: schema.SoftwareOBS, SentDateTime: schema.NewTime(time.Now())})
}

func (s *stage) said(moderator bool, text string) {
	s.mu.Lock()
	n := s.n
	s.mu.Unlock()
	s.emit(schema.ChatMessage, schema.Twitch, schema.ChatPayload{
		ID: fmt.Sprint("m", n), UserID: "7", Username: "ada", Message: text, Platform: "TWITCH", IsModerator: moderator, SentDateTime: schema.NewTime(time.Now())})
}

// emit puts an event on the log as the gateway does.
func (s *stage) emit(typ schema.Type, p schema.Provider, payload any, change ...func(*schema.Draft)) {
	s.t.Helper()
	s.mu.Lock()
	s.n++
	id := fmt.Sprint("fact-", s.n)
	s.mu.Unlock()
	body, err := json.Marshal(payload)
	if err != nil {
		s.t.Error(err)
		return
	}
	d := schema.Draft{ID: id, Type: typ, Provider: p, OwnVersion: true, Timestamp: time.Now(), Payload: body,
		Channel: schema.Channel{ID: "c1", Name: "duckpond", Platform: strings.ToUpper(string(p))},
		Trace:   schema.Trace{Source: "streamerbot", Tenant: "duck", ReceivedAt: time.Now(), Origin: schema.Live}}
	for _, f := range change {
		f(&d)
	}
	m, err := schema.Seal(d)
	if err == nil {
		_, err = s.bus.Tell(s.t.Context(), m)
	}
	if err != nil && s.t.Context().Err() == nil {
		s.t.Error(err)
	}
}

// quick is how the worker is set in tests: the same as in life, but quicker.
func quick(mode string) Options {
	return Options{Tenant: "duck", Action: "Set Stream Title", Log: zerolog.Nop(),
		Life: life.Config{Mode: mode, Settle: 20 * time.Millisecond, Confirm: 20 * time.Second}}
}

// work runs a worker until stop, which waits for it, or the test's end.
func (s *stage) work(o Options) (w *Worker, stop func()) {
	s.t.Helper()
	o.Bus = bus.Options{URL: s.server.URL(), Name: "title", Log: zerolog.Nop()}
	w, err := Open(o)
	if err != nil {
		s.t.Fatal(err)
	}
	s.worker = w
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = w.Run(ctx) }()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	s.t.Cleanup(stop)
	return w, stop
}

// events are the worker's own events so far, in order.
func (s *stage) events() (list []schema.Envelope) {
	s.t.Helper()
	_, err := s.bus.History(s.t.Context(), []string{schema.TenantEvents(schema.Brain, "duck", "title")}, time.Time{}, func(r schema.Recorded) {
		list = append(list, r.Envelope)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

// until waits until the worker's events are these types, without "title.".
func (s *stage) until(want ...string) []schema.Envelope {
	s.t.Helper()
	deadline := time.Now().Add(45 * time.Second)
	for {
		var got []string
		list := s.events()
		for _, e := range list {
			got = append(got, strings.TrimPrefix(string(e.Type), "title."))
		}
		if strings.Join(got, " ") == strings.Join(want, " ") {
			return list
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("events %v, want %v", got, want)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// took are the commands that the gateway took so far.
func (s *stage) took() []schema.Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]schema.Command(nil), s.asked...)
}

func payload[T any](t *testing.T, e schema.Envelope) (p T) {
	t.Helper()
	if err := json.Unmarshal(e.Payload, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// eventually waits for a fact.
func (s *stage) eventually(what string, is func() bool) {
	s.t.Helper()
	for deadline := time.Now().Add(45 * time.Second); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatalf("waited in vain: %s", what)
		}
	}
}

// settled returns when the worker knows all that is on the log, and has looked
// at what is due, twice.
func (s *stage) settled() {
	s.t.Helper()
	last := s.last()
	s.eventually("the worker has read the log", func() bool { return s.worker.known() >= last })
	looked := s.worker.looked()
	s.eventually("the worker has looked at what is due", func() bool { return s.worker.looked() > looked+1 })
}

// last is the log's last sequence of what the worker reads.
func (s *stage) last() (seq uint64) {
	s.t.Helper()
	_, err := s.bus.History(s.t.Context(), s.worker.filters(), time.Time{}, func(r schema.Recorded) { seq = r.Seq })
	if err != nil {
		s.t.Fatal(err)
	}
	return seq
}

// command sends one to the worker and gives how it ended.
func (s *stage) command(kind schema.Type, p any) schema.ActionPayload {
	s.t.Helper()
	_, end := s.ordered(kind, p)
	return end
}

// commands sends one that is to end so, and gives its id.
func (s *stage) commands(kind schema.Type, p any, outcome string) string {
	s.t.Helper()
	id, end := s.ordered(kind, p)
	if end.Outcome != outcome {
		s.t.Errorf("%s: %+v, want %s", kind, end, outcome)
	}
	return id
}

func (s *stage) ordered(kind schema.Type, p any) (string, schema.ActionPayload) {
	s.t.Helper()
	body, err := json.Marshal(p)
	if err != nil {
		s.t.Fatal(err)
	}
	s.mu.Lock()
	s.n++
	id := fmt.Sprint("command-", s.n)
	s.mu.Unlock()
	m, err := schema.Seal(schema.Draft{ID: id, Type: kind, Provider: schema.Brain, OwnVersion: true, Timestamp: time.Now(), Payload: body,
		Channel: schema.Channel{Name: "duck", Platform: "BRAIN"},
		Trace:   schema.Trace{Source: "test", Tenant: "duck", ReceivedAt: time.Now(), Origin: schema.Live}})
	if err == nil {
		_, err = s.bus.Tell(s.t.Context(), m)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	var end schema.ActionPayload
	s.eventually(string(kind)+" has ended", func() bool {
		_, err := s.bus.History(s.t.Context(), []string{schema.TenantEvents(schema.Brain, "duck", "action")}, time.Time{}, func(r schema.Recorded) {
			var p schema.ActionPayload
			if json.Unmarshal(r.Envelope.Payload, &p) == nil && p.CommandID == id {
				end = p
			}
		})
		return err == nil && end.CommandID == id
	})
	return id, end
}

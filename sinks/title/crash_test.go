package title

import (
	"context"
	"runtime"
	"testing"
	"time"

	"promethean/bus"
	"promethean/schema"
)

// TestKilled: a worker that is killed at any step, and another that goes on. At
// most one command a candidate, and where nobody can know whether one was given,
// none is given again.
func TestKilled(t *testing.T) {
	applied := []string{"requested", "suggested", "approved", "sent", "applied"}
	doubt := []string{"requested", "suggested", "approved", "sent", "unconfirmed"}
	for _, tt := range []struct {
		at       step
		act      func(*stage, schema.Command)
		want     []string
		commands int
	}{
		{stepRequested, applies, applied, 1},
		{stepSuggested, applies, applied, 1},
		{stepApproved, applies, applied, 1},
		{stepSending, applies, applied, 1},
		{stepSent, applies, doubt, 0},
		{stepCommanded, applies, applied, 1},
		{stepCommanded, ignores, doubt, 1},
	} {
		t.Run(string(tt.at), func(t *testing.T) {
			s := newStage(t)
			s.act = tt.act
			o := quick(schema.TitleAuto)
			o.Life.Confirm = 3 * time.Second
			dead := s.killedAt(o, tt.at)
			s.starts()
			<-dead
			s.freeSeat()
			s.work(o)
			s.until(tt.want...)
			s.settled()
			s.until(tt.want...)
			if took := s.took(); len(took) != tt.commands {
				t.Errorf("%d commands, want %d", len(took), tt.commands)
			}
		})
	}
}

// killedAt works until the step, from which on nothing of it reaches the bus.
func (s *stage) killedAt(o Options, at step) (dead <-chan struct{}) {
	s.t.Helper()
	killed := make(chan struct{})
	ctx, cancel := context.WithCancel(s.t.Context())
	var w *Worker
	o.reached = func(now step) {
		if now != at {
			return
		}
		w.bus.Close()
		cancel()
		close(killed)
		runtime.Goexit()
	}
	o.Bus = bus.Options{URL: s.server.URL(), Name: "title"}
	w, err := Open(o)
	if err != nil {
		s.t.Fatal(err)
	}
	go func() { _ = w.Run(ctx) }()
	return killed
}

// freeSeat has the next worker not wait until the server forgets the dead one.
func (s *stage) freeSeat() {
	s.t.Helper()
	kv, err := s.bus.JetStream().KeyValue(s.t.Context(), "PROM_SEATS")
	if err == nil {
		err = kv.Delete(s.t.Context(), Name+"-duck")
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// TestOvertaken: a worker that was frozen before title.sent, while another one
// went on, gives no command when it wakes.
func TestOvertaken(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*schema.TitleSentPayload)
	}{
		{"the same attempt", func(*schema.TitleSentPayload) {}},
		{"another one", func(p *schema.TitleSentPayload) { p.SentID = "another" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t)
			o := quick(schema.TitleAuto)
			o.Life.Confirm = time.Second
			o.reached = func(now step) {
				if now == stepApproved { // the state has it; what follows is the other's
					return
				}
				if now != stepSending {
					return
				}
				requested, suggested := s.events()[0], s.events()[1]
				p := schema.TitleSentPayload{
					RequestID: requested.ID, SuggestionID: suggested.ID, SentID: schema.OwnID(suggested.ID, schema.TitleSent, 1), Attempt: 1, Candidate: 1,
					Title: "the other's", CommandID: "c", Until: schema.NewTime(time.Now().Add(time.Second)), SentDateTime: schema.NewTime(time.Now()),
				}
				tt.change(&p)
				s.emit(schema.TitleSent, schema.Brain, p, func(d *schema.Draft) { d.ID = p.SentID })
			}
			s.work(o)
			s.starts()
			s.until("requested", "suggested", "approved", "sent", "unconfirmed")
			s.settled()
			if took := s.took(); len(took) != 0 {
				t.Errorf("commands %+v", took)
			}
		})
	}
}

// TestReadAgain: a worker whose position on the log is lost reads all of it
// again, knows the same, and does nothing.
func TestReadAgain(t *testing.T) {
	s := newStage(t)
	_, stop := s.work(quick(schema.TitleAuto))
	s.starts()
	want := []string{"requested", "suggested", "approved", "sent", "applied"}
	s.until(want...)
	stop()
	if err := s.bus.JetStream().DeleteConsumer(t.Context(), bus.StreamEvents, Name+"-duck"); err != nil {
		t.Fatal(err)
	}
	s.work(quick(schema.TitleAuto))
	s.eventually("the worker has read the log", func() bool { return s.worker.known() >= s.last() })
	s.settled()
	s.until(want...)
	if took := s.took(); len(took) != 1 {
		t.Errorf("%d commands", len(took))
	}
	// It goes on where the other was.
	s.updated("Soup night")
	s.until(append(want, "overridden")...)
}

// TestUnreadable: what is no envelope is another's dead letter, and in nobody's
// way.
func TestUnreadable(t *testing.T) {
	s := newStage(t)
	if _, err := s.bus.JetStream().Publish(t.Context(), schema.EventSubject(schema.Twitch, "duck", schema.ChatMessage), []byte("that is none")); err != nil {
		t.Fatal(err)
	}
	s.work(quick(schema.TitleAuto))
	s.starts()
	s.until("requested", "suggested", "approved", "sent", "applied")
	letters, err := s.bus.JetStream().Stream(t.Context(), bus.StreamDLQ)
	if err != nil {
		t.Fatal(err)
	}
	if n := letters.CachedInfo().State.Msgs; n != 0 {
		t.Errorf("%d dead letters", n)
	}
}

// TestTwoWorkers: one works, the other stands by and takes over.
func TestTwoWorkers(t *testing.T) {
	s := newStage(t)
	first, stop := s.work(quick(schema.TitleAuto))
	s.eventually("the first is active", func() bool { return first.worker.Active() })
	second, _ := s.work(quick(schema.TitleAuto))
	s.eventually("the second stands by", func() bool { return second.Stats().Standby })
	if err := second.Checks()[Name](t.Context()); err != nil {
		t.Errorf("a stand-by is not ready: %v", err)
	}
	s.starts()
	want := []string{"requested", "suggested", "approved", "sent", "applied"}
	s.until(want...)
	stop()
	s.eventually("the second is active", func() bool { return second.worker.Active() })
	s.updated("Soup night")
	s.until(append(want, "overridden")...)
	if second.Stats().Overridden != 1 || first.Stats().Sent != 1 || second.Stats().Sent != 0 {
		t.Errorf("first %+v, second %+v", first.Stats(), second.Stats())
	}
}

// TestKilledBeforeItAsks: the streamer's action shows a suggestion, once, also
// where the worker was killed before it could have it do so.
func TestKilledBeforeItAsks(t *testing.T) {
	s := newStage(t)
	s.act = ignores
	o := quick(schema.TitleSuggest)
	o.Ask = "Show Titles"
	dead := s.killedAt(o, stepSuggested)
	s.starts()
	<-dead
	s.freeSeat()
	_, stop := s.work(o)
	shown := func() bool { return len(s.took()) == 1 && argument(s.took()[0], "title1") != "" }
	s.eventually("the titles are shown", shown)
	stop()
	s.work(o)
	s.settled()
	s.commands(schema.ControlTitleLock, schema.TitleLockCommand{Locked: true}, schema.OutcomeCompleted)
	if !shown() {
		t.Errorf("commands %+v", s.took())
	}
}

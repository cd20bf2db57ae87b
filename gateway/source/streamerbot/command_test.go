package streamerbot

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"promethean/schema"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
)

const (
	titleID   = "0a5b1c62-3d74-4e85-8f96-a7b8c9dae0f1"
	listEvent = `{"id":"%s","status":"ok","events":{"Twitch":["Follow","ChatMessage"],"Raw":["Action","ActionCompleted"]}}`
	listRows  = `{"id":"%s","status":"ok","count":5,"actions":[
		{"id":"0a5b1c62-3d74-4e85-8f96-a7b8c9dae0f1","name":"Set title","group":"g","enabled":true},
		{"id":"1b6c2d73-4e85-4f96-90a7-b8c9dae0f102","name":"Set title","group":"old","enabled":false},
		{"id":"2c","name":"Twice","enabled":true},{"id":"3d","name":"Twice","enabled":true},
		{"id":"4e","name":"Asleep","enabled":false}]}`
	ran     = `{"timeStamp":"2026-03-04T19:21:44+01:00","event":{"source":"Raw","type":"ActionCompleted"},"data":{"id":"x","actionId":"` + titleID + `","name":"Set title","duration":1434.9999,"queuedAt":"2026-03-04T19:21:42.5+01:00","startedAt":"2026-03-04T19:21:42.6+01:00","completedAt":"2026-03-04T19:21:44+01:00","success":true,"arguments":{"secret":"c4n4ry","brainRunId":"%r"}}}`
	foreign = `{"timeStamp":"2026-03-04T19:21:44+01:00","event":{"source":"Raw","type":"ActionCompleted"},"data":{"id":"y","success":false,"arguments":{"secret":"c4n4ry"}}}`
)

// actor is a good server of 1.0.7 with actions.
func actor() *bot {
	return &bot{hello: helloPlain, answers: map[string]string{"GetEvents": listEvent, "GetActions": listRows,
		"Subscribe": `{"id":"%s","status":"ok","events":{"Twitch":["Follow","ChatMessage"],"Raw":["ActionCompleted"]}}`},
		after: map[string][]string{"DoAction": {foreign, ran}}}
}

// ends collects how commands ended.
type ends struct {
	mu  sync.Mutex
	all []schema.ActionPayload
}

func (e *ends) add(p schema.ActionPayload) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.all = append(e.all, p)
}

func (e *ends) only(t *testing.T) schema.ActionPayload {
	t.Helper()
	synctest.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.all) != 1 {
		t.Fatalf("ended %d times: %+v", len(e.all), e.all)
	}
	return e.all[0]
}

func doAction(id string, ref schema.ActionRef, args map[string]json.RawMessage) schema.Command {
	return schema.Command{
		Envelope: schema.Envelope{ID: id, Type: schema.ControlDoAction}, Deadline: time.Now().Add(30 * time.Second),
		DoAction: &schema.DoActionPayload{Action: ref, Args: args},
	}
}

func TestActionRunsToItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		b := actor()
		s, out, stop := start(t, b, Config{Log: zerolog.New(&log)})
		var e ends
		s.Do(t.Context(), doAction("run-1", schema.ActionRef{Name: "Set title"}, map[string]json.RawMessage{"title": []byte(`"Pond <life>"`), "n": []byte(`9007199254740993`)}), e.add)
		want := schema.ActionPayload{
			Outcome: schema.OutcomeCompleted, Action: &schema.ActionRef{ID: titleID, Name: "Set title"}, DurationMs: 1435,
			QueuedAt: stampOf("2026-03-04T19:21:42.5+01:00"), StartedAt: stampOf("2026-03-04T19:21:42.6+01:00"), CompletedAt: stampOf("2026-03-04T19:21:44+01:00"),
		}
		if diff := cmp.Diff(want, e.only(t)); diff != "" {
			t.Errorf("ended (-want +got):\n%s", diff)
		}
		var sent struct {
			Action schema.ActionRef
			Args   map[string]json.RawMessage
		}
		if err := json.Unmarshal([]byte(b.sent("DoAction")[0]), &sent); err != nil {
			t.Fatal(err)
		}
		wantArgs := map[string]string{"title": `"Pond \u003clife\u003e"`, "n": `9007199254740993`, "brainRunId": `"run-1"`}
		gotArgs := map[string]string{}
		for k, v := range sent.Args {
			gotArgs[k] = string(v)
		}
		if diff := cmp.Diff(wantArgs, gotArgs); diff != "" {
			t.Errorf("args (-want +got):\n%s", diff)
		}
		// Listened to for the run only, and heard by nobody else.
		synctest.Wait()
		if diff := cmp.Diff([]string{"GetBroadcaster", "GetEvents", "Subscribe", "GetActions", "Subscribe", "DoAction", "UnSubscribe"}, b.questions()); diff != "" {
			t.Errorf("asked (-want +got):\n%s", diff)
		}
		if first := b.sent("Subscribe")[0]; strings.Contains(first, "Raw") {
			t.Errorf("asked for a private event without a run: %s", first)
		}
		if last := b.sent("UnSubscribe")[0]; !strings.Contains(last, `{"Raw":["ActionCompleted"]}`) {
			t.Errorf("unsubscribed %s", last)
		}
		b.send(t, foreign, `{"event":{"source":"Raw","type":"ActionCompleted"},"data":{"secret":"c4n4ry"`)
		synctest.Wait()
		stop()
		wantTypes(t, out, "source.connected", "refused: not JSON: ends early (at byte 76); it may be a private event, so its bytes are not kept", "source.disconnected")
		for _, d := range out.drafts {
			kept := d.Payload
			if d.Refusal != nil {
				kept = d.Refusal.Bytes
			}
			if bytes.Contains(append(kept, d.Raw...), []byte("c4n4ry")) {
				t.Error("a private event was recorded")
			}
		}
		if strings.Contains(log.String(), "c4n4ry") {
			t.Error("a private event was logged")
		}
	})
}

func TestOpenedCompletionsAreEmittedToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := actor()
		s, out, _ := start(t, b, Config{Private: []string{"raw.actioncompleted"}})
		var e ends
		s.Do(t.Context(), doAction("run-1", schema.ActionRef{ID: strings.ToUpper(titleID)}, nil), e.add)
		want(t, e.only(t).Outcome, schema.OutcomeCompleted)
		synctest.Wait()
		want(t, len(b.sent("Subscribe")), 1)
		want(t, len(b.sent("UnSubscribe")), 0)
		wantTypes(t, out, "source.connected", "streamerbot.raw.action_completed", "streamerbot.raw.action_completed")
	})
}

func TestHowActionsEnd(t *testing.T) {
	named := schema.ActionRef{Name: "Set title"}
	for _, tt := range []struct {
		name    string
		change  func(*bot)
		ref     schema.ActionRef
		args    map[string]json.RawMessage
		allowed []string
		after   time.Duration
		outcome string
		reason  string
		actions int // DoActions sent
	}{
		{name: "failed", ref: named, change: func(b *bot) {
			b.after = map[string][]string{"DoAction": {strings.Replace(ran, `"success":true`, `"success":false`, 1)}}
		}, outcome: schema.OutcomeFailed, reason: "Streamer.bot says that the action failed", actions: 1},
		{name: "an action that it runs ends first", ref: named, change: func(b *bot) {
			child := strings.Replace(strings.Replace(ran, titleID, "4e", 1), `"success":true`, `"success":false`, 1)
			b.after = map[string][]string{"DoAction": {child, strings.Replace(ran, titleID, strings.ToUpper(titleID), 1)}}
		}, outcome: schema.OutcomeCompleted, actions: 1},
		{name: "an end that names no action", ref: named, change: func(b *bot) {
			b.after = map[string][]string{"DoAction": {strings.Replace(ran, `"actionId":"`+titleID+`",`, ``, 1)}}
		}, outcome: schema.OutcomeCompleted, actions: 1},
		{name: "spelt otherwise", ref: named, change: func(b *bot) {
			b.after = map[string][]string{"DoAction": {strings.Replace(ran, `"Raw","type":"ActionCompleted"`, `"raw","type":"ACTIONCOMPLETED"`, 1)}}
		}, outcome: schema.OutcomeCompleted, actions: 1},
		{name: "no word of success", ref: named, change: func(b *bot) {
			b.after = map[string][]string{"DoAction": {strings.Replace(ran, `"success":true,`, ``, 1)}}
		}, outcome: schema.OutcomeCompleted, actions: 1},
		{name: "its end comes before the answer", ref: named, change: func(b *bot) {
			b.after, b.silent = nil, map[string]bool{"DoAction": true}
			b.after = map[string][]string{"DoAction": {ran, `{"id":"gw-5","status":"ok"}`}}
		}, outcome: schema.OutcomeCompleted, actions: 1},
		{name: "disabled", ref: schema.ActionRef{Name: "Asleep"}, outcome: schema.OutcomeRefused, reason: `the action "Asleep" is disabled`},
		{name: "disabled by id", ref: schema.ActionRef{ID: "4e"}, outcome: schema.OutcomeRefused, reason: `the action "Asleep" is disabled`},
		{name: "not found", ref: schema.ActionRef{Name: "set titel"}, outcome: schema.OutcomeRefused, reason: `no action named "set titel"; the nearest is "Set title"`},
		{name: "not found by id", ref: schema.ActionRef{ID: "9"}, outcome: schema.OutcomeRefused, reason: `no action with the id "9"`},
		{name: "ambiguous", ref: schema.ActionRef{Name: "Twice"}, outcome: schema.OutcomeRefused, reason: `2 enabled actions are named "Twice": name one by its id (2c, 3d)`},
		{name: "not on the list", ref: named, allowed: []string{"Other"}, outcome: schema.OutcomeRefused, reason: "BRAIN_STREAMERBOT_ACTIONS"},
		{name: "on the list by id", ref: named, allowed: []string{titleID}, outcome: schema.OutcomeCompleted, actions: 1},
		{name: "our own argument", ref: named, args: map[string]json.RawMessage{"BrainRunID": []byte("1")}, outcome: schema.OutcomeRefused, reason: "the argument BrainRunID is the gateway's own"},
		{name: "refused", ref: named, change: func(b *bot) {
			b.answers["DoAction"], b.after = `{"id":"%s","status":"error","error":"Action not found"}`, nil
		}, outcome: schema.OutcomeRefused, reason: "Streamer.bot refused DoAction: Action not found", actions: 1},
		{name: "no answer to DoAction", ref: named, change: func(b *bot) {
			b.silent, b.after = map[string]bool{"DoAction": true}, nil
		}, after: 11 * time.Second, outcome: schema.OutcomeUnknown, reason: "no answer to DoAction within 10s", actions: 1},
		{name: "no answer to GetActions", ref: named, change: func(b *bot) { b.silent = map[string]bool{"GetActions": true} },
			after: 11 * time.Second, outcome: schema.OutcomeRefused, reason: "no answer to GetActions within 10s; nothing was done"},
		{name: "GetActions gives no list", ref: named, change: func(b *bot) { b.answers["GetActions"] = `{"id":"%s","status":"ok","actions":7}` },
			outcome: schema.OutcomeRefused, reason: "GetActions gave no list"},
		{name: "a server that tells no ends", ref: named, change: func(b *bot) { delete(b.answers, "GetEvents"); b.after = nil },
			outcome: schema.OutcomeUnknown, reason: "this Streamer.bot does not tell when an action ends", actions: 1},
		{name: "ends are not subscribed", ref: named, change: func(b *bot) { delete(b.answers, "Subscribe"); b.after = nil },
			outcome: schema.OutcomeUnknown, reason: "did not subscribe to Raw.ActionCompleted", actions: 1},
		{name: "no end comes", ref: named, change: func(b *bot) { b.after = map[string][]string{"DoAction": {foreign}} },
			after: 5*time.Minute + time.Second, outcome: schema.OutcomeUnknown, reason: "did not say within 5m0s", actions: 1},
		{name: "closed at DoAction", ref: named, change: func(b *bot) { b.closes = map[string]websocket.StatusCode{"DoAction": 1011} },
			outcome: schema.OutcomeUnknown, reason: "it is not repeated", actions: 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := actor()
				if tt.change != nil {
					tt.change(b)
				}
				s, out, stop := start(t, b, Config{Actions: tt.allowed})
				var e ends
				s.Do(t.Context(), doAction("run-1", tt.ref, tt.args), e.add)
				time.Sleep(tt.after)
				got := e.only(t)
				want(t, got.Outcome, tt.outcome)
				if !strings.Contains(got.Reason, tt.reason) || tt.reason == "" && got.Reason != "" {
					t.Errorf("reason %q, want %q", got.Reason, tt.reason)
				}
				want(t, len(b.sent("DoAction")), tt.actions)
				stop()
				e.only(t) // and no second time
				for _, d := range out.drafts {
					want(t, strings.HasPrefix(string(d.Type), "streamerbot.raw"), false)
				}
			})
		})
	}
}

// An answer that is lost leaves neither a run deaf nor the subscription behind.
func TestLostAnswersAroundListening(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := actor()
		b.silent = map[string]bool{"UnSubscribe": true}
		s, _, _ := start(t, b, Config{})
		for _, id := range []string{"run-1", "run-2"} {
			var e ends
			s.Do(t.Context(), doAction(id, schema.ActionRef{ID: titleID}, nil), e.add)
			want(t, e.only(t).Outcome, schema.OutcomeCompleted)
			time.Sleep(11 * time.Second)
		}
		want(t, len(b.sent("Subscribe")), 3) // the first is of the session
		want(t, len(b.sent("UnSubscribe")), 2)

		// Given up while the answer to Subscribe is waited for.
		b.silent["Subscribe"] = true
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var e ends
		s.Do(ctx, doAction("run-3", schema.ActionRef{ID: titleID}, nil), e.add)
		want(t, e.only(t).Outcome, schema.OutcomeRefused)
		want(t, len(b.sent("UnSubscribe")), 3)
	})
}

func TestCommandWaitsForTheConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := actor()
		b.down = true
		s, _, _ := start(t, b, Config{})
		var late, inTime ends
		c := doAction("late", schema.ActionRef{ID: titleID}, nil)
		c.Deadline = time.Now().Add(3 * time.Second)
		began := time.Now()
		s.Do(t.Context(), c, late.add)
		want(t, time.Since(began), 3*time.Second)
		p := late.only(t)
		want(t, p.Outcome, schema.OutcomeExpired)
		want(t, strings.Contains(p.Reason, "passed before Streamer.bot was connected; nothing was done"), true)
		if _, err := s.Actions(t.Context()); err == nil || !strings.Contains(err.Error(), "no connection to Streamer.bot at ws://bot.example:8080/: nobody there") {
			t.Errorf("actions without a connection: %v", err)
		}
		b.mu.Lock()
		b.down = false
		b.mu.Unlock()
		c = doAction("in-time", schema.ActionRef{ID: titleID}, nil)
		c.Deadline = time.Now().Add(time.Minute)
		s.Do(t.Context(), c, inTime.add)
		want(t, inTime.only(t).Outcome, schema.OutcomeCompleted)
		want(t, len(b.sent("DoAction")), 1)
	})
}

// A connection that is lost before DoAction costs nothing; one that is lost
// after it makes the outcome unknown, and nothing is sent again.
func TestConnectionLostAroundACommand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := actor()
		b.silent = map[string]bool{"GetActions": true}
		s, _, _ := start(t, b, Config{})
		var before, after ends
		done := make(chan struct{})
		go func() {
			defer close(done)
			s.Do(t.Context(), doAction("before", schema.ActionRef{ID: titleID}, nil), before.add)
		}()
		synctest.Wait()
		b.silent = nil
		_ = b.network(0).Close()
		<-done
		want(t, before.only(t).Outcome, schema.OutcomeCompleted)

		b.after = nil
		s.Do(t.Context(), doAction("after", schema.ActionRef{ID: titleID}, nil), after.add)
		_ = b.network(1).Close()
		p := after.only(t)
		want(t, p.Outcome, schema.OutcomeUnknown)
		want(t, strings.Contains(p.Reason, "the connection to Streamer.bot ended"), true)
		time.Sleep(time.Minute)
		synctest.Wait()
		want(t, len(b.sent("DoAction")), 2)
	})
}

func TestStopEndsRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := actor()
		b.after = nil
		s, _, stop := start(t, b, Config{})
		var pending, waiting ends
		s.Do(t.Context(), doAction("pending", schema.ActionRef{ID: titleID}, nil), pending.add)
		stop()
		want(t, pending.only(t).Outcome, schema.OutcomeUnknown)
		stopped, cancel := context.WithCancel(t.Context())
		cancel()
		s.Do(stopped, doAction("waiting", schema.ActionRef{ID: titleID}, nil), waiting.add)
		want(t, waiting.only(t).Outcome, schema.OutcomeRefused)
	})
}

func TestSendMessage(t *testing.T) {
	refusal := `{"id":"%s","status":"error","error":"Authentication required to use this method"}`
	for _, tt := range []struct {
		name     string
		hello    string
		password string
		answer   string
		outcome  string
		reason   string
	}{
		{name: "sent", hello: helloAuth, password: "pw", outcome: schema.OutcomeSent},
		{name: "without a password", hello: helloAuth, answer: refusal, outcome: schema.OutcomeRefused, reason: "set the same password in BRAIN_X and restart"},
		{name: "authentication is off", hello: helloPlain, password: "pw", answer: refusal, outcome: schema.OutcomeRefused, reason: "turn on Authentication"},
		{name: "refused with a password", hello: helloAuth, password: "pw", answer: `{"id":"%s","status":"error","error":"too long"}`,
			outcome: schema.OutcomeRefused, reason: "Streamer.bot refused SendMessage: too long"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &bot{hello: tt.hello}
				if tt.answer != "" {
					b.answers = map[string]string{"SendMessage": tt.answer}
				}
				s, _, _ := start(t, b, Config{Password: tt.password, PasswordSetting: "BRAIN_X"})
				var e ends
				s.Do(t.Context(), schema.Command{
					Envelope: schema.Envelope{ID: "m", Type: schema.ControlSendMessage}, Deadline: time.Now().Add(time.Second),
					SendMessage: &schema.SendMessagePayload{Platform: "Twitch", Message: "quack", Bot: true, ReplyID: "m-1"},
				}, e.add)
				got := e.only(t)
				want(t, got.Outcome, tt.outcome)
				want(t, strings.Contains(got.Reason, tt.reason), true)
				var sent map[string]any
				if err := json.Unmarshal([]byte(b.sent("SendMessage")[0]), &sent); err != nil {
					t.Fatal(err)
				}
				delete(sent, "id")
				if diff := cmp.Diff(map[string]any{"request": "SendMessage", "platform": "twitch", "message": "quack", "bot": true, "internal": true, "replyId": "m-1"}, sent); diff != "" {
					t.Errorf("sent (-want +got):\n%s", diff)
				}
			})
		})
	}
}

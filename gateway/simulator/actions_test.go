package simulator

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	setTitleID = "0a5b1c62-3d74-4e85-8f96-a7b8c9dae0f1"
	watchRuns  = `{"request":"Subscribe","events":{"Raw":["Action","ActionCompleted"]}}`
)

// data of the next message, which has to be the event.
func (c *client) event(name string) map[string]any {
	c.t.Helper()
	m := c.receive()
	e, _ := m["event"].(map[string]any)
	source, kind, _ := strings.Cut(name, ".")
	if e["source"] != source || e["type"] != kind {
		c.t.Fatalf("want %s, got %v", name, m)
	}
	data, _ := m["data"].(map[string]any)
	return data
}

func TestGetActions(t *testing.T) {
	_, url := serve(t, Options{})
	got := connect(t, url).ask(`{"request":"GetActions","id":"1"}`)
	names, disabled := map[string]int{}, 0
	last := ""
	for _, a := range got["actions"].([]any) {
		a := a.(map[string]any)
		name := a["name"].(string)
		if name < last {
			t.Errorf("%q stands behind %q", name, last)
		}
		last = name
		names[name]++
		if a["enabled"] == false {
			disabled++
		}
	}
	if got["count"] != float64(len(got["actions"].([]any))) || names["Lights On"] != 2 || disabled != 1 {
		t.Errorf("count %v, names %v, %d disabled", got["count"], names, disabled)
	}
}

func TestDoActionAnswers(t *testing.T) {
	_, url := serve(t, Options{})
	_, old := serve(t, Options{Version: "0.2.8"})
	for _, tt := range []struct{ name, url, action, status, err string }{
		{"by id", url, `{"id":"` + setTitleID + `"}`, "ok", ""},
		{"by id in another case", url, `{"id":"` + strings.ToUpper(setTitleID) + `"}`, "ok", ""},
		{"by name", url, `{"name":"Lights On"}`, "ok", ""},
		{"the id decides", url, `{"id":"00000000-0000-4000-8000-000000000000","name":"Lights On"}`, "error", "Action not found"},
		{"null id", url, `{"id":null,"name":"Lights On"}`, "ok", ""},
		{"no such name", url, `{"name":"lights on"}`, "error", "Action not found"},
		{"nothing", url, `{}`, "error", "Action not found"},
		{"mistyped", url, `"Lights On"`, "error", "Invalid request"},
		{"before 1.0.0", old, `{"name":"Lights On"}`, "ok", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := connect(t, tt.url).ask(`{"request":"DoAction","id":"gw-6","action":` + tt.action + `}`)
			if got["status"] != tt.status || got["id"] != "gw-6" || tt.err != "" && got["error"] != tt.err {
				t.Errorf("answer %v", got)
			}
			if _, has := got["actionId"]; has != (tt.status == "ok" && tt.url == url) {
				t.Errorf("actionId told: %v", has)
			}
		})
	}
}

// Raw frames have the keys and types of the recorded ones, and arguments come back as they went.
func TestRunIsTold(t *testing.T) {
	_, url := serve(t, Options{})
	c := connect(t, url)
	c.ask(watchRuns)
	told := c.ask(`{"request":"DoAction","id":1,"action":{"name":"Lights On"},"args":{"runId":"r-1","level":1.50,"source":"mine","deep":{"a":[null]}}}`)
	frames := map[string]map[string]any{}
	for _, name := range []string{"Raw.Action", "Raw.ActionCompleted"} {
		frames[name] = c.receive()
	}
	args := frames["Raw.ActionCompleted"]["data"].(map[string]any)["arguments"].(map[string]any)
	if diff := cmp.Diff(told["args"], any(args)); diff != "" {
		t.Errorf("-answer +Raw.ActionCompleted:\n%s", diff)
	}
	if args["runId"] != "r-1" || args["source"] != "WebSocketServer" || cmp.Diff(map[string]any{"a": []any{nil}}, args["deep"]) != "" {
		t.Errorf("arguments %v", args)
	}
	for name, got := range frames {
		data := got["data"].(map[string]any)
		if data["id"] != args["runningActionId"] {
			t.Errorf("%s: id %v, runningActionId %v", name, data["id"], args["runningActionId"])
		}
		delete(data, "arguments")
		body, err := os.ReadFile(filepath.Join("testdata/frames", name+".old.json"))
		if err != nil {
			t.Fatal(err)
		}
		var want map[string]any
		if err := json.Unmarshal(body, &want); err != nil {
			t.Fatal(err)
		}
		delete(want["data"].(map[string]any), "arguments")
		if diff := cmp.Diff(skeleton(want), skeleton(got)); diff != "" {
			t.Errorf("%s, -recorded +simulated:\n%s", name, diff)
		}
	}
}

func TestRunsEndInTheirOrder(t *testing.T) {
	var order []string
	var mu sync.Mutex
	slow := make(chan struct{})
	step := func(name string, wait <-chan struct{}) Action {
		return Action{Name: name, Do: func(context.Context, *Server, *Run) error {
			if wait != nil {
				<-wait
			}
			mu.Lock()
			defer mu.Unlock()
			order = append(order, name)
			return nil
		}}
	}
	_, url := serve(t, Options{Actions: []Action{
		step("first", slow), step("second", nil), {Name: "off", Disabled: true, Do: Fail("a disabled action ran")},
		{Name: "broken", Do: Fail("no")},
	}})
	c := connect(t, url)
	c.ask(watchRuns)
	for _, name := range []string{"first", "off", "broken", "second"} {
		c.send(`{"request":"DoAction","action":{"name":"` + name + `"}}`)
	}
	answers, ended := 0, []string{}
	for len(ended) < 3 {
		m := c.receive()
		if m["status"] == "ok" {
			if answers++; answers == 4 {
				close(slow) // all have been taken before the first is done
			}
			continue
		}
		if data := m["data"].(map[string]any); data["success"] != nil {
			ended = append(ended, data["name"].(string))
			if data["success"] != (data["name"] != "broken") {
				t.Errorf("%v", data)
			}
		}
	}
	if diff := cmp.Diff([]string{"first", "broken", "second"}, ended); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"first", "second"}, order); diff != "" {
		t.Error(diff)
	}
}

func TestOnlySubscribersHearOfRuns(t *testing.T) {
	s, url := serve(t, Options{})
	c := connect(t, url)
	c.ask(`{"request":"DoAction","action":{"name":"Lights On"}}`)
	c.ask(`{"request":"Subscribe","events":{"Obs":["Event"]}}`)
	if err := s.Emit(c.ctx, "Obs", "Event", nil); err != nil {
		t.Fatal(err)
	}
	c.event("Obs.Event")
}

// A stop ends the running action and forgets the rest: in the bubble, a goroutine that is left fails.
func TestStopEndsActions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{Actions: []Action{{Name: "for ever", Do: TakeTime(24 * time.Hour)}}})
		ctx, stop := context.WithCancel(t.Context())
		var own sync.WaitGroup
		own.Go(func() { s.work(ctx) })
		for range 3 {
			run := s.newRun(s.actions[0], nil)
			s.queue <- job{time.Now(), func(ctx context.Context) { s.perform(ctx, run) }}
		}
		synctest.Wait()
		stop()
		own.Wait()
		if len(s.queue) != 0 {
			t.Errorf("%d runs are still queued", len(s.queue))
		}
	})
}

func TestDefaultActions(t *testing.T) {
	for _, tt := range []struct {
		name, action, args string
		success            bool
		event              string // that it raises, if any
		data               map[string]any
	}{
		{"custom event", "Raise Custom Event", `{"eventName":"lights.changed","level":40}`, true, "Custom.Event", map[string]any{"eventName": "lights.changed", "useArgs": true}},
		{"official client's answer", "Raise Custom Event", `{"sbClientResponse":"sb:client:res:1-2"}`, true, "Custom.Event", map[string]any{"eventName": "sb:client:res:1-2", "useArgs": true}},
		{"custom event without a name", "Raise Custom Event", `{}`, false, "", nil},
		{"hello", "Say Hello", `{"user":"Fern"}`, true, "Twitch.ChatMessage", map[string]any{"text": "Hello, Fern!"}},
		{"slow", "Slow Countdown", `{"seconds":0.001}`, true, "", nil},
		{"slow, not a number", "Slow Countdown", `{"seconds":"soon"}`, false, "", nil},
		{"broken", "Broken Script", `{}`, false, "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, url := serve(t, Options{})
			c := connect(t, url)
			c.ask(`{"request":"Subscribe","events":{"Raw":["ActionCompleted"],"Custom":["Event"],"Twitch":["ChatMessage"]}}`)
			c.ask(`{"request":"DoAction","action":{"name":"` + tt.action + `"},"args":` + tt.args + `}`)
			if tt.event != "" {
				got := c.event(tt.event)
				for key, want := range tt.data {
					if got[key] != want {
						t.Errorf("%s is %v, want %v", key, got[key], want)
					}
				}
			}
			if end := c.event("Raw.ActionCompleted"); end["success"] != tt.success {
				t.Errorf("success %v", end["success"])
			}
		})
	}
}

// The official client asks for an action and only then subscribes to its answer.
func TestActionStartsAfterItsDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := New(Options{})
		ctx, stop := context.WithCancel(t.Context())
		var own sync.WaitGroup
		own.Go(func() { s.work(ctx) })
		started := make(chan time.Duration, 1)
		asked := time.Now()
		if err := newSession(ctx, s).enqueue(func(context.Context) { started <- time.Since(asked) }); err != nil {
			t.Fatal(err)
		}
		if after := <-started; after != 16*time.Millisecond {
			t.Errorf("started after %v", after)
		}
		stop()
		own.Wait()
	})
}

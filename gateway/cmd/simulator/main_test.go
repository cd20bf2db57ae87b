package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"promethean/gateway/simulator"
	"promethean/gateway/simulator/ailicia"
)

// program runs the command until the test ends; next gives its next fact.
func program(t *testing.T, args ...string) (next func() map[string]any, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	stdout, to := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, append([]string{"--listen", "127.0.0.1:0"}, args...), to, io.Discard)
		_ = to.Close()
	}()
	stop = sync.OnceValue(func() error {
		cancel()
		go io.Copy(io.Discard, stdout)
		return <-ended
	})
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	lines := bufio.NewScanner(stdout)
	return func() map[string]any {
		t.Helper()
		var f map[string]any
		if !lines.Scan() {
			t.Fatalf("no more facts: %v, %v", lines.Err(), stop())
		}
		if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
			t.Fatal(err)
		}
		return f
	}, stop
}

// dial connects and reads the first message.
func dial(t *testing.T, url any) (ctx context.Context, conn *websocket.Conn, first string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	conn, _, err := websocket.Dial(ctx, url.(string), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.CloseNow() })
	return ctx, conn, read(t, ctx, conn)
}

func read(t *testing.T, ctx context.Context, conn *websocket.Conn) string {
	t.Helper()
	_, body, err := conn.Read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func ask(t *testing.T, ctx context.Context, conn *websocket.Conn, request string) string {
	t.Helper()
	if err := conn.Write(ctx, websocket.MessageText, []byte(request)); err != nil {
		t.Fatal(err)
	}
	return read(t, ctx, conn)
}

func TestCountTellsFacts(t *testing.T) {
	fact, stop := program(t, "--count", "500")
	ctx, conn, hello := dial(t, fact()["listening"])
	if !strings.Contains(hello, `"Hello"`) {
		t.Fatal(hello)
	}
	ask(t, ctx, conn, `{"request":"Subscribe","events":{"Twitch":["*"]}}`)
	for range 500 {
		read(t, ctx, conn)
	}
	first, second := fact(), fact() // 500 lines may leave before it is said that somebody subscribed
	if second["subscribed"] != nil {
		first, second = second, first
	}
	if first["subscribed"] != 1.0 || second["sent"] != 500.0 || second["written"] != 500.0 || second["lost"] != 0.0 {
		t.Errorf("facts %v, %v", first, second)
	}
	left := make(chan error, 1)
	go func() { left <- stop() }()
	if _, _, err := conn.Read(ctx); websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Errorf("at the end: %v", err)
	}
	if err := <-left; err != nil {
		t.Errorf("run: %v", err)
	}
}

func TestOrdersOfTheCommandLine(t *testing.T) {
	fact, _ := program(t, "--rate", "0", "--event", "Twitch.TideTableUpdated", "--order", `once 1 emit Twitch.TideTableUpdated {"high":3}`)
	ctx, conn, _ := dial(t, fact()["listening"])
	ask(t, ctx, conn, `{"request":"Subscribe","events":{"Twitch":["TideTableUpdated"]}}`)
	if got := read(t, ctx, conn); !strings.Contains(got, `"data":{"high":3}`) {
		t.Errorf("got %s", got)
	}
}

func TestControlAndActions(t *testing.T) {
	file := filepath.Join(t.TempDir(), "actions.json")
	if err := os.WriteFile(file, []byte(`[{"name":"Set It","do":["set title"]}]`), 0o600); err != nil {
		t.Fatal(err)
	}
	fact, _ := program(t, "--rate", "0", "--control", "127.0.0.1:0", "--actions", file, "--title", "before", "--global", "a=[1]", "--global", "b=x y")
	listening, control := fact()["listening"], fact()["control"].(string)
	ctx, conn, _ := dial(t, listening)
	if got := ask(t, ctx, conn, `{"request":"GetGlobals"}`); !strings.Contains(got, `"value":[1]`) || !strings.Contains(got, `"value":"x y"`) || !strings.Contains(got, "brain_mood") {
		t.Errorf("globals %s", got)
	}
	ask(t, ctx, conn, `{"request":"DoAction","action":{"name":"Set It"},"args":{"title":"after"}}`)
	if f := fact(); f["title"] != "after" {
		t.Errorf("fact %v", f)
	}
	if f := fact(); f["action"] != "Set It" || f["success"] != true {
		t.Errorf("fact %v", f)
	}
	r, err := http.Post(control, "text/plain", strings.NewReader("refuse GetInfo 1 go away"))
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close()
	if got := ask(t, ctx, conn, `{"request":"GetInfo"}`); r.StatusCode != http.StatusOK || !strings.Contains(got, "go away") {
		t.Errorf("%s, then %s", r.Status, got)
	}
}

func TestWhatTheServerIs(t *testing.T) {
	for _, tt := range []struct {
		name, args, env string
		want            simulator.AuthMode
		hello           bool
	}{
		{"as it is", "", "", simulator.AuthOff, true},
		{"a password turns authentication on", "--password pw", "", simulator.AuthOn, true},
		{"by the environment", "", "pw", simulator.AuthOn, true},
		{"enforced", "--auth enforced", "pw", simulator.AuthEnforced, true},
		{"off all the same", "--auth off", "pw", simulator.AuthOff, true},
		{"no hello", "--no-hello", "", simulator.AuthOff, false},
		{"an old server", "--version 0.2.4", "", simulator.AuthOff, false},
		{"0.2.5", "--version 0.2.5", "", simulator.AuthOff, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("SIM_PASSWORD", tt.env)
			set, err := parse(strings.Fields(tt.args), io.Discard)
			if err != nil || set.server.Auth != tt.want || set.server.Hello != tt.hello {
				t.Errorf("%v, auth %v, hello %v", err, set.server.Auth, set.server.Hello)
			}
		})
	}
}

// Streamer.bot and ai_licia tell one evening: a frame that one is ordered to send is told by both.
func TestAilicia(t *testing.T) {
	t.Setenv("SIM_AILICIA_KEY", "duck")
	fact, _ := program(t, "--rate", "0", "--ailicia", "127.0.0.1:0", "--control", "127.0.0.1:0", "--ailicia-order", `once 1 emit api.event {"n":1}`)
	fact()
	address, control := fact()["ailicia"].(string), fact()["control"].(string)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address+ailicia.Path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer duck")
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	until := func(text string) {
		t.Helper()
		for lines.Scan() {
			if strings.Contains(lines.Text(), text) {
				return
			}
		}
		t.Fatalf("no %s: %s, %v", text, answer.Status, lines.Err())
	}
	until(`"payload":{"n":1}`)
	post := func(path, order string) {
		t.Helper()
		r, err := http.Post(control+path, "text/plain", strings.NewReader(order))
		if err != nil || r.StatusCode != http.StatusOK {
			t.Fatalf("%v, %v", r, err)
		}
		_ = r.Body.Close()
	}
	post("", `emit Twitch.StreamOnline {"id":"1"}`)
	until("event: channel.go_live")
	post("ailicia", "end")
	for lines.Scan() { // the rest of the event
	}
	if lines.Err() != nil {
		t.Errorf("no proper end: %v", lines.Err())
	}
}

func TestListEvents(t *testing.T) {
	var out strings.Builder
	if err := run(t.Context(), []string{"--list-events", "--version", "0.2.8"}, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	if list := out.String(); !strings.Contains(list, "\nTwitch.ChatMessage\n") || strings.Contains(list, "Kick.") {
		t.Errorf("list %s", list)
	}
}

func TestUsage(t *testing.T) {
	for _, tt := range []struct {
		name, args, want string
	}{
		{"auth", "--auth maybe", "--auth"},
		{"no hello with auth", "--no-hello --auth on", "--no-hello"},
		{"auth without a password", "--auth on", "SIM_PASSWORD"},
		{"auth on an old server", "--auth on --password pw --version 0.2.4", "0.2.5"},
		{"unknown order", "--order dance", "hangup"},
		{"unknown order for ai_licia", "--ailicia 127.0.0.1:0 --ailicia-order dance", "mismatch"},
		{"ai_licia's key without an address", "--ailicia-key k", "--ailicia "},
		{"bad event", "--event Twitch", "Source.Type"},
		{"bad global", "--global =1", "name=value"},
		{"no such file", "--actions nowhere.json", "--actions"},
		{"negative rate", "--rate -1", "--rate"},
		{"no rate", "--rate NaN", "--rate"},
		{"rate without end", "--rate +Inf", "--rate"},
		{"no version", "--version abc", "--version"},
		{"unknown flag", "--frob", "frob"},
		{"argument", "now", "only flags"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := run(t.Context(), strings.Fields(tt.args), io.Discard, io.Discard)
			if !errors.As(err, new(usageError)) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v", err)
			}
		})
	}
	var help strings.Builder
	if err := run(t.Context(), []string{"-h"}, io.Discard, &help); !errors.Is(err, flag.ErrHelp) || !strings.Contains(help.String(), "hangup REQUEST [N]") {
		t.Errorf("help: %v, %s", err, help.String())
	}
	if err := run(t.Context(), []string{"--listen", "127.0.0.1:0", "--control", "127.0.0.1:99999"}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "--control") {
		t.Errorf("bad control address: %v", err)
	}
	if err := run(t.Context(), []string{"--listen", "127.0.0.1:99999"}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "--listen") {
		t.Errorf("bad address: %v", err)
	}
}

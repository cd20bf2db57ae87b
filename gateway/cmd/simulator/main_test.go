package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func TestCountTellsFacts(t *testing.T) {
	limit, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	ctx, stop := context.WithCancel(limit)
	stdout, to := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"--listen", "127.0.0.1:0", "--count", "500"}, to, io.Discard)
		_ = to.Close()
	}()
	lines := bufio.NewScanner(stdout)
	fact := func() map[string]any {
		t.Helper()
		var f map[string]any
		if !lines.Scan() {
			t.Fatalf("no more facts: %v", lines.Err())
		}
		if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
			t.Fatal(err)
		}
		return f
	}
	conn, _, err := websocket.Dial(limit, fact()["listening"].(string), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	if _, hello, err := conn.Read(limit); err != nil || !strings.Contains(string(hello), `"Hello"`) {
		t.Fatalf("%s %v", hello, err)
	}
	if err := conn.Write(limit, websocket.MessageText, []byte(`{"request":"Subscribe","events":{"Twitch":["*"]}}`)); err != nil {
		t.Fatal(err)
	}
	for range 501 { // the answer and the lines
		if _, _, err := conn.Read(limit); err != nil {
			t.Fatal(err)
		}
	}
	if f := fact(); f["subscribed"] != 1.0 {
		t.Errorf("fact %v", f)
	}
	if f := fact(); f["sent"] != 500.0 || f["written"] != 500.0 || f["lost"] != 0.0 {
		t.Errorf("fact %v", f)
	}
	stop()
	go io.Copy(io.Discard, stdout)
	if _, _, err := conn.Read(limit); websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Errorf("at the end: %v", err)
	}
	if err := <-ended; err != nil {
		t.Errorf("run: %v", err)
	}
}

func TestUsage(t *testing.T) {
	for _, tt := range []struct {
		name, args, want string
	}{
		{"auth", "--auth maybe", "--auth"},
		{"no hello with auth", "--no-hello --auth on", "--no-hello"},
		{"negative rate", "--rate -1", "--rate"},
		{"unknown flag", "--frob", "frob"},
		{"argument", "now", "no arguments"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := run(t.Context(), strings.Fields(tt.args), io.Discard, io.Discard)
			if !errors.As(err, new(usageError)) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v", err)
			}
		})
	}
	if err := run(t.Context(), []string{"-h"}, io.Discard, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("help: %v", err)
	}
	if err := run(t.Context(), []string{"--listen", "127.0.0.1:99999"}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "--listen") {
		t.Errorf("bad address: %v", err)
	}
}

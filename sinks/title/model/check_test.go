package model_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"promethean/sinks/title/fakemodel"
	"promethean/sinks/title/model"
)

func TestChecks(t *testing.T) {
	s := start(t, "ollama")
	for _, c := range []struct {
		name, model string
		want        string
	}{
		{"there", fakemodel.Model, ""},
		{"any", "", ""},
		{"without its tag", "nomic-embed-text", ""},
		{"not there", "qwen3:8b", `has no model "qwen3:8b", but nomic-embed-text:latest, llama3.2:3b`},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := client(t, model.Options{URL: s.URL, Model: c.model}).Check(t.Context(), "")
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v", err)
			}
		})
	}
	if len(s.Requests()) != 0 {
		t.Errorf("a check cost %d completions", len(s.Requests()))
	}
}

// Without a name the first model that chats is asked, except where that may
// cost money.
func TestTheModelIsChosen(t *testing.T) {
	for _, c := range []struct {
		name, list, key, want string
		kind                  model.Kind
	}{
		{"one", `{"data":[{"id":"a"}]}`, "", "a", ""},
		{"the first that chats", `{"data":[{"id":"text-embedding-3"},{"id":"bge-m3"},{"id":"b","created":1.5},{"id":"c"}]}`, "", "b", ""},
		{"one, with a key", `{"data":[{"id":"whisper-1"},{"id":"a"}]}`, "k", "a", ""},
		{"several, with a key", `{"data":[{"id":"a"},{"id":"b"}]}`, "k", "", model.NoModel},
		{"none", `{"data":[]}`, "", "", model.NoModel},
		{"none that chats", `{"data":[{"id":"nomic-embed-text"}]}`, "", "", model.NoModel},
		{"no list", `<html></html>`, "", "", model.Unreadable},
	} {
		t.Run(c.name, func(t *testing.T) {
			asks, lists := 0, 0
			mux := http.NewServeMux()
			mux.HandleFunc("GET /v1/models", func(w http.ResponseWriter, _ *http.Request) { lists++; _, _ = w.Write([]byte(c.list)) })
			mux.HandleFunc("POST /v1/chat/completions", func(w http.ResponseWriter, _ *http.Request) {
				asks++
				_, _ = w.Write([]byte(`{"choices":[{"message":{"content":"One title"}}]}`))
			})
			s := httptest.NewServer(mux)
			defer s.Close()
			m := client(t, model.Options{URL: s.URL, Key: c.key})
			for range 2 {
				a, err := m.Titles(t.Context(), asked(t), 1)
				e, _ := errors.AsType[*model.Error](err)
				if a.Model != c.want || (err == nil) != (c.kind == "") || e != nil && e.Kind != c.kind {
					t.Errorf("%+v, %v", a, err)
				}
			}
			if c.kind == "" && (lists != 1 || asks != 2) {
				t.Errorf("%d lists, %d completions", lists, asks)
			}
		})
	}
}

func TestWarm(t *testing.T) {
	s := start(t, "length") // as every answer of one token is
	if err := client(t, model.Options{URL: s.URL, Extra: map[string]any{"keep_alive": "30m"}}).Warm(t.Context(), ""); err != nil {
		t.Error(err)
	}
	q := s.Requests()[0]
	if len(s.Requests()) != 1 || q.Members["max_tokens"] != 1.0 || q.Members["keep_alive"] != "30m" || q.Format != "" || q.Model != fakemodel.Model {
		t.Errorf("%+v", q)
	}
	err := client(t, model.Options{URL: start(t, "html-502").URL, Model: "m"}).Warm(t.Context(), "")
	if e, ok := errors.AsType[*model.Error](err); !ok || e.Kind != model.Busy {
		t.Errorf("%v", err)
	}
}

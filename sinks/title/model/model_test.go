package model_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"promethean/sinks/title/fakemodel"
	"promethean/sinks/title/model"
	"promethean/sinks/title/prompt"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// asked is a prompt as the product makes it.
func asked(t *testing.T) prompt.Rendered {
	t.Helper()
	s, err := prompt.New(prompt.Options{Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Render(prompt.Example())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func start(t *testing.T, name string) *fakemodel.Server {
	t.Helper()
	s, err := fakemodel.Start(name)
	if err != nil {
		t.Fatal(err)
	}
	return closed(t, s)
}

func closed(t *testing.T, s *fakemodel.Server) *fakemodel.Server {
	t.Cleanup(s.Close)
	return s
}

func client(t *testing.T, o model.Options) *model.Client {
	t.Helper()
	c, err := model.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// The seed goes up by one for the one more try, and not for another shape.
func TestSeeds(t *testing.T) {
	for _, c := range []struct {
		server string
		seed   uint64
		want   []float64
	}{
		{"cut-once", 41, []float64{41, 42}},
		{"openai-old", 41, []float64{41, 41, 41}},
		{"ollama", 1<<63 + 5, []float64{5}},
		{"length", 1<<31 - 1, []float64{1<<31 - 1, 0}},
	} {
		t.Run(c.server, func(t *testing.T) {
			s := start(t, c.server)
			a, _ := client(t, model.Options{URL: s.URL, Model: fakemodel.Model}).Titles(t.Context(), asked(t), c.seed)
			var seeds []float64
			for _, q := range s.Requests() {
				seeds = append(seeds, q.Seed)
			}
			if diff := cmp.Diff(c.want, seeds); diff != "" || float64(a.Seed) != c.want[len(c.want)-1] {
				t.Errorf("%+v\n%s", a, diff)
			}
		})
	}
}

// A refused shape is remembered for its model, and for no other.
func TestTheRungIsRemembered(t *testing.T) {
	s := start(t, "openai-old")
	c := client(t, model.Options{URL: s.URL, Model: fakemodel.Model})
	formats := func(p prompt.Rendered) (formats []string) {
		before := len(s.Requests())
		if _, err := c.Titles(t.Context(), p, 1); err != nil {
			t.Fatal(err)
		}
		for _, q := range s.Requests()[before:] {
			formats = append(formats, q.Format)
		}
		return formats
	}
	p := asked(t)
	other := p
	other.Model = "another"
	all, one := []string{"json_schema", "json_object", ""}, []string{""}
	for i, want := range [][]string{all, one, one} {
		if diff := cmp.Diff(want, formats(p)); diff != "" {
			t.Errorf("call %d: %s", i, diff)
		}
	}
	if diff := cmp.Diff(all, formats(other)); diff != "" {
		t.Errorf("another model: %s", diff)
	}

	// An empty answer may be chance: each call begins with the schema.
	empty := start(t, "lmstudio-empty")
	c = client(t, model.Options{URL: empty.URL, Model: fakemodel.Model})
	for range 2 {
		if a, err := c.Titles(t.Context(), p, 1); err != nil || a.Tries != 3 {
			t.Errorf("%+v, %v", a, err)
		}
	}
}

// What is sent is what was set: temperature 0 is there, any name may be a
// model's, extra members win, nil leaves one out.
func TestRequest(t *testing.T) {
	zero, half := 0.0, 0.5
	for _, c := range []struct {
		name   string
		o      model.Options
		prompt prompt.Rendered
		want   map[string]any // nil: not there
	}{
		{"settings", model.Options{Model: "m", Temperature: 0.8, MaxTokens: 300}, prompt.Rendered{}, map[string]any{"model": "m", "temperature": 0.8, "max_tokens": 300.0, "stream": false, "n": nil, "tools": nil, "reasoning_effort": nil}},
		{"temperature 0 is sent as nearly that", model.Options{Model: "m"}, prompt.Rendered{}, map[string]any{"temperature": 0.0001, "max_tokens": 1024.0}},
		{"so it is by the prompt", model.Options{Model: "m", Temperature: 1}, prompt.Rendered{Temperature: &zero}, map[string]any{"temperature": 0.0001}},
		{"the prompt goes before the settings", model.Options{Model: "m", Temperature: 1, MaxTokens: 5}, prompt.Rendered{Model: "o", Temperature: &half, MaxTokens: 99}, map[string]any{"model": "o", "temperature": 0.5, "max_tokens": 99.0}},
		{"the other name of max_tokens", model.Options{Model: "m", MaxTokensField: "max_completion_tokens"}, prompt.Rendered{}, map[string]any{"max_tokens": nil, "max_completion_tokens": 1024.0}},
		{"a name that the library refuses", model.Options{Model: "o3-mini", Temperature: 0.7}, prompt.Rendered{}, map[string]any{"model": "o3-mini", "max_tokens": 1024.0, "temperature": 0.7}},
		{"another", model.Options{Model: "gpt-5-mini"}, prompt.Rendered{}, map[string]any{"model": "gpt-5-mini", "max_tokens": 1024.0}},
		{"one of completions", model.Options{Model: "davinci-002"}, prompt.Rendered{}, map[string]any{"model": "davinci-002"}},
		{"extra members", model.Options{Model: "m", Extra: map[string]any{"keep_alive": "30m", "chat_template_kwargs": map[string]any{"enable_thinking": false}, "top_p": 0.9, "temperature": 0.1, "seed": nil}}, prompt.Rendered{},
			map[string]any{"keep_alive": "30m", "chat_template_kwargs": map[string]any{"enable_thinking": false}, "top_p": 0.9, "temperature": 0.1, "seed": nil}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := start(t, "lmstudio")
			c.o.URL = s.URL
			c.prompt.System, c.prompt.User = "system <text>", "user \"text\"\nJSON"
			if _, err := client(t, c.o).Titles(t.Context(), c.prompt, 3); err != nil {
				t.Fatal(err)
			}
			q := s.Requests()[0]
			for name, want := range c.want {
				if diff := cmp.Diff(want, q.Members[name]); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
			}
			if q.System != c.prompt.System || q.User != c.prompt.User || q.Key != "" {
				t.Errorf("%+v", q)
			}
		})
	}
}

// The members that openai-new refuses can be left out.
func TestNewerModels(t *testing.T) {
	s := start(t, "openai-new")
	c := client(t, model.Options{URL: s.URL, Model: "o3-mini", MaxTokensField: "max_completion_tokens", Extra: map[string]any{"temperature": nil}})
	if a, err := c.Titles(t.Context(), asked(t), 1); err != nil || len(a.Titles) != 3 {
		t.Errorf("%+v, %v", a, err)
	}
	c = client(t, model.Options{URL: s.URL, Model: "o3-mini", MaxTokensField: "max_completion_tokens"})
	if _, err := c.Titles(t.Context(), asked(t), 1); err == nil || !strings.Contains(err.Error(), `set llm.extra to {"temperature":null}`) {
		t.Errorf("%v", err)
	}
}

func TestDeadlines(t *testing.T) {
	p := asked(t)
	t.Run("the caller's goes first", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		_, err := client(t, model.Options{URL: start(t, "hang").URL, Model: "m", Timeout: time.Hour}).Titles(ctx, p, 1)
		if e, ok := errors.AsType[*model.Error](err); !ok || e.Kind != model.Timeout || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
	})
	t.Run("the caller cancels", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := closed(t, fakemodel.StartWith(func(_ http.ResponseWriter, r *http.Request, _ fakemodel.Request) {
			cancel()
			<-r.Context().Done()
		}))
		a, err := client(t, model.Options{URL: s.URL, Model: "m"}).Titles(ctx, p, 1)
		if e, ok := errors.AsType[*model.Error](err); !ok || e.Kind != model.Cancelled || !errors.Is(err, context.Canceled) || a.Tries != 1 {
			t.Errorf("%+v, %v", a, err)
		}
	})
	t.Run("no time for another try", func(t *testing.T) {
		a, err := client(t, model.Options{URL: start(t, "rate-limited").URL, Model: "m", Timeout: 900 * time.Millisecond}).Titles(t.Context(), p, 1)
		if e, ok := errors.AsType[*model.Error](err); !ok || e.Kind != model.Busy || e.Status != 429 || a.Tries != 1 {
			t.Errorf("%+v, %v", a, err)
		}
	})
}

func TestNoServer(t *testing.T) {
	p := asked(t)
	t.Run("none is configured", func(t *testing.T) {
		c := client(t, model.Options{})
		_, err := c.Titles(t.Context(), p, 1)
		for _, err := range []error{err, c.Check(t.Context(), ""), c.Warm(t.Context(), "")} {
			if e, ok := errors.AsType[*model.Error](err); !ok || e.Kind != model.NotConfigured {
				t.Errorf("%v", err)
			}
		}
		if c.Configured() || c.Server() != "" {
			t.Error(c.Server())
		}
	})
	t.Run("nothing listens", func(t *testing.T) {
		s := start(t, "ollama")
		s.Close()
		_, err := client(t, model.Options{URL: strings.Replace(s.URL, "://", "://joe:c4n4ry@", 1), Model: "m"}).Titles(t.Context(), p, 1)
		if e, ok := errors.AsType[*model.Error](err); !ok || e.Kind != model.Unreachable || strings.Contains(err.Error(), "c4n4ry") || !strings.Contains(err.Error(), s.URL) {
			t.Errorf("%v", err)
		}
	})
}

func TestNew(t *testing.T) {
	for _, c := range []struct{ name, url, server, err string }{
		{"as written", "http://127.0.0.1:1/v1", "http://127.0.0.1:1/v1", ""},
		{"a slash at the end", "http://127.0.0.1:1/v1/", "http://127.0.0.1:1/v1", ""},
		{"without a path", "http://127.0.0.1:1", "http://127.0.0.1:1/v1", ""},
		{"the whole path", "https://h/openai/v1/chat/completions", "https://h/openai/v1", ""},
		{"with a user", "http://joe:c4n4ry@h/v1", "http://h/v1", ""},
		{"no scheme", "127.0.0.1:11434", "", "llm.url is no address"},
		{"another scheme", "ws://joe:c4n4ry@h/", "", "llm.url is no address"},
		{"no host", "http:///v1", "", "llm.url is no address"},
		{"a bad port", "http://joe:c4n4ry@h:x/", "", "llm.url is no address"},
		{"a query", "http://h/v1?key=c4n4ry", "", "llm.url ends in ?"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := model.New(model.Options{URL: c.url})
			if (err == nil) != (c.err == "") || err != nil && (!strings.Contains(err.Error(), c.err) || strings.Contains(err.Error(), "c4n4ry")) {
				t.Fatalf("%v", err)
			}
			if err == nil && m.Server() != c.server {
				t.Error(m.Server())
			}
		})
	}
	for _, name := range []string{"tools", "model", "response_format", "messages", "stream"} {
		if _, err := model.New(model.Options{URL: "http://h", Extra: map[string]any{name: 1}}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

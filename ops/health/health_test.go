package health_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"promethean/ops/health"
)

func ask(t *testing.T, h *health.Health, target, accept string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	r.Header.Set("Accept", accept)
	h.Ready(w, r)
	return w
}

func passes(context.Context) error { return nil }

func TestReadyListsEveryCheck(t *testing.T) {
	for _, c := range []struct {
		name, target, accept string
		store                error
		status               int
		body                 string
	}{
		{"all pass", "/readyz", "", nil, 200, "bus: ok\nstore: ok\n"},
		{"one fails", "/readyz", "", errors.New("nobody answers"), 503, "bus: ok\nstore: nobody answers\n"},
		{"a reason of several lines stays on one", "/readyz", "", errors.New("a\nbus: ok\n b"), 503, "bus: ok\nstore: a bus: ok b\n"},
		{"an error without words is one", "/readyz", "", errors.New(""), 503, "bus: ok\nstore: failed\n"},
		{"JSON by query", "/readyz?json", "", errors.New("away"), 503,
			`{"ready":false,"checks":{"bus":{"ok":true},"store":{"ok":false,"why":"away"}}}` + "\n"},
		{"JSON by header", "/readyz", "application/json", nil, 200, `{"ready":true,"checks":{"bus":{"ok":true},"store":{"ok":true}}}` + "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var h health.Health
			h.AddAll(map[string]func(context.Context) error{"bus": passes, "store": func(context.Context) error { return c.store }})
			w := ask(t, &h, c.target, c.accept)
			if w.Code != c.status {
				t.Errorf("status %d, want %d", w.Code, c.status)
			}
			if diff := cmp.Diff(c.body, w.Body.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnswersAreFreshAndProbingDoesNotHammer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h health.Health
		var asked atomic.Int32
		var state error
		h.Add("store", func(context.Context) error { asked.Add(1); return state })
		for range 50 {
			h.Results(t.Context())
		}
		if n := asked.Load(); n != 1 {
			t.Errorf("50 probes at once asked %d times", n)
		}
		state = errors.New("gone")
		<-time.After(999 * time.Millisecond)
		if got := h.Results(t.Context())["store"]; got != "" {
			t.Errorf("after 999 ms: %q", got)
		}
		<-time.After(time.Millisecond)
		if got := h.Results(t.Context())["store"]; got != "gone" {
			t.Errorf("after a second: %q", got)
		}
	})
}

func TestSlowChecks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var h health.Health
		release := make(chan struct{})
		var started atomic.Int32
		h.Add("fast", passes)
		h.Add("heeds its context", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		h.Add("also", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		h.Add("hangs", func(context.Context) error { started.Add(1); <-release; return nil })
		begin := time.Now()
		want := map[string]string{"fast": "", "heeds its context": "no answer within 2s", "also": "no answer within 2s", "hangs": "no answer within 2s"}
		if diff := cmp.Diff(want, h.Results(t.Context())); diff != "" {
			t.Error(diff)
		}
		if took := time.Since(begin); took != 2*time.Second {
			t.Errorf("a round took %s: checks run side by side, at most 2 s", took)
		}
		for range 3 {
			<-time.After(time.Second)
			want["hangs"] = "an earlier check has not come back"
			if diff := cmp.Diff(want, h.Results(t.Context())); diff != "" {
				t.Error(diff)
			}
		}
		if n := started.Load(); n != 1 {
			t.Errorf("a check that hangs was started %d times", n)
		}
		close(release)
		synctest.Wait()
		<-time.After(time.Second)
		if got := h.Results(t.Context())["hangs"]; got != "" {
			t.Errorf("after it came back: %q", got)
		}
	})
}

// An asker who leaves must not make the others believe that the store is away.
func TestAnAskerWhoLeavesDoesNotSpoilTheAnswer(t *testing.T) {
	var h health.Health
	h.Add("store", func(ctx context.Context) error { return ctx.Err() })
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if diff := cmp.Diff(map[string]string{"store": ""}, h.Results(gone)); diff != "" {
		t.Error(diff)
	}
}

func TestResultsAreTheCallersOwn(t *testing.T) {
	var h health.Health
	h.Add("store", passes)
	h.Results(t.Context())["store"] = "changed"
	if got := h.Results(t.Context())["store"]; got != "" {
		t.Errorf("%q", got)
	}
}

func TestBreakEndsLifeAndReadiness(t *testing.T) {
	var h health.Health
	h.Add("store", passes)
	live := func() int {
		w := httptest.NewRecorder()
		h.Live(w, nil)
		return w.Code
	}
	if got := live(); got != http.StatusOK {
		t.Errorf("alive is %d", got)
	}
	if got := ask(t, &h, "/readyz", "").Code; got != http.StatusOK {
		t.Errorf("ready is %d", got)
	}
	first := errors.New("the outbox is corrupt")
	h.Break(first)
	h.Break(errors.New("and then everything else"))
	if got := live(); got != http.StatusServiceUnavailable {
		t.Errorf("broken: alive is %d", got)
	}
	w := ask(t, &h, "/readyz?json", "")
	var got struct {
		Ready  bool
		Checks map[string]struct{ Why string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if w.Code != http.StatusServiceUnavailable || got.Ready || got.Checks["broken"].Why != first.Error() {
		t.Errorf("broken: %d %+v", w.Code, got)
	}
}

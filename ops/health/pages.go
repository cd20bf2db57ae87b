package health

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// brokenName is the check that tells of Break.
const brokenName = "broken"

// Live answers /livez: 200 while the process works, 503 after Break.
func (h *Health) Live(w http.ResponseWriter, _ *http.Request) {
	status, text := http.StatusOK, "ok"
	if err := h.Broken(); err != nil {
		status, text = http.StatusServiceUnavailable, why(err)
	}
	head(w, "text/plain; charset=utf-8", status)
	fmt.Fprintln(w, text)
}

// report is what /readyz says as JSON.
type report struct {
	Ready  bool              `json:"ready"`
	Checks map[string]result `json:"checks"`
}

type result struct {
	OK  bool   `json:"ok"`
	Why string `json:"why,omitempty"`
}

// Ready answers /readyz: 200 when every check passes now, else 503. The body
// has a line for each check, in order of name: `store: ok`, or the reason. With
// ?json or Accept: application/json it is
// {"ready":false,"checks":{"store":{"ok":false,"why":"…"}}}.
func (h *Health) Ready(w http.ResponseWriter, r *http.Request) {
	rep := report{Ready: true, Checks: map[string]result{}}
	for name, why := range h.Results(r.Context()) {
		rep.Checks[name] = result{OK: why == "", Why: why}
		rep.Ready = rep.Ready && why == ""
	}
	status := http.StatusOK
	if !rep.Ready {
		status = http.StatusServiceUnavailable
	}
	if r.URL.Query().Has("json") || strings.Contains(r.Header.Get("Accept"), "application/json") {
		head(w, "application/json", status)
		_ = json.NewEncoder(w).Encode(rep) // nobody to tell when the asker is gone
		return
	}
	head(w, "text/plain; charset=utf-8", status)
	rep.print(w)
}

func (rep report) print(w io.Writer) {
	for _, name := range slices.Sorted(maps.Keys(rep.Checks)) {
		text := rep.Checks[name].Why
		if rep.Checks[name].OK {
			text = "ok"
		}
		fmt.Fprintf(w, "%s: %s\n", name, text)
	}
}

func head(w http.ResponseWriter, contentType string, status int) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
}

// why is an error on one line: a check has one line. An error without a text
// is still one.
func why(err error) string {
	if err == nil {
		return ""
	}
	if text := strings.Join(strings.Fields(err.Error()), " "); text != "" {
		return text
	}
	return "failed"
}

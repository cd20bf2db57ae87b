package simulator

import (
	"io"
	"net/http"
	"strings"
)

// controlLimit is the longest list of orders, in bytes.
const controlLimit = 8 << 20

// Control serves orders over HTTP, apart from the protocol. POST carries out the orders of the body, one a
// line, in turn, and answers when the last is done: 200 {"done":2}, 400 {"error":…} when one cannot be
// read, and then none is carried out, or 500 {"error":…} when one fails. GET tells what has happened so far.
// It is for tests on one machine: it asks nobody who they are.
func (s *Server) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, s.state()) })
	mux.HandleFunc("POST /{$}", s.obey)
	return mux
}

func (s *Server) obey(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, controlLimit))
	if err != nil {
		say(w, http.StatusBadRequest, map[string]any{"error": err.Error()})
		return
	}
	var list []Order
	for line := range strings.Lines(string(body)) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		do, err := ParseOrder(line)
		if err != nil {
			say(w, http.StatusBadRequest, map[string]any{"error": err.Error()})
			return
		}
		list = append(list, do)
	}
	for _, do := range list {
		if err := do(r.Context(), s); err != nil {
			say(w, http.StatusInternalServerError, map[string]any{"error": err.Error()})
			return
		}
	}
	say(w, http.StatusOK, map[string]any{"done": len(list)})
}

// state is what GET tells: the Stats, the title, and the requests so far by name.
func (s *Server) state() map[string]any {
	st := s.Stats()
	return map[string]any{
		"clients": st.Clients, "connected": st.Connected, "subscribed": st.Subscribed, "queued": st.Queued,
		"sent": st.Sent, "lost": st.Lost, "cut": st.Cut, "title": s.Title(), "asked": s.Asked(),
	}
}

func say(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(encode(v), '\n')) // who asked has gone
}

package ailicia

import (
	"io"
	"net/http"
	"strings"
)

// controlLimit is the longest list of orders, in bytes.
const controlLimit = 8 << 20

// Control serves orders over HTTP, apart from the stream. POST carries out the orders of the body, one a
// line, in turn, and answers when the last is done: 200 {"done":2}, 400 {"error":…} when one cannot be
// read, and then none is carried out, or 500 {"error":…} when one fails. GET tells the Stats.
// It is for tests on one machine: it asks nobody who they are.
func (s *Server) Control() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet:
			say(w, http.StatusOK, s.state())
		case http.MethodPost:
			s.obey(w, r)
		default:
			w.Header().Set("Allow", "GET, POST")
			w.WriteHeader(http.StatusMethodNotAllowed)
		}
	})
}

func (s *Server) obey(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, controlLimit))
	if err != nil {
		say(w, http.StatusBadRequest, anything{"error": err.Error()})
		return
	}
	var list []Order
	for line := range strings.Lines(string(body)) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		do, err := ParseOrder(line)
		if err != nil {
			say(w, http.StatusBadRequest, anything{"error": err.Error()})
			return
		}
		list = append(list, do)
	}
	for _, do := range list {
		if err := do(r.Context(), s); err != nil {
			say(w, http.StatusInternalServerError, anything{"error": err.Error()})
			return
		}
	}
	say(w, http.StatusOK, anything{"done": len(list)})
}

func (s *Server) state() anything {
	t := s.Stats()
	return anything{
		"clients": t.Clients, "connected": t.Connected, "requests": t.Requests, "refused": t.Refused,
		"told": t.Told, "queued": t.Queued, "sent": t.Sent, "cut": t.Cut, "lastEventId": t.LastEventID,
	}
}

func say(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(encode(v), '\n')) // who asked has gone
}

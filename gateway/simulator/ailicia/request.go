package ailicia

import (
	"crypto/subtle"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Types are the 13 documented types.
func Types() []string {
	return []string{
		"chat.message", "chat.ai_message", "chat.first_message", "ai.thoughts", "ai.tts.generated", "ai.moderation",
		"channel.event", "channel.go_live", "channel.go_offline", "api.event", "system.join", "system.left",
		"character.updated",
	}
}

// invalidTypes is the text of the 400, as the official client knows it.
const invalidTypes = "Invalid EventSub types value"

// filter is what a client asked for.
type filter struct {
	types   []string // nil is all
	channel string   // an id; empty is all
}

func (f filter) wants(e event) bool {
	return (f.types == nil || slices.Contains(f.types, e.name)) && (f.channel == "" || f.channel == e.channel)
}

// Handler serves the stream alone: without Serve no evening of its own is played, and streams end by
// themselves, by order, or with their requests' contexts.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path, s.serveClient)
	return mux
}

func (s *Server) serveClient(w http.ResponseWriter, r *http.Request) {
	if !s.begin() {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer s.running.Done()
	s.tally.update(func(t *Stats) { t.Requests++; t.LastEventID = r.Header.Get("Last-Event-ID") })
	if s.faults.stall.pass(r.Context()) != nil || s.misanswer(w, r) {
		return
	}
	f, status := s.judge(r)
	if status != http.StatusOK {
		s.refuse(w, status)
		return
	}
	c := newSession(s, w, f)
	s.admit(c) // before the header: what is told once a client has its answer reaches it
	defer s.dismiss(c)
	c.run(r.Context())
}

// refuse answers with a status and no body but that of 400, as documented.
func (s *Server) refuse(w http.ResponseWriter, status int) {
	s.tally.update(func(t *Stats) { t.Refused++ })
	if status == http.StatusBadRequest {
		http.Error(w, invalidTypes, status)
		return
	}
	w.WriteHeader(status)
}

// judge says whether a request may be served, and what it asks for.
func (s *Server) judge(r *http.Request) (filter, int) {
	key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	switch {
	case ok && s.opt.BasicKey != "" && same(key, s.opt.BasicKey):
		return filter{}, http.StatusForbidden
	case !ok || !same(key, s.faults.currentKey()):
		return filter{}, http.StatusUnauthorized
	}
	query := r.URL.Query()
	f := filter{channel: query.Get("channelId")}
	if f.channel != "" && !slices.ContainsFunc(Channels(), func(c Channel) bool { return c.ID == f.channel }) {
		return filter{}, http.StatusNotFound
	}
	if query.Get("types") == "" {
		return f, http.StatusOK
	}
	f.types = strings.Split(query.Get("types"), ",")
	for _, name := range f.types {
		if !slices.Contains(Types(), name) {
			return filter{}, http.StatusBadRequest
		}
	}
	return f, http.StatusOK
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// loginPage is what a gateway or a captive portal answers in a service's place.
const loginPage = "<!doctype html><title>Log in</title><h1>Please log in</h1><form><input name=user></form>\n"

// misanswer answers wrongly, if an order asks for it.
func (s *Server) misanswer(w http.ResponseWriter, r *http.Request) bool {
	a, ok := s.faults.nextAnswer()
	if !ok {
		return false
	}
	s.tally.update(func(t *Stats) { t.Refused++ })
	switch {
	case a.isSilent:
		select {
		case <-a.healed:
		case <-r.Context().Done():
		}
		// A header now would be an answer: the connection ends without one.
		abort(http.NewResponseController(w))
	case a.isLogin:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(loginPage)))
		_, _ = w.Write([]byte(loginPage)) // who asked has gone
	default:
		if a.location != "" {
			w.Header().Set("Location", a.location)
		}
		if a.retryAfter != "" {
			w.Header().Set("Retry-After", a.retryAfter)
		}
		w.WriteHeader(a.status)
	}
	return true
}

// Package fakemodel is a model server for tests: one that behaves as each real
// one does, by its documentation and its bug trackers, and as each goes wrong.
//
// A [Behaviour] cites where its facts are from: "reference" is titles.md section
// 4, and the trackers that it names. No behaviour holds a model; they answer
// [Titles], except the obedient one, which says what it is told to.
//
// A tour: servers.go has the real servers, faults.go what goes wrong with any,
// obedient.go the hostile one, request.go reads requests.
package fakemodel

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
)

// Titles are what the fakes answer.
var Titles = []string{"Mantis Lords without charms, attempt 42", "Third lord, one mask left, no excuses", "Learning to dodge the hard way tonight"}

// Model is the model that each fake has.
const Model = "llama3.2:3b"

// Key is the one that a fake with a key wants.
const Key = "sk-fake-c4n4ry-0123456789"

// Behaviour answers a chat completion.
type Behaviour func(w http.ResponseWriter, r *http.Request, q Request)

// Server is a fake that listens on the loopback.
type Server struct {
	// URL is its base, with /v1.
	URL string

	http      *httptest.Server
	stopped   context.CancelFunc
	behaviour Behaviour

	mu       sync.Mutex
	requests []Request
}

// Start starts a fake by the name of its behaviour; Names lists them. Close it.
func Start(name string) (*Server, error) {
	b, ok := behaviours()[name]
	if !ok {
		return nil, fmt.Errorf("fakemodel: there is no %q, but %v", name, Names())
	}
	return StartWith(b), nil
}

// StartWith starts a fake with a behaviour of the test's own.
func StartWith(b Behaviour) *Server {
	s := &Server{behaviour: b}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/chat/completions", s.chat)
	mux.HandleFunc("GET /v1/models", s.models)
	// What hangs ends with the server, and not only with its client.
	ctx, stop := context.WithCancel(context.Background())
	s.stopped = stop
	s.http = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		both, done := context.WithCancel(r.Context())
		defer done()
		defer context.AfterFunc(ctx, done)()
		mux.ServeHTTP(w, r.WithContext(both))
	}))
	s.URL = s.http.URL + "/v1"
	return s
}

// Close ends all connections and waits for their handlers.
func (s *Server) Close() {
	s.stopped()
	s.http.CloseClientConnections()
	s.http.Close()
}

// Requests are the chat completions that were asked for, in order.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

func (s *Server) chat(w http.ResponseWriter, r *http.Request) {
	q, err := readRequest(r)
	if err != nil {
		refuse(w, http.StatusBadRequest, map[string]any{"error": err.Error()})
		return
	}
	s.mu.Lock()
	q.N = len(s.requests)
	s.requests = append(s.requests, q)
	s.mu.Unlock()
	s.behaviour(w, r, q)
}

// models lists an embedding model too, which answers no chat.
func (s *Server) models(w http.ResponseWriter, _ *http.Request) {
	answer(w, map[string]any{"object": "list", "data": []any{
		map[string]any{"id": "nomic-embed-text:latest", "object": "model", "created": 1739000000, "owned_by": "library"},
		map[string]any{"id": Model, "object": "model", "created": 1739000000, "owned_by": "library"},
	}})
}

// Names lists the behaviours.
func Names() []string { return slices.Sorted(maps.Keys(behaviours())) }

func behaviours() map[string]Behaviour {
	all := map[string]Behaviour{"obedient": Obedient}
	maps.Copy(all, servers)
	maps.Copy(all, faults)
	return all
}

// answer writes a JSON body with status 200.
func answer(w http.ResponseWriter, body any) { refuse(w, http.StatusOK, body) }

func refuse(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that is gone is no fault of a fake
}

// completion is a chat completion with one choice.
func completion(content, finish string) map[string]any {
	return message(map[string]any{"role": "assistant", "content": content}, finish)
}

func message(m map[string]any, finish string) map[string]any {
	return map[string]any{
		"id": "chatcmpl-1", "object": "chat.completion", "created": 1739000000, "model": Model,
		"choices": []any{map[string]any{"index": 0, "message": m, "finish_reason": finish}},
		"usage":   map[string]any{"prompt_tokens": 700, "completion_tokens": 60, "total_tokens": 760},
	}
}

// asJSON are titles in the shape that the prompt asks for.
func asJSON(titles []string) string {
	b, err := json.Marshal(map[string]any{"titles": titles})
	if err != nil {
		return "" // strings always become JSON
	}
	return string(b)
}

package fakemodel

import (
	"fmt"
	"net/http"
	"strings"
)

// faults are what goes wrong with any server, or with what stands before it.
// Reference: titles.md 4, client duties, for all of them.
var faults = map[string]Behaviour{
	"empty-choices": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		answer(w, map[string]any{"id": "x", "object": "chat.completion", "choices": []any{}})
	},
	"no-choices": func(w http.ResponseWriter, _ *http.Request, _ Request) { answer(w, map[string]any{}) },
	"blank": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		answer(w, completion(" \n\t ", "stop"))
	},
	// JSON mode without the word JSON loops on white space until it is cut
	// (ollama #2844).
	"whitespace": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		answer(w, completion(strings.Repeat("\n", 2000), "length"))
	},
	"only-thinking": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		answer(w, message(map[string]any{"role": "assistant", "content": "", "reasoning_content": "Hmm, three titles."}, "stop"))
	},
	"length": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		answer(w, completion(`{"titles":["Mantis Lords without`, "length"))
	},
	// Cut, and called whole.
	"cut-json": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		answer(w, completion(`{"titles":["Mantis Lords without`, "stop"))
	},
	// Its first answer is cut, its second is whole.
	"cut-once": func(w http.ResponseWriter, _ *http.Request, q Request) {
		if q.N == 0 {
			answer(w, completion(`{"titles":["Mantis`, "length"))
			return
		}
		answer(w, completion(asJSON(Titles), "stop"))
	},
	"cut-body": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		raw(w, http.StatusOK, "application/json", `{"id":"x","choices":[{"message":{"content":"{\"tit`)
	},
	"html": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		raw(w, http.StatusOK, "text/html", "<!DOCTYPE html>\n<html><head><title>Sign in to the lobby Wi-Fi</title></head><body>…</body></html>")
	},
	"html-502": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		raw(w, http.StatusBadGateway, "text/html", "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body>\r\n</html>")
	},
	"plain-500": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		raw(w, http.StatusInternalServerError, "text/plain", "llama runner process has terminated: exit status 2\n")
	},
	"bare-500": func(w http.ResponseWriter, _ *http.Request, _ Request) { w.WriteHeader(http.StatusInternalServerError) },
	"rate-limited": func(w http.ResponseWriter, _ *http.Request, q Request) {
		if q.N == 0 {
			w.Header().Set("Retry-After", "1")
			refuse(w, http.StatusTooManyRequests, object("Rate limit reached for requests", "requests"))
			return
		}
		answer(w, completion(asJSON(Titles), "stop"))
	},
	"rate-limited-long": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		w.Header().Set("Retry-After", "3600")
		refuse(w, http.StatusTooManyRequests, object("You exceeded your current quota", "insufficient_quota"))
	},
	"bad-request": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		refuse(w, http.StatusBadRequest, object("This model's maximum context length is 512 tokens; for more information see the docs", "invalid_request_error"))
	},
	"redirect": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		w.Header().Set("Location", "http://elsewhere.invalid/v1/chat/completions")
		w.WriteHeader(http.StatusTemporaryRedirect)
	},
	// It never answers.
	"hang": func(_ http.ResponseWriter, r *http.Request, _ Request) { <-r.Context().Done() },
	// It begins to answer, and stops.
	"stall": func(w http.ResponseWriter, r *http.Request, _ Request) {
		raw(w, http.StatusOK, "application/json", `{"id":`)
		_ = http.NewResponseController(w).Flush() // the client sees what has come
		<-r.Context().Done()
	},
	"reset": func(http.ResponseWriter, *http.Request, Request) { panic(http.ErrAbortHandler) },
	// It promises more than it sends.
	"reset-in-the-body": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		w.Header().Set("Content-Length", "100000")
		raw(w, http.StatusOK, "application/json", `{"id":`)
		panic(http.ErrAbortHandler)
	},
	// It streams though nobody asked for it.
	"streaming": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		raw(w, http.StatusOK, "text/event-stream", "data: {\"choices\":[{\"delta\":{\"content\":\"{\"}}]}\n\ndata: [DONE]\n\n")
	},
	// A proxy that keeps the line alive with spaces, and members of other types.
	"odd-types": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		raw(w, http.StatusOK, "application/json", "\n\n  \n"+fmt.Sprintf(`{"id":7,"created":"now","usage":[],"choices":[{"index":"0","finish_reason":"stop","message":{"role":"assistant","content":[{"type":"text","text":%q}]}}]}`, asJSON(Titles)))
	},
	// Content in parts, as Mistral's and others' servers give it: what was thought
	// among them.
	"parts": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		answer(w, message(map[string]any{"role": "assistant", "content": []any{
			map[string]any{"type": "thinking", "thinking": []any{map[string]any{"type": "text", "text": "a draft"}}},
			map[string]any{"type": "reasoning", "text": "another draft"},
			map[string]any{"type": "text", "text": Titles[0]}, map[string]any{"type": "output_text", "text": Titles[1]}, map[string]any{"type": "text", "text": Titles[2]},
		}}, "stop"))
	},
	// A gateway to another maker's models, with that maker's word for a cut.
	"max-tokens": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		answer(w, completion("Mantis Lords without", "max_tokens"))
	},
	"endless": func(w http.ResponseWriter, r *http.Request, _ Request) {
		piece := strings.Repeat("lorem ipsum ", 8192)
		raw(w, http.StatusOK, "application/json", `{"choices":[{"message":{"content":"`)
		for r.Context().Err() == nil {
			if _, err := w.Write([]byte(piece)); err != nil {
				return
			}
		}
	},
	"essay": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		answer(w, completion(strings.Repeat("A long thought about titles. ", 50), "stop"))
	},
}

func raw(w http.ResponseWriter, status int, kind, body string) {
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body)) // a client that is gone is no fault of a fake
}

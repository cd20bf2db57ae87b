package fakemodel

import (
	"fmt"
	"net/http"
)

// servers are the real ones.
var servers = map[string]Behaviour{
	// Ollama's /v1: takes any format, 404 for a model it does not have (its
	// openai/openai.go, NewError: the type is by status). Reference: ollama docs,
	// openai-compatibility.
	"ollama": func(w http.ResponseWriter, _ *http.Request, q Request) {
		if q.Model != Model {
			refuse(w, http.StatusNotFound, object(fmt.Sprintf("model '%s' not found", q.Model), "not_found_error"))
			return
		}
		answer(w, completion(asJSON(Titles), "stop"))
	},
	// A thinking model on Ollama before it parted thinking from content, with
	// the format ignored. Reference: ollama #15260, #14645; open-webui #9126.
	"ollama-thinking": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		answer(w, completion("<think>\nThe user wants three titles. 1. Something epic?\n{\"titles\": [\"draft\"]}\n</think>\n\nHere are 3 titles:\n\n"+listed(), "stop"))
	},
	// The same with a template that opens the thought itself, so that only its
	// end is in the answer. Reference: titles.md 4, client duties.
	"ollama-thinking-unopened": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		answer(w, completion("Okay, three titles. Mantis Lords...\n</think>\n```json\n"+asJSON(Titles)+"\n```", "stop"))
	},
	// Ollama's own shape of an error on /v1 for a bad value. Reference: ollama
	// source, reasoning_effort.
	"ollama-effort": func(w http.ResponseWriter, _ *http.Request, q Request) {
		if effort, ok := q.Members["reasoning_effort"]; ok {
			refuse(w, http.StatusBadRequest, object(fmt.Sprintf("invalid reasoning value: '%v'", effort), "invalid_request_error"))
			return
		}
		answer(w, completion(asJSON(Titles), "stop"))
	},
	// LM Studio: json_schema or text, anything else 400 with a string for an
	// error. Reference: lmstudio-bug-tracker #189, #307.
	"lmstudio": func(w http.ResponseWriter, _ *http.Request, q Request) {
		if q.Format != "" && q.Format != "json_schema" && q.Format != "text" {
			refuse(w, http.StatusBadRequest, map[string]any{"error": "'response_format.type' must be 'json_schema' or 'text'"})
			return
		}
		answer(w, completion(asJSON(Titles), "stop"))
	},
	// One version of it answers nothing to a schema. Reference: #1684.
	"lmstudio-empty": func(w http.ResponseWriter, _ *http.Request, q Request) {
		switch q.Format {
		case "json_schema":
			answer(w, completion("", "stop"))
		case "json_object":
			refuse(w, http.StatusBadRequest, map[string]any{"error": "'response_format.type' must be 'json_schema' or 'text'"})
		default:
			answer(w, completion(listed(), "stop"))
		}
	},
	// It answers a path that it does not know with status 200. Its log says so:
	// "Unexpected endpoint or method. Returning 200 anyway".
	"lmstudio-path": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		answer(w, map[string]any{"error": "Unexpected endpoint or method. (POST /chat/completions)"})
	},
	// llama.cpp's server with a reasoning format: json_schema fails in the
	// grammar, thinking comes apart. Reference: llama.cpp #11988, #11847.
	"llamacpp": func(w http.ResponseWriter, _ *http.Request, q Request) {
		if q.Format == "json_schema" {
			refuse(w, http.StatusBadRequest, map[string]any{"error": map[string]any{"code": 400, "message": "Failed to parse grammar", "type": "invalid_request_error"}})
			return
		}
		answer(w, message(map[string]any{"role": "assistant", "content": asJSON(Titles), "reasoning_content": `{"titles":["a thought, no title"]}`}, "stop"))
	},
	// The same while it loads its model: 503 for the first request. Its README,
	// "GET /health", and the server's error for every path.
	"llamacpp-loading": func(w http.ResponseWriter, _ *http.Request, q Request) {
		if q.N == 0 {
			refuse(w, http.StatusServiceUnavailable, map[string]any{"error": map[string]any{"code": 503, "message": "Loading model", "type": "unavailable_error"}})
			return
		}
		answer(w, completion(asJSON(Titles), "stop"))
	},
	// vLLM: errors without an error member before 0.10, a code that is a number.
	// Reference: vLLM docs, OpenAI-compatible server, ErrorResponse.
	"vllm": func(w http.ResponseWriter, _ *http.Request, q Request) {
		if q.Model != Model {
			refuse(w, http.StatusNotFound, map[string]any{"object": "error", "message": fmt.Sprintf("The model `%s` does not exist.", q.Model), "type": "NotFoundError", "param": nil, "code": 404})
			return
		}
		answer(w, completion(asJSON(Titles), "stop"))
	},
	// An old one, whose validation (FastAPI's) knows no schema, and repeats its
	// input.
	"vllm-old": func(w http.ResponseWriter, _ *http.Request, q Request) {
		if q.Format == "json_schema" {
			refuse(w, http.StatusUnprocessableEntity, map[string]any{"detail": []any{map[string]any{
				"loc": []any{"body", "response_format", "type"}, "msg": "response_format.type: unexpected value; permitted: 'text', 'json_object'; input: " + q.User, "type": "value_error.const"}}})
			return
		}
		answer(w, completion("Sure! Here's the JSON:\n```json\n"+asJSON(Titles)+"\n```\nLet me know if you need more.", "stop"))
	},
	// OpenAI: a key, and its error with param and code. Its documentation, error
	// codes.
	"openai": func(w http.ResponseWriter, _ *http.Request, q Request) {
		if q.Key != Key {
			refuse(w, http.StatusUnauthorized, map[string]any{"error": map[string]any{"message": "Incorrect API key provided: " + q.Key + ". You can find your API key at https://platform.openai.com/account/api-keys.", "type": "invalid_request_error", "param": nil, "code": "invalid_api_key"}})
			return
		}
		answer(w, completion(asJSON(Titles), "stop"))
	},
	// An older model of OpenAI's, without schemas.
	"openai-old": func(w http.ResponseWriter, _ *http.Request, q Request) {
		if q.Format != "" {
			refuse(w, http.StatusBadRequest, map[string]any{"error": map[string]any{"message": "Invalid parameter: 'response_format' of type '" + q.Format + "' is not supported with this model.", "type": "invalid_request_error", "param": "response_format", "code": nil}})
			return
		}
		answer(w, completion(listed(), "stop"))
	},
	// A newer one, which wants max_completion_tokens and no temperature.
	// Reference: titles.md 4, Ollama's row on it.
	"openai-new": func(w http.ResponseWriter, _ *http.Request, q Request) {
		for _, name := range []string{"max_tokens", "temperature"} {
			if _, ok := q.Members[name]; ok {
				refuse(w, http.StatusBadRequest, map[string]any{"error": map[string]any{"message": "Unsupported parameter: '" + name + "' is not supported with this model." + map[string]string{"max_tokens": " Use 'max_completion_tokens' instead."}[name], "type": "invalid_request_error", "param": name, "code": "unsupported_parameter"}})
				return
			}
		}
		answer(w, completion(asJSON(Titles), "stop"))
	},
	// Its refusal of the content: no content at all. Its documentation,
	// structured outputs, refusals.
	"openai-refusal": func(w http.ResponseWriter, _ *http.Request, _ Request) {
		answer(w, message(map[string]any{"role": "assistant", "content": nil, "refusal": "I'm sorry, I can't help with that."}, "stop"))
	},
}

// object is an error as OpenAI writes it.
func object(message, kind string) map[string]any {
	return map[string]any{"error": map[string]any{"message": message, "type": kind, "param": nil, "code": nil}}
}

// listed are the titles as small models list them.
func listed() string {
	return fmt.Sprintf("1. **\"%s\"**\n2. **\"%s\"**\n3. **\"%s\"**\n\nI hope these help!", Titles[0], Titles[1], Titles[2])
}

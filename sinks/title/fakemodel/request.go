package fakemodel

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Request is a chat completion as a server reads it.
type Request struct {
	// N counts from 0.
	N int
	// Members is the whole body.
	Members map[string]any
	// Format is response_format's type, "" where there is none.
	Format string
	// Key is the bearer token.
	Key string
	// System and User are the messages.
	System, User string
	Model        string
	Seed         float64
}

func readRequest(r *http.Request) (Request, error) {
	var q Request
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return q, err
	}
	var typed struct {
		Model          string  `json:"model"`
		Seed           float64 `json:"seed"`
		ResponseFormat struct {
			Type       string `json:"type"`
			JSONSchema struct {
				Name   string         `json:"name"`
				Schema map[string]any `json:"schema"`
			} `json:"json_schema"`
		} `json:"response_format"`
		Messages []struct{ Role, Content string } `json:"messages"`
	}
	if err := json.Unmarshal(body, &q.Members); err != nil {
		return q, err
	}
	if err := json.Unmarshal(body, &typed); err != nil {
		return q, err
	}
	q.Format, q.Model, q.Seed = typed.ResponseFormat.Type, typed.Model, typed.Seed
	q.Key = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	for _, m := range typed.Messages {
		switch m.Role {
		case "system":
			q.System = m.Content
		case "user":
			q.User = m.Content
		}
	}
	if q.Format == "json_schema" && typed.ResponseFormat.JSONSchema.Schema["type"] != "object" {
		return q, fmt.Errorf("invalid schema for response_format %q: it must be an object", typed.ResponseFormat.JSONSchema.Name)
	}
	return q, nil
}

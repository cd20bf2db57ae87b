// Package model asks an OpenAI-compatible server for titles: Ollama, LM Studio,
// llama.cpp, vLLM, OpenAI and what speaks like them.
//
// Its rules:
//
//   - one answer holds three candidates. The shape is asked for as strictly as
//     the server can (json_schema, json_object, plain text: a [Rung]), stepping
//     down only where it refuses the shape itself, and read leniently whatever
//     was asked;
//   - an answer is text of a stranger: it is bounded, and becomes at most three
//     lines of at most 200 characters. Whether one may be a title, the gate says;
//   - one more try, with the next seed, for what may pass: a server that is busy
//     or gone, an answer that is empty, cut or unreadable. Nothing is waited for
//     beyond the deadline;
//   - every other outcome is an [*Error] of a [Kind] from a closed list, whose
//     text says what to do and holds neither the key nor a password.
//
// The library, go-openai, builds requests and reads answers. What it does
// otherwise than a local server needs (it drops temperature 0, and refuses names
// such as o3-mini before they are sent) is mended below it, in exchange.go.
//
// A tour: titles.go is the loop of tries, exchange.go one request and its bounded
// answer, rung.go the shapes, answer.go, json.go, lines.go and thinking.go read
// titles out of a text, errors.go and text.go say what went wrong, check.go asks
// which models there are and warms one up.
//
// Facts about servers: reference titles.md, section 4.
package model

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Options say which server is asked and how. No URL means that there is none.
type Options struct {
	// URL is the server's base, e.g. http://127.0.0.1:11434/v1; without a path,
	// /v1 is meant. It may hold a user and password.
	URL string
	// Model is asked where the prompt names none; "" is the first one that the
	// server lists.
	Model string
	// Key is sent as a bearer token; "" is none.
	Key string
	// Connect bounds a connection attempt (0 is 2 s), Timeout a call of Titles,
	// all tries together (0 is 20 s).
	Connect, Timeout time.Duration
	// Temperature and MaxTokens are for prompts that say none. 0 is greedy, and
	// sent as next to nothing; 0 tokens are 1024.
	Temperature float64
	MaxTokens   int
	// MaxTokensField is what the server calls the latter: max_tokens ("" too),
	// or max_completion_tokens.
	MaxTokensField string
	// Extra is merged into each request; nil values leave their member out.
	Extra map[string]any
}

// Client asks one server. Its methods may be called by several goroutines.
type Client struct {
	o     Options
	base  string
	shown string
	http  *http.Client

	mu sync.Mutex
	// rungs is by the model's name: the strictest shape that was not refused.
	rungs map[string]Rung
	// chosen is the model that the server's list gave.
	chosen string
}

const (
	defaultConnect   = 2 * time.Second
	defaultTimeout   = 20 * time.Second
	defaultMaxTokens = 1024
)

// ours are members of a request that Extra may not hold: a title needs no
// tools, and the rest is this package's business.
var ours = []string{"messages", "model", "stream", "n", "tools", "tool_choice", "functions", "function_call", "response_format"}

// New is a client; it reaches for nothing yet. The error names the setting that
// is wrong, without its value.
func New(o Options) (*Client, error) {
	base, err := baseURL(o.URL)
	if err != nil {
		return nil, err
	}
	for _, name := range ours {
		if _, ok := o.Extra[name]; ok {
			return nil, fmt.Errorf("model: llm.extra cannot hold %q: that is decided by the program, llm.model and the prompt file", name)
		}
	}
	if o.Connect <= 0 {
		o.Connect = defaultConnect
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.MaxTokens <= 0 {
		o.MaxTokens = defaultMaxTokens
	}
	if o.MaxTokensField == "" {
		o.MaxTokensField = "max_tokens"
	}
	transport := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: o.Connect}).DialContext,
		TLSHandshakeTimeout:    o.Connect,
		MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConns:           2,
		IdleConnTimeout:        time.Minute,
		ForceAttemptHTTP2:      true,
	}
	c := &Client{o: o, rungs: map[string]Rung{}, http: &http.Client{
		Transport: transport,
		// The key belongs to the server that was named, and to no other.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if base != nil {
		c.base, c.shown = base.String(), base.Scheme+"://"+base.Host+base.Path
	}
	return c, nil
}

// Configured reports whether there is a server to ask.
func (c *Client) Configured() bool { return c.base != "" }

// Server is the server's address without user and password; "" if there is none.
func (c *Client) Server() string { return c.shown }

// Close lets go of connections that wait for another request.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// baseURL reads a server's address as people write it.
func baseURL(text string) (*url.URL, error) {
	if text == "" {
		return nil, nil
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("model: llm.url is no address: write e.g. http://127.0.0.1:11434/v1")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("model: llm.url ends in ? or #, which no OpenAI-compatible address does: write it up to /v1, and a key into BRAIN_LLM_API_KEY")
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), ""
	u.Path = strings.TrimSuffix(u.Path, "/chat/completions")
	if u.Path == "" {
		u.Path = "/v1"
	}
	return u, nil
}

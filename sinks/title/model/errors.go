package model

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"time"
)

// Kind is why there are no titles; a closed list, fit for events and metrics.
type Kind string

// The kinds.
const (
	// NotConfigured: there is no server to ask, and nothing to complain of.
	NotConfigured Kind = "not_configured"
	// Unreachable: no connection, or one that broke.
	Unreachable Kind = "unreachable"
	// Timeout: no answer in time. Cancelled: the caller did not want one any more.
	Timeout   Kind = "timeout"
	Cancelled Kind = "cancelled"
	// Key: 401 or 403. NoModel: 404, or a list without a model.
	Key     Kind = "key"
	NoModel Kind = "no_model"
	// Busy: 408, 429 or 5xx. Refused: any other status that is no answer.
	Busy    Kind = "busy"
	Refused Kind = "refused"
	// Empty, Cut, Unreadable: an answer without text, without its end, without
	// titles.
	Empty      Kind = "empty"
	Cut        Kind = "cut"
	Unreadable Kind = "unreadable"
)

// passes reports whether another try may go better.
func (k Kind) passes() bool {
	switch k {
	case Unreachable, Busy, Empty, Cut, Unreadable:
		return true
	}
	return false
}

// Error is why there are no titles, for a person and, by its Kind, for a
// program. Its text is one line, and holds neither the key nor a password.
type Error struct {
	Kind Kind
	// Status is the HTTP status; 0 where there was no answer.
	Status int

	text  string
	after time.Duration
	// shape: the answer's shape was refused, and not what was asked.
	shape bool
	err   error
}

func (e *Error) Error() string { return e.text }

// Unwrap gives context.Canceled, context.DeadlineExceeded or the transport's
// error, where that was the cause.
func (e *Error) Unwrap() error { return e.err }

func notConfigured() *Error {
	return &Error{Kind: NotConfigured, text: "model: no model server is configured (llm.url)"}
}

// errorf is an error about the server; what it wraps is in its text already.
func (c *Client) errorf(k Kind, format string, args ...any) *Error {
	return &Error{Kind: k, text: fmt.Errorf("model: "+c.shown+" "+format, args...).Error()}
}

// failure is what an exchange failed of before its answer could be read, or nil.
func (c *Client) failure(ctx context.Context, x *exchange, fence string) error {
	switch {
	case x.failed != nil:
		return c.transport(ctx, x.failed)
	case x.status >= 300:
		return c.refusal(x, fence)
	}
	return nil
}

func (c *Client) transport(ctx context.Context, err error) *Error {
	if inner, ok := errors.AsType[*url.Error](err); ok {
		err = inner.Err // the outer one shows the address with its user
	}
	var e *Error
	switch slow, _ := errors.AsType[net.Error](err); {
	case errors.Is(err, errTooLarge):
		return c.errorf(Unreadable, "sent an answer of more than %d bytes: is it a model server?", answerMax)
	case errors.Is(ctx.Err(), context.Canceled):
		e = c.errorf(Cancelled, "was not waited for: the question was cancelled")
		err = context.Canceled
	case ctx.Err() != nil:
		e = c.errorf(Timeout, "did not answer in time (llm.timeout is %s): is the model cold, or too large for the machine?", c.o.Timeout)
		err = context.DeadlineExceeded
	case slow != nil && slow.Timeout():
		e = c.errorf(Unreachable, "took no connection within %s: is it running, and llm.url its address?", c.o.Connect)
	default:
		e = c.errorf(Unreachable, "cannot be reached: %s: is it running, and llm.url its address?", c.safe(err.Error(), ""))
	}
	e.err = err
	return e
}

// refusal is an answer whose status is an error.
func (c *Client) refusal(x *exchange, fence string) *Error {
	said := c.safe(errorText(x.body), fence)
	var e *Error
	switch status := x.status; {
	case status < 400:
		e = c.errorf(Refused, "answers with a redirect (%d): set llm.url to the address that it leads to", status)
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		e = c.errorf(Key, "refused the key (%d: %s): set BRAIN_LLM_API_KEY", status, said)
	case status == http.StatusNotFound:
		e = c.errorf(NoModel, "does not know the model or the path (%d: %s): load the model there, name another with llm.model, and let llm.url end in /v1", status, said)
	case status == http.StatusRequestTimeout || status == http.StatusTooManyRequests || status >= 500:
		e = c.errorf(Busy, "is busy or out of order (%d: %s)", status, said)
		e.after = retryAfter(x.header)
	default:
		e = c.errorf(Refused, "refused the request (%d: %s)%s", status, said, remedy(said))
		e.shape = (status == http.StatusBadRequest || status == http.StatusUnprocessableEntity) && aboutShape.MatchString(said)
	}
	e.Status = x.status
	return e
}

// remedies are for members that a server does not take: OpenAI's newer models
// refuse max_tokens and any temperature, others a seed.
var remedies = []struct {
	named *regexp.Regexp
	text  string
}{
	{regexp.MustCompile(`max_completion_tokens`), ": set llm.max_tokens_field to max_completion_tokens"},
	{regexp.MustCompile(`max_tokens`), ": lower llm.max_tokens, or choose another llm.max_tokens_field"},
	{regexp.MustCompile(`(?i)temperature`), `: set llm.extra to {"temperature":null}`},
	{regexp.MustCompile(`(?i)\bseed\b`), `: set llm.extra to {"seed":null}`},
}

func remedy(said string) string {
	for _, r := range remedies {
		if r.named.MatchString(said) {
			return r.text
		}
	}
	return ""
}

// unreadable is an answer that is no JSON, or not the one that was asked for.
func (c *Client) unreadable(x *exchange, fence string) *Error {
	e := c.errorf(Unreadable, "answered with what is no completion (%s): is llm.url the address of a model server, and does it end in /v1?", c.safe(describe(x.body), fence))
	e.Status = x.status
	return e
}

// noChoice is an answer without a completion; some servers say there, with
// status 200, what went wrong.
func (c *Client) noChoice(x *exchange, fence string) *Error {
	e := c.errorf(Empty, "answered without a completion (%s)", c.safe(errorText(x.body), fence))
	e.Status = x.status
	return e
}

package model

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	openai "github.com/sashabaranov/go-openai"

	"promethean/sinks/title/prompt"
)

// answerMax bounds an answer, in bytes after unpacking. Three titles are 300;
// what a model thought may come with them.
const answerMax = 1 << 20

// almostZero stands for temperature 0, which some servers take for unset.
const almostZero = 0.0001

// placeholder is the model that the library is told of, since it judges names.
const placeholder = "placeholder"

var errTooLarge = errors.New("the answer is larger than 1 MiB")

// exchange is one request below the library, which sees a request that it takes
// for ordinary and an answer that is bounded.
type exchange struct {
	http *http.Client
	// set replaces members of the request; nil leaves one out.
	set map[string]any

	status int
	header http.Header
	body   []byte
	// failed is why there is no answer.
	failed error
}

// Do sends the request; the library calls it.
func (x *exchange) Do(req *http.Request) (*http.Response, error) {
	if err := x.complete(req); err != nil {
		x.failed = err
		return nil, err
	}
	res, err := x.http.Do(req)
	if err != nil {
		x.failed = err
		return nil, err
	}
	defer res.Body.Close()
	x.status, x.header = res.StatusCode, res.Header
	x.body, err = io.ReadAll(io.LimitReader(res.Body, answerMax+1))
	if err == nil && len(x.body) > answerMax {
		err = errTooLarge
	}
	if err != nil {
		x.failed = err
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(x.body))
	return res, nil
}

// complete puts into the request what the library would not send.
func (x *exchange) complete(req *http.Request) error {
	if req.Body == nil {
		return nil
	}
	var members map[string]any
	d := json.NewDecoder(req.Body)
	d.UseNumber()
	if err := d.Decode(&members); err != nil {
		return err
	}
	for name, value := range x.set {
		if value == nil {
			delete(members, name)
			continue
		}
		members[name] = value
	}
	b, err := json.Marshal(members)
	if err != nil {
		return err
	}
	req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(b)), int64(len(b))
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
	return nil
}

// library is the library's client over one exchange.
func (c *Client) library(x *exchange) *openai.Client {
	x.http = c.http
	config := openai.DefaultConfig(c.o.Key)
	config.BaseURL, config.HTTPClient = c.base, x
	return openai.NewClientWithConfig(config)
}

// members are what a request holds beside the library's part.
func (c *Client) members(p prompt.Rendered, name string) map[string]any {
	temperature, tokens := c.o.Temperature, c.o.MaxTokens
	if p.Temperature != nil {
		temperature = *p.Temperature
	}
	if p.MaxTokens > 0 {
		tokens = p.MaxTokens
	}
	set := map[string]any{"temperature": max(temperature, almostZero), c.o.MaxTokensField: tokens}
	maps.Copy(set, c.o.Extra)
	set["model"] = name
	return set
}

// ask makes one request and reads its answer into a.
func (c *Client) ask(ctx context.Context, p prompt.Rendered, a *Answer) error {
	x := &exchange{set: c.members(p, a.Model)}
	res, err := c.library(x).CreateChatCompletion(ctx, openai.ChatCompletionRequest{
		Model: placeholder,
		Messages: []openai.ChatCompletionMessage{
			{Role: openai.ChatMessageRoleSystem, Content: p.System},
			{Role: openai.ChatMessageRoleUser, Content: p.User},
		},
		ResponseFormat: a.Rung.format(),
		Seed:           &a.Seed,
	})
	if failed := c.failure(ctx, x, p.Fence); failed != nil {
		return failed
	}
	// A member of another type than expected is no harm where it is not read.
	if _, odd := errors.AsType[*json.UnmarshalTypeError](err); err != nil && !odd {
		return c.unreadable(x, p.Fence)
	}
	a.Tokens = Tokens{res.Usage.PromptTokens, res.Usage.CompletionTokens}
	if len(res.Choices) == 0 {
		return c.noChoice(x, p.Fence)
	}
	text, failed := c.content(res.Choices[0])
	if failed != nil {
		return failed
	}
	titles, err := Parse(text, prompt.Candidates)
	if err != nil {
		return c.errorf(Unreadable, "answered with a text that holds no titles: %w", err)
	}
	a.Titles = titles
	return nil
}

// content is the text of a choice that is whole.
func (c *Client) content(choice openai.ChatCompletionChoice) (string, error) {
	m := choice.Message
	text := m.Content
	for _, part := range m.MultiContent {
		// Others are what the model thought, and refused.
		if part.Type == "" || strings.HasSuffix(string(part.Type), "text") {
			text += part.Text + "\n"
		}
	}
	switch {
	case choice.FinishReason == openai.FinishReasonLength || choice.FinishReason == "max_tokens":
		return "", c.errorf(Cut, "was cut off in its answer: raise llm.max_tokens, or turn the model's thinking off with llm.extra")
	case choice.FinishReason == openai.FinishReasonContentFilter || m.Refusal != "":
		return "", c.errorf(Empty, "refused to answer: %s", c.safe(m.Refusal, ""))
	case blank(text) && !blank(m.ReasoningContent):
		return "", c.errorf(Empty, "thought and answered nothing: turn the model's thinking off with llm.extra")
	case blank(text):
		return "", c.errorf(Empty, "answered nothing")
	}
	return text, nil
}

// retryAfter is how long a server wants to be left alone: seconds or a date.
func retryAfter(h http.Header) time.Duration {
	text := h.Get("Retry-After")
	if n, err := strconv.ParseFloat(text, 64); err == nil && n > 0 {
		return time.Duration(min(n, 86_400) * float64(time.Second))
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(time.Until(at), 0)
	}
	return 0
}

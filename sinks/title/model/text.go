package model

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// saidMax bounds what is repeated of a server's error, in code points.
const saidMax = 300

// errorText is what a server says in an error: {"error":{"message":…}},
// {"error":"…"}, {"message":…}, {"detail":…}, the same in an array, an HTML page
// or plain text (reference: titles.md 4, client duties).
func errorText(body []byte) string {
	if text := messageIn(body, 3); text != "" {
		return text
	}
	return describe(body)
}

// messageIn looks for the message in JSON, so many levels deep.
func messageIn(raw json.RawMessage, depth int) string {
	var text string
	if depth == 0 || json.Unmarshal(raw, &text) == nil {
		return text
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		if len(list) == 0 {
			return ""
		}
		return messageIn(list[0], depth)
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return ""
	}
	for _, name := range []string{"error", "message", "detail", "msg"} {
		if text := messageIn(members[name], depth-1); text != "" {
			return text
		}
	}
	return ""
}

var pageTitle = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// describe says what a body is that is not what was expected.
func describe(body []byte) string {
	start := bytes.ToLower(bytes.TrimSpace(body[:min(len(body), 4096)]))
	switch {
	case len(start) == 0:
		return "nothing"
	case bytes.HasPrefix(start, []byte("<!doctype")) || bytes.HasPrefix(start, []byte("<html")):
		if m := pageTitle.FindSubmatch(body); m != nil {
			return "a web page: " + string(m[1])
		}
		return "a web page"
	case bytes.HasPrefix(start, []byte("data:")) || bytes.HasPrefix(start, []byte("event:")) || bytes.HasPrefix(start, []byte(":")):
		return "a stream, though none was asked for"
	}
	return string(body)
}

var (
	// likeKey are keys as servers repeat them, half masked.
	likeKey = regexp.MustCompile(`\bsk-[A-Za-z0-9_*.\-]+`)
	bearer  = regexp.MustCompile(`(?i)\b(bearer|basic)\s+[^\s"']+`)
	inURL   = regexp.MustCompile(`(://)[^/\s@]+@`)
)

// safe is a server's text for an error: one short line, without secrets, and
// without the prompt where the server repeats it.
func (c *Client) safe(text, fence string) string {
	if fence != "" {
		text, _, _ = strings.Cut(text, fence)
	}
	secrets := []string{c.o.Key}
	if u, err := url.Parse(c.base); err == nil && u.User != nil {
		password, _ := u.User.Password()
		basic := base64.StdEncoding.EncodeToString([]byte(u.User.Username() + ":" + password))
		secrets = append(secrets, basic, password, u.User.Username(), u.User.String())
	}
	for _, secret := range secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "***")
		}
	}
	text = likeKey.ReplaceAllString(text, "***")
	text = bearer.ReplaceAllString(text, "$1 ***")
	text = inURL.ReplaceAllString(text, "$1***@")
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsGraphic(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > saidMax {
		text = string(runes[:saidMax]) + "…"
	}
	return text
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

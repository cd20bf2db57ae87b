package settings

import (
	"net/url"
	"strings"
)

// Value is one line of `brain config`.
type Value struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	// From is default, file, environment … or flag ….
	From string `json:"from"`
	Env  string `json:"env"`
	Flag string `json:"flag,omitempty"`
	Help string `json:"help"`
}

// Describe lists the program's settings with what Load found. Secrets are
// never shown: only whether they are set.
func (l *Loader) Describe() []Value {
	file, _ := l.file()
	var values []Value
	for _, s := range l.own() {
		value, from, err := l.value(s, file)
		if err != nil {
			value = ""
		}
		v := Value{Name: s.Name, Value: shown(s, value), From: from, Env: s.Env(), Flag: "--" + s.Flag(), Help: s.Help}
		if s.Secret {
			v.Flag = ""
		}
		values = append(values, v)
	}
	return values
}

func shown(s Setting, value string) string {
	switch {
	case s.Secret && value != "":
		return "(set)"
	case s.Redact:
		return Redacted(value)
	}
	return value
}

// Redacted hides the password in a URL, or in several with commas. Text that
// may hold one but does not read as URLs is hidden whole.
func Redacted(value string) string {
	if !strings.Contains(value, "@") {
		return value
	}
	// A MongoDB URI has commas inside its host list, a NATS one between URLs.
	head, tail, _ := strings.Cut(value, "://")
	credentials, rest, _ := strings.Cut(tail, "@")
	if strings.Contains(rest, "@") || strings.Contains(credentials, "/") {
		return "(set)"
	}
	user, _, _ := strings.Cut(credentials, ":")
	if _, err := url.PathUnescape(user); err != nil {
		return "(set)"
	}
	return head + "://" + user + ":***@" + rest
}

package settings

import (
	"regexp"
	"strconv"
)

// Value is one line of `brain config`.
type Value struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	// From is "default", "file …", "environment …" or "flag …".
	From string `json:"from"`
	Env  string `json:"env"`
	// Flag is empty for a secret.
	Flag string `json:"flag,omitempty"`
	Help string `json:"help"`
}

// Describe lists the program's settings with what Load found. Secrets are
// never shown: only whether they are set. Without flags, environment and file
// it is the list of settings and their defaults, for the docs.
func (l *Loader) Describe() []Value {
	file, _ := l.file()
	var values []Value
	for _, s := range l.own() {
		got, err := l.find(s, file)
		if err != nil {
			got.text = ""
		}
		v := Value{Name: s.Name, Value: s.shown(got.text), From: got.from, Env: s.Env(), Flag: "--" + s.Flag(), Help: l.help(s)}
		if s.Secret {
			v.Flag = ""
		}
		values = append(values, v)
	}
	return values
}

// hidden is what stands for a value that may not be seen.
const hidden = "(set)"

// shown is a value as it may be seen.
func (s Setting) shown(value string) string {
	switch {
	case s.Secret && value != "":
		return hidden
	case s.Redact:
		return Redacted(value)
	}
	return value
}

// quoted is a value for an error message: at most 100 bytes.
func (s Setting) quoted(value string) string {
	if s.Secret {
		return "its value"
	}
	value = s.shown(value)
	if len(value) > 100 {
		value = value[:100] + "…"
	}
	return strconv.Quote(value)
}

var (
	// credentials may hold secrets: what is before an @, and query values such
	// as MongoDB's tlsCertificateKeyFilePassword and AWS_SESSION_TOKEN.
	credentials = regexp.MustCompile(`(?i)@|passw|token|secret`)
	// withUser is scheme://user:password@rest; NATS takes a bare token in the
	// user's place.
	withUser = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*://)(?:([^:/?#@]*):)?[^/?#@]*@(.*)$`)
)

// Redacted hides the password in a URL. Text that may hold a secret anywhere
// else is hidden whole.
func Redacted(value string) string {
	if !credentials.MatchString(value) {
		return value
	}
	m := withUser.FindStringSubmatch(value)
	if m == nil || credentials.MatchString(m[3]) {
		return hidden
	}
	if m[2] != "" {
		m[2] += ":"
	}
	return m[1] + m[2] + "***@" + m[3]
}

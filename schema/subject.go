package schema

import "strings"

// The roots of the subjects.
const (
	subjectRoot = "promethean.p."
	dlqRoot     = "dlq."
)

// AllEvents matches every event of every provider and tenant.
const AllEvents = "promethean.p.*.t.*.events.>"

// EventSubject is where an event is published:
// promethean.p.<provider>.t.<tenant>.events.<type>. Tokens that hold anything
// but [A-Za-z0-9_-] are made safe by [Token], those of a type that is not valid
// as well: it stands in the envelope as it is.
func EventSubject(p Provider, tenant string, t Type) string {
	return subjectRoot + Token(string(p)) + ".t." + Token(tenant) + ".events." + t.subject()
}

// maxTokens bounds the tokens of a type in a subject.
const maxTokens = 8

// subject is the type as tokens of a subject. What a valid one would not have,
// a character or a length, is made safe; what is behind its last token is
// joined to that.
func (t Type) subject() string {
	if t.Valid() {
		return string(t)
	}
	tokens := strings.SplitN(string(t), ".", maxTokens)
	for i := range tokens {
		tokens[i] = Token(tokens[i])
	}
	return strings.Join(tokens, ".")
}

// ControlSubject is where a command is published:
// promethean.p.<provider>.t.<tenant>.control.<name>. provider is whom it is for.
func ControlSubject(p Provider, tenant, name string) string {
	return subjectRoot + Token(string(p)) + ".t." + Token(tenant) + ".control." + name
}

// ControlFilter matches all commands for one provider and tenant.
func ControlFilter(p Provider, tenant string) string { return ControlSubject(p, tenant, ">") }

// AskSubject is where a question to a source is asked, as a NATS request that
// no stream keeps: promethean.p.<provider>.t.<tenant>.ask.<name>. A question
// changes nothing.
func AskSubject(p Provider, tenant, name string) string {
	return subjectRoot + Token(string(p)) + ".t." + Token(tenant) + ".ask." + name
}

// TenantEvents matches the events of one provider ("*" for all) and tenant
// whose type is under prefix, e.g. "action".
func TenantEvents(p Provider, tenant, prefix string) string {
	provider := string(p)
	if provider != "*" {
		provider = Token(provider)
	}
	return subjectRoot + provider + ".t." + Token(tenant) + ".events." + prefix + ".>"
}

// TenantType matches one tenant's events of every provider of exactly the type
// t.
func TenantType(tenant string, t Type) string {
	return subjectRoot + "*.t." + Token(tenant) + ".events." + string(t)
}

// EventFilter matches the events of every provider and tenant whose type is
// under prefix, e.g. "chat" for all chat.
func EventFilter(prefix string) string {
	return subjectRoot + "*.t.*.events." + prefix + ".>"
}

// TypeFilter matches the events of every provider and tenant of exactly the
// type t.
func TypeFilter(t Type) string { return subjectRoot + "*.t.*.events." + string(t) }

// RefusedFrameSubject is where a frame goes that could not be read at all.
func RefusedFrameSubject(p Provider, tenant string) string {
	return dlqRoot + subjectRoot + Token(string(p)) + ".t." + Token(tenant) + ".frame"
}

// DeadLetterSubject is where what was published under subject goes when a
// sink can never store it.
func DeadLetterSubject(subject string) string { return dlqRoot + subject }

// maxToken bounds one token of a subject, in bytes.
const maxToken = 64

// Token makes one subject token of text from outside: every character
// that is not in [A-Za-z0-9_-] becomes "_", so that no text can change a subject's
// meaning; empty text is "_"; what is over 64 bytes is cut. The true text
// stays in the envelope.
func Token(s string) string {
	if s == "" {
		return "_"
	}
	if len(s) > maxToken {
		s = s[:maxToken]
	}
	return strings.Map(func(r rune) rune {
		if r < 0x80 && tokenByte(byte(r)) {
			return r
		}
		return '_'
	}, s)
}

// ValidToken reports whether s can stand in a subject as it is.
func ValidToken(s string) bool { return s != "" && Token(s) == s }

func tokenByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}

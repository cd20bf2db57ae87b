package chat

import (
	"crypto/sha256"
	"regexp"
	"strings"
	"time"
	"unicode"

	"go.mongodb.org/mongo-driver/v2/bson"
	"golang.org/x/text/unicode/norm"

	"promethean/schema"
)

const (
	// pairTime is how far apart two sources may say that the same line was sent.
	pairTime = 5 * time.Second
	// pairReach is how many stream sequences apart the two may be recorded: minutes
	// of a busy evening, against the second or two that one source is behind the
	// other.
	pairReach = 8192
	// mostWords is the longest line, in bytes, that is remembered as it is.
	mostWords = 512
	// secondSource is the source whose lines give way to another's.
	secondSource = string(schema.AiLicia)
)

// said is a line as one source reported it, with what tells whether another
// source's is the same.
type said struct {
	// id is that of the row which the line has, or would have of its own.
	id, eventID, source, channel, username string
	// sent is when the platform says that it was written, at the row's timestamp,
	// both in milliseconds.
	seq, sent, at int64
	// names are the writer's, as compared, and text the words; bare are those
	// without the name that a reply begins with.
	names      []string
	text, bare string
	reply      bool
	test       bool
	second     bool
	// mate is the same line as the other source reported it.
	mate *said
	// stored: it may have a row of its own in the store.
	stored bool
	// repeats is the line as the same source has reported it before.
	repeats *said
}

// saidFields are the fields of a row that saidOf reads.
func saidFields() []string {
	return []string{"message", "user.username", "user.displayName", "channel", "timestamp", "sentAt", "eventIds", "seq", "replyTo.id", "isTest", "seenBy", "pair"}
}

// saidOf reads a row: the line, with its mate where it is a pair. Nil for what
// is none, a tombstone.
func saidOf(doc bson.Raw) *said {
	message, ok := doc.Lookup("message").StringValueOK()
	if !ok {
		return nil
	}
	text := textsOf(doc)
	l := &said{
		id: text("_id"), eventID: text("eventIds", "0"), source: text("seenBy", "0"), channel: text("channel"), username: text("user", "username"),
		stored: true,
	}
	l.seq, _ = doc.Lookup("seq").AsInt64OK()
	l.at, l.sent = times(doc)
	l.names = namesOf(l.username, text("user", "displayName"))
	words := sameText(message)
	l.text, l.bare = remembered(words), remembered(bare(words))
	_, err := doc.LookupErr("replyTo")
	l.reply = err == nil
	l.test, _ = doc.Lookup("isTest").BooleanOK()
	l.second = l.source == secondSource
	pair, ok := doc.Lookup("pair").DocumentOK()
	if !ok {
		return l
	}
	of := textsOf(bson.Raw(pair))
	m := &said{
		id: of("id"), eventID: of("eventId"), source: of("source"), channel: of("channel"), username: of("username"),
		test: l.test, second: true, mate: l,
	}
	m.seq, _ = bson.Raw(pair).Lookup("seq").AsInt64OK()
	m.at, m.sent = times(bson.Raw(pair))
	l.mate = m
	return l
}

func textsOf(doc bson.Raw) func(path ...string) string {
	return func(path ...string) string {
		s, _ := doc.Lookup(path...).StringValueOK()
		return s
	}
}

// times are timestamp and sentAt; rows of before there was sentAt have the first
// only.
func times(doc bson.Raw) (at, sent int64) {
	at, _ = doc.Lookup("timestamp").DateTimeOK()
	sent, ok := doc.Lookup("sentAt").DateTimeOK()
	if !ok {
		sent = at
	}
	return at, sent
}

// same reports whether two sources' lines are one, by what they say: the same
// writer, the same words, at the same time.
func (l *said) same(o *said) bool {
	apart := l.sent - o.sent
	if apart < 0 {
		apart = -apart
	}
	return apart <= pairTime.Milliseconds() && l.sameWords(o) && sharesName(l.names, o.names)
}

// sameWords: some programs put the name of whom a reply answers in front of it.
func (l *said) sameWords(o *said) bool {
	return l.text == o.text || (l.reply || o.reply) && l.bare == o.bare
}

// near reports whether o may be the mate of l, whatever they say: free, recorded
// before it and not too long before, and a rehearsal where l is one.
func (l *said) near(o *said) bool {
	return o.mate == nil && l.second != o.second && l.test == o.test && o.seq < l.seq && o.seq > l.seq-pairReach
}

func sharesName(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// namesOf are names as compared, each once: a source may say the login, the name
// shown, or a handle with @.
func namesOf(names ...string) (all []string) {
	for _, n := range names {
		n = sameName(n)
		if n != "" && !sharesName(all, []string{n}) {
			all = append(all, n)
		}
	}
	return all
}

func sameName(s string) string {
	return strings.TrimPrefix(strings.ToLower(visible(s)), "@")
}

// kickEmote is how Kick writes an emote into a message.
var kickEmote = regexp.MustCompile(`\[emote:\d+:([^\]]*)\]`)

// sameText is a message as compared: without what cannot be seen and an emote's
// number, white space made even.
func sameText(s string) string {
	if strings.Contains(s, "[emote:") {
		s = kickEmote.ReplaceAllString(s, "$1")
	}
	return visible(s)
}

// visible is text without what nobody sees: clients put it behind a message to
// send the same one twice (on Twitch U+E0000 or U+034F), and sources keep it or
// not. Letters with marks are composed, as some sources have them and others not.
func visible(s string) string {
	seen := strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r > ' ' && r < 0x7f:
			return r
		case unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
			return -1
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(strings.Join(strings.Fields(seen), " "))
}

// remembered is text as it is kept to be compared: a long one as its hash, so that
// what the window holds is bounded whatever a source sends.
func remembered(s string) string {
	if len(s) <= mostWords {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return string(sum[:])
}

// bare is a message without the name that it begins with.
func bare(s string) string {
	if !strings.HasPrefix(s, "@") {
		return s
	}
	if _, rest, ok := strings.Cut(s, " "); ok {
		return rest
	}
	return s
}

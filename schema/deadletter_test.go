package schema

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"testing"
)

func header(m Message, name string) string {
	for _, h := range m.Header {
		if h.Name == name {
			return h.Value
		}
	}
	return "(none)"
}

// checkDeadLetter holds for every refusal: it can be published whatever the
// draft was.
func checkDeadLetter(t *testing.T, m Message) {
	t.Helper()
	if !publishable(m.Subject) || !matches("dlq.promethean.p.*.t.*.frame", m.Subject) {
		t.Errorf("subject %q", m.Subject)
	}
	if len(m.Body) > MaxEnvelope {
		t.Errorf("body of %d bytes", len(m.Body))
	}
	if len(m.ID) > 256 {
		t.Errorf("id of %d bytes", len(m.ID))
	}
	checkHeaders(t, m)
}

func TestDeadLetter(t *testing.T) {
	body := []byte(`{"not":"an envelope"`)
	sum := sha256.Sum256(body)
	d := DeadLetter{
		Event:    Recorded{Body: body, Subject: "promethean.p.twitch.t.duck.events.chat.message", Stream: "PROM_EVENTS", Seq: 1<<64 - 1},
		Sink:     "ledger",
		Reason:   "line one\nline two é",
		Attempts: 3,
	}
	m := d.Message()
	if want := "ledger:PROM_EVENTS:18446744073709551615"; m.ID != want {
		t.Errorf("id %q, want %q", m.ID, want)
	}
	if want := "dlq.promethean.p.twitch.t.duck.events.chat.message"; m.Subject != want {
		t.Errorf("subject %q, want %q", m.Subject, want)
	}
	if !bytes.Equal(m.Body, body) {
		t.Errorf("body %q", m.Body)
	}
	for name, want := range map[string]string{
		HeaderReason:    "line one?line two ?",
		HeaderSubject:   d.Event.Subject,
		HeaderSHA256:    hex.EncodeToString(sum[:]),
		HeaderSize:      strconv.Itoa(len(body)),
		HeaderAttempts:  "3",
		HeaderSink:      "ledger",
		HeaderStream:    "PROM_EVENTS",
		HeaderStreamSeq: "18446744073709551615",
	} {
		if got := header(m, name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	checkHeaders(t, m)
	d.Sink = "chat"
	if d.Message().ID == m.ID {
		t.Error("two sinks share a dead letter")
	}
}

func TestReasonIsBounded(t *testing.T) {
	long := strings.Repeat("é\n", 100_000)
	dead := DeadLetter{Reason: long, Sink: "s"}.Message()
	refused := SealRefusal(Refuse(with(chatDraft(), func(d *Draft) {
		d.Trace.FrameType, d.Trace.Connection, d.Trace.Source = long, long, long
	}), errors.New(long)))
	for name, m := range map[string]Message{"dead letter": dead, "refusal": refused} {
		if got := len(header(m, HeaderReason)); got != 1024 {
			t.Errorf("%s: reason of %d bytes, want 1024", name, got)
		}
		checkHeaders(t, m)
	}
}

func TestRefuseKeeps(t *testing.T) {
	d := chatDraft()
	m := SealRefusal(Refuse(d, errors.New("why")))
	checkDeadLetter(t, m)
	sum := sha256.Sum256(d.Raw)
	if !bytes.Equal(m.Body, d.Raw) || m.ID != d.ID {
		t.Errorf("id %q, body %q: want the frame", m.ID, m.Body)
	}
	for name, want := range map[string]string{
		HeaderReason:      "why",
		HeaderSubject:     "promethean.p.twitch.t.duck.frame",
		HeaderSHA256:      hex.EncodeToString(sum[:]),
		HeaderSize:        strconv.Itoa(len(d.Raw)),
		HeaderAttempts:    "1",
		HeaderOrigin:      "live",
		HeaderSource:      "streamerbot",
		HeaderConnection:  "c-1",
		HeaderReceivedAt:  "2025-02-18T21:15:22.456Z",
		HeaderSourceFrame: "Twitch.ChatMessage",
	} {
		if got := header(m, name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	d.Raw = nil
	if m := SealRefusal(Refuse(d, errors.New("why"))); !bytes.Equal(m.Body, d.Payload) {
		t.Errorf("without a frame the body is %q, want the payload", m.Body)
	}
}

// A refusal of a frame that was read past holds its beginning and says the
// size and hash of all of it.
func TestRefusalOfMoreThanIsKept(t *testing.T) {
	whole := bytes.Repeat([]byte("x"), MaxEnvelope+1)
	d := Draft{ID: "x", Provider: Twitch, Trace: Trace{Tenant: "duck"}, Refusal: &Refusal{
		Reason: "too big", Bytes: whole, Size: 1 << 40, SHA256: sha256.Sum256([]byte("all")),
	}}
	m := SealRefusal(d)
	checkDeadLetter(t, m)
	sum := sha256.Sum256([]byte("all"))
	if len(m.Body) != MaxEnvelope || header(m, HeaderSize) != "1099511627776" || header(m, HeaderSHA256) != hex.EncodeToString(sum[:]) {
		t.Errorf("%d bytes kept, size %s, hash %s", len(m.Body), header(m, HeaderSize), header(m, HeaderSHA256))
	}
}

// Refused drafts that differ in anything known are different letters, and the
// same draft is the same letter.
func TestRefuseIDs(t *testing.T) {
	base := with(chatDraft(), func(d *Draft) { d.ID = "" })
	drafts := map[string]Draft{
		"base":                  base,
		"other connection":      with(base, func(d *Draft) { d.Trace.Connection = "c-2" }),
		"other n":               with(base, func(d *Draft) { d.Trace.N++ }),
		"other source":          with(base, func(d *Draft) { d.Trace.Source = "other" }),
		"other bytes":           with(base, func(d *Draft) { d.Raw = []byte("{}") }),
		"bad id":                with(base, func(d *Draft) { d.ID = "été" }),
		"bad id, printed alike": with(base, func(d *Draft) { d.ID = "ñtñ" }),
		"long id":               with(base, func(d *Draft) { d.ID = strings.Repeat("a", 300) }),
		"long id, same start":   with(base, func(d *Draft) { d.ID = strings.Repeat("a", 300) + "b" }),
		"good id":               with(base, func(d *Draft) { d.ID = "kept" }),
	}
	seen := map[string]string{}
	for name, d := range drafts {
		m := SealRefusal(Refuse(d, ErrSeal))
		checkDeadLetter(t, m)
		if again := SealRefusal(Refuse(d, errors.New("other reason"))); again.ID != m.ID {
			t.Errorf("%s: id %s, then %s", name, m.ID, again.ID)
		}
		if other, ok := seen[m.ID]; ok {
			t.Errorf("%q and %q are one letter %s", name, other, m.ID)
		}
		seen[m.ID] = name
	}
	if seen["kept"] != "good id" {
		t.Error("a good id was not kept")
	}
}

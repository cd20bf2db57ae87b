package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

func FuzzSeal(f *testing.F) {
	chat, pass := chatDraft(), passThroughDraft()
	type seed struct {
		id, typ, provider, tenant, version, text string
		payload, raw, meta                       []byte
		sent, received                           int64
		n                                        uint64
	}
	at := receivedAt.UnixMilli()
	for _, s := range []seed{
		{chat.ID, "chat.message", "twitch", "duck", "", "c-1", chat.Payload, chat.Raw, nil, at, at, 17},
		{pass.ID, "ai.thoughts", "ailicia", "duck", "2025-03-01", "a\r\nb", pass.Payload, nil, pass.SourceMeta, 0, at, 0},
		{"x", "a", "", "t", "v", "\xff", []byte("0"), []byte{}, []byte("{}"), 1 << 62, at, 1},
		{"é", "a", "*", ">", "", "", []byte("{}"), []byte("not json"), []byte(`{"raw":1}`), 1, 1, 1},
		{"", "", "", "", "", "", nil, nil, nil, 0, 0, 0},
		{"x", "a.b", "kick", "t", "", "é", []byte("\"\xff\""), []byte("[1,]"), []byte("[]"), 1, 1 << 62, 2},
		{" ", "a.b", "kick", "t", "", "é", []byte(" 1 "), []byte("\t2\n"), []byte(` {"gateway":"theirs","GATEWAY":{"n":9}} `), -62135596800000, 1, 2},
	} {
		f.Add(s.id, s.typ, s.provider, s.tenant, s.version, s.text, s.payload, s.raw, s.meta, s.sent, s.received, s.n)
	}
	f.Fuzz(func(t *testing.T, id, typ, provider, tenant, version, text string, payload, raw, meta []byte, sent, received int64, n uint64) {
		d := Draft{
			ID: id, Type: Type(typ), Provider: Provider(provider), Version: Version(version),
			Timestamp: time.UnixMilli(sent), Channel: Channel{text, text, text}, StreamID: text,
			Payload: payload, Raw: raw, SourceMeta: meta,
			Extra: extraOf(meta),
			Trace: Trace{
				Source: text, SourceVersion: text, Tenant: tenant, ReceivedAt: time.UnixMilli(received), InstanceID: text,
				Connection: text, N: n, FrameType: text, ForeignID: text, Origin: Origin(text), CausedBy: []string{text},
			},
		}
		m, err := Seal(d)
		if err == nil {
			checkSealed(t, d, m)
			return
		}
		if !errors.Is(err, ErrSeal) {
			t.Errorf("%v does not wrap ErrSeal", err)
		}
		dead := SealRefusal(Refuse(d, err))
		checkDeadLetter(t, dead)
		want := raw
		if len(raw) == 0 {
			want = payload
		}
		if !bytes.Equal(dead.Body, want) {
			t.Errorf("dead letter keeps %q of %q", dead.Body, want)
		}
	})
}

// extraOf makes Extra of meta where that cannot clash with an envelope's members.
func extraOf(meta []byte) Extra {
	var members map[string]any
	if json.Unmarshal(meta, &members) != nil {
		return Extra{}
	}
	for name := range members {
		for _, ours := range []string{"id", "type", "version", "timestamp", "channel", "stream", "payload", "meta", "name", "platform"} {
			if strings.EqualFold(name, ours) {
				return Extra{}
			}
		}
	}
	return Extra{meta, meta, meta}
}

// FuzzParse: whatever stands on the log is read or refused with ErrEnvelope,
// and so is its meta.
func FuzzParse(f *testing.F) {
	for _, d := range []Draft{chatDraft(), passThroughDraft()} {
		m, err := Seal(d)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(m.Body)
	}
	for _, s := range parseCases() {
		f.Add([]byte(s.in))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := Parse(b)
		if err != nil {
			if !errors.Is(err, ErrEnvelope) {
				t.Errorf("%v does not wrap ErrEnvelope", err)
			}
			return
		}
		if e.ID == "" || e.Type == "" || e.Timestamp.IsZero() || len(e.Payload) == 0 {
			t.Errorf("required field missing: %+v", e)
		}
		if !bytes.Contains(b, e.Payload) {
			t.Errorf("payload %q was re-encoded", e.Payload)
		}
		m, metaErr := ParseMeta(e.Meta)
		noRaw, rawErr := WithoutRaw(e.Meta)
		for _, err := range []error{metaErr, rawErr} {
			if err != nil && !errors.Is(err, ErrEnvelope) {
				t.Errorf("%v does not wrap ErrEnvelope", err)
			}
		}
		split, splitNoRaw, splitErr := SplitMeta(e.Meta)
		if (splitErr != nil) != (metaErr != nil || rawErr != nil) {
			t.Errorf("%v in one pass, %v and %v in two", splitErr, metaErr, rawErr)
		}
		if metaErr != nil || rawErr != nil {
			return
		}
		if !reflect.DeepEqual(split, m) || !bytes.Equal(splitNoRaw, noRaw) {
			t.Errorf("in one pass %+v and %s, in two %+v and %s", split, splitNoRaw, m, noRaw)
		}
		again, err := ParseMeta(noRaw)
		if err != nil || again.Raw != nil || !reflect.DeepEqual(again.Gateway, m.Gateway) {
			t.Errorf("without raw %q: %v", noRaw, err)
		}
	})
}

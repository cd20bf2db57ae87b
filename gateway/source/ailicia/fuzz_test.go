package ailicia

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"promethean/schema"
)

// FuzzNormalise: whatever an event holds, it is one on the log with its payload
// byte for byte, or a dead letter with its bytes, or of an ignored user; no
// address of the documented form is in any of it.
func FuzzNormalise(f *testing.F) {
	for _, events := range streams(f, "testdata/frames") {
		for _, e := range events {
			f.Add(e.name, e.data, e.id)
		}
	}
	f.Add("message", with("ada", "restream"), "")
	f.Add("é\n", with("chat.message", "Tide.>*"), strings.Repeat("x", 300))
	f.Add("", with(`"meta"`, `"ID":{},"\u0069d":"2","Meta":1,"meta"`, "hi", `/tts/u/`+key), "/tts/u/"+key)
	f.Fuzz(func(t *testing.T, name, data, id string) {
		n, e := testNormaliser(), event{name: name, data: data, id: id, connection: "c", n: 1}
		clean, _ := redact([]byte(data))
		d, err := n.normalise(e, receivedAt)
		if errors.Is(err, errIgnored) {
			return
		}
		if err != nil {
			m := schema.SealRefusal(n.refuse(e, receivedAt, err))
			if !bytes.Equal(m.Body, clean) {
				t.Errorf("a dead letter keeps %q of %q", m.Body, clean)
			}
			checkMessage(t, m)
			return
		}
		m, sealed, meta := seal(t, d)
		checkMessage(t, m)
		if sealed.ID != d.ID || sealed.Type != d.Type || !bytes.Contains(clean, sealed.Payload) || len(sealed.Payload) == 0 {
			t.Errorf("%s %s: payload %q of %q", sealed.ID, sealed.Type, sealed.Payload, clean)
		}
		if meta.Raw != nil && !bytes.Equal(meta.Raw, bytes.Trim(clean, " \t\r\n")) {
			t.Errorf("raw is %q of %q", meta.Raw, clean)
		}
		if meta.Gateway.Source != Name || meta.Gateway.Tenant != "duck" {
			t.Errorf("another spoke for the gateway: %+v", meta.Gateway)
		}
	})
}

func checkMessage(t *testing.T, m schema.Message) {
	t.Helper()
	text := m.Subject + m.ID
	for _, h := range m.Header {
		text += h.Value
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) || strings.ContainsAny(m.Subject, " *>") {
		t.Errorf("subject, id and headers are %q", text)
	}
	if strings.Contains(text+string(m.Body), "/tts/u/"+key) {
		t.Errorf("the key is left in %q %q", text, m.Body)
	}
}

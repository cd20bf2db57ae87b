package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// golden compares a message with testdata/envelopes. A file that exists is
// never changed: it stands for events that are stored already.
func golden(t *testing.T, name string, m Message) {
	t.Helper()
	var got bytes.Buffer
	fmt.Fprintf(&got, "%s\n%s: %s\n", m.Subject, HeaderMessageID, m.ID)
	for _, h := range m.Header {
		fmt.Fprintf(&got, "%s: %s\n", h.Name, h.Value)
	}
	fmt.Fprintf(&got, "\n%s\n", m.Body)
	file := filepath.Join("testdata", "envelopes", name+".golden")
	want, err := os.ReadFile(file)
	if os.IsNotExist(err) && *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("message changed\n got %s\nwant %s", got.Bytes(), want)
	}
}

// checkSealed holds for every sealed draft, whatever was in it: the envelope
// is JSON, reads back, and carries payload and raw byte for byte.
func checkSealed(t *testing.T, d Draft, m Message) {
	t.Helper()
	if !json.Valid(m.Body) {
		t.Fatalf("body is not JSON: %q", m.Body)
	}
	e, err := Parse(m.Body)
	if err != nil {
		t.Fatalf("parse: %v\n%q", err, m.Body)
	}
	meta, err := ParseMeta(e.Meta)
	if err != nil {
		t.Fatalf("parse meta: %v\n%q", err, m.Body)
	}
	if e.ID != d.ID || e.Type != d.Type || m.ID != d.ID || e.Version == "" {
		t.Errorf("id %q type %q version %q", e.ID, e.Type, e.Version)
	}
	if !bytes.Equal(e.Payload, trimmed(d.Payload)) {
		t.Errorf("payload\n got %q\nwant %q", e.Payload, d.Payload)
	}
	if !bytes.Equal(meta.Raw, trimmed(d.Raw)) {
		t.Errorf("raw\n got %q\nwant %q", meta.Raw, d.Raw)
	}
	if meta.Gateway.RawIsPayload != (len(d.Raw) == 0) || meta.Gateway.Tenant != d.Trace.Tenant || meta.Gateway.N != d.Trace.N {
		t.Errorf("gateway block %+v", meta.Gateway)
	}
	if !publishable(m.Subject) || !matches(AllEvents, m.Subject) || len(m.Body) > MaxEnvelope {
		t.Errorf("subject %q, %d bytes", m.Subject, len(m.Body))
	}
	checkHeaders(t, m)
}

// checkHeaders holds for every message: its id and header values are one line
// of printable ASCII, and bounded.
func checkHeaders(t *testing.T, m Message) {
	t.Helper()
	size := 0
	for _, h := range append([]HeaderField{{HeaderMessageID, m.ID}}, m.Header...) {
		if strings.ContainsFunc(h.Value, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Errorf("%s: %q is not one line of printable text", h.Name, h.Value)
		}
		size += len(h.Name) + len(h.Value) + len(": \r\n")
	}
	if m.ID == "" || strings.TrimSpace(m.ID) != m.ID {
		t.Errorf("id %q is empty to a bus that trims header values", m.ID)
	}
	if size > 16<<10 {
		t.Errorf("headers of %d bytes", size)
	}
}

func trimmed(b []byte) []byte { return bytes.Trim(b, " \t\r\n") }

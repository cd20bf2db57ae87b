package schema

import (
	"errors"
	"testing"
)

type parseCase struct {
	name, in string
	ok       bool
}

func parseCases() []parseCase {
	return []parseCase{
		{"least", `{"id":"a","type":"b","timestamp":"2025-02-18T21:15:22Z","payload":1}`, true},
		{"unknown fields stay unread", `{"id":"a","type":"b","timestamp":"2025-02-18T21:15:22Z","payload":1,"x":{}}`, true},
		{"null payload is a payload", `{"id":"a","type":"b","timestamp":"2025-02-18T21:15:22Z","payload":null}`, true},
		{"null meta", `{"id":"a","type":"b","timestamp":"2025-02-18T21:15:22Z","payload":1,"meta":null}`, true},
		{"other offset", `{"id":"a","type":"b","timestamp":"2025-02-18T21:15:22.123456789+05:30","payload":{}}`, true},
		{"empty", ``, false},
		{"null", `null`, false},
		{"array", `[]`, false},
		{"cut", `{"id":"a"`, false},
		{"no id", `{"type":"b","timestamp":"2025-02-18T21:15:22Z","payload":1}`, false},
		{"no type", `{"id":"a","timestamp":"2025-02-18T21:15:22Z","payload":1}`, false},
		{"no timestamp", `{"id":"a","type":"b","payload":1}`, false},
		{"null timestamp", `{"id":"a","type":"b","timestamp":null,"payload":1}`, false},
		{"timestamp is a number", `{"id":"a","type":"b","timestamp":1700000000,"payload":1}`, false},
		{"timestamp without offset", `{"id":"a","type":"b","timestamp":"2025-02-18T21:15:22","payload":1}`, false},
		{"timestamp after 9999 in UTC", `{"id":"a","type":"b","timestamp":"9999-12-31T23:59:59-01:00","payload":1}`, false},
		{"no payload", `{"id":"a","type":"b","timestamp":"2025-02-18T21:15:22Z"}`, false},
		{"payload not UTF-8", "{\"id\":\"a\",\"type\":\"b\",\"timestamp\":\"2025-02-18T21:15:22Z\",\"payload\":\"\xff\"}", false},
		{"id not UTF-8", "{\"id\":\"\xff\",\"type\":\"b\",\"timestamp\":\"2025-02-18T21:15:22Z\",\"payload\":1}", false},
		{"id is a number", `{"id":1,"type":"b","timestamp":"2025-02-18T21:15:22Z","payload":1}`, false},
		{"more after", `{"id":"a","type":"b","timestamp":"2025-02-18T21:15:22Z","payload":1}{}`, false},
	}
}

func TestParse(t *testing.T) {
	for _, tt := range parseCases() {
		t.Run(tt.name, func(t *testing.T) {
			e, err := Parse([]byte(tt.in))
			if (err == nil) != tt.ok || err != nil && !errors.Is(err, ErrEnvelope) {
				t.Errorf("got %+v, %v", e, err)
			}
			if err != nil && (e.ID != "" || e.Payload != nil) {
				t.Errorf("an error with half an envelope: %+v", e)
			}
		})
	}
}

func TestMeta(t *testing.T) {
	tests := []struct {
		name, in string
		source   string
		raw      string
		noRaw    string
		ok       bool
	}{
		{"none", "", "", "", "", true},
		{"null", "null", "", "", "", true},
		{"empty", "{}", "", "", "{}", true},
		{"another program's", `{"a":1,"b":[2]}`, "", "", `{"a":1,"b":[2]}`, true},
		{"ours", `{"gateway":{"source":"s"},"raw":{"x": 1}}`, "s", `{"x": 1}`, `{"gateway":{"source":"s"}}`, true},
		{"raw first", ` { "raw" : [1] , "gateway" : {"source":"s"} } `, "s", "[1]", `{"gateway" : {"source":"s"}}`, true},
		{"raw only", `{"raw":0}`, "", "0", "{}", true},
		{"raw deeper stays", `{"x":{"raw":1}}`, "", "", `{"x":{"raw":1}}`, true},
		{"the last gateway counts", `{"gateway":1,"gateway":{"source":"s"}}`, "s", "", `{"gateway":1,"gateway":{"source":"s"}}`, true},
		{"gateway of another shape", `{"gateway":1}`, "", "", `{"gateway":1}`, false},
		{"scalar", `1`, "", "", "", false},
		{"cut", `{"gateway":{}`, "", "", "", false},
		{"comma last", `{"a":1,}`, "", "", "", false},
		{"more after", `{"a":1}{}`, "", "", "", false},
		{"no comma", `{"a":1 "b":2}`, "", "", "", false},
		{"no colon", `{"a" 1}`, "", "", "", false},
		{"no key", `{1:1}`, "", "", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := ParseMeta([]byte(tt.in))
			if (err == nil) != tt.ok || err != nil && !errors.Is(err, ErrEnvelope) {
				t.Fatalf("ParseMeta: %+v, %v", m, err)
			}
			if m.Gateway.Source != tt.source || string(m.Raw) != tt.raw {
				t.Errorf("source %q, raw %q", m.Gateway.Source, m.Raw)
			}
			noRaw, err := WithoutRaw([]byte(tt.in))
			if string(noRaw) != tt.noRaw || (err == nil) != (tt.ok || tt.noRaw != "") || err != nil && !errors.Is(err, ErrEnvelope) {
				t.Errorf("WithoutRaw: %q, %v", noRaw, err)
			}
		})
	}
}

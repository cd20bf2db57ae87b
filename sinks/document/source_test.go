package document_test

import (
	"encoding/json"
	"testing"

	"promethean/sinks/document"
)

func TestSourceData(t *testing.T) {
	for _, tt := range []struct {
		name, frame, payload, want string
	}{
		{"the frame's data, byte for byte", `{"event":{},"data": { "a" : 1.0 } }`, `{"p":1}`, `{ "a" : 1.0 }`},
		{"a frame without data", `{"event":{}}`, `{"p":1}`, `{"event":{}}`},
		{"a frame that is no object", `[1]`, `{"p":1}`, `[1]`},
		{"data that are null", `{"data":null}`, `{"p":1}`, `null`},
		{"no frame", "", `{"p":1}`, `{"p":1}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var frame json.RawMessage
			if tt.frame != "" {
				frame = json.RawMessage(tt.frame)
			}
			if got := document.SourceData(frame, json.RawMessage(tt.payload)); string(got) != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

package evening

import (
	"bytes"
	"encoding/json"
	"time"
)

// Stamp is a time in .NET's round-trip form: the PC's local time with its offset, up to seven
// decimals, trailing zeros trimmed (recorded).
func Stamp(t time.Time) string { return t.Format("2006-01-02T15:04:05.9999999-07:00") }

// utcStamp is the same in UTC with a Z, as platform times are.
func utcStamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.9999999Z") }

// microStamp is YouTube's publishedAt: local, up to six decimals.
func microStamp(t time.Time) string { return t.Format("2006-01-02T15:04:05.999999-07:00") }

// frame is the envelope of every event: these three fields and no others.
type frame struct {
	TimeStamp string `json:"timeStamp"`
	Event     event  `json:"event"`
	Data      any    `json:"data"`
}

type event struct {
	Source string `json:"source"`
	Type   string `json:"type"`
}

// encode gives the frame as compact JSON with <, > and & as they are.
func encode(at time.Time, source, kind string, data any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	// The data are this package's own structs of strings, numbers and bools: encoding cannot fail.
	_ = enc.Encode(frame{TimeStamp: Stamp(at), Event: event{source, kind}, Data: data})
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

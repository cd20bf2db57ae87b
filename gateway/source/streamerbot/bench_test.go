package streamerbot

import (
	"bytes"
	"encoding/json"
	"testing"
)

// BenchmarkNormalise reads frames in the compact form in which they travel.
func BenchmarkNormalise(b *testing.B) {
	for _, name := range []string{"Twitch.ChatMessage.v025", "Twitch.ChatMessage.v105", "YouTube.Message.v025-1", "Kick.ChatMessage.v100-doc", "Twitch.Follow.v025-1"} {
		var frame bytes.Buffer
		if err := json.Compact(&frame, frames(b, "testdata/frames")[name]); err != nil {
			b.Fatal(err)
		}
		facts := testFacts()
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(frame.Len()))
			for b.Loop() {
				Normalise(frame.Bytes(), facts)
			}
		})
	}
}

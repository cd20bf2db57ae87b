package streamerbot

import (
	"bytes"
	"encoding/json"
	"testing"

	"promethean/schema"
)

// BenchmarkFrame is all that one event costs between the socket and the outbox:
// read, normalise, seal.
func BenchmarkFrame(b *testing.B) {
	for _, name := range []string{"Twitch.ChatMessage.v025", "Twitch.ChatMessage.v105", "YouTube.Message.v025-1"} {
		var sent bytes.Buffer
		if err := json.Compact(&sent, frames(b, "testdata/frames")[name]); err != nil {
			b.Fatal(err)
		}
		facts := testFacts()
		facts.memory = new(memory)
		reader := frameReader{most: schema.MaxFrame, progress: func() {}, isCut: func() bool { return false }}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(sent.Len()))
			var socket bytes.Reader
			for b.Loop() {
				socket.Reset(sent.Bytes())
				got, err := reader.read(&socket)
				if err != nil {
					b.Fatal(err)
				}
				d, _ := Normalise(got.bytes, facts)
				if _, err := schema.Seal(d); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

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

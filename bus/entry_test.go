package bus

import (
	"bytes"
	"testing"

	"promethean/schema"
)

// BenchmarkEntry is what the outbox's bytes of one message cost, there and back.
func BenchmarkEntry(b *testing.B) {
	m := schema.Message{
		Subject: "promethean.p.twitch.t.main.events.chat.message", ID: "2f41a6c0-5a35-84a4-9d6c-1f0f6f7a9d10",
		Header: []schema.HeaderField{
			{Name: schema.HeaderOrigin, Value: "live"}, {Name: schema.HeaderSource, Value: "streamerbot"},
			{Name: schema.HeaderContentType, Value: "application/json"},
		},
		Body: bytes.Repeat([]byte("x"), 2048),
	}
	entry := appendEntry(nil, m)
	b.Run("encode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			appendEntry(nil, m)
		}
	})
	b.Run("decode", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := decodeEntry(entry); err != nil {
				b.Fatal(err)
			}
		}
	})
}

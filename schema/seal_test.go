package schema

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

var (
	sentAt     = time.Date(2025, 2, 18, 22, 15, 22, 123_999_999, time.FixedZone("CET", 3600))
	receivedAt = time.Date(2025, 2, 18, 21, 15, 22, 456_700_000, time.UTC)
)

// chatDraft is a whole chat line with its frame, odd spelling included: what
// is copied byte for byte must stay odd.
func chatDraft() Draft {
	return Draft{
		ID:        NativeID(Twitch, "duck", ChatMessage, "m-1"),
		Type:      ChatMessage,
		Provider:  Twitch,
		Version:   "2025-02-01",
		Timestamp: sentAt,
		Channel:   Channel{ID: "ch_123", Name: "mychannel", Platform: "TWITCH"},
		StreamID:  "st_456",
		Payload:   []byte(`{"id":"m-1", "message":"a <b> & é \ud83c", "bits":1.0e2,"x":1,"x":2}`),
		Raw:       []byte("{ \"timeStamp\":\"2025-02-18T22:15:22.1239999+01:00\",\r\n \"data\":{\"big\":1e400,\"é\":\"\\u00e9\"} }"),
		Trace: Trace{
			Source: "streamerbot", SourceVersion: "1.0.7", Tenant: "duck", ReceivedAt: receivedAt, InstanceID: "i-1",
			Connection: "c-1", N: 17, FrameType: "Twitch.ChatMessage", Origin: Live, Redacted: []string{"payload.ttsStreamUrl"},
		},
	}
}

func passThroughDraft() Draft {
	return Draft{
		ID:         "0b5e3f0a-ai-licia",
		Type:       "ai.thoughts",
		Provider:   AiLicia,
		Version:    "2025-03-01",
		Timestamp:  sentAt,
		Channel:    Channel{ID: "c", Name: "n", Platform: "TWITCH"},
		Payload:    []byte(`{"thought":"…" , "unknown":[1,2.50]}`),
		SourceMeta: []byte(` { "requestId" : "r-1","n":1.00 } `),
		Trace: Trace{
			Source: "ailicia", Tenant: "duck", ReceivedAt: receivedAt, N: 2, FrameType: "ai.thoughts",
			ForeignID: "f-1", Origin: Live, CausedBy: []string{"a", "b"}, CorrelationID: "corr",
		},
	}
}

// with is d after change.
func with(d Draft, change func(*Draft)) Draft {
	change(&d)
	return d
}

func TestSealGolden(t *testing.T) {
	tests := []struct {
		name  string
		draft Draft
	}{
		{"chat_with_raw", chatDraft()},
		{"pass_through_without_raw", passThroughDraft()},
		{"empty_source_meta", with(passThroughDraft(), func(d *Draft) { d.SourceMeta = []byte(" {\n} ") })},
		{"raw_and_source_meta", with(chatDraft(), func(d *Draft) { d.SourceMeta = []byte(`{"kept":"as is"}`) })},
		{"no_timestamp", with(chatDraft(), func(d *Draft) { d.Timestamp = time.Time{} })},
		{"timestamp_after_9999", with(chatDraft(), func(d *Draft) { d.Timestamp = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) })},
		{"no_version", with(chatDraft(), func(d *Draft) { d.Version = "" })},
		{"own_version", with(chatDraft(), func(d *Draft) { d.Version, d.OwnVersion = "", true })},
		{"no_version_unlisted_type", with(passThroughDraft(), func(d *Draft) { d.Version = "" })},
		{"origin_test", with(chatDraft(), func(d *Draft) { d.Trace.Origin = Test })},
		{"scalar_payload", with(passThroughDraft(), func(d *Draft) { d.Payload = []byte(`"text"`) })},
		{"source_envelope_with_more", with(passThroughDraft(), func(d *Draft) {
			d.StreamID, d.Extra = "st_1", Extra{[]byte(`{"delivery": {"attempt":1}}`), []byte(` {"region":"eu"} `), []byte(`{"a":1,"b":2.0}`)}
		})},
		{"type_from_outside", with(passThroughDraft(), func(d *Draft) { d.Type = "Tide changed.> é*" })},
		{"least", Draft{ID: "x", Type: "a", Provider: Brain, Payload: []byte("0"), Trace: Trace{Source: "s", Tenant: "t", ReceivedAt: receivedAt, Origin: Live}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := Seal(tt.draft)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, tt.name, m)
			checkSealed(t, tt.draft, m)
		})
	}
}

func TestSealReadsBack(t *testing.T) {
	d := chatDraft()
	d.SourceMeta = []byte(`{"their":"own"}`)
	m, err := Seal(d)
	if err != nil {
		t.Fatal(err)
	}
	e, err := Parse(m.Body)
	if err != nil {
		t.Fatal(err)
	}
	meta, err := ParseMeta(e.Meta)
	if err != nil {
		t.Fatal(err)
	}
	if e.Channel != d.Channel || e.Stream == nil || e.Stream.ID != d.StreamID || e.Version != d.Version {
		t.Errorf("envelope %+v", e)
	}
	if !e.Timestamp.Equal(sentAt.Truncate(time.Millisecond)) || e.Timestamp.Location() != time.UTC {
		t.Errorf("timestamp %v", e.Timestamp)
	}
	g := meta.Gateway
	if !g.ReceivedAt.Equal(receivedAt.Truncate(time.Millisecond)) || g.VersionAssumed || g.TimestampAssumed {
		t.Errorf("gateway %+v", g)
	}
	want := d.Trace
	want.ReceivedAt = time.Time{} // it stands in Gateway.ReceivedAt
	if fmt.Sprintf("%+v", g.Trace) != fmt.Sprintf("%+v", want) {
		t.Errorf("trace\n got %+v\nwant %+v", g.Trace, want)
	}
	noRaw, err := WithoutRaw(e.Meta)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(noRaw, []byte(`{"their":"own","gateway":{`)) || bytes.Contains(noRaw, []byte(`"raw"`)) || CheckJSON(noRaw) != nil {
		t.Errorf("without raw: %s", noRaw)
	}
	if back := strings.TrimSuffix(string(noRaw), "}") + `,"raw":` + string(d.Raw) + "}"; back != string(e.Meta) {
		t.Errorf("without raw lost more than raw:\n got %s\nfrom %s", noRaw, e.Meta)
	}
}

// What a source writes in its own meta cannot speak for the gateway.
func TestSourceMetaCannotForgeTheGateway(t *testing.T) {
	tests := []struct{ name, meta string }{
		{"gateway", `{"gateway":{"origin":"test","foreignId":"forged","versionAssumed":true}}`},
		{"gateway in capitals", `{"GATEWAY":{"origin":"test","foreignId":"forged","versionAssumed":true}}`},
		{"gateway by escapes", `{"\u0067ateway":{"origin":"test","foreignId":"forged","versionAssumed":true}}`},
		{"gateway of another shape", `{"gateway":"mine"}`},
		{"raw", `{"raw":{"forged":true}}`},
		{"raw in capitals", `{"Raw":{"forged":true}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := passThroughDraft()
			d.SourceMeta, d.Trace.ForeignID = []byte(tt.meta), ""
			m, err := Seal(d)
			if err != nil {
				t.Fatal(err)
			}
			checkSealed(t, d, m)
			e, err := Parse(m.Body)
			if err != nil {
				t.Fatal(err)
			}
			meta, err := ParseMeta(e.Meta)
			if err != nil {
				t.Fatal(err)
			}
			if g := meta.Gateway; g.Origin != Live || g.ForeignID != "" || g.VersionAssumed {
				t.Errorf("the source wrote our block: %+v", g)
			}
			if !bytes.Contains(e.Meta, []byte(tt.meta[1:len(tt.meta)-1])) {
				t.Errorf("the source's own meta was changed: %s", e.Meta)
			}
		})
	}
}

func TestSealLimit(t *testing.T) {
	d := passThroughDraft()
	d.SourceMeta = nil
	d.Payload = []byte(`""`)
	m, err := Seal(d)
	if err != nil {
		t.Fatal(err)
	}
	room := MaxEnvelope - len(m.Body)
	for _, tt := range []struct {
		name string
		size int
		ok   bool
	}{{"just under", room - 1, true}, {"exactly", room, true}, {"one over", room + 1, false}} {
		t.Run(tt.name, func(t *testing.T) {
			d.Payload = []byte(`"` + strings.Repeat("x", tt.size) + `"`)
			m, err := Seal(d)
			if tt.ok {
				if err != nil || len(m.Body) != MaxEnvelope-room+tt.size {
					t.Fatalf("%d bytes: %v", len(m.Body), err)
				}
				return
			}
			if !errors.Is(err, ErrSeal) || !strings.Contains(err.Error(), "over the limit") {
				t.Fatalf("got %v", err)
			}
			dead := SealRefusal(Refuse(d, err))
			if !bytes.Equal(dead.Body, d.Payload) || len(dead.Body) > MaxEnvelope {
				t.Errorf("dead letter keeps %d of %d bytes", len(dead.Body), len(d.Payload))
			}
		})
	}
}

func TestSealRefuses(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Draft)
		why    error
	}{
		{"no id", func(d *Draft) { d.ID = "" }, nil},
		{"id of two lines", func(d *Draft) { d.ID = "a\r\nX: y" }, nil},
		{"id not ASCII", func(d *Draft) { d.ID = "é" }, nil},
		{"id of 257 bytes", func(d *Draft) { d.ID = strings.Repeat("a", 257) }, nil},
		{"id of a space", func(d *Draft) { d.ID = " " }, nil},
		{"id that a header would trim", func(d *Draft) { d.ID = "a " }, nil},
		{"no type", func(d *Draft) { d.Type = "" }, nil},
		{"type of 257 bytes", func(d *Draft) { d.Type = Type(strings.Repeat("a", 257)) }, nil},
		{"type not UTF-8", func(d *Draft) { d.Type = "a\xff" }, nil},
		{"command of wildcards", func(d *Draft) { d.Type = "control.>" }, nil},
		{"extra not JSON", func(d *Draft) { d.Extra.Channel = []byte(`{"a":1}}`) }, ErrJSON},
		{"extra an array", func(d *Draft) { d.Extra.Envelope = []byte("[]") }, nil},
		{"no tenant", func(d *Draft) { d.Trace.Tenant = "" }, nil},
		{"tenant with a dot", func(d *Draft) { d.Trace.Tenant = "a.b" }, nil},
		{"tenant too long", func(d *Draft) { d.Trace.Tenant = strings.Repeat("a", 65) }, nil},
		{"no payload", func(d *Draft) { d.Payload = nil }, nil},
		{"payload of white space", func(d *Draft) { d.Payload = []byte(" ") }, ErrJSON},
		{"payload cut", func(d *Draft) { d.Payload = []byte(`{"a":`) }, ErrJSON},
		{"payload that closes ours", func(d *Draft) { d.Payload = []byte(`{}},"meta":{`) }, ErrJSON},
		{"payload too deep", func(d *Draft) { d.Payload = []byte(nested("[", "", "]", 101)) }, ErrDepth},
		{"payload not UTF-8", func(d *Draft) { d.Payload = []byte("\"\xff\"") }, ErrUTF8},
		{"raw not JSON", func(d *Draft) { d.Raw = []byte("hello") }, ErrJSON},
		{"raw not UTF-8", func(d *Draft) { d.Raw = []byte("\"\xff\"") }, ErrUTF8},
		{"meta not JSON", func(d *Draft) { d.SourceMeta = []byte("{") }, ErrJSON},
		{"meta an array", func(d *Draft) { d.SourceMeta = []byte(" []") }, nil},
		{"meta null", func(d *Draft) { d.SourceMeta = []byte("null") }, nil},
		{"no time at all", func(d *Draft) { d.Timestamp, d.Trace.ReceivedAt = time.Time{}, time.Time{} }, nil},
		{"never received", func(d *Draft) { d.Trace.ReceivedAt = time.Time{} }, nil},
		{"received after 9999", func(d *Draft) { d.Trace.ReceivedAt = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := with(chatDraft(), tt.change)
			m, err := Seal(d)
			if !errors.Is(err, ErrSeal) || tt.why != nil && !errors.Is(err, tt.why) {
				t.Fatalf("got %v, %s", err, m.Body)
			}
			checkDeadLetter(t, SealRefusal(Refuse(d, err)))
		})
	}
}

func TestSealHeadersAreOneLine(t *testing.T) {
	d := chatDraft()
	d.Trace.Source = "böse\r\nNats-Rollup: all\x00\x7f" + strings.Repeat("x", 100_000)
	d.Trace.Origin = "live\r\nX: y"
	m, err := Seal(d)
	if err != nil {
		t.Fatal(err)
	}
	checkHeaders(t, m)
}

// An empty raw is no raw: it must not leave a hole in the envelope.
func TestSealEmptyRaw(t *testing.T) {
	d := with(chatDraft(), func(d *Draft) { d.Raw = []byte{} })
	m, err := Seal(d)
	if err != nil {
		t.Fatal(err)
	}
	checkSealed(t, d, m)
	if dead := SealRefusal(Refuse(d, ErrSeal)); !bytes.Equal(dead.Body, d.Payload) {
		t.Errorf("refusal keeps %q, want the payload", dead.Body)
	}
}

// A time before the first millisecond of year 1 reads back as none.
func TestSealTimestampCutToNothing(t *testing.T) {
	d := with(chatDraft(), func(d *Draft) { d.Timestamp = time.Time{}.Add(time.Microsecond) })
	m, err := Seal(d)
	if err != nil {
		t.Fatal(err)
	}
	checkSealed(t, d, m)
}

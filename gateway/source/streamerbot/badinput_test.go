package streamerbot

import (
	"encoding/json"
	"strings"
	"testing"

	"promethean/schema"
)

// TestBadInput has an outcome for each kind of bad input: a refusal that says
// why, or an event that keeps what is there.
func TestBadInput(t *testing.T) {
	const chat = `"event":{"source":"Twitch","type":"ChatMessage"}`
	const stamp = `"timeStamp":"2026-03-04T19:21:44.0190211+01:00"`
	deep := strings.Repeat(`{"a":`, 200) + "1" + strings.Repeat("}", 200)
	million := strings.Repeat("x", 1_000_000)
	for _, tt := range []struct {
		name, frame string
		refused     string // part of the reason; "" is an event
		check       func(t *testing.T, e schema.Envelope, p schema.ChatPayload, m schema.Meta)
	}{
		{name: "empty", frame: "", refused: "not JSON"},
		{name: "white space", frame: " \r\n", refused: "not JSON"},
		{name: "truncated", frame: `{` + stamp + `,` + chat + `,"data":{"text":"he`, refused: "not JSON"},
		{name: "two values", frame: `{}{}`, refused: "not JSON"},
		{name: "array", frame: `[1]`, refused: "not a JSON object"},
		{name: "depth bomb", frame: `{` + stamp + `,` + chat + `,"data":` + deep + `}`, refused: "nests deeper"},
		{name: "invalid UTF-8", frame: `{` + stamp + `,` + chat + `,"data":{"text":"` + "\xff" + `"}}`, refused: "UTF-8"},
		{name: "no event", frame: `{` + stamp + `,"data":{}}`, refused: "no event"},
		{name: "event is text", frame: `{"event":"Twitch.Follow","data":{}}`, refused: "event.source"},
		{name: "source is a number", frame: `{"event":{"source":1,"type":"A"}}`, refused: "event.source"},
		{name: "type is missing", frame: `{"event":{"source":"Twitch"}}`, refused: "event.type"},
		{name: "type is empty", frame: `{"event":{"source":"Twitch","type":""}}`, refused: "event.type"},
		{name: "chat without anything", frame: `{` + stamp + `,` + chat + `,"data":{"parts":[]}}`, refused: errNothing.Error()},
		{name: "chat data is null", frame: `{` + stamp + `,` + chat + `,"data":null}`, refused: errNothing.Error()},
		{name: "chat without data", frame: `{` + stamp + `,` + chat + `}`, refused: errNothing.Error()},
		{
			name: "white space around", frame: "\n {" + stamp + `,` + chat + `,"data":{"text":"a"}}` + "\r\n",
			check: func(t *testing.T, _ schema.Envelope, p schema.ChatPayload, m schema.Meta) {
				want(t, p.Message, "a")
				want(t, m.Raw[0], '{')
			},
		},
		{
			name: "doubled keys: the last counts", frame: `{` + stamp + `,` + chat + `,"data":{"text":"a","user":{"id":"1","login":"x"},"text":"b","user":{"id":"2"}}}`,
			check: func(t *testing.T, _ schema.Envelope, p schema.ChatPayload, m schema.Meta) {
				want(t, p.Message+p.UserID+p.Username, "b2")
				want(t, strings.Count(string(m.Raw), `"user"`), 2)
			},
		},
		{
			name: "lone surrogate", frame: `{` + stamp + `,` + chat + `,"data":{"text":"a\ud800b"}}`,
			check: func(t *testing.T, _ schema.Envelope, p schema.ChatPayload, m schema.Meta) {
				want(t, p.Message, "a\ufffdb")
				want(t, strings.Contains(string(m.Raw), `\ud800`), true)
			},
		},
		{
			name: "1e400", frame: `{` + stamp + `,` + chat + `,"data":{"text":"a","bits":1e400,"user":{"id":1e400}}}`,
			check: func(t *testing.T, _ schema.Envelope, p schema.ChatPayload, m schema.Meta) {
				want(t, p.Bits, 0)
				want(t, p.UserID, "1e400")
				want(t, strings.Count(string(m.Raw), "1e400"), 2)
			},
		},
		{
			name: "numbers for ids", frame: `{` + stamp + `,` + chat + `,"data":{"text":"a","messageId":12345678901234567890,"user":{"id":7,"login":8,"role":"3"}}}`,
			check: func(t *testing.T, _ schema.Envelope, p schema.ChatPayload, _ schema.Meta) {
				want(t, p.ID+" "+p.UserID+" "+p.Username, "12345678901234567890 7 8")
				want(t, p.IsModerator, true)
			},
		},
		{
			name: "everything mistyped but the text", frame: `{"timeStamp":[],` + chat + `,"data":{"text":"a","messageId":{},"user":"bob","meta":3,"emotes":{"a":1},"badges":7,"message":[1],"reply":"x","isTest":"yes","broadcaster":[],"bits":"many"}}`,
			check: func(t *testing.T, e schema.Envelope, p schema.ChatPayload, m schema.Meta) {
				want(t, p.Message+p.ID+p.Username, "a")
				want(t, m.Gateway.TimestampAssumed, true)
				want(t, e.Channel, testFacts().Channels[schema.Twitch])
			},
		},
		{name: "user only", frame: `{` + stamp + `,` + chat + `,"data":{"user":{"id":"7"}}}`, refused: errNothing.Error()},
		{
			name: "emotes only", frame: `{` + stamp + `,` + chat + `,"data":{"emotes":[{"name":"Kappa"}]}}`,
			check: func(t *testing.T, _ schema.Envelope, p schema.ChatPayload, _ schema.Meta) { want(t, len(p.Emotes), 1) },
		},
		{
			name: "bits only", frame: `{` + stamp + `,` + chat + `,"data":{"bits":5}}`,
			check: func(t *testing.T, _ schema.Envelope, p schema.ChatPayload, _ schema.Meta) { want(t, p.Bits, 5) },
		},
		{
			name: "clock is garbage", frame: `{"timeStamp":"yesterday",` + chat + `,"data":{"text":"a"}}`,
			check: func(t *testing.T, _ schema.Envelope, _ schema.ChatPayload, m schema.Meta) {
				want(t, m.Gateway.TimestampAssumed, true)
			},
		},
		{
			name: "clock before year one", frame: `{"timeStamp":"0000-01-01T00:00:00Z",` + chat + `,"data":{"text":"a"}}`,
			check: func(t *testing.T, _ schema.Envelope, _ schema.ChatPayload, m schema.Meta) {
				want(t, m.Gateway.TimestampAssumed, true)
			},
		},
		{
			name: "a time of .NET that was never set", frame: `{` + stamp + `,` + chat + `,"data":{"text":"a","createdAt":"0001-01-01T00:00:00-04:00","publishedAt":"2026-03-04T18:21:43Z"}}`,
			check: func(t *testing.T, _ schema.Envelope, p schema.ChatPayload, _ schema.Meta) {
				want(t, p.SentDateTime.String(), "2026-03-04T18:21:43.000Z")
			},
		},
		{
			name: "clock after year 9999", frame: `{"timeStamp":"9999-12-31T23:59:59-04:00",` + chat + `,"data":{"text":"a"}}`,
			check: func(t *testing.T, _ schema.Envelope, _ schema.ChatPayload, m schema.Meta) {
				want(t, m.Gateway.TimestampAssumed, true)
			},
		},
		{
			name: "clock years ago is the source's time", frame: `{"timeStamp":"1999-12-31T23:59:59.1-04:00",` + chat + `,"data":{"text":"a"}}`,
			check: func(t *testing.T, e schema.Envelope, p schema.ChatPayload, _ schema.Meta) {
				want(t, e.Timestamp.String(), "2000-01-01T03:59:59.100Z")
				want(t, p.SentDateTime.String(), "2000-01-01T03:59:59.100Z")
			},
		},
		{
			name: "id of a million characters", frame: `{` + stamp + `,` + chat + `,"data":{"text":"a","messageId":"` + million + `"}}`,
			check: func(t *testing.T, e schema.Envelope, p schema.ChatPayload, _ schema.Meta) {
				want(t, len(p.ID), len(million))
				want(t, len(e.ID), 36)
				if e.ID == schema.NativeID(schema.Twitch, "duck", schema.ChatMessage, million) {
					t.Error("a text of a million characters counts as a platform's id")
				}
			},
		},
		{
			name: "type of a million characters", frame: `{` + stamp + `,"event":{"source":"Twitch","type":"` + million + `"},"data":{}}`,
			check: func(t *testing.T, e schema.Envelope, _ schema.ChatPayload, m schema.Meta) {
				want(t, e.Type.Valid(), true)
				want(t, len(m.Gateway.FrameType) <= maxFrameType, true)
				want(t, len(m.Raw) > len(million), true)
			},
		},
		{
			name: "a subject's special characters", frame: `{` + stamp + `,"event":{"source":"Twi.*>","type":"a b\u0000"},"data":{"broadcaster":{"id":"1","login":"*.>"}}}`,
			check: func(t *testing.T, e schema.Envelope, _ schema.ChatPayload, m schema.Meta) {
				want(t, e.Type, "streamerbot.twi___.a_b_")
				want(t, m.Gateway.FrameType, "Twi.*>.a b\x00")
				want(t, m.Raw != nil, true)
			},
		},
		{
			name: "channel name with a subject's special characters", frame: `{` + stamp + `,` + chat + `,"data":{"text":"a","broadcaster":{"id":"1","login":"x.>*"}}}`,
			check: func(t *testing.T, e schema.Envelope, _ schema.ChatPayload, _ schema.Meta) {
				want(t, e.Channel.Name, "x.>*")
			},
		},
		{
			name: "a list without end", frame: `{` + stamp + `,` + chat + `,"data":{"text":"a","emotes":[` + strings.Repeat(`{"name":1},`, 50_000) + `{}]}}`,
			check: func(t *testing.T, _ schema.Envelope, p schema.ChatPayload, _ schema.Meta) {
				want(t, len(p.Emotes), maxList)
			},
		},
		{
			name: "unknown type without data", frame: `{` + stamp + `,"event":{"source":"Foo","type":"BarBaz"}}`,
			check: func(t *testing.T, e schema.Envelope, _ schema.ChatPayload, m schema.Meta) {
				want(t, e.Type, "streamerbot.foo.bar_baz")
				want(t, string(e.Payload), "null")
				want(t, m.Raw != nil, true)
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, ignored := Normalise([]byte(tt.frame), testFacts())
			if ignored {
				t.Fatal("ignored")
			}
			if tt.refused != "" {
				if d.Refusal == nil || !strings.Contains(d.Refusal.Reason, tt.refused) {
					t.Fatalf("refusal = %+v, want one with %q", d.Refusal, tt.refused)
				}
				want(t, string(d.Refusal.Bytes), strings.Trim(tt.frame, " \r\n"))
				return
			}
			e := mustSeal(t, d)
			m, err := schema.ParseMeta(e.Meta)
			if err != nil {
				t.Fatal(err)
			}
			var p schema.ChatPayload
			if e.Type == schema.ChatMessage {
				if err := json.Unmarshal(e.Payload, &p); err != nil {
					t.Fatal(err)
				}
			}
			tt.check(t, e, p, m)
		})
	}
}

func want[T comparable](t *testing.T, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestTwoAlikeInOneTickAreTwo(t *testing.T) {
	frame := []byte(`{"timeStamp":"2026-03-04T19:21:44+01:00","event":{"source":"Twitch","type":"Follow"},"data":{"user_id":"1"}}`)
	ids := func(connection string) [2]string {
		f, o := testFacts(), Ordinals{}
		f.Connection, f.Ordinal = connection, o.Next
		a, _ := Normalise(frame, f)
		b, _ := Normalise(frame, f)
		return [2]string{a.ID, b.ID}
	}
	first := ids("one")
	if first[0] == first[1] {
		t.Error("two alike frames of one connection have one id")
	}
	want(t, ids("two"), first)
}

func TestNoTimeStampIsNeverMerged(t *testing.T) {
	frame := []byte(`{"event":{"source":"Twitch","type":"Follow"},"data":{"user_id":"1"}}`)
	f := testFacts()
	a, _ := Normalise(frame, f)
	f.N++
	b, _ := Normalise(frame, f)
	f.Connection = "another"
	c, _ := Normalise(frame, f)
	if a.ID == b.ID || b.ID == c.ID || a.ID == c.ID {
		t.Errorf("ids %s %s %s are not three", a.ID, b.ID, c.ID)
	}
}

func TestOneFactOneID(t *testing.T) {
	line := func(kind, stamp, text string) schema.Draft {
		d, _ := Normalise([]byte(`{"timeStamp":"`+stamp+`","event":{"source":"Twitch","type":"`+kind+`"},"data":{"messageId":"m1","text":"`+text+`"}}`), testFacts())
		return d
	}
	a := line("ChatMessage", "2026-03-04T19:21:44+01:00", "x")
	want(t, line("ChatMessage", "2026-03-04T19:21:45+01:00", "x").ID, a.ID)
	if line("FirstWord", "2026-03-04T19:21:44+01:00", "x").ID == a.ID {
		t.Error("FirstWord has the id of the line that it repeats")
	}
}

func FuzzNormalise(f *testing.F) {
	f.Add([]byte(`{"timeStamp":"2026-03-04T19:21:44.01+01:00","event":{"source":"Twitch","type":"ChatMessage"},"data":{"text":"a\ud800","user":{"id":1e400,"badges":[{},[]]},"text":5}}`))
	f.Add([]byte(`{"event":{"source":"YouTube","type":"Message"},"data":{"message":"x","user":{"name":"n"}},"data":{}}`))
	f.Add([]byte(` {"timeStamp":null,"event":{"source":"\u0000","type":"é."},"data":"x"} `))
	f.Add([]byte(`{"event":{"source":"Kick","type":"ChatMessage"},"data":[]}`))
	f.Add([]byte(`{"event":{"source":"Twitch","type":"GiftBomb"},"data":{"recipients":["a",null,{"id":1,"login":[]},[]],"total":"1e3","sub_tier":0,"subTier":null}}`))
	f.Add([]byte(`{"event":{"source":"YouTube","type":"SuperChat"},"data":{"microAmount":-1e400,"amount":{},"user":"x","tier":1.50}}`))
	f.Add([]byte(`{"event":{"source":"Twitch","type":"HypeTrainEnd"},"data":{"level":-1,"top_contributions":[{"total":-5},7],"ended_at":"9999-12-31T23:59:59.9999999-23:59"}}`))
	f.Add([]byte(`{"event":{"source":"Kick","type":"ChannelUpdate"},"data":{"title":7,"category":"x","oldGame":{}}}`))
	paths := frames(f, "testdata/frames")
	for _, frame := range paths {
		f.Add(frame)
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		if len(frame) > schema.MaxFrame {
			return
		}
		d, ignored := Normalise(frame, testFacts())
		if ignored {
			return
		}
		if d.Refusal != nil {
			if d.Refusal.Reason == "" || d.ID == "" {
				t.Fatalf("refusal without reason or id: %+v", d)
			}
			return
		}
		e := mustSeal(t, d)
		m, err := schema.ParseMeta(e.Meta)
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(e.Payload) || e.Type == "" {
			t.Fatalf("bad envelope %+v", e)
		}
		conforms(t, e.Type, e.Payload)
		wantRaw(t, d, m, []byte(strings.Trim(string(frame), " \t\r\n")))
	})
}

package bus

import (
	"encoding/hex"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"promethean/schema"
)

func TestBatchAck(t *testing.T) {
	for _, tt := range []struct {
		name, answer string
		want         error
	}{
		{"stored", `{"stream":"PROM_EVENTS","seq":3,"batch":"b","count":3}`, nil},
		{"refused", `{"error":{"code":400,"err_code":10201,"description":"duplicate"}}`, &jetstream.APIError{}},
		{"another batch", `{"stream":"PROM_EVENTS","seq":3,"batch":"a","count":3}`, errBatchAck},
		{"fewer messages", `{"stream":"PROM_EVENTS","seq":3,"batch":"b","count":2}`, errBatchAck},
		{"a single message's", `{"stream":"PROM_EVENTS","seq":3}`, errBatchAck},
		{"empty", ``, errBatchAck},
		{"no object", `[]`, errBatchAck},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := checkBatchAck([]byte(tt.answer), "b", 3)
			var refused *jetstream.APIError
			if errors.As(tt.want, &refused) {
				if !errors.As(err, &refused) || refused.ErrorCode != 10201 {
					t.Errorf("got %v, want the server's refusal", err)
				}
			} else if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// One set of headers serves all messages: nothing of one may show in the next.
func TestBatchMessagesShareNothing(t *testing.T) {
	s := newBatchSender(nil)
	first := schema.Message{Subject: "a", ID: "1", Header: []schema.HeaderField{{Name: "Promethean-Origin", Value: "live"}, {Name: "traceparent", Value: "00"}}}
	s.message(&first, "b", 1)
	got := s.message(&schema.Message{Subject: "c", ID: "2"}, "b", 2)
	want := nats.Header{"Nats-Msg-Id": {"2"}, "Nats-Batch-Id": {"b"}, "Nats-Batch-Sequence": {"2"}}
	if diff := cmp.Diff(want, got.Header); diff != "" || got.Subject != "c" {
		t.Errorf("subject %s (-want +got):\n%s", got.Subject, diff)
	}
}

// An outbox of an older program must open: these are its bytes.
const writtenBefore = "0105612e622e63026964" + "02" + "1150726f6d65746865616e2d4f726967696e046c697665" + "0158" + "00" + "027b7d"

func entryBefore() schema.Message {
	return schema.Message{Subject: "a.b.c", ID: "id", Body: []byte("{}"),
		Header: []schema.HeaderField{{Name: "Promethean-Origin", Value: "live"}, {Name: "X"}}}
}

func TestEntryOfAnOlderProgramReads(t *testing.T) {
	b, err := hex.DecodeString(writtenBefore)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decodeEntry(b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(entryBefore(), got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(b, appendEntry(nil, got)); diff != "" {
		t.Error(diff)
	}
	for n := range b {
		if _, err := decodeEntry(b[:n]); !errors.Is(err, ErrEntry) {
			t.Errorf("%d of %d bytes: %v", n, len(b), err)
		}
	}
}

func FuzzDecodeEntry(f *testing.F) {
	f.Add(appendEntry(nil, entryBefore()))
	f.Add([]byte("\x01\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := decodeEntry(b)
		if err != nil {
			return
		}
		again, err := decodeEntry(appendEntry(nil, m))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m, again); diff != "" {
			t.Error(diff)
		}
	})
}

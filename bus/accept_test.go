package bus

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"promethean/bus/outbox"
	"promethean/schema"
)

// Memory that serves one event after the other must not show in any of them,
// nor be used again before the event is on disk.
func TestAcceptedEntriesAreTheirOwn(t *testing.T) {
	box, err := outbox.Open(t.TempDir(), outbox.Options{MaxBatch: 16})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	a := NewAcceptor(box, zerolog.Nop())
	var want []schema.Message
	for i := range 60 {
		d := schema.Draft{
			ID: fmt.Sprintf("id-%d", i), Type: schema.ChatMessage, Provider: schema.Twitch,
			Payload: fmt.Appendf(nil, `{"message":"%d%s"}`, i, strings.Repeat("x", i*977%(2*keptBuffer))),
			Trace:   schema.Trace{Source: "test", Tenant: "main", Origin: schema.Live, ReceivedAt: time.UnixMilli(1000)},
		}
		m, err := schema.Seal(d)
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, m)
		a.Emit(t.Context(), d)
	}
	if err := a.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	var got []schema.Message
	for len(got) < len(want) {
		entries, err := box.Next(t.Context(), uint64(len(got)), 1, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		m, err := decodeEntry(entries[0].Data)
		if err != nil {
			t.Fatal(err)
		}
		m.Body = bytes.Clone(m.Body)
		got = append(got, m)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-sealed +accepted):\n%s", diff)
	}
}

package main

import (
	"context"
	"fmt"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/bus"
	"promethean/bus/outbox"
	"promethean/gateway/source/streamerbot"
	"promethean/schema"
	"promethean/sinks/ledger"
	"promethean/sinks/mongostub"
	"promethean/sinks/store"
)

// BenchmarkEvent takes one line of chat of 1 KB through each station by itself,
// in the order of its life; ns, bytes and allocations are for one event.
func BenchmarkEvent(b *testing.B) {
	at := time.Date(2026, 11, 24, 20, 15, 22, 0, time.UTC)
	frame := appendFrame(nil, 1, fullSize, at)
	facts := streamerbot.Facts{Tenant: "main", InstanceID: "bench", Version: "1.0.7", Connection: "bench", N: 1, ReceivedAt: at}
	draft, _ := streamerbot.Normalise(frame, facts)
	message, err := schema.Seal(draft)
	if err != nil {
		b.Fatal(err)
	}
	envelope, err := schema.Parse(message.Body)
	if err != nil {
		b.Fatal(err)
	}
	event := schema.Recorded{Envelope: envelope, Body: message.Body, Subject: message.Subject, Stream: bus.StreamEvents, Seq: 1, StoredAt: at}
	pure := func(name string, station func() error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := station(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	pure("normalise", func() error { streamerbot.Normalise(frame, facts); return nil })
	pure("seal", func() error { _, err := schema.Seal(draft); return err })
	b.Run("outbox", func(b *testing.B) { benchOutbox(b, message.Body) })
	pure("parse", func() error { _, err := schema.Parse(message.Body); return err })
	for _, k := range kinds {
		pure("document-"+k.sink, func() error { _, err := k.document(event); return err })
	}
	b.Run("store", func(b *testing.B) { benchStore(b, event) })
}

// benchOutbox puts entries in and takes them out again, without fsync: that is
// the disk's time and not the program's.
func benchOutbox(b *testing.B, entry []byte) {
	box, err := outbox.Open(b.TempDir(), outbox.Options{Disk: unsynced(b.TempDir())})
	if err != nil {
		b.Fatal(err)
	}
	defer box.Close()
	b.ReportAllocs()
	left, after := 0, uint64(0)
	for b.Loop() {
		if err := box.Put(b.Context(), entry, nil); err != nil {
			b.Fatal(err)
		}
		for left++; left >= fullBatch; {
			got, err := box.Next(b.Context(), after, fullBatch, 4<<20)
			if err != nil {
				b.Fatal(err)
			}
			after = got[len(got)-1].Index
			if err := box.Published(after); err != nil {
				b.Fatal(err)
			}
			left -= len(got)
		}
	}
}

// benchStore inserts ready documents; the stub's own part, in the same process,
// is counted too.
func benchStore(b *testing.B, event schema.Recorded) {
	server, err := mongostub.Start(mongostub.Options{Listen: "127.0.0.1:0", Lean: map[string][]string{ledger.Collection: {"seq"}}})
	if err != nil {
		b.Fatal(err)
	}
	defer server.Close()
	s, err := store.Open("mongodb://"+server.Addr()+"/", database)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close(context.WithoutCancel(b.Context()))
	if err := s.Prepare(b.Context(), nil); err != nil {
		b.Fatal(err)
	}
	n := 0
	var docs []bson.Raw
	for range stub.batch {
		e := event
		e.Envelope.ID = fmt.Sprintf("%012d", 0)
		doc, err := ledger.Document(e)
		if err != nil {
			b.Fatal(err)
		}
		docs = append(docs, doc)
	}
	b.ReportAllocs()
	for b.Loop() {
		// A new id in place: its digits follow the document's length, the type
		// of the element, "_id", and the length of the text.
		copy(docs[n%len(docs)][4+1+4+4:], fmt.Appendf(nil, "%012d", n))
		if n++; n%len(docs) > 0 {
			continue
		}
		outcomes, err := s.Insert(b.Context(), ledger.Collection, docs)
		if err != nil {
			b.Fatal(err)
		}
		for _, o := range outcomes {
			if o.Verdict != store.Stored {
				b.Fatalf("%+v", o)
			}
		}
	}
}

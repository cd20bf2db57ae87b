package sinks_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/bus"
	"promethean/bus/bustest"
	"promethean/schema"
	"promethean/sinks"
	"promethean/sinks/internal/storetest"
	"promethean/sinks/ledger"
	"promethean/sinks/mongostub"
	"promethean/sinks/store"
)

// road is a log with events on it and a server that can go wrong, with the sinks
// between them.
type road struct {
	stub  *mongostub.Server
	bus   *bus.Bus
	sinks *sinks.Sinks
	lines int
	seen  *arrivals
}

// arrivals are the stream sequences of documents in the order in which the
// server was first sent them.
type arrivals struct {
	mu  sync.Mutex
	seq []int64
}

// watch sees inserts into events and refuses none.
func (a *arrivals) watch(_ int, doc bson.Raw) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seq = append(a.seq, doc.Lookup("seq").Int64())
	return false
}

// inOrder: leaving repeats out, they came as on the log.
func (a *arrivals) inOrder() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	last := int64(0)
	for _, seq := range a.seq {
		if seq > last+1 {
			return false
		}
		last = max(last, seq)
	}
	return true
}

func onRoad(t *testing.T, lines int, o mongostub.Options, faults ...mongostub.Fault) (road, []*mongostub.Injected) {
	t.Helper()
	stub, err := mongostub.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stub.Close(); err != nil {
			t.Error(err)
		}
	})
	server := bustest.Start(t)
	r := road{stub: stub, bus: server.Connect(bus.StreamOptions{}), lines: lines, seen: &arrivals{}}
	for n := range lines {
		m := line(t, n)
		publish(t, r.bus, m.Subject, m.ID, m.Body)
	}
	stub.Inject(mongostub.Fault{Do: mongostub.RefuseDocuments, Commands: []string{"insert"}, Collection: ledger.Collection, Match: r.seen.watch})
	var injected []*mongostub.Injected
	for _, f := range faults {
		f.Commands, f.Collection = []string{"insert"}, ledger.Collection
		injected = append(injected, stub.Inject(f))
	}
	r.sinks, _ = open(t, optionsOf(server, stub.URI()))
	return r, injected
}

// stats are those of the ledger.
func (r road) stats(t *testing.T) sinks.SinkStats {
	t.Helper()
	all := r.sinks.Stats()
	return all[slices.IndexFunc(all, func(s sinks.SinkStats) bool { return s.Name == "ledger" })]
}

// check waits until all is settled and looks at what is there: every event once,
// but those that are dead, which are dead letters.
func (r road) check(t *testing.T, dead ...int64) {
	t.Helper()
	catchUp(t, r.sinks)
	var seqs []int64
	for _, doc := range documents(t, r.stub.URI(), ledger.Collection) {
		seqs = append(seqs, doc.Lookup("seq").Int64())
	}
	slices.Sort(seqs)
	var want []int64
	for seq := int64(1); seq <= int64(r.lines); seq++ {
		if !slices.Contains(dead, seq) {
			want = append(want, seq)
		}
	}
	if !slices.Equal(seqs, want) {
		t.Errorf("%d events are there, want %d: %v", len(seqs), len(want), seqs)
	}
	if !r.seen.inOrder() {
		t.Errorf("events were sent out of order: %v", r.seen.seq)
	}
	if n := count(t, r.stub.URI(), "twitch_chat_messages"); n != int64(r.lines) {
		t.Errorf("chat, which had no fault, has %d lines of %d", n, r.lines)
	}
	for _, s := range r.sinks.Stats() {
		if s.Documents.Alarms > 0 || s.HeldBy != "" || s.Name != "ledger" && s.Dead > 0 {
			t.Errorf("%+v", s)
		}
	}
	if s := r.stats(t); s.Dead != uint64(len(dead)) || s.Seq != uint64(r.lines) {
		t.Errorf("%+v", s)
	}
	stream, err := r.bus.JetStream().Stream(t.Context(), bus.StreamDLQ)
	if err != nil || stream.CachedInfo().State.Msgs != uint64(len(dead)) {
		t.Errorf("%d dead letters, want %d, %v", stream.CachedInfo().State.Msgs, len(dead), err)
	}
}

// TestFaultsThatPass: whatever goes wrong once or twice and then goes well
// leaves each event there once, in order, and no dead letter.
func TestFaultsThatPass(t *testing.T) {
	some := func(_ int, doc bson.Raw) bool { return doc.Lookup("seq").Int64()%10 == 3 }
	for _, tt := range []struct {
		name       string
		standalone bool
		fault      mongostub.Fault
		// again: the sink must have written again, rather than the driver.
		again bool
	}{
		{"connection lost before", false, mongostub.Fault{Do: mongostub.DropBefore}, false},
		{"connection lost after", false, mongostub.Fault{Do: mongostub.DropAfter}, false},
		{"connection lost before, standalone", true, mongostub.Fault{Do: mongostub.DropBefore}, true},
		{"connection lost after, standalone", true, mongostub.Fault{Do: mongostub.DropAfter}, true},
		{"some documents refused for now", false, mongostub.Fault{Do: mongostub.RefuseDocuments, Code: 91, Match: some}, true},
		{"write concern not met", false, mongostub.Fault{Do: mongostub.FailConcern, Code: 64}, true},
		{"no primary", false, mongostub.Fault{Do: mongostub.FailCommand, Code: 10107, Name: "NotWritablePrimary"}, true},
		{"slow", false, mongostub.Fault{Do: mongostub.Delay, For: 100 * time.Millisecond}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.fault.Times = 2
			r, faults := onRoad(t, 60, mongostub.Options{Standalone: tt.standalone}, tt.fault)
			if err := faults[0].Wait(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
			r.check(t)
			if got := r.stats(t).Retries > 0; got != tt.again {
				t.Errorf("written again by the sink: %v", got)
			}
		})
	}
}

// TestNothingIsSettledWhileAFaultLasts: as long as the server says no, or does
// not say that what is written would survive, nothing is acknowledged, health
// says so, and the same batch comes again and again.
func TestNothingIsSettledWhileAFaultLasts(t *testing.T) {
	for _, f := range []mongostub.Fault{
		{Do: mongostub.FailConcern, Code: 64, Name: "WriteConcernTimeout", Message: "waiting for replication timed out"},
		{Do: mongostub.FailCommand, Code: 10107, Name: "NotWritablePrimary"},
		{Do: mongostub.FailCommand, Code: 13, Name: "Unauthorized"},
		{Do: mongostub.RefuseDocuments, Code: 11600, Match: func(_ int, doc bson.Raw) bool { return doc.Lookup("seq").Int64() == 20 }},
	} {
		t.Run(fmt.Sprint("code ", f.Code), func(t *testing.T) {
			t.Parallel()
			// The third time it comes, the sink has said twice that it holds.
			r, faults := onRoad(t, 60, mongostub.Options{}, f)
			ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
			defer cancel()
			if err := faults[0].Wait(ctx, 3); err != nil {
				t.Fatalf("%v: %+v", err, r.sinks.Stats())
			}
			if s := r.stats(t); s.Seq >= 20 || s.HeldBy == "" || s.Retries == 0 || s.Dead > 0 {
				t.Errorf("%+v", s)
			}
			if r.sinks.Checks()["sink ledger"](t.Context()) == nil {
				t.Error("the sinks say that they are ready")
			}
			durable, err := r.bus.JetStream().Consumer(t.Context(), bus.StreamEvents, "ledger")
			if err != nil || durable.CachedInfo().AckFloor.Stream >= 20 {
				t.Errorf("acknowledged up to %d, %v", durable.CachedInfo().AckFloor.Stream, err)
			}
			faults[0].Lift()
			r.check(t)
		})
	}
}

// TestRefusedForGoodBesideStoredNeighbours: a dead letter for each, and nothing
// else is held up by them.
func TestRefusedForGoodBesideStoredNeighbours(t *testing.T) {
	dead := []int64{1, 7, 8, 60}
	r, _ := onRoad(t, 60, mongostub.Options{}, mongostub.Fault{
		Do: mongostub.RefuseDocuments, Code: 121, Match: func(_ int, doc bson.Raw) bool { return slices.Contains(dead, doc.Lookup("seq").Int64()) },
	})
	r.check(t, dead...)
	if s := r.stats(t); s.Retries > 0 {
		t.Errorf("written again: %+v", s)
	}
}

// TestSlowerThanAckWait: the server delivers again what was not acknowledged
// while it was being written; nothing is lost, doubled or reordered by that.
func TestSlowerThanAckWait(t *testing.T) {
	stub := storetest.OpenStub(t, mongostub.Options{}, store.Collection{Name: ledger.Collection})
	server := bustest.Start(t)
	b, seen := server.Connect(bus.StreamOptions{}), &arrivals{}
	stub.Inject(mongostub.Fault{Do: mongostub.RefuseDocuments, Commands: []string{"insert"}, Match: seen.watch})
	slow := stub.Inject(mongostub.Fault{Do: mongostub.Delay, For: 700 * time.Millisecond, Commands: []string{"insert"}, Times: 2})
	for n := range 100 {
		m := line(t, n)
		publish(t, b, m.Subject, m.ID, m.Body)
	}
	w := &bus.Worker{
		Name: "ledger", Filters: []string{schema.AllEvents}, Sink: ledger.New(stub.Store, zerolog.Nop()), Bus: b, Log: zerolog.Nop(), AckWait: 200 * time.Millisecond,
	}
	ctx, cancel := context.WithCancel(t.Context())
	ran := make(chan error, 1)
	go func() { ran <- w.Run(ctx) }()
	if err := slow.Wait(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if err := w.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-ran; err != nil {
		t.Error(err)
	}
	if n := stub.Len(storetest.Database, ledger.Collection); n != 100 || w.Dead() != 0 || w.Seq() != 100 || !seen.inOrder() || slow.Fired() == 0 {
		t.Errorf("%d stored, %d dead, settled up to %d, in order %v", n, w.Dead(), w.Seq(), seen.inOrder())
	}
}

// TestAnyFaultsOnTheRoad: faults of all kinds that come at random while events
// come; at the end each is there once, and the dead letters are exactly the
// events that the server refuses for good.
func TestAnyFaultsOnTheRoad(t *testing.T) {
	for seed := range uint64(2) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 4))
			dead := []int64{2 + r.Int64N(100), 110 + r.Int64N(90)}
			faults := []mongostub.Fault{{
				Do: mongostub.RefuseDocuments, Code: 2, Match: func(_ int, doc bson.Raw) bool { return slices.Contains(dead, doc.Lookup("seq").Int64()) },
			}}
			for range 10 {
				at := r.Int64N(200)
				faults = append(faults, mongostub.Fault{
					Do: mongostub.RefuseDocuments, Code: []int32{91, 189, 10107, 11600}[r.IntN(4)], Times: 1,
					Match: func(_ int, doc bson.Raw) bool { return doc.Lookup("seq").Int64() == at },
				})
			}
			for _, do := range []mongostub.Action{mongostub.FailConcern, mongostub.DropBefore, mongostub.DropAfter, mongostub.FailCommand, mongostub.Delay} {
				faults = append(faults, mongostub.Fault{Do: do, Code: 10107, Times: 1 + r.IntN(2), For: time.Millisecond})
			}
			road, _ := onRoad(t, 200, mongostub.Options{Standalone: seed%2 == 1}, faults...)
			road.check(t, dead...)
		})
	}
}

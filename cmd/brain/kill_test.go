package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"promethean/bus/outbox"
	"promethean/gateway/simulator"
	"promethean/schema"
)

// TestKilledAtTenRandomMoments ends NATS, the store, the gateway and the sinks
// with kill -9, ten times, while 2,000 lines a second come in, and starts them
// again. Nothing that was accepted may be missing, nothing may be there twice,
// and order must be the order of sending.
//
// What was accepted is read from the disk after each kill: the outbox's entries
// and the log together.
func TestKilledAtTenRandomMoments(t *testing.T) {
	t.Parallel()
	e := newEvening(t)
	const seed = 20261124
	random := rand.New(rand.NewPCG(seed, 1))
	accepted := map[string]bool{}
	for round := range 10 {
		e.startAll()
		pause := time.Duration(150+random.IntN(1200)) * time.Millisecond
		e.sendFor(pause)
		e.p.killAll()
		ids := e.outboxIDs()
		for _, id := range ids {
			accepted[id] = true
		}
		t.Logf("round %d: killed after %s with %d events in the outbox", round, pause, len(ids))
	}
	e.startAll()
	e.sendFor(200 * time.Millisecond)
	e.settle()
	for id := range e.logIDs() {
		accepted[id] = true
	}
	e.check(accepted)
}

// evening is one streamer's PC with everything as processes of their own but
// Streamer.bot, which the test plays.
type evening struct {
	t    *testing.T
	p    *processes
	sim  *simulator.Server
	addr struct{ nats, store, bot, gateway, sinks string }
	next int
}

func newEvening(t *testing.T) *evening {
	e := &evening{t: t, p: &processes{dir: t.TempDir()}}
	e.addr.nats, e.addr.store = freeAddr(t), freeAddr(t)
	e.addr.gateway, e.addr.sinks = freeAddr(t), freeAddr(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	e.addr.bot = l.Addr().String()
	e.sim = simulator.New(simulator.Options{Hello: true, Lossless: true})
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan struct{})
	go func() { defer close(done); _ = e.sim.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		<-done
		e.p.killAll()
		if t.Failed() {
			e.p.tell(t)
		}
	})
	return e
}

func (e *evening) env() []string {
	return append(os.Environ(),
		"BRAIN_NATS_URL=nats://"+e.addr.nats, "BRAIN_MONGO_URI=mongodb://"+e.addr.store,
		"BRAIN_STREAMERBOT_URL=ws://"+e.addr.bot+"/", "BRAIN_DATA_DIR="+filepath.Join(e.p.dir, "data"))
}

func (e *evening) startAll() {
	e.t.Helper()
	env := e.env()
	e.start("nats", env, "servers", "nats", "--dir", filepath.Join(e.p.dir, "nats"), "--listen", e.addr.nats)
	e.start("store", env, "servers", "store", "--dir", filepath.Join(e.p.dir, "store"), "--listen", e.addr.store, "--index", "promethean")
	for _, id := range []string{"nats", "store"} {
		if err := e.p.get(id).waitOutput(regexp.MustCompile(`(?m)^ready`)); err != nil {
			e.t.Fatalf("%s: %v", id, err)
		}
	}
	e.start("gateway", append(env, "BRAIN_HTTP_ADDR="+e.addr.gateway), "gateway")
	e.start("sinks", append(env, "BRAIN_HTTP_ADDR="+e.addr.sinks), "sinks", "mongo")
	ctx, cancel := context.WithTimeout(e.t.Context(), patience)
	defer cancel()
	if err := e.sim.WaitSubscribed(ctx, 1); err != nil {
		out, _ := os.ReadFile(e.p.get("gateway").out)
		e.t.Fatalf("the gateway does not subscribe: %v\n%s", err, tail(out))
	}
}

func (e *evening) start(id string, env []string, args ...string) {
	e.t.Helper()
	_ = os.Remove(filepath.Join(e.p.dir, id+".out"))
	if _, err := e.p.start(id, env, args...); err != nil {
		e.t.Fatal(err)
	}
}

// sendFor sends numbered lines, about 2,000 a second: fast enough that every
// station is busy when it is killed, slow enough that all of them are.
func (e *evening) sendFor(d time.Duration) {
	ctx, cancel := context.WithTimeout(e.t.Context(), d)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for n := 0; ctx.Err() == nil; n++ {
		if n%10 == 0 {
			<-tick.C
		}
		e.next++
		err := e.sim.Inject(ctx, numbered(e.next))
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			e.t.Fatal(err)
		}
	}
}

func numbered(n int) []byte {
	return fmt.Appendf(nil, `{"timeStamp":"2026-11-24T20:15:22.%07d+01:00","event":{"source":"Twitch","type":"ChatMessage"},`+
		`"data":{"messageId":"line-%d","text":"line %d","user":{"id":"1","login":"duck","name":"Duck","role":1,"badges":[],"subscribed":false,"type":"twitch"},`+
		`"broadcaster":{"id":"2","login":"pond","name":"Pond","type":"twitch"},"emotes":[],"parts":[],"isTest":false}}`, n%10_000_000, n, n)
}

var idPattern = regexp.MustCompile(`\{"id":"([0-9a-f-]{36})"`)

// outboxIDs reads, as the gateway would at its next start, what it holds.
func (e *evening) outboxIDs() (ids []string) {
	e.t.Helper()
	box, err := outbox.Open(filepath.Join(e.p.dir, "data", "gateway", "outbox"), outbox.Options{})
	if err != nil {
		e.t.Fatal(err)
	}
	defer box.Close()
	for after := box.First() - 1; after < box.Stats().Last; {
		entries, err := box.Next(e.t.Context(), after, 1000, 64<<20)
		if err != nil {
			e.t.Fatal(err)
		}
		for _, entry := range entries {
			if m := idPattern.FindSubmatch(entry.Data); m != nil {
				ids = append(ids, string(m[1]))
			}
			after = entry.Index
		}
	}
	return ids
}

// settle waits until everything that was accepted is stored.
func (e *evening) settle() {
	e.t.Helper()
	eventually(e.t, "the outbox to be empty and the sinks to have caught up", func() error {
		_, gateway, err := page("http://" + e.addr.gateway + "/metrics")
		if err != nil {
			return err
		}
		_, sinks, err := page("http://" + e.addr.sinks + "/metrics")
		if err != nil {
			return err
		}
		if !bytes.Contains(gateway, []byte("\nbrain_outbox_entries 0\n")) {
			return errors.New("the outbox is not empty")
		}
		return caughtUp(sinks, e.lastSeq())
	})
}

func (e *evening) lastSeq() uint64 {
	js, closeJS, err := jetStream("nats://" + e.addr.nats)
	if err != nil {
		e.t.Fatal(err)
	}
	defer closeJS()
	s, err := js.Stream(e.t.Context(), "PROM_EVENTS")
	if err != nil {
		e.t.Fatal(err)
	}
	return s.CachedInfo().State.LastSeq
}

func caughtUp(metrics []byte, last uint64) error {
	m := regexp.MustCompile(`brain_sink_sequence\{sink="ledger"\} (\S+)`).FindSubmatch(metrics)
	if m == nil {
		return errors.New("the ledger says nothing yet")
	}
	var at float64
	if _, err := fmt.Sscan(string(m[1]), &at); err != nil || uint64(at) < last {
		return fmt.Errorf("the ledger is at %s of %d", m[1], last)
	}
	if !bytes.Contains(metrics, []byte("\nbrain_sink_lag{sink=\"chat\"} 0\n")) {
		return errors.New("chat lags")
	}
	return nil
}

// logIDs are the ids of all events on the log.
func (e *evening) logIDs() map[string]bool {
	e.t.Helper()
	js, closeJS, err := jetStream("nats://" + e.addr.nats)
	if err != nil {
		e.t.Fatal(err)
	}
	defer closeJS()
	s, err := js.Stream(e.t.Context(), "PROM_EVENTS")
	if err != nil {
		e.t.Fatal(err)
	}
	ids := map[string]bool{}
	left := s.CachedInfo().State.Msgs
	reader, err := js.OrderedConsumer(e.t.Context(), "PROM_EVENTS", jetstream.OrderedConsumerConfig{})
	if err != nil {
		e.t.Fatal(err)
	}
	for left > 0 {
		m, err := reader.Next(jetstream.FetchMaxWait(10 * time.Second))
		if err != nil {
			e.t.Fatalf("%d events left to read: %v", left, err)
		}
		event, err := schema.Parse(m.Data())
		if err != nil {
			e.t.Fatal(err)
		}
		ids[event.ID] = true
		left--
	}
	return ids
}

func (e *evening) check(accepted map[string]bool) {
	e.t.Helper()
	db, closeDB, err := database("mongodb://" + e.addr.store)
	if err != nil {
		e.t.Fatal(err)
	}
	defer closeDB()
	var stored []struct {
		ID string `bson:"_id"`
	}
	cursor, err := db.Collection("events").Find(e.t.Context(), bson.D{}, options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		e.t.Fatal(err)
	}
	if err := cursor.All(e.t.Context(), &stored); err != nil {
		e.t.Fatal(err)
	}
	have := map[string]bool{}
	for _, s := range stored {
		if have[s.ID] {
			e.t.Errorf("event %s is stored twice", s.ID)
		}
		have[s.ID] = true
	}
	missing := 0
	for id := range accepted {
		if !have[id] {
			missing++
		}
	}
	lines, err := linesBySeq(db, "twitch_chat_messages")
	if err != nil {
		e.t.Fatal(err)
	}
	chat, err := db.Collection("events").CountDocuments(e.t.Context(), bson.D{{Key: "type", Value: schema.ChatMessage}})
	if err != nil {
		e.t.Fatal(err)
	}
	if int(chat) != len(lines) {
		e.t.Errorf("%d chat events are stored as %d lines", chat, len(lines))
	}
	last := 0
	for _, l := range lines {
		if l.number() <= last {
			e.t.Errorf("line %d comes after line %d", l.number(), last)
		}
		last = l.number()
	}
	e.t.Logf("%d lines sent, %d events accepted, %d stored, %d chat lines", e.next, len(accepted), len(stored), len(lines))
	if missing > 0 || len(accepted) < 100 || len(lines) < 100 {
		e.t.Errorf("%d of %d accepted events are missing (%d chat lines)", missing, len(accepted), len(lines))
	}
}

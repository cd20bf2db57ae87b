package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"promethean/schema"
	"promethean/sinks/mongostub"
)

// natsCluster is three NATS nodes, each a process.
type natsCluster struct {
	e               *evening
	listen, cluster [3]string
}

// url names all three, as a person would.
func (c *natsCluster) url() string { return "nats://" + strings.Join(c.listen[:], ",nats://") }

func (c *natsCluster) start(i int) {
	c.e.t.Helper()
	var others []string
	for j, addr := range c.cluster {
		if j != i {
			others = append(others, addr)
		}
	}
	id := nodeName(i)
	c.e.start(id, os.Environ(), "servers", "nats", "--dir", filepath.Join(c.e.p.dir, id), "--listen", c.listen[i],
		"--name", id, "--cluster", c.cluster[i], "--routes", strings.Join(others, ","))
}

func nodeName(i int) string { return fmt.Sprint("node", i) }

// log waits until a fact about the stream PROM_EVENTS is one.
func (c *natsCluster) log(what string, fact func(*jetstream.StreamInfo) bool) {
	c.e.t.Helper()
	js, closeJS, err := jetStream(c.url())
	if err != nil {
		c.e.t.Fatal(err)
	}
	defer closeJS()
	eventually(c.e.t, what, func() error {
		ctx, cancel := context.WithTimeout(c.e.t.Context(), 5*time.Second)
		defer cancel()
		s, err := js.Stream(ctx, "PROM_EVENTS")
		if err != nil {
			return err
		}
		if info := s.CachedInfo(); info.Cluster == nil || !fact(info) {
			return fmt.Errorf("%d copies, %+v", info.Config.Replicas, info.Cluster)
		}
		return nil
	})
}

// copies waits until the log is there n times, each complete.
func (c *natsCluster) copies(n int) {
	c.e.t.Helper()
	c.log(fmt.Sprint(n, " copies of the log"), func(info *jetstream.StreamInfo) bool {
		current := 1
		for _, r := range info.Cluster.Replicas {
			if r.Current && !r.Offline {
				current++
			}
		}
		return info.Config.Replicas == n && info.Cluster.Leader != "" && current == n
	})
}

// leader is the number of the node that leads the log, other than the one that
// was just killed.
func (c *natsCluster) leader(killed int) (leads int) {
	c.e.t.Helper()
	c.log("a leader of the log", func(info *jetstream.StreamInfo) bool {
		for i := range 3 {
			if leads = i; i != killed && info.Cluster.Leader == nodeName(i) {
				return true
			}
		}
		return false
	})
	return leads
}

// A NATS cluster of three, by settings alone. A log of one copy becomes one of
// three when the setting says so. Then, while 20,000 numbered lines come in,
// its leader is killed and started again, and another node is stopped and
// started again. All lines are on the log and in the store, in order and once.
func TestKilledLeaderOfACluster(t *testing.T) {
	const alone, half, lines = 200, 10_000, 20_000
	e := newEvening(t)
	c := &natsCluster{e: e}
	for i := range 3 {
		c.listen[i], c.cluster[i] = freeAddr(t), freeAddr(t)
	}
	e.addr.nats = strings.TrimPrefix(c.url(), "nats://")
	store, err := mongostub.Start(mongostub.Options{Listen: e.addr.store})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	env := append(os.Environ(), "BRAIN_NATS_URL="+c.url(), "BRAIN_MONGO_URI=mongodb://"+e.addr.store,
		"BRAIN_STREAMERBOT_URL=ws://"+e.addr.bot+"/", "BRAIN_DATA_DIR="+filepath.Join(e.p.dir, "data"))
	gateway := func(replicas string) {
		e.start("gateway", append(env, "BRAIN_HTTP_ADDR="+e.addr.gateway, "BRAIN_NATS_REPLICAS="+replicas), "gateway")
	}
	// The programs are there before the cluster has a leader, and wait.
	gateway("1")
	e.start("sinks", append(env, "BRAIN_HTTP_ADDR="+e.addr.sinks), "sinks", "mongo")
	for i := range 3 {
		c.start(i)
	}
	e.ready()
	e.pour(alone).reach(alone)
	e.arrive()
	c.copies(1)
	e.stop("gateway")
	gateway("3")
	c.copies(3)
	e.ready()
	// What is compressed there is lost to a killed node: docs/adr/0020.
	c.log("an uncompressed log", func(info *jetstream.StreamInfo) bool {
		return info.Config.Compression == jetstream.NoCompression
	})

	began := time.Now()
	flow := e.pour(half)
	flow.reach(half / 3)
	killed := c.leader(-1)
	e.p.get(nodeName(killed)).kill9()
	t.Logf("the leader, node %d, killed after %s and %d lines", killed, time.Since(began), flow.sent.Load())
	leads := c.leader(killed)
	t.Logf("node %d leads after %s", leads, time.Since(began))
	c.start(killed)
	flow.reach(half)
	e.ready()
	flow = e.pour(lines)
	flow.reach(half + half/3)
	other := 3 - killed - leads
	e.stop(nodeName(other))
	t.Logf("node %d stopped after %s and %d lines", other, time.Since(began), flow.sent.Load())
	flow.reach(lines)
	c.start(other)
	e.arrive()
	t.Logf("all stored after %s", time.Since(began))
	e.ready()
	t.Logf("ready after %s", time.Since(began))
	c.copies(3)
	if left := c.messages("PROM_DLQ"); left != 0 {
		t.Errorf("%d dead letters", left)
	}
	e.checkAll(lines)
}

func (c *natsCluster) messages(stream string) uint64 {
	c.e.t.Helper()
	js, closeJS, err := jetStream(c.url())
	if err != nil {
		c.e.t.Fatal(err)
	}
	defer closeJS()
	s, err := js.Stream(c.e.t.Context(), stream)
	if err != nil {
		c.e.t.Fatal(err)
	}
	return s.CachedInfo().State.Msgs
}

// ready waits until both programs say so.
func (e *evening) ready() {
	e.t.Helper()
	for _, addr := range []string{e.addr.gateway, e.addr.sinks} {
		eventually(e.t, "readiness of "+addr, func() error {
			status, body, err := page("http://" + addr + "/readyz")
			if err == nil && status != "200" {
				err = errors.New(string(body))
			}
			return err
		})
	}
}

// stop presses Ctrl-C.
func (e *evening) stop(id string) {
	e.t.Helper()
	if code, _, err := e.p.get(id).interrupt(); err != nil || code != 0 {
		e.t.Fatalf("%s ended with %d (%v)", id, code, err)
	}
}

// checkAll compares log and store with the lines 1 to n.
func (e *evening) checkAll(n int) {
	e.t.Helper()
	onLog := 0
	for _, event := range e.logEvents() {
		if event.Type != schema.ChatMessage {
			continue
		}
		onLog++
		if !strings.Contains(string(event.Payload), fmt.Sprintf(`"line-%d"`, onLog)) {
			e.t.Fatalf("line %d on the log is %s", onLog, event.Payload)
		}
	}
	db, closeDB, err := database("mongodb://" + e.addr.store)
	if err != nil {
		e.t.Fatal(err)
	}
	defer closeDB()
	stored, err := linesBySeq(db, "twitch_chat_messages")
	if err != nil {
		e.t.Fatal(err)
	}
	for i, l := range stored {
		if l.number() != i+1 {
			e.t.Fatalf("line %d in the store is %d", i+1, l.number())
		}
	}
	if onLog != n || len(stored) != n {
		e.t.Errorf("%d lines sent, %d on the log, %d in the store", n, onLog, len(stored))
	}
}

// logEvents are all events on the log, in its order.
func (e *evening) logEvents() (events []schema.Envelope) {
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
	left := s.CachedInfo().State.Msgs
	reader, err := js.OrderedConsumer(e.t.Context(), "PROM_EVENTS", jetstream.OrderedConsumerConfig{})
	if err != nil {
		e.t.Fatal(err)
	}
	all, err := reader.Messages()
	if err != nil {
		e.t.Fatal(err)
	}
	defer all.Stop()
	for ; left > 0; left-- {
		m, err := all.Next(jetstream.NextMaxWait(time.Minute))
		if err != nil {
			e.t.Fatalf("%d events left to read: %v", left, err)
		}
		event, err := schema.Parse(m.Data())
		if err != nil {
			e.t.Fatal(err)
		}
		events = append(events, event)
	}
	return events
}

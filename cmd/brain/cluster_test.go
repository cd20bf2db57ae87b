package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"promethean/schema"
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

// leader is the number of the node that leads the log, other than the one that
// was just killed.
func (c *natsCluster) leader(killed int) int {
	c.e.t.Helper()
	js, closeJS, err := jetStream(c.url())
	if err != nil {
		c.e.t.Fatal(err)
	}
	defer closeJS()
	leads := -1
	eventually(c.e.t, "a leader of the log", func() error {
		ctx, cancel := context.WithTimeout(c.e.t.Context(), 5*time.Second)
		defer cancel()
		s, err := js.Stream(ctx, "PROM_EVENTS")
		if err != nil {
			return err
		}
		info := s.CachedInfo()
		if got := info.Config.Replicas; got != 3 {
			c.e.t.Fatalf("the log has %d replicas", got)
		}
		for i := range 3 {
			if info.Cluster != nil && i != killed && info.Cluster.Leader == nodeName(i) {
				leads = i
				return nil
			}
		}
		return errors.New("none")
	})
	return leads
}

// A NATS cluster of three, by settings alone: the leader of the log is killed
// and started again, then another node is stopped and started again, while
// 20,000 numbered lines come in. All are on the log and in the store, in order
// and once.
func TestKilledLeaderOfACluster(t *testing.T) {
	const lines = 20_000
	e := newEvening(t)
	c := &natsCluster{e: e}
	for i := range 3 {
		c.listen[i], c.cluster[i] = freeAddr(t), freeAddr(t)
	}
	e.addr.nats = strings.TrimPrefix(c.url(), "nats://")
	env := append(os.Environ(), "BRAIN_NATS_URL="+c.url(), "BRAIN_NATS_REPLICAS=3", "BRAIN_MONGO_URI=mongodb://"+e.addr.store,
		"BRAIN_STREAMERBOT_URL=ws://"+e.addr.bot+"/", "BRAIN_DATA_DIR="+filepath.Join(e.p.dir, "data"))
	// The programs are there before the cluster has a leader, and wait.
	e.start("gateway", append(env, "BRAIN_HTTP_ADDR="+e.addr.gateway), "gateway")
	e.start("sinks", append(env, "BRAIN_HTTP_ADDR="+e.addr.sinks), "sinks", "mongo")
	e.start("store", env, "servers", "store", "--dir", filepath.Join(e.p.dir, "store"), "--listen", e.addr.store, "--index", "promethean")
	for i := range 3 {
		c.start(i)
	}
	for _, id := range []string{"store", "node0", "node1", "node2"} {
		if err := e.p.get(id).waitOutput(regexp.MustCompile(`(?m)^ready`)); err != nil {
			t.Fatalf("%s: %v", id, err)
		}
	}
	e.ready()
	wait, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := e.sim.WaitSubscribed(wait, 1); err != nil {
		t.Fatal(err)
	}

	began := time.Now()
	e.send(lines * 1 / 4)
	killed := c.leader(-1)
	e.p.get(nodeName(killed)).kill9()
	t.Logf("the leader, node %d, killed after %s", killed, time.Since(began))
	e.send(lines * 2 / 4)
	leads := c.leader(killed)
	t.Logf("node %d leads after %s", leads, time.Since(began))
	c.start(killed)
	other := 3 - killed - leads
	e.ready()
	e.send(lines * 3 / 4)
	if code, _, err := e.p.get(nodeName(other)).interrupt(); err != nil || code != 0 {
		t.Fatalf("node %d ended with %d (%v)", other, code, err)
	}
	t.Logf("node %d stopped after %s", other, time.Since(began))
	e.send(lines)
	c.start(other)
	e.settle()
	t.Logf("all stored after %s", time.Since(began))
	e.ready()
	t.Logf("ready after %s", time.Since(began))
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

// send sends numbered lines up to n.
func (e *evening) send(n int) {
	e.t.Helper()
	for e.next < n {
		e.next++
		if err := e.sim.Inject(e.t.Context(), numbered(e.next)); err != nil {
			e.t.Fatal(err)
		}
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
		m, err := all.Next(jetstream.NextMaxWait(10 * time.Second))
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

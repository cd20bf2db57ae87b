package main

import (
	"context"
	"fmt"
	"net"
	"path/filepath"

	"github.com/nats-io/nats.go"
	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/cmd/brain/embedded/natsserver"
	"promethean/cmd/brain/embedded/store"
	"promethean/gateway/simulator"
	"promethean/ops/listen"
	"promethean/ops/settings"
)

// busPlace is where NATS is: embedded, or a server of the user's.
type busPlace struct {
	url       string
	inProcess nats.InProcessConnProvider
	creds     settings.NATS
	// eventsBytes is how large the log may grow by default; 0 is the bus' own.
	eventsBytes int64
	healthy     func(context.Context) error
	stop        func() error
}

func (p busPlace) embedded() bool { return p.inProcess != nil }

func (p busPlace) options(name string, log zerolog.Logger) bus.Options {
	if p.embedded() {
		return bus.Options{URL: p.url, InProcess: p.inProcess, Name: name, Log: log}
	}
	return bus.Options{URL: p.url, Name: name, Creds: p.creds.Creds, User: p.creds.User, Password: p.creds.Password, Log: log}
}

func (n *node) startBus() error {
	if n.s.NATS.URL != "" {
		n.bus = busPlace{url: n.s.NATS.URL, creds: n.s.NATS}
		return nil
	}
	addr, moved, err := listen.Free(n.s.NATS.Listen, n.s.Asked("nats.listen"), "BRAIN_NATS_LISTEN")
	if err != nil {
		return err
	}
	server, err := natsserver.Start(natsserver.Options{Dir: filepath.Join(n.s.DataDir, "nats"), Listen: addr, Log: n.log})
	if err != nil {
		return err
	}
	n.moved(moved, n.s.NATS.Listen, "NATS", "BRAIN_NATS_LISTEN")
	n.bus = busPlace{
		url: server.URL(), inProcess: server.InProcess(), eventsBytes: server.EventsBytes(),
		healthy: server.Healthy, stop: server.Stop,
	}
	return nil
}

// storePlace is where documents go: the embedded store, or a MongoDB of the
// user's.
type storePlace struct {
	uri      string
	embedded bool
	prepared func(context.Context) error
	stop     func() error
}

func (n *node) startStore(ctx context.Context) error {
	if n.s.Mongo.URI != "" {
		n.documents = storePlace{uri: n.s.Mongo.URI}
		return nil
	}
	n.lookForMongoDB(ctx)
	addr, moved, err := listen.Free(n.s.StoreListen, n.s.Asked("store.listen"), "BRAIN_STORE_LISTEN")
	if err != nil {
		return err
	}
	server, err := store.Start(ctx, store.Options{Dir: filepath.Join(n.s.DataDir, "store"), Listen: addr, Log: n.log})
	if err != nil {
		return err
	}
	n.moved(moved, n.s.StoreListen, "the embedded store", "BRAIN_STORE_LISTEN")
	n.documents = storePlace{
		uri: server.URI(), embedded: true, stop: server.Stop,
		prepared: func(ctx context.Context) error { return server.IndexIDs(ctx, n.s.Mongo.DB) },
	}
	return nil
}

// lookForMongoDB says how to use a MongoDB that answers at the default address.
// It is never used unasked.
func (n *node) lookForMongoDB(ctx context.Context) {
	if n.simulate || n.s.Asked("store.listen") {
		return
	}
	answers, what := store.Detect(ctx, n.s.StoreListen)
	if !answers {
		return
	}
	n.notes = append(n.notes, fmt.Sprintf("%s answers at %s. To keep events there: BRAIN_MONGO_URI=mongodb://%s brain up", what, n.s.StoreListen, n.s.StoreListen))
}

// botPlace is where Streamer.bot is: simulated, or the user's.
type botPlace struct {
	url, password string
	stop          func() error
}

func (n *node) startBot() error {
	if !n.simulate {
		n.bot = botPlace{url: n.s.Streamerbot.URL, password: n.s.Streamerbot.Password}
		return nil
	}
	l, moved, err := listen.TCP(n.s.Sim.Listen, n.s.Asked("sim.streamerbot_listen"), "BRAIN_SIM_STREAMERBOT_LISTEN")
	if err != nil {
		return err
	}
	n.moved(moved, n.s.Sim.Listen, "the simulated Streamer.bot", "BRAIN_SIM_STREAMERBOT_LISTEN")
	n.bot = botPlace{url: simulator.URL(l), stop: n.playBot(l)}
	return nil
}

// playBot serves the simulated Streamer.bot until stop is called. ai_licia tells
// the same evening.
func (n *node) playBot(l net.Listener) (stop func() error) {
	server := simulator.New(simulator.Options{Hello: true, MixShapes: true, Seed: n.s.Sim.Seed, Rate: n.s.Sim.Rate,
		KeepTitles: n.s.Sim.KeepTitles, Frames: n.second.tell})
	return member(context.Background(), func(ctx context.Context) error { return server.Serve(ctx, l) }, nil)
}

package main

import (
	"context"
	"fmt"
	"net"

	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/gateway"
	gatewayfigures "promethean/gateway/figures"
	"promethean/gateway/source/streamerbot"
	"promethean/ops/health"
	"promethean/ops/listen"
	"promethean/ops/metrics"
	"promethean/ops/profiling"
	"promethean/ops/settings"
	"promethean/sinks"
	sinksfigures "promethean/sinks/figures"
	"promethean/sinks/title"
)

// node is everything in one process.
type node struct {
	s        *settings.Settings
	simulate bool
	screen   *screen
	log      zerolog.Logger

	bus       busPlace
	documents storePlace
	bot       botPlace
	second    secondPlace
	http      net.Listener
	profiles  *profiling.Pages
	gateway   *gateway.Gateway
	sinks     *sinks.Sinks
	title     *title.Worker
	health    health.Health
	registry  *metrics.Registry
	// notes are what a person should know beside the overview.
	notes []string
}

// run starts everything in order and stops it in the other when ctx ends or a
// member fails.
func (n *node) run(ctx context.Context) error {
	release, err := lock(n.s.DataDir)
	if err != nil {
		return err
	}
	defer release()
	if err := n.startBus(); err != nil {
		return err
	}
	defer n.stopped("NATS", n.bus.stop)
	if err := n.startStore(ctx); err != nil {
		return err
	}
	defer n.stopped("store", n.documents.stop)
	if err := n.startAilicia(); err != nil {
		return err
	}
	defer n.stopped("simulated ai_licia", n.second.stop)
	if err := n.startBot(); err != nil {
		return err
	}
	defer n.stopped("simulator", n.bot.stop)
	if err := n.listenHTTP(); err != nil {
		return err
	}
	defer n.http.Close()
	if n.profiles, err = profiling.Listen(n.s.PprofAddr); err != nil {
		return err
	}
	defer n.profiles.Close()
	if err := n.open(); err != nil {
		return err
	}
	n.screen.say(n.overview())
	return n.serve(ctx)
}

// stopped ends a server. Its lateness is worth a line, not a failure: what it
// acknowledged is on disk.
func (n *node) stopped(name string, stop func() error) {
	if stop == nil {
		return
	}
	if err := stop(); err != nil {
		n.log.Warn().Err(err).Str("server", name).Msg("not stopped cleanly")
	}
}

func (n *node) listenHTTP() error {
	l, moved, err := listen.TCP(n.s.HTTP.Addr, n.s.Asked("http.addr"), "BRAIN_HTTP_ADDR")
	if err != nil {
		return err
	}
	n.http = l
	n.moved(moved, n.s.HTTP.Addr, "the health pages", "BRAIN_HTTP_ADDR")
	return nil
}

func (n *node) moved(moved bool, addr, what, setting string) {
	if moved {
		n.notes = append(n.notes, fmt.Sprintf("%s was taken, so %s moved to the next free port; %s sets another", addr, what, setting))
	}
}

// open makes gateway and sinks; nothing runs yet.
func (n *node) open() error {
	var err error
	if n.gateway, err = gateway.Open(n.gatewayOptions()); err != nil {
		return err
	}
	n.sinks, err = sinks.Open(sinks.Options{
		Bus: n.bus.options("promethean-sinks", n.log), MongoURI: n.documents.uri, Database: n.s.Mongo.DB,
		Prepared: n.documents.prepared, Log: n.log,
	})
	if err != nil {
		return err
	}
	if err := n.openTitle(); err != nil {
		return err
	}
	n.health.AddAll(n.gateway.Checks())
	n.health.AddAll(n.sinks.Checks())
	n.health.AddAll(n.title.Checks())
	if n.bus.healthy != nil {
		n.health.Add("nats", n.bus.healthy)
	}
	n.registry = metrics.New()
	if err := gatewayfigures.Register(n.registry, n.gateway.Stats); err != nil {
		return err
	}
	if err := sinksfigures.Register(n.registry, n.sinks.Stats); err != nil {
		return err
	}
	return sinksfigures.RegisterTitle(n.registry, n.title.Stats)
}

func (n *node) gatewayOptions() gateway.Options {
	bot := streamerbot.Config{
		URL: n.bot.url, Password: n.bot.password, PasswordSetting: "BRAIN_STREAMERBOT_PASSWORD",
		Tenant: n.s.Tenant, Private: n.s.Streamerbot.Private, Actions: n.s.Streamerbot.Actions, IgnoreUsers: n.s.IgnoreUsers, Log: n.log,
	}
	// An empty list in the settings means the built-in one.
	if len(n.s.Streamerbot.Events) > 0 {
		bot.Events = n.s.Streamerbot.Events
	}
	return gateway.Options{
		Bus: n.bus.options("promethean-gateway", n.log),
		Streams: bus.StreamOptions{
			MaxBytes: n.s.NATS.MaxBytes, DefaultMaxBytes: n.bus.eventsBytes,
			Replicas: n.s.NATS.Replicas, DuplicateWindow: n.s.NATS.DuplicateWindow,
		},
		DataDir: n.s.DataDir, OutboxMaxBytes: n.s.OutboxMax, Streamerbot: bot, Ailicia: n.ailicia(), Log: n.log,
	}
}

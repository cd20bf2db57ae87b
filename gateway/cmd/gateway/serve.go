package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/bus/outbox"
	"promethean/gateway"
	"promethean/gateway/figures"
	"promethean/gateway/source/ailicia"
	"promethean/gateway/source/streamerbot"
	"promethean/ops/health"
	"promethean/ops/httpserver"
	"promethean/ops/listen"
	"promethean/ops/logging"
	"promethean/ops/metrics"
	"promethean/ops/profiling"
	"promethean/ops/run"
	"promethean/ops/settings"
	"promethean/schema"
)

// serve runs the gateway and its HTTP server until ctx ends.
func serve(ctx context.Context, s *settings.Settings, stderr io.Writer) error {
	log := logging.New(stderr, s.Log.Level, s.Log.Format)
	l, moved, err := listen.TCP(s.HTTP.Addr, s.Asked("http.addr"), "BRAIN_HTTP_ADDR")
	if err != nil {
		return err
	}
	defer l.Close()
	profiles, err := profiling.Listen(s.PprofAddr)
	if err != nil {
		return err
	}
	defer profiles.Close()
	g, err := gateway.Open(options(s, log))
	if errors.Is(err, outbox.ErrLocked) {
		return fmt.Errorf("another gateway works in %s: stop it, or give this one a directory of its own with BRAIN_DATA_DIR (%w)", filepath.Join(s.DataDir, "gateway"), err)
	}
	if err != nil {
		return err
	}
	registry := metrics.New()
	if err := figures.Register(registry, g.Stats); err != nil {
		return err
	}
	var h health.Health
	h.AddAll(g.Checks())
	log.Info().Str("http", "http://"+l.Addr().String()).Bool("http_moved", moved).Str("nats", settings.Redacted(s.NATS.URL)).
		Str("tenant", s.Tenant).Str("data", s.DataDir).Msg("gateway starts")

	who := schema.ProgramStatus{
		Program: "gateway", Instance: run.Instance(), Version: run.Version(), StartedAt: schema.NewTime(time.Now()), Tenant: s.Tenant,
	}
	group, ctx := run.NewGroup(ctx)
	group.Go(func() error { return profiles.Serve(ctx, log) })
	group.Go(func() error {
		return httpserver.Serve(ctx, l, httpserver.Options{Token: s.HTTP.Token, Live: h.Live, Ready: h.Ready, Metrics: registry.Handler(), Log: log})
	})
	group.Go(func() error {
		err := g.Run(ctx)
		if err != nil {
			h.Break(err)
		}
		return err
	})
	group.Go(func() error {
		return g.AnswerStatus(ctx, who, func(ctx context.Context) (map[string]string, map[string]float64) {
			return h.Results(ctx), registry.Figures()
		})
	})
	err = group.Wait()
	if err == nil {
		log.Info().Uint64("published", g.Stats().Published).Int64("left_in_outbox", g.Stats().OutboxEntries).Msg("gateway stopped")
	}
	return err
}

func options(s *settings.Settings, log zerolog.Logger) gateway.Options {
	bot := streamerbot.Config{
		URL: s.Streamerbot.URL, Password: s.Streamerbot.Password, PasswordSetting: "BRAIN_STREAMERBOT_PASSWORD",
		Tenant: s.Tenant, Private: s.Streamerbot.Private, Actions: s.Streamerbot.Actions, IgnoreUsers: s.IgnoreUsers, Log: log,
	}
	// An empty list in the settings means the built-in one.
	if len(s.Streamerbot.Events) > 0 {
		bot.Events = s.Streamerbot.Events
	}
	return gateway.Options{
		Bus: bus.Options{
			URL: s.NATS.URL, Name: "promethean-gateway", Creds: s.NATS.Creds, User: s.NATS.User, Password: s.NATS.Password, Log: log,
		},
		Streams: bus.StreamOptions{
			MaxBytes: s.NATS.MaxBytes, Replicas: s.NATS.Replicas, DuplicateWindow: s.NATS.DuplicateWindow,
		},
		DataDir: s.DataDir, OutboxMaxBytes: s.OutboxMax, Streamerbot: bot, Log: log,
		Ailicia: ailicia.Config{
			URL: s.Ailicia.URL, APIKey: s.Ailicia.APIKey, ReadKey: s.KeyAgain("ailicia.api_key"), Types: s.Ailicia.Types, ChannelID: s.Ailicia.ChannelID,
			Tenant: s.Tenant, IgnoreUsers: s.IgnoreUsers, Log: log,
		},
	}
}

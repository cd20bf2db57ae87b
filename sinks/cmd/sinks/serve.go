package main

import (
	"context"
	"io"
	"time"

	"promethean/bus"
	"promethean/ops/health"
	"promethean/ops/httpserver"
	"promethean/ops/listen"
	"promethean/ops/logging"
	"promethean/ops/metrics"
	"promethean/ops/profiling"
	"promethean/ops/run"
	"promethean/ops/settings"
	"promethean/schema"
	"promethean/sinks"
	"promethean/sinks/figures"
)

// serve runs the sinks and their HTTP server until ctx ends.
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
	workers, err := sinks.Open(sinks.Options{
		Bus: bus.Options{
			URL: s.NATS.URL, Name: "promethean-sinks", Creds: s.NATS.Creds, User: s.NATS.User, Password: s.NATS.Password, Log: log,
		},
		MongoURI: s.Mongo.URI, Database: s.Mongo.DB, Only: s.Only, Log: log,
	})
	if err != nil {
		return err
	}
	registry := metrics.New()
	if err := figures.Register(registry, workers.Stats); err != nil {
		return err
	}
	var running []string
	for _, k := range workers.Stats() {
		running = append(running, k.Name)
	}
	var h health.Health
	h.AddAll(workers.Checks())
	log.Info().Str("http", "http://"+l.Addr().String()).Bool("http_moved", moved).Str("nats", settings.Redacted(s.NATS.URL)).
		Str("store", settings.Redacted(s.Mongo.URI)).Str("database", s.Mongo.DB).
		Strs("sinks", running).Msg("sinks start")

	who := schema.ProgramStatus{Program: "sinks", Instance: run.Instance(), Version: run.Version(), StartedAt: schema.NewTime(time.Now())}
	group, ctx := run.NewGroup(ctx)
	group.Go(func() error { return profiles.Serve(ctx, log) })
	group.Go(func() error {
		return httpserver.Serve(ctx, l, httpserver.Options{Token: s.HTTP.Token, Live: h.Live, Ready: h.Ready, Metrics: registry.Handler(), Log: log})
	})
	group.Go(func() error {
		err := workers.Run(ctx)
		if err != nil {
			h.Break(err)
		}
		return err
	})
	group.Go(func() error {
		return workers.AnswerStatus(ctx, who, func(ctx context.Context) (map[string]string, map[string]float64) {
			return h.Results(ctx), registry.Figures()
		})
	})
	err = group.Wait()
	if err == nil {
		log.Info().Msg("sinks stopped")
	}
	return err
}

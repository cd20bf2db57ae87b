package main

import (
	"context"
	"io"
	"time"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

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
	"promethean/sinks/figures"
	"promethean/sinks/title"
	"promethean/sinks/title/facts"
	"promethean/sinks/title/gate"
	"promethean/sinks/title/life"
	"promethean/sinks/title/model"
	"promethean/sinks/title/prompt"
)

func titleCommand(environ []string, stderr io.Writer, ran *bool) *cobra.Command {
	loader := settings.New(settings.Titles(), defaults, environ)
	cmd := &cobra.Command{
		Use:     "title",
		Short:   "propose stream titles and have Streamer.bot set them",
		Example: "  sinks title\n  sinks title --title-mode suggest\n  BRAIN_NATS_URL=nats://nats:4222 BRAIN_LLM_URL=http://127.0.0.1:11434/v1 sinks title",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := loader.Load()
			if err != nil {
				return err
			}
			o, err := titleOptions(s, logging.New(stderr, s.Log.Level, s.Log.Format))
			if err != nil {
				return err
			}
			*ran = true
			return serveTitle(cmd.Context(), s, o)
		},
	}
	loader.Flags(cmd.Flags())
	return cmd
}

func titleOptions(s *settings.Settings, log zerolog.Logger) (title.Options, error) {
	zone := time.Local
	if s.Timezone != "" {
		var err error
		if zone, err = time.LoadLocation(s.Timezone); err != nil {
			return title.Options{}, err
		}
	}
	words, err := gate.Load(s.Title.Words)
	if err != nil {
		return title.Options{}, err
	}
	return title.Options{
		Bus: bus.Options{
			URL: s.NATS.URL, Name: "promethean-title", Creds: s.NATS.Creds, User: s.NATS.User, Password: s.NATS.Password, Log: log,
		},
		Tenant: s.Tenant, Action: s.Title.Action, Ask: s.Title.AskAction, Mood: s.Title.Mood, Log: log,
		Life:  life.Config{Mode: s.Title.Mode, Every: s.Title.Every, EveryMessages: s.Title.EveryMessages},
		Facts: facts.Options{Zone: zone, Platforms: s.Title.Platforms, Lines: s.Title.ChatLines},
		Gate:  gate.Options{Emoji: s.Title.Emoji, Scripts: s.Title.Scripts, Words: words},
		Model: model.Options{
			URL: s.LLM.URL, Model: s.LLM.Model, Key: s.LLM.Key, Timeout: s.LLM.Timeout, Temperature: s.LLM.Temperature,
			MaxTokens: s.LLM.MaxTokens, MaxTokensField: s.LLM.MaxTokensField, Extra: s.LLM.Extra,
		},
		Prompts: prompt.Options{Dir: s.Title.Prompts, Log: log},
	}, nil
}

// serveTitle runs the worker and its HTTP server until ctx ends.
func serveTitle(ctx context.Context, s *settings.Settings, o title.Options) error {
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
	worker, err := title.Open(o)
	if err != nil {
		return err
	}
	registry := metrics.New()
	if err := figures.RegisterTitle(registry, worker.Stats); err != nil {
		return err
	}
	var h health.Health
	h.AddAll(worker.Checks())
	o.Log.Info().Str("http", "http://"+l.Addr().String()).Bool("http_moved", moved).Str("nats", settings.Redacted(s.NATS.URL)).
		Str("tenant", s.Tenant).Str("mode", s.Title.Mode).Str("model", settings.Redacted(s.LLM.URL)).Msg("title worker starts")

	who := schema.ProgramStatus{Program: "title", Instance: run.Instance(), Version: run.Version(), StartedAt: schema.NewTime(time.Now()), Tenant: s.Tenant}
	group, ctx := run.NewGroup(ctx)
	group.Go(func() error { return profiles.Serve(ctx, o.Log) })
	group.Go(func() error {
		return httpserver.Serve(ctx, l, httpserver.Options{Token: s.HTTP.Token, Live: h.Live, Ready: h.Ready, Metrics: registry.Handler(), Log: o.Log})
	})
	group.Go(func() error { return worker.Run(ctx) })
	group.Go(func() error {
		return worker.AnswerStatus(ctx, who, func(ctx context.Context) (map[string]string, map[string]float64) {
			return h.Results(ctx), registry.Figures()
		})
	})
	if err = group.Wait(); err == nil {
		o.Log.Info().Msg("title worker stopped")
	}
	return err
}

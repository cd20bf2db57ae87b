package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"strings"
	"time"

	"github.com/mattn/go-colorable"
	"github.com/nats-io/nats.go"
	"github.com/spf13/cobra"

	"promethean/cmd/brain/internal/eventline"
	"promethean/cmd/brain/internal/status"
	"promethean/ops/logging"
	"promethean/ops/run"
	"promethean/ops/settings"
)

// watchEvery is the pause between two pages.
const watchEvery = 2 * time.Second

func statusCommand(p surroundings) *cobra.Command {
	asJSON, watch := false, false
	loader := settings.New(append(natsSettings(), "mongo.uri", "mongo.db", "store.listen"), nil, p.environ)
	cmd := &cobra.Command{
		Use:   "status",
		Short: "say on one page whether everything runs, what waits, and what is to be done",
		Long: "Asks NATS, every running program and the store how they are; nothing is written.\n" +
			"Programs are asked by way of NATS, wherever they run.\n\n" +
			"Exit code 0: all is ready; 1: something is not; 3: NATS cannot be reached.",
		Example: "  brain status\n  brain status --watch\n  brain status --json\n  docker compose run --rm brain status",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := loader.Load()
			if err != nil {
				return err
			}
			show := newStatusPrinter(p, asJSON, watch)
			if watch {
				return failed(watchStatus(cmd.Context(), s, show))
			}
			r := status.Gather(cmd.Context(), places(s))
			if cmd.Context().Err() != nil {
				return failed(cmd.Context().Err()) // what was asked then is cut off
			}
			if err := show(r); err != nil {
				return failed(err)
			}
			return failed(verdict(r))
		},
	}
	loader.Flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON; with --watch one report a line")
	cmd.Flags().BoolVarP(&watch, "watch", "w", false, "again and again until Ctrl-C")
	return cmd
}

// places say where bus and store are, as for every command: one's own, else the
// embedded ones of `brain up`.
func places(s *settings.Settings) status.Places {
	uri := s.Mongo.URI
	if uri == "" {
		uri = "mongodb://" + onLoopback(s.StoreListen)
	}
	return status.Places{
		NATS: settings.Redacted(natsAddress(s)), Store: settings.Redacted(uri), MongoURI: uri, Database: s.Mongo.DB,
		Dial: func(more ...nats.Option) (*nats.Conn, error) { return dialNATS(s, more...) },
	}
}

// verdict is the exit code; the page has said why.
func verdict(r status.Report) error {
	switch {
	case r.NATS.Error != "":
		return &run.ExitError{Code: run.Unreachable}
	case !r.Ready:
		return &run.ExitError{Code: run.Failed}
	}
	return nil
}

// watchStatus shows a new page every two seconds until ctx ends or nobody reads
// any more; neither is an error.
func watchStatus(ctx context.Context, s *settings.Settings, show func(status.Report) error) error {
	for {
		r := status.Gather(ctx, places(s))
		if ctx.Err() != nil {
			return nil // what was asked then is cut off
		}
		if err := show(r); err != nil {
			if isClosedPipe(err) {
				return nil
			}
			return err
		}
		select {
		case <-time.After(watchEvery):
		case <-ctx.Done():
			return nil
		}
	}
}

// newStatusPrinter writes reports to standard output.
func newStatusPrinter(p surroundings, asJSON, watch bool) func(status.Report) error {
	out := p.stdout
	file, isTerminal := out.(*os.File)
	isTerminal = isTerminal && logging.IsTerminal(out)
	coloured := isTerminal && colours(p.environ) != eventline.None
	if isTerminal {
		out = colorable.NewColorable(file) // for Windows consoles
	}
	return func(r status.Report) error {
		switch {
		case asJSON:
			return printStatusJSON(out, r, watch, isTerminal)
		case watch && isTerminal:
			return printOver(out, r.Text(coloured))
		case watch:
			return write(out, r.At.String()+"\n"+r.Text(false)+"\n")
		}
		return write(out, r.Text(coloured))
	}
}

// printOver writes a page over the one before, without a flash in between.
func printOver(out io.Writer, text string) error {
	const home, clearLine, clearRest = "\x1b[H", "\x1b[K", "\x1b[J"
	return write(out, home+strings.ReplaceAll(text, "\n", clearLine+"\n")+clearRest)
}

func printStatusJSON(out io.Writer, r status.Report, oneLine, isTerminal bool) error {
	var b bytes.Buffer
	if oneLine {
		if err := json.NewEncoder(&b).Encode(r); err != nil {
			return err
		}
	} else if err := printJSON(&b, r); err != nil {
		return err
	}
	text := b.String()
	if isTerminal {
		text = eventline.EscapeJSON(text)
	}
	return write(out, text)
}

func write(out io.Writer, text string) error {
	_, err := io.WriteString(out, text)
	return err
}

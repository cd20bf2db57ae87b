package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/mattn/go-colorable"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"promethean/cmd/brain/internal/eventline"
	"promethean/ops/logging"
	"promethean/ops/settings"
	"promethean/schema"
)

// tailFlags are what tail can be told beside its filters.
type tailFlags struct {
	tenant, since string
	last, count   int
	json          bool
}

func tailCommand(p surroundings) *cobra.Command {
	var f tailFlags
	loader := settings.New(natsSettings(), nil, p.environ)
	cmd := &cobra.Command{
		Use:   "tail [FILTER...]",
		Short: "show events as they come",
		Long: "Shows events as they come: for people on a terminal, elsewhere one envelope a line (NDJSON), byte for byte.\n" +
			"It talks to NATS only and leaves nothing there.\n\n" +
			"A FILTER is a type or how types begin (chat, channel.event, streamerbot.twitch), a provider (" + providerNames() + "),\n" +
			"or a subject with wildcards. Several show what any of them matches; none shows every event of every tenant.",
		Example: "  brain tail\n  brain tail chat twitch --last 20\n  brain tail channel.event --since 2h --json | jq .payload\n" +
			"  brain tail 'promethean.p.*.t.duck.events.obs.>'",
		RunE: func(cmd *cobra.Command, words []string) error {
			s, err := loader.Load()
			if err != nil {
				return err
			}
			follow, err := f.follower(words)
			if err != nil {
				return err
			}
			if !cmd.Flags().Changed("json") {
				f.json = !logging.IsTerminal(p.stdout)
			}
			return failed(tailEvents(cmd.Context(), s, follow, f.shower(p), p.stderr))
		},
	}
	loader.Flags(cmd.Flags())
	cmd.Flags().StringVar(&f.tenant, "tenant", "", "only events of this tenant; of every one without it, whatever BRAIN_TENANT says")
	cmd.Flags().StringVar(&f.since, "since", "", "begin with events of that age (10m, 2h) or since that time (2026-11-25T21:00:00Z)")
	cmd.Flags().IntVar(&f.last, "last", 0, "begin with that many of the newest events")
	cmd.Flags().IntVar(&f.count, "count", 0, "end after that many events")
	cmd.Flags().BoolVar(&f.json, "json", false, "envelopes as JSON, one a line; the default where nobody reads a terminal")
	cmd.MarkFlagsMutuallyExclusive("since", "last")
	return cmd
}

func providerNames() string {
	var names []string
	for _, p := range schema.Providers() {
		names = append(names, string(p))
	}
	return strings.Join(names, ", ")
}

// follower reads what the flags say about where to begin and what to show.
func (f tailFlags) follower(words []string) (*follower, error) {
	filter, err := newFilter(words, f.tenant)
	if err != nil {
		return nil, err
	}
	if f.last < 0 || f.count < 0 {
		return nil, errors.New("--last and --count are numbers of events from 1")
	}
	follow := &follower{filter: filter, last: f.last}
	if f.since == "" {
		return follow, nil
	}
	if age, err := time.ParseDuration(f.since); err == nil && age > 0 {
		follow.since = time.Now().Add(-age)
	} else if follow.since, err = time.Parse(time.RFC3339, f.since); err != nil {
		return nil, fmt.Errorf("--since %q is neither an age (90s, 10m, 2h) nor a time (2026-11-25T21:00:00Z)", f.since)
	} else if follow.since.After(time.Now()) {
		return nil, fmt.Errorf("--since %q is still to come", f.since)
	}
	return follow, nil
}

// tailEvents connects and shows until ctx ends, enough is shown, or nobody
// reads any more: none of these is an error.
func tailEvents(ctx context.Context, s *settings.Settings, follow *follower, show *shower, stderr io.Writer) error {
	follow.say = func(text string) { fmt.Fprintln(stderr, "brain: "+text) }
	nc, err := dialNATS(s,
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				follow.say(fmt.Sprintf("NATS is gone (%v); going on where this was when it is back", err))
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { follow.say("NATS is back") }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { follow.tell(err) })) // e.g. what this user may not do
	if err != nil {
		return err
	}
	defer nc.Close()
	// What waits for an answer when Ctrl-C comes gets a moment.
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(time.Second, nc.Close) })
	defer stop()
	if follow.js, err = jetstream.New(nc, jetstream.WithDefaultTimeout(natsTimeout)); err != nil {
		return err
	}
	// Without this, Go ends the process at a write to a closed pipe.
	signal.Ignore(syscall.SIGPIPE)
	err = follow.run(ctx, show.show)
	if ctx.Err() != nil || isClosedPipe(err) {
		return nil
	}
	return err
}

// isClosedPipe reports whether the reader of standard output has gone, as
// `head` does.
func isClosedPipe(err error) bool {
	const brokenPipe, noData = syscall.Errno(109), syscall.Errno(232) // Windows' own
	return errors.Is(err, syscall.EPIPE) ||
		runtime.GOOS == "windows" && (errors.Is(err, brokenPipe) || errors.Is(err, noData))
}

// shower writes events.
type shower struct {
	out            io.Writer
	terminal, json bool
	style          func() eventline.Style
	count, left    int
}

func (f tailFlags) shower(p surroundings) *shower {
	out := p.stdout
	file, isTerminal := out.(*os.File)
	isTerminal = isTerminal && logging.IsTerminal(out)
	if isTerminal {
		out = colorable.NewColorable(file) // for Windows consoles
	}
	style := func() eventline.Style {
		s := eventline.Style{Zone: time.Local, Today: time.Now()}
		if isTerminal {
			s.Colours = colours(p.environ)
			if width, _, err := term.GetSize(int(file.Fd())); err == nil {
				s.Width = width
			}
		}
		return s
	}
	return &shower{out: out, terminal: isTerminal, json: f.json, style: style, count: f.count, left: f.count}
}

// colours says what the terminal can show and the person wants.
func colours(environ []string) eventline.Colours {
	can := eventline.Palette
	for _, pair := range environ {
		switch name, value, _ := strings.Cut(pair, "="); {
		case name == "NO_COLOR" && value != "", name == "TERM" && value == "dumb":
			return eventline.None
		case name == "COLORTERM" && (value == "truecolor" || value == "24bit"):
			can = eventline.Full
		}
	}
	return can
}

// show writes one event and a line end, in one piece.
func (s *shower) show(m jetstream.Msg) error {
	var line []byte
	switch {
	case s.json && s.terminal:
		line = []byte(eventline.EscapeJSON(string(oneLine(m.Data()))))
	case s.json:
		line = oneLine(m.Data())
	default:
		event := eventline.Event{Body: m.Data(), Subject: m.Subject(), Origin: m.Headers().Get(schema.HeaderOrigin)}
		line = []byte(eventline.Format(event, s.style()))
	}
	if _, err := s.out.Write(append(line, '\n')); err != nil {
		return err
	}
	if s.left--; s.count > 0 && s.left == 0 {
		return errEnough
	}
	return nil
}

// oneLine is an envelope's bytes, with blanks for line ends: a frame in
// meta.raw may have some between its members, where they mean nothing. What is
// no JSON at all is written as a JSON text, so that every line can be read.
func oneLine(body []byte) []byte {
	if !json.Valid(body) {
		text, _ := json.Marshal(string(body)) // a string can always be encoded
		return text
	}
	line := bytes.Clone(body)
	for i, c := range line {
		if c == '\n' || c == '\r' {
			line[i] = ' '
		}
	}
	return line
}

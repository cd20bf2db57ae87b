package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"promethean/gateway/simulator"
	"promethean/gateway/simulator/ailicia"
)

// defaultListen is where the simulator listens.
const defaultListen = "127.0.0.1:8430"

type usageError struct{ error }

type settings struct {
	listen, control string
	// ailicia is where ai_licia listens; empty is nowhere.
	ailicia       string
	second        ailicia.Options
	secondOrders  []secondOrdered
	count, repeat int
	listEvents    bool
	orders        []ordered
	server        simulator.Options
}

// ordered is an order of the command line.
type ordered struct {
	line string
	do   simulator.Order
}

// secondOrdered is an order for ai_licia.
type secondOrdered struct {
	line string
	do   ailicia.Order
}

// given is what the flags say before it is judged.
type given struct {
	settings
	auth, actions string
	mute          bool
	globals       []simulator.Global
	set           map[string]bool
}

func parse(args []string, stderr io.Writer) (settings, error) {
	g := given{set: map[string]bool{}}
	fs := flag.NewFlagSet("simulator", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Usage = func() { help(fs) }
	g.serverFlags(fs)
	g.protocolFlags(fs)
	g.contentFlags(fs)
	g.ailiciaFlags(fs)
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return settings{}, err
		}
		return settings{}, usageError{err}
	}
	fs.Visit(func(f *flag.Flag) { g.set[f.Name] = true })
	if fs.NArg() > 0 {
		return settings{}, usageError{fmt.Errorf("there are no arguments, only flags; %q is none", fs.Arg(0))}
	}
	if err := g.judge(); err != nil {
		return settings{}, usageError{err}
	}
	return g.settings, nil
}

func (g *given) serverFlags(fs *flag.FlagSet) {
	o := &g.server
	fs.StringVar(&g.listen, "listen", defaultListen, "`address` to listen on; port 0 takes a free one")
	fs.StringVar(&g.control, "control", "", "`address` for orders over HTTP; none without it")
	fs.StringVar(&o.Version, "version", "1.0.7", "Streamer.bot `version` to play; below 0.2.5 there is no Hello and no authentication")
	fs.StringVar(&g.auth, "auth", "off", "authentication: off, on or enforced; on where a password is given")
	fs.StringVar(&o.Password, "password", "", "password that clients must know; SIM_PASSWORD sets it too")
	fs.DurationVar(&o.AuthTimeout, "auth-timeout", 0, "how long an enforcing server waits for Authenticate; 30s by default")
	fs.BoolVar(&o.AuthErrorAnswer, "auth-error", false, "answer a wrong password with an error in place of closing with 4009")
	fs.BoolVar(&g.mute, "no-hello", false, "send no Hello, as servers before 0.2.5")
	fs.BoolVar(&o.Lossless, "lossless", false, "wait for slow clients in place of disconnecting them")
	fs.IntVar(&o.Queue, "queue", 0, "how many frames may wait for a client; 1024 by default")
}

func (g *given) protocolFlags(fs *flag.FlagSet) {
	o := &g.server
	fs.BoolVar(&o.MixShapes, "mix-shapes", false, "draw a version's shape for each Twitch line")
	fs.BoolVar(&o.DocShapes, "doc-shapes", false, "answer as the documentation has it where the official client's types differ")
	fs.BoolVar(&o.CamelCaseSources, "camel-case", false, "spell sources in GetEvents as older servers do: youTube")
	fs.BoolVar(&o.ExactCase, "exact-case", false, "acknowledge a Subscribe in any spelling, but deliver only for GetEvents' own")
	fs.Func("event", "offer `Source.Type` beyond the catalogue; may be repeated", func(name string) error {
		source, kind, _ := strings.Cut(name, ".")
		if source == "" || kind == "" {
			return errors.New("it is written Source.Type")
		}
		if o.Events == nil {
			o.Events = map[string][]string{}
		}
		o.Events[source] = append(o.Events[source], kind)
		return nil
	})
	fs.BoolVar(&g.listEvents, "list-events", false, "list what this server offers as Source.Type, and end")
}

func (g *given) contentFlags(fs *flag.FlagSet) {
	o := &g.server
	fs.Uint64Var(&o.Seed, "seed", 1, "which cast and evening to play")
	fs.Float64Var(&o.Rate, "rate", 2, "frames a second on average; 0 with --count unless given")
	fs.IntVar(&g.count, "count", 0, "send `n` numbered chat lines, without loss, once somebody is subscribed")
	fs.IntVar(&g.repeat, "repeat", 1, "send each numbered line this often, the same frame each time")
	fs.StringVar(&g.actions, "actions", "", "JSON `file` of actions in place of the built-in ones")
	fs.DurationVar(&o.ActionDelay, "action-delay", 0, "time from DoAction to the start of its run; 16ms by default")
	fs.Func("global", "`name=value` of a persisted global variable besides the built-in ones; JSON, or else text; may be repeated", func(s string) error {
		name, text, ok := strings.Cut(s, "=")
		if !ok || name == "" {
			return errors.New("it is written name=value")
		}
		var value any
		if json.Unmarshal([]byte(text), &value) != nil {
			value = text
		}
		g.globals = append(g.globals, simulator.Global{Name: name, Value: value})
		return nil
	})
	fs.StringVar(&o.Title, "title", "", "the stream's title at first")
	fs.BoolVar(&o.KeepTitles, "keep-titles", false, "let the evening's streamer set no title, so that only clients do")
	fs.Func("banned-word", "`word` that no title may contain, in place of the built-in one; may be repeated", func(word string) error {
		o.BannedWords = append(o.BannedWords, word)
		return nil
	})
	fs.Func("order", "`line` to carry out once the server is up, as in the list below; may be repeated", func(line string) error {
		do, err := simulator.ParseOrder(line)
		g.orders = append(g.orders, ordered{line, do})
		return err
	})
}

func (g *given) ailiciaFlags(fs *flag.FlagSet) {
	fs.StringVar(&g.ailicia, "ailicia", "", "`address` where ai_licia's event stream is, which tells the same evening, e.g. 127.0.0.1:8431; none without it")
	fs.StringVar(&g.second.Key, "ailicia-key", "", "API `key` that ai_licia's clients must send; SIM_AILICIA_KEY sets it too; "+ailicia.DefaultKey+" by default")
	fs.StringVar(&g.second.BasicKey, "ailicia-basic-key", "", "a second `key`, of a subscription without the stream: 403")
	fs.DurationVar(&g.second.KeepAlive, "ailicia-keep-alive", 0, "time between two keep-alive comments; 30s by default")
	fs.Func("ailicia-order", "`line` for ai_licia to carry out once it is up, as in the list below; may be repeated", func(line string) error {
		do, err := ailicia.ParseOrder(line)
		g.secondOrders = append(g.secondOrders, secondOrdered{line, do})
		return err
	})
}

// mostRate is more frames a second than any machine sends.
const mostRate = 1e6

// judge completes what was given and says what cannot be.
func (g *given) judge() error {
	o := &g.server
	o.Password = cmp.Or(o.Password, os.Getenv("SIM_PASSWORD"))
	g.second.Seed, g.second.Key = o.Seed, cmp.Or(g.second.Key, os.Getenv("SIM_AILICIA_KEY"))
	if o.Password != "" && !g.set["auth"] {
		g.auth = "on"
	}
	modes := map[string]simulator.AuthMode{"off": simulator.AuthOff, "on": simulator.AuthOn, "enforced": simulator.AuthEnforced}
	mode, ok := modes[g.auth]
	o.Auth, o.Hello = mode, !g.mute && simulator.SaysHello(o.Version)
	o.Lossless = o.Lossless || g.count > 0
	if g.count > 0 && !g.set["rate"] {
		o.Rate = 0
	}
	for name := range g.set {
		if strings.HasPrefix(name, "ailicia-") && g.ailicia == "" {
			return fmt.Errorf("--%s needs an address for ai_licia: --ailicia 127.0.0.1:8431", name)
		}
	}
	switch {
	case !ok:
		return fmt.Errorf("--auth is off, on or enforced, not %q", g.auth)
	case mode != simulator.AuthOff && !o.Hello:
		return fmt.Errorf("--auth %s needs a Hello, in which clients learn the challenge: no --no-hello, and --version 0.2.5 or later", g.auth)
	case mode != simulator.AuthOff && o.Password == "":
		return fmt.Errorf("--auth %s needs a password: --password or SIM_PASSWORD", g.auth)
	case !simulator.IsVersion(o.Version):
		return fmt.Errorf("--version is numbers with dots, e.g. 1.0.7, not %q", o.Version)
	case !(o.Rate >= 0 && o.Rate <= mostRate): // NaN neither
		return fmt.Errorf("--rate is from 0 to %g, not %g", mostRate, o.Rate)
	case g.count < 0 || g.repeat < 1 || o.Queue < 0 || o.AuthTimeout < 0 || o.ActionDelay < 0:
		return errors.New("--count, --queue, --action-delay and --auth-timeout are not negative, and --repeat is at least 1")
	}
	if g.globals != nil {
		o.Globals = append(simulator.DefaultGlobals(), g.globals...)
	}
	return g.readActions()
}

func (g *given) readActions() error {
	if g.actions == "" {
		return nil
	}
	file, err := os.Open(g.actions)
	if err != nil {
		return fmt.Errorf("--actions: %w", err)
	}
	defer file.Close()
	if g.server.Actions, err = simulator.ReadActions(file); err != nil {
		return fmt.Errorf("--actions %s: %w", g.actions, err)
	}
	return nil
}

func help(fs *flag.FlagSet) {
	fmt.Fprint(fs.Output(), `simulator plays Streamer.bot's WebSocket server, with an invented evening behind it.

It prints one JSON object a line at each change of state: {"listening":"ws://…"}, {"ailicia":"http://…"},
{"control":"http://…"}, {"subscribed":clients}, {"action":name,"run":id,"success":true}, {"title":text},
{"said":text,"platform":…}.

  simulator                                         a current server at ws://127.0.0.1:8430/
  simulator --version 0.2.4                         an old one: no Hello, nested chat frames
  SIM_PASSWORD=duck simulator --auth enforced       clients must log in first
  simulator --rate 0 --order 'once 1 emit General.Custom {"kind":"deaths"}'
  simulator --order 'after 10s drop' --order 'mute DoAction'
  simulator --ailicia 127.0.0.1:8431                ai_licia's event stream beside it, of the same evening
  simulator healthy                                 exit code 0 when the one that runs here answers, else 3
  simulator --control 127.0.0.1:8432                then: curl -d stall http://127.0.0.1:8432/

Flags:
`)
	fs.PrintDefaults()
	fmt.Fprint(fs.Output(), "\nOrders (--order, and the lines of a POST to --control):\n", simulator.OrderHelp())
	fmt.Fprint(fs.Output(), "\nOrders for ai_licia (--ailicia-order, and the lines of a POST to ailicia below --control):\n", ailicia.OrderHelp())
}

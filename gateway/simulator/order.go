package simulator

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Order is something that a simulator is told to do, as one line of text says it, so that tests in any
// language and people can order what the Go methods do.
type Order func(context.Context, *Server) error

// order is one kind of Order: how it is written, what it does, and how its arguments are read.
type order struct {
	name, args, does string
	parse            func(args string) (Order, error)
}

// orders is the whole list, in the order of the help text. A function, since some orders hold others.
func orders() []order {
	return []order{
		{"drop", "", "end every connection without a close frame", bare((*Server).Drop)},
		{"close", "CODE [REASON]", "end every connection with a close frame", parseClose},
		{"stall", "", "play dead: read, send and pong nothing", bare(func(s *Server) { s.Stall(true) })},
		{"resume", "", "end a stall", bare(func(s *Server) { s.Stall(false) })},
		{"garbage", "KIND", "send everybody text, truncated, binary, utf8, deep, empty, null or array", parseGarbage},
		{"oversize", "[BYTES]", "send everybody an event of so many bytes; 2 MiB and one by default", parseOversize},
		{"duplicate", "N", "send each of the next N events twice", parseDuplicate},
		{"ignore", "REQUEST [N]", "neither act on a request (* for any) nor answer it; N times or until heal", fault(Ignore)},
		{"mute", "REQUEST [N]", "act on it, but do not answer", fault(Mute)},
		{"refuse", "REQUEST [N] [TEXT]", "answer it with an error", fault(Refuse)},
		{"late", "REQUEST DURATION [N]", "act on it at once, but answer late", fault(Late)},
		{"swap", "REQUEST [N]", "act on it at once, but answer after the next answer", fault(Swap)},
		{"hangup", "REQUEST [N]", "act on it and drop the connection in place of answering", fault(HangUp)},
		{"heal", "", "end all of these", bare((*Server).Heal)},
		{"inject", "FRAME", "send a frame as it is", parseInject},
		{"emit", "SOURCE.TYPE [DATA]", "send an event with this JSON as its data", parseEmit},
		{"event", "NAME [ARGS]", "raise Custom.Event with a JSON object as its arguments", parseEvent},
		{"say", "PLATFORM TEXT", "let the broadcaster say something in chat", parseSay},
		{"title", "TEXT", "change the stream's title on Twitch, as by hand", parseTitle},
		{"global", "NAME JSON", "write a persisted global variable", parseGlobal},
		{"wait", "DURATION", "do nothing for so long", parseWait},
		{"fail", "TEXT", "fail; for actions", parseFail},
		{"after", "DURATION ORDER", "carry an order out later", parseAfter},
		{"once", "N ORDER", "carry an order out as soon as N clients are subscribed", parseOnce},
	}
}

// ParseOrder reads one line. DURATION is Go's, such as 1.5s or 200ms.
func ParseOrder(line string) (Order, error) {
	name, args := cut(line)
	all := orders()
	i := slices.IndexFunc(all, func(o order) bool { return o.name == name })
	if i < 0 {
		return nil, fmt.Errorf("there is no order %q; the orders are %s", name, strings.Join(names(all), ", "))
	}
	do, err := all[i].parse(args)
	if err != nil {
		return nil, fmt.Errorf("order %q is written %s %s: %w", name, name, all[i].args, err)
	}
	return do, nil
}

// OrderHelp lists the orders, one a line.
func OrderHelp() string {
	var b strings.Builder
	for _, o := range orders() {
		fmt.Fprintf(&b, "  %-28s %s\n", strings.TrimSpace(o.name+" "+o.args), o.does)
	}
	return b.String()
}

func names(all []order) (list []string) {
	for _, o := range all {
		list = append(list, o.name)
	}
	return list
}

// cut splits the first word off.
func cut(s string) (word, rest string) {
	word, rest, _ = strings.Cut(strings.TrimSpace(s), " ")
	return word, strings.TrimSpace(rest)
}

// bare is an order without arguments.
func bare(do func(*Server)) func(string) (Order, error) {
	return func(args string) (Order, error) {
		if args != "" {
			return nil, errors.New("it takes nothing more")
		}
		return func(_ context.Context, s *Server) error { do(s); return nil }, nil
	}
}

// fault is an order for Misanswer.
func fault(kind FaultKind) func(string) (Order, error) {
	return func(args string) (Order, error) {
		f := Fault{Kind: kind}
		f.Request, args = cut(args)
		if _, known := requests[f.Request]; !known && f.Request != "*" {
			return nil, fmt.Errorf("%q is no request", f.Request)
		}
		if kind == Late {
			text, rest := cut(args)
			d, err := time.ParseDuration(text)
			if err != nil {
				return nil, err
			}
			f.Delay, args = d, rest
		}
		text, rest := cut(args)
		if n, err := strconv.Atoi(text); err == nil && n > 0 {
			f.Times, args = n, rest
		}
		if kind == Refuse {
			f.Error = cmp.Or(args, "Refused by order")
		} else if args != "" {
			return nil, fmt.Errorf("%q is no number of times", args)
		}
		return func(_ context.Context, s *Server) error { s.Misanswer(f); return nil }, nil
	}
}

// whole reads arguments that are one JSON value, which may be left out.
func whole(args, missing string) (json.RawMessage, error) {
	text := cmp.Or(args, missing)
	if !json.Valid([]byte(text)) {
		return nil, fmt.Errorf("%s is not JSON", text)
	}
	return json.RawMessage(text), nil
}

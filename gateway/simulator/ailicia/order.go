package ailicia

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Order is something that a simulator is told to do, as one line of text says it.
type Order func(context.Context, *Server) error

// order is one kind of Order: how it is written, what it does, and how its arguments are read.
type order struct {
	name, args, does string
	parse            func(args string) (Order, error)
}

// orders is the whole list, in the order of the help text. A function, since some orders hold others.
func orders() []order {
	return []order{
		{"end", "", "end every stream properly", sends("", ends)},
		{"cut", "", "end every stream properly, but in the middle of an event", sends(half, ends)},
		{"drop", "", "close every connection in the middle of an event", sends(half, drops)},
		{"reset", "", "reset every connection", sends("", resets)},
		{"stall", "", "play dead: send nothing, not even comments, and answer nobody", bare(func(s *Server) { s.faults.stall.set(true) })},
		{"resume", "", "end a stall", bare(func(s *Server) { s.faults.stall.set(false) })},
		{"mute", "[N]", "accept the next N connections, and send no header; or until heal", parseMute},
		{"status", "CODE [N] [RETRY-AFTER]", "answer the next N requests, or all until heal (0), with a status", parseStatus},
		{"redirect", "URL [N]", "answer with 307 to another place", parseRedirect},
		{"login", "[N]", "answer with 200 and an HTML page", parseLogin},
		{"key", "KEY", "accept this key and no other from now on", parseKey},
		{"retry", "TEXT", "send everybody a retry: field; milliseconds, or what is none", parseRetry},
		{"ids", "", "give events an id: field until heal", bare(func(s *Server) { s.faults.set(func(f *faults) { f.hasIDs = true }) })},
		{"lines", "cr|lf|crlf", "end lines so, until heal", parseLines},
		{"slow", "BYTES [PAUSE]", "write in pieces of so many bytes with a pause behind each, until heal", parseSlow},
		{"duplicate", "N", "send each of the next N events twice", parseDuplicate},
		{"garbage", "KIND", "send everybody " + strings.Join(garbageKinds(), ", "), parseGarbage},
		{"mismatch", "", "send everybody an event whose name is not its type", bare((*Server).mismatch)},
		{"oversize", "[BYTES]", "send everybody an event of so many bytes; 2 MiB and one by default", parseOversize},
		{"heal", "", "end all that lasts, but the key", bare(func(s *Server) { s.faults.heal() })},
		{"emit", "TYPE [PAYLOAD]", "send an event with this JSON as its payload", parseEmit},
		{"inject", "TEXT", "send everybody bytes as they are; a JSON string", parseInject},
		{"wait", "DURATION", "do nothing for so long", parseWait},
		{"after", "DURATION ORDER", "carry an order out later", parseAfter},
		{"once", "N ORDER", "carry an order out as soon as N clients have a stream", parseOnce},
	}
}

// ParseOrder reads one line. DURATION and PAUSE are Go's, such as 1.5s or 200ms.
func ParseOrder(line string) (Order, error) {
	name, args := word(line)
	all := orders()
	i := slices.IndexFunc(all, func(o order) bool { return o.name == name })
	if i < 0 {
		return nil, fmt.Errorf("there is no order %q for ai_licia; the orders are %s", name, strings.Join(names(all), ", "))
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
		fmt.Fprintf(&b, "  %-29s %s\n", strings.TrimSpace(o.name+" "+o.args), o.does)
	}
	return b.String()
}

func names(all []order) (list []string) {
	for _, o := range all {
		list = append(list, o.name)
	}
	return list
}

// word splits the first word off.
func word(s string) (first, rest string) {
	first, rest, _ = strings.Cut(strings.TrimSpace(s), " ")
	return first, strings.TrimSpace(rest)
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

// half is the beginning of an event.
const half = "event: chat.message\ndata: {\"id\":\"evt_half\",\"type\":\"chat.mess"

// sends is an order that sends everybody a text and ends their streams behind it.
func sends(text string, how ending) func(string) (Order, error) {
	return bare(func(s *Server) { s.toAll(message{body: []byte(text), ending: how}) })
}

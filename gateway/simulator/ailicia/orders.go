package ailicia

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// beyondLimit is one byte more than the data of the events that a client has to take.
const beyondLimit = 2<<20 + 1

func garbageKinds() []string { return slices.Sorted(maps.Keys(garbage())) }

// does is an order that cannot fail.
func does(do func(*Server)) Order {
	return func(_ context.Context, s *Server) error { do(s); return nil }
}

// times reads how often: nothing is the given number, 0 is until heal.
func times(text string, missing int) (int, error) {
	if text == "" {
		return missing, nil
	}
	n, err := strconv.Atoi(text)
	switch {
	case err != nil || n < 0:
		return 0, fmt.Errorf("%q is no number of times", text)
	case n == 0:
		return -1, nil
	default:
		return n, nil
	}
}

func parseMute(args string) (Order, error) {
	n, err := times(args, -1)
	return does(func(s *Server) { s.faults.add(answer{isSilent: true, times: n}) }), err
}

func parseLogin(args string) (Order, error) {
	n, err := times(args, 1)
	return does(func(s *Server) { s.faults.add(answer{isLogin: true, times: n}) }), err
}

func parseStatus(args string) (Order, error) {
	code, rest := word(args)
	often, after := word(rest)
	status, err := strconv.Atoi(code)
	if err != nil || status < 200 || status > 599 {
		return nil, fmt.Errorf("%q is no status from 200 to 599", code)
	}
	n, err := times(often, 1)
	return does(func(s *Server) { s.faults.add(answer{status: status, retryAfter: after, times: n}) }), err
}

func parseRedirect(args string) (Order, error) {
	to, often := word(args)
	if u, err := url.Parse(to); err != nil || to == "" || u.Path == "" && u.Host == "" {
		return nil, fmt.Errorf("%q is no address", to)
	}
	n, err := times(often, 1)
	return does(func(s *Server) {
		s.faults.add(answer{status: http.StatusTemporaryRedirect, location: to, times: n})
	}), err
}

func parseKey(args string) (Order, error) {
	if args == "" {
		return nil, errors.New("no key is given")
	}
	return does(func(s *Server) { s.faults.set(func(f *faults) { f.key = args }) }), nil
}

func parseRetry(args string) (Order, error) {
	return does(func(s *Server) { s.toAll(message{body: []byte("retry: " + args + "\n\n")}) }), nil
}

func parseLines(args string) (Order, error) {
	end, ok := map[string]string{"cr": "\r", "lf": "\n", "crlf": "\r\n"}[args]
	if !ok {
		return nil, errors.New("lines end so or not at all")
	}
	return does(func(s *Server) { s.faults.set(func(f *faults) { f.newline = end }) }), nil
}

func parseSlow(args string) (Order, error) {
	text, rest := word(args)
	size, err := strconv.Atoi(text)
	if err != nil || size < 1 {
		return nil, fmt.Errorf("%q is no number of bytes", text)
	}
	pause, err := time.ParseDuration(cmp.Or(rest, "0s"))
	return does(func(s *Server) { s.faults.set(func(f *faults) { f.size, f.pauses = size, pause }) }), err
}

func parseDuplicate(args string) (Order, error) {
	n, err := strconv.Atoi(args)
	return does(func(s *Server) { s.faults.set(func(f *faults) { f.doubles = n }) }), err
}

func parseGarbage(args string) (Order, error) {
	text, ok := garbage()[args]
	if !ok {
		return nil, errors.New("there is no such kind")
	}
	return does(func(s *Server) { s.toAll(message{body: []byte(text)}) }), nil
}

// mismatch sends an event whose name is not its type, each time another.
func (s *Server) mismatch() {
	s.toAll(message{body: []byte(mismatch(s.newID()))})
}

func (s *Server) newID() string {
	s.telling.Lock()
	defer s.telling.Unlock()
	return s.teller.newID("evt")
}

func parseOversize(args string) (Order, error) {
	size, err := strconv.Atoi(cmp.Or(args, strconv.Itoa(beyondLimit)))
	if err != nil || size > 64<<20 {
		return nil, errors.New("at most 64 MiB, in bytes")
	}
	return does(func(s *Server) { s.toAll(message{body: []byte(oversize(size))}) }), nil
}

func parseEmit(args string) (Order, error) {
	kind, payload := word(args)
	payload = cmp.Or(payload, "{}")
	if kind == "" || !json.Valid([]byte(payload)) {
		return nil, errors.New("no TYPE is given, or the payload is not JSON")
	}
	return does(func(s *Server) { s.Emit(kind, json.RawMessage(payload)) }), nil
}

// Emit sends an event of the first channel, stamped by the clock, to every client that asked for it. The
// payload is JSON.
func (s *Server) Emit(kind string, payload json.RawMessage) {
	s.telling.Lock()
	defer s.telling.Unlock()
	s.teller.at, s.teller.out = s.opt.Clock(), nil
	s.teller.emit(kind, Channels()[0].Platform, payload, nil)
	for _, e := range s.teller.out {
		s.broadcast(e)
	}
}

func parseInject(args string) (Order, error) {
	var text string
	if err := json.Unmarshal([]byte(args), &text); err != nil || text == "" {
		return nil, errors.New(`no JSON string is given, such as ": hello\n\n"`)
	}
	return does(func(s *Server) { s.Inject([]byte(text)) }), nil
}

// Inject sends every client bytes as they are.
func (s *Server) Inject(text []byte) { s.toAll(message{body: text}) }

func parseWait(args string) (Order, error) {
	d, err := time.ParseDuration(args)
	return func(ctx context.Context, _ *Server) error { return sleep(ctx, d) }, err
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func parseAfter(args string) (Order, error) {
	text, rest := word(args)
	d, err := time.ParseDuration(text)
	if err != nil {
		return nil, err
	}
	do, err := ParseOrder(strings.TrimSpace(rest))
	return func(ctx context.Context, s *Server) error {
		if err := sleep(ctx, d); err != nil {
			return err
		}
		return do(ctx, s)
	}, err
}

func parseOnce(args string) (Order, error) {
	text, rest := word(args)
	n, err := strconv.Atoi(text)
	if err != nil {
		return nil, err
	}
	do, err := ParseOrder(rest)
	return func(ctx context.Context, s *Server) error {
		if err := s.WaitClients(ctx, n); err != nil {
			return err
		}
		return do(ctx, s)
	}, err
}

package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"
)

// beyondLimit is one byte more than the frames that a client has to take.
const beyondLimit = 2<<20 + 1

func parseClose(args string) (Order, error) {
	text, reason := cut(args)
	code, err := strconv.Atoi(text)
	if err != nil {
		return nil, err
	}
	return func(_ context.Context, s *Server) error { return s.Close(code, reason) }, nil
}

func parseGarbage(args string) (Order, error) {
	if _, ok := garbage[args]; !ok {
		return nil, errors.New("there is no such kind")
	}
	return func(ctx context.Context, s *Server) error { return s.Garbage(ctx, args) }, nil
}

func parseOversize(args string) (Order, error) {
	size := beyondLimit
	if args != "" {
		var err error
		if size, err = strconv.Atoi(args); err != nil {
			return nil, err
		}
		if size > 64<<20 {
			return nil, errors.New("64 MiB are the most")
		}
	}
	return func(ctx context.Context, s *Server) error { return s.Oversize(ctx, size) }, nil
}

func parseDuplicate(args string) (Order, error) {
	n, err := strconv.Atoi(args)
	if err != nil {
		return nil, err
	}
	return func(_ context.Context, s *Server) error { s.Duplicate(n); return nil }, nil
}

func parseInject(args string) (Order, error) {
	if args == "" {
		return nil, errors.New("no frame is given")
	}
	return func(ctx context.Context, s *Server) error { return s.Inject(ctx, []byte(args)) }, nil
}

func parseEmit(args string) (Order, error) {
	name, rest := cut(args)
	source, kind, _ := strings.Cut(name, ".")
	if source == "" || kind == "" {
		return nil, errors.New("no SOURCE.TYPE is given")
	}
	data, err := whole(rest, "{}")
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, s *Server) error { return s.Emit(ctx, source, kind, data) }, nil
}

func parseEvent(args string) (Order, error) {
	name, rest := cut(args)
	if name == "" {
		return nil, errors.New("no name is given")
	}
	data, err := whole(rest, "{}")
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, s *Server) error { return s.CustomEvent(ctx, name, data) }, nil
}

func parseSay(args string) (Order, error) {
	platform, text := cut(args)
	if text == "" {
		return nil, errors.New("nothing is said")
	}
	return func(ctx context.Context, s *Server) error { return s.Say(ctx, Line{Platform: platform, Text: text}) }, nil
}

func parseTitle(args string) (Order, error) {
	return func(ctx context.Context, s *Server) error { return s.SetTitle(ctx, args) }, nil
}

func parseGlobal(args string) (Order, error) {
	name, rest := cut(args)
	if name == "" {
		return nil, errors.New("no name is given")
	}
	raw, err := whole(rest, "null")
	if err != nil {
		return nil, err
	}
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		return nil, err
	}
	return func(ctx context.Context, s *Server) error { return s.SetGlobal(ctx, Global{Name: name, Value: value}) }, nil
}

func parseWait(args string) (Order, error) {
	d, err := time.ParseDuration(args)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, s *Server) error { return TakeTime(d)(ctx, s, nil) }, nil
}

func parseFail(args string) (Order, error) {
	return func(context.Context, *Server) error { return errors.New(args) }, nil
}

func parseAfter(args string) (Order, error) {
	text, rest := cut(args)
	d, err := time.ParseDuration(text)
	if err != nil {
		return nil, err
	}
	do, err := ParseOrder(rest)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, s *Server) error {
		if err := TakeTime(d)(ctx, s, nil); err != nil {
			return err
		}
		return do(ctx, s)
	}, nil
}

func parseOnce(args string) (Order, error) {
	text, rest := cut(args)
	n, err := strconv.Atoi(text)
	if err != nil {
		return nil, err
	}
	do, err := ParseOrder(rest)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, s *Server) error {
		if err := s.WaitSubscribed(ctx, n); err != nil {
			return err
		}
		return do(ctx, s)
	}, nil
}

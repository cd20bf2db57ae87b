package streamerbot

import (
	"context"
	"fmt"
	"time"
)

// greeting is what Hello and the answer to GetInfo say (reference:
// streamerbot.md 1.3). The challenge stands beside info, not in it.
type greeting struct {
	Info           object[info]      `json:"info"`
	Authentication object[challenge] `json:"authentication"`
}

type info struct {
	InstanceID text `json:"instanceId"`
	Version    text `json:"version"`
	Source     text `json:"source"`
}

// greet waits for Hello. Servers up to 0.2.4 never say it and are asked; a
// slow Hello still comes before the answer and counts, as it may hold a
// challenge.
func (s *session) greet(ctx context.Context) (greeting, error) {
	wait := time.NewTimer(s.source.c.Timings.Hello)
	defer wait.Stop()
	select {
	case hello := <-s.hello:
		return s.readGreeting(hello)
	case <-s.ended:
		return greeting{}, s.readErr
	case <-ctx.Done():
		return greeting{}, ctx.Err()
	case <-wait.C:
	}
	answer, err := s.ask(ctx, "GetInfo", nil)
	select {
	case hello := <-s.hello:
		return s.readGreeting(hello)
	default:
	}
	if err != nil {
		return greeting{}, fmt.Errorf("no greeting, and %w: is it Streamer.bot at %s?", err, s.source.shown)
	}
	return s.readGreeting(answer)
}

func (s *session) readGreeting(frame []byte) (greeting, error) {
	var g greeting
	if !read(frame, &g) || !g.Info.has {
		return g, fmt.Errorf("the greeting says nothing about the server: is it Streamer.bot at %s?", s.source.shown)
	}
	if is := g.Info.v.Source; is != "" && is != "websocketServer" {
		return g, fmt.Errorf("%s is Streamer.bot's %s, not its WebSocket server: look up the port under Servers/Clients",
			s.source.shown, clip(string(is)))
	}
	f := s.facts()
	f.InstanceID, f.Version = clip(string(g.Info.v.InstanceID)), clip(string(g.Info.v.Version))
	s.know(f)
	return g, nil
}

package simulator

import (
	"context"

	"github.com/coder/websocket"
)

// Repeat is [Server.Number] with each frame sent the given number of times, to the byte the same: what
// two gateways, or a Streamer.bot that repeats itself, would put on the bus.
func (s *Server) Repeat(ctx context.Context, n, times int) error {
	s.counting.Lock()
	defer s.counting.Unlock()
	for range n {
		m := message{kind: websocket.MessageText, body: s.counter.Next(s.opt.Clock()), event: &numbered}
		for range times {
			if err := s.insist(ctx, m); err != nil {
				return err
			}
		}
	}
	return nil
}

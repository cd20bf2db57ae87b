package main

import (
	"context"
	"net"

	simulated "promethean/gateway/simulator/ailicia"
	"promethean/gateway/source/ailicia"
	"promethean/ops/listen"
)

// ailicia is the second source's configuration; without a key it is off. A
// simulation reads the simulated one with its key, never the real one.
func (n *node) ailicia() ailicia.Config {
	if n.simulate {
		return ailicia.Config{
			URL: n.second.url, APIKey: simulated.DefaultKey,
			Tenant: n.s.Tenant, IgnoreUsers: n.s.IgnoreUsers, Log: n.log,
		}
	}
	s := n.s.Ailicia
	return ailicia.Config{
		URL: s.URL, APIKey: s.APIKey, ReadKey: n.s.KeyAgain("ailicia.api_key"), Types: s.Types, ChannelID: s.ChannelID,
		Tenant: n.s.Tenant, IgnoreUsers: n.s.IgnoreUsers, Log: n.log,
	}
}

// secondPlace is where the simulated ai_licia is, if there is one. tell has it
// tell a frame of Streamer.bot's.
type secondPlace struct {
	url  string
	tell func(frame []byte)
	stop func() error
}

func (n *node) startAilicia() error {
	if !n.simulate {
		return nil
	}
	l, moved, err := listen.TCP(n.s.Sim.AiliciaListen, n.s.Asked("sim.ailicia_listen"), "BRAIN_SIM_AILICIA_LISTEN")
	if err != nil {
		return err
	}
	n.moved(moved, n.s.Sim.AiliciaListen, "the simulated ai_licia", "BRAIN_SIM_AILICIA_LISTEN")
	n.playAilicia(l)
	return nil
}

// playAilicia serves the simulated ai_licia until second.stop is called.
func (n *node) playAilicia(l net.Listener) {
	server := simulated.New(simulated.Options{Seed: n.s.Sim.Seed})
	n.second = secondPlace{
		url: simulated.URL(l), tell: server.Tell,
		stop: member(context.Background(), func(ctx context.Context) error { return server.Serve(ctx, l) }, nil),
	}
}

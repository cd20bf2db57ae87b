package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"

	"promethean/gateway/simulator"
	"promethean/gateway/simulator/ailicia"
)

// playAilicia serves ai_licia's stream, if it is to be anywhere, until ctx ends.
func playAilicia(ctx context.Context, second *ailicia.Server, set settings, own *sync.WaitGroup, out *facts, stderr io.Writer) error {
	if set.ailicia == "" {
		return nil
	}
	l, err := net.Listen("tcp", set.ailicia)
	if err != nil {
		return fmt.Errorf("simulator: listen on %s (--ailicia): %w", set.ailicia, err)
	}
	own.Go(func() {
		if err := second.Serve(ctx, l); err != nil {
			fmt.Fprintln(stderr, err)
		}
	})
	for _, o := range set.secondOrders {
		own.Go(func() {
			if err := o.do(ctx, second); err != nil && ctx.Err() == nil {
				fmt.Fprintf(stderr, "simulator: order for ai_licia %q: %v\n", o.line, err)
			}
		})
	}
	out.say(map[string]any{"ailicia": ailicia.URL(l)})
	return nil
}

// controls takes orders for Streamer.bot at /, and for ai_licia at /ailicia.
func controls(s *simulator.Server, second *ailicia.Server, set settings) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", s.Control())
	if set.ailicia != "" {
		mux.Handle("/ailicia", second.Control())
	}
	return mux
}

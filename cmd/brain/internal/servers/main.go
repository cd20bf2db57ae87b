// Command servers runs one embedded server as a process of its own, so that
// whole-program tests can kill -9 it:
//
//	servers nats  --dir D --listen 127.0.0.1:4222 [--config nats.conf]
//	servers nats  --dir D --listen A --name n1 --cluster B --routes C,D   one node of a cluster
//	servers store --dir D --listen 127.0.0.1:27017 [--index promethean]
//
// It prints one line, ready and the address, on standard output when clients
// can connect, and stops at SIGTERM or an interrupt. Logs go to standard error.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"promethean/cmd/brain/embedded/natsserver"
	"promethean/cmd/brain/embedded/store"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case errors.Is(err, errUsage):
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "servers:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("usage: servers nats|store --dir D --listen HOST:PORT")

type server struct {
	addr string
	stop func() error
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) == 0 {
		fmt.Fprintln(stderr, errUsage)
		return errUsage
	}
	flags := flag.NewFlagSet("servers "+args[0], flag.ContinueOnError)
	flags.SetOutput(stderr)
	dir := flags.String("dir", "", "data directory")
	listen := flags.String("listen", "127.0.0.1:0", "address to listen on")
	config := flags.String("config", "", "nats: a configuration file in place of the embedded server's options")
	name := flags.String("name", "", "nats: the node's name in its cluster")
	cluster := flags.String("cluster", "", "nats: address for the other nodes of its cluster")
	routes := flags.String("routes", "", "nats: the other nodes' addresses, with commas")
	index := flags.String("index", "", "store: a database whose collections get their index on _id")
	if err := flags.Parse(args[1:]); err != nil {
		return errUsage
	}
	log := zerolog.New(stderr).With().Timestamp().Logger()
	var s server
	var err error
	switch {
	case args[0] == "nats" && *cluster != "":
		s, err = startNode(node{name: *name, dir: *dir, listen: *listen, cluster: *cluster, routes: *routes})
	case args[0] == "nats" && *config != "":
		s, err = startConfigured(*config, *dir, *listen)
	case args[0] == "nats":
		s, err = startNATS(natsserver.Options{Dir: *dir, Listen: *listen, Log: log})
	case args[0] == "store":
		s, err = startStore(ctx, store.Options{Dir: *dir, Listen: *listen, Log: log}, *index)
	default:
		fmt.Fprintln(stderr, errUsage)
		return errUsage
	}
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(stdout, "ready", s.addr); err != nil {
		return errors.Join(err, s.stop())
	}
	<-ctx.Done()
	return s.stop()
}

func startNATS(o natsserver.Options) (server, error) {
	s, err := natsserver.Start(o)
	if err != nil {
		return server{}, err
	}
	return server{s.URL(), s.Stop}, nil
}

func startStore(ctx context.Context, o store.Options, index string) (server, error) {
	s, err := store.Start(ctx, o)
	if err != nil {
		return server{}, err
	}
	if index == "" {
		return server{s.URI(), s.Stop}, nil
	}
	stop := keepIndexed(ctx, s, index, o.Log)
	return server{s.URI(), func() error { stop(); return s.Stop() }}, nil
}

// keepIndexed gives collections their index soon after somebody made them, as
// brain does when its sinks have; a process apart is told by nobody.
func keepIndexed(ctx context.Context, s *store.Server, database string, log zerolog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var loop sync.WaitGroup
	loop.Go(func() {
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for ctx.Err() == nil {
			if err := s.IndexIDs(ctx, database); err != nil && ctx.Err() == nil {
				log.Warn().Err(err).Msg("collections are without their index")
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
			}
		}
	})
	return func() { cancel(); loop.Wait() }
}

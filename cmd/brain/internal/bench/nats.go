package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/cmd/brain/embedded/natsserver"
)

// natsRole is the server of nats.conf. With --sync off it keeps the server's
// own default, an fsync every two minutes, which no program of ours can be told
// to do: so the server is started here and not by package natsserver.
func natsRole(ctx context.Context, args []string, stdout io.Writer) error {
	fs := flag.NewFlagSet("child-nats", flag.ContinueOnError)
	dir := fs.String("dir", "", "data")
	sync := fs.Bool("sync", true, "fsync always")
	if err := fs.Parse(args); err != nil {
		return err
	}
	s, err := server.NewServer(&server.Options{
		ServerName: "promethean", Host: "127.0.0.1", Port: server.RANDOM_PORT, MaxPayload: natsserver.MaxPayload,
		JetStream: true, StoreDir: *dir, SyncAlways: *sync, NoSigs: true, NoLog: true, DisableShortFirstPing: true,
	})
	if err != nil {
		return fmt.Errorf("nats: %w", err)
	}
	go s.Start()
	if !s.ReadyForConnections(20 * time.Second) {
		return errors.New("nats: not ready within 20s")
	}
	addr, ok := s.Addr().(*net.TCPAddr)
	if !ok || !s.JetStreamEnabled() {
		return errors.New("nats: started without port or JetStream")
	}
	fmt.Fprintf(stdout, "ready nats://%s\n", addr)
	<-ctx.Done()
	s.Shutdown()
	s.WaitForShutdown()
	return nil
}

// natsServer is a running child with a connection of the bench's own, which is
// used before and after what is measured.
type natsServer struct {
	*process
	url string
	dir string
	bus *bus.Bus
}

// startNATS gives an empty server with the project's streams, made as the
// gateway makes them.
func (b *bench) startNATS(ctx context.Context, sync bool) (*natsServer, error) {
	dir, err := b.folder("nats")
	if err != nil {
		return nil, err
	}
	p, url, err := b.child(ctx, "child-nats", "--dir", dir, fmt.Sprintf("--sync=%t", sync))
	if err != nil {
		return nil, err
	}
	n := &natsServer{process: p, url: url, dir: dir}
	if n.bus, err = bus.Connect(bus.Options{URL: url, Name: "bench", Log: zerolog.Nop()}); err != nil {
		return nil, err
	}
	wait, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if err := n.bus.Wait(wait); err != nil {
		return nil, err
	}
	return n, n.bus.EnsureStreams(ctx, bus.StreamOptions{})
}

// stop ends the server and removes its data.
func (n *natsServer) stop() (usage, error) {
	n.bus.Close()
	used, err := n.process.stop()
	return used, errors.Join(err, os.RemoveAll(n.dir))
}

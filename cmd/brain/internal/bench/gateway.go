package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/bus/outbox"
	"promethean/gateway"
	"promethean/gateway/source/streamerbot"
	"promethean/ops/profiling"
	"promethean/ops/run"
)

// startGateway runs the gateway program as it is. Without sync it is the same
// gateway in a child of the bench, on an outbox that leaves fsync out: no
// setting of the program allows that.
func (b *bench) startGateway(ctx context.Context, natsURL, botURL string, sync bool) (*process, error) {
	dir, err := b.folder("gateway")
	if err != nil {
		return nil, err
	}
	profiles, err := b.profileAddr()
	if err != nil {
		return nil, err
	}
	var p *process
	if sync {
		p, err = b.startProgram(ctx, "gateway", []string{
			"BRAIN_NATS_URL=" + natsURL, "BRAIN_STREAMERBOT_URL=" + botURL, "BRAIN_DATA_DIR=" + dir,
			"BRAIN_HTTP_ADDR=127.0.0.1:0", "BRAIN_TENANT=main", "BRAIN_PPROF_ADDR=" + profiles,
		})
	} else {
		p, _, err = b.child(ctx, "child-gateway", "--dir", dir, "--nats", natsURL, "--bot", botURL, "--pprof", profiles)
	}
	if err == nil {
		b.watch(ctx, p, "gateway-"+onOff(sync), profiles)
	}
	return p, err
}

func gatewayRole(ctx context.Context, args []string, stdout io.Writer) error {
	fs := flag.NewFlagSet("child-gateway", flag.ContinueOnError)
	dir := fs.String("dir", "", "data")
	natsURL := fs.String("nats", "", "server")
	bot := fs.String("bot", "", "Streamer.bot")
	pprof := fs.String("pprof", "", "where profiles are shown")
	if err := fs.Parse(args); err != nil {
		return err
	}
	disk := filepath.Join(*dir, "unsynced")
	if err := os.Mkdir(disk, 0o700); err != nil {
		return err
	}
	log := zerolog.New(os.Stderr).Level(zerolog.InfoLevel)
	g, err := gateway.Open(gateway.Options{
		Bus: bus.Options{URL: *natsURL, Name: "promethean-gateway", Log: log}, DataDir: *dir, Log: log,
		OutboxDisk:  unsynced(disk),
		Streamerbot: streamerbot.Config{URL: *bot, Tenant: "main", Log: log},
	})
	if err != nil {
		return err
	}
	profiles, err := profiling.Listen(*pprof)
	if err != nil {
		return err
	}
	group, ctx := run.NewGroup(ctx)
	group.Go(func() error { return profiles.Serve(ctx, log) })
	group.Go(func() error { return g.Run(ctx) })
	fmt.Fprintln(stdout, "ready")
	return group.Wait()
}

// unsynced is a disk on which nothing is made durable: what is measured with it
// would be lost at a power cut.
type unsynced string

func (d unsynced) Names() (names []string, err error) {
	found, err := os.ReadDir(string(d))
	for _, f := range found {
		names = append(names, f.Name())
	}
	return names, err
}

func (d unsynced) Open(name string) (outbox.File, error) {
	f, err := os.OpenFile(d.path(name), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	return unsyncedFile{f}, nil
}

func (d unsynced) Remove(name string) error { return os.Remove(d.path(name)) }

func (unsynced) SyncDir() error { return nil }

func (d unsynced) path(name string) string { return filepath.Join(string(d), name) }

type unsyncedFile struct{ *os.File }

func (f unsyncedFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (unsyncedFile) Sync() error { return nil }

// senderArgs are what a sender is asked for; rate 0 is as fast as is read.
type senderArgs struct{ first, events, rate int }

// sendAll sends lines to a gateway until the last is on the log. The gateway
// still runs then.
func (b *bench) sendAll(ctx context.Context, n *natsServer, sync bool, a senderArgs) (s sent, g *process, err error) {
	sender, url, err := b.child(ctx, "child-sender", fmt.Sprintf("--first=%d", a.first), fmt.Sprintf("--events=%d", a.events),
		fmt.Sprintf("--size=%d", b.Size), fmt.Sprintf("--rate=%d", a.rate))
	if err != nil {
		return s, nil, err
	}
	if g, err = b.startGateway(ctx, n.url, url, sync); err != nil {
		return s, nil, err
	}
	if err := sender.result(ctx, &s); err != nil {
		return s, nil, errors.Join(err, g.alive())
	}
	err = until(ctx, func() (bool, error) {
		last, err := n.lastLine(ctx)
		return last == a.first+a.events-1, err
	}, g, n.process)
	if err != nil {
		return s, nil, err
	}
	// From here on the gateway only tells that its Streamer.bot has gone.
	s.Stored = time.Now()
	_, err = sender.stop()
	return s, g, err
}

// runGateway sends all lines to a gateway and gives how it went.
func (b *bench) runGateway(ctx context.Context, n *natsServer, sync bool) (sample, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	s, g, err := b.sendAll(ctx, n, sync, senderArgs{first: 1, events: b.Events})
	if err != nil {
		return sample{}, err
	}
	used, err := g.stop()
	if err != nil {
		return sample{}, err
	}
	return newSample(b.Events, s.Stored.Sub(s.First), used), nil
}

func onOff(sync bool) string {
	if sync {
		return "fsync-always"
	}
	return "no-fsync"
}

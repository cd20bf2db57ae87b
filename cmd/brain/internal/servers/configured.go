package main

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
)

// startConfigured starts the server that a configuration file describes, but
// for where it listens and keeps its data.
func startConfigured(config, dir, listen string) (server, error) {
	opts, err := natsserver.ProcessConfigFile(config)
	if err != nil {
		return server{}, fmt.Errorf("read %s: %w", config, err)
	}
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return server{}, err
	}
	if opts.Port, err = strconv.Atoi(port); err != nil {
		return server{}, err
	}
	opts.Host, opts.StoreDir, opts.NoSigs = host, dir, true
	s, err := natsserver.NewServer(opts)
	if err != nil {
		return server{}, err
	}
	s.ConfigureLogger()
	s.Start()
	stop := func() error { s.Shutdown(); s.WaitForShutdown(); return nil }
	if !s.ReadyForConnections(10*time.Second) || !s.JetStreamEnabled() {
		return server{}, errors.Join(fmt.Errorf("the server of %s does not start", config), stop())
	}
	return server{s.ClientURL(), stop}, nil
}


package main

import (
	"errors"
	"fmt"
	"time"

	natsd "github.com/nats-io/nats-server/v2/server"
)

// startConfigured starts the server that a configuration file describes, but
// for where it listens and keeps its data.
func startConfigured(config, dir, listen string) (server, error) {
	opts, err := natsd.ProcessConfigFile(config)
	if err != nil {
		return server{}, fmt.Errorf("read %s: %w", config, err)
	}
	if opts.Host, opts.Port, err = hostPort(listen); err != nil {
		return server{}, err
	}
	opts.StoreDir, opts.NoSigs = dir, true
	s, err := natsd.NewServer(opts)
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

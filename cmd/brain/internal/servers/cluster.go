package main

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	natsd "github.com/nats-io/nats-server/v2/server"

	"promethean/cmd/brain/embedded/natsserver"
)

// node is one NATS server of a cluster. Brain's embedded server can't be one:
// it listens for clients only.
type node struct {
	name, dir, listen, cluster string
	// routes are the cluster addresses of the others, with commas.
	routes string
}

// startNode is ready when clients can connect; JetStream has a leader when
// enough of the others are there.
func startNode(n node) (server, error) {
	opts := &natsd.Options{
		ServerName: n.name, StoreDir: n.dir, JetStream: true, SyncAlways: true, MaxPayload: natsserver.MaxPayload, NoSigs: true,
		Cluster:   natsd.ClusterOpts{Name: "promethean"},
		RoutesStr: "nats-route://" + strings.ReplaceAll(n.routes, ",", ",nats-route://"),
	}
	opts.Routes = natsd.RoutesFromStr(opts.RoutesStr)
	var err, err2 error
	opts.Host, opts.Port, err = hostPort(n.listen)
	opts.Cluster.Host, opts.Cluster.Port, err2 = hostPort(n.cluster)
	if err := errors.Join(err, err2); err != nil {
		return server{}, err
	}
	s, err := natsd.NewServer(opts)
	if err != nil {
		return server{}, fmt.Errorf("NATS node %s: %w", n.name, err)
	}
	s.ConfigureLogger()
	s.Start()
	stop := func() error { s.Shutdown(); s.WaitForShutdown(); return nil }
	if !s.ReadyForConnections(10 * time.Second) {
		return server{}, errors.Join(fmt.Errorf("NATS node %s is not ready within 10s", n.name), stop())
	}
	return server{s.ClientURL(), stop}, nil
}

func hostPort(addr string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(addr)
	if err != nil {
		return "", 0, err
	}
	port, err = strconv.Atoi(text)
	return host, port, err
}

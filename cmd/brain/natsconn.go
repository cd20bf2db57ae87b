package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/nats-io/nats.go"

	"promethean/ops/run"
	"promethean/ops/settings"
	"promethean/schema"
)

// natsSettings are those of a command that talks to NATS only.
func natsSettings() []string {
	return []string{"nats.url", "nats.creds", "nats.user", "nats.password", "nats.listen"}
}

// clientSettings are those of a command that talks to one tenant's gateway or
// in its name.
func clientSettings() []string { return append(natsSettings(), "tenant") }

// natsTimeout bounds connecting and every request of a command.
const natsTimeout = 5 * time.Second

// natsAddress is where a command finds NATS: the server of one's own, else the
// one that `brain up` runs.
func natsAddress(s *settings.Settings) string {
	if s.NATS.URL != "" {
		return s.NATS.URL
	}
	return "nats://" + onLoopback(s.NATS.Listen)
}

// onLoopback is where a server that listens at addr is asked from here.
func onLoopback(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1" // listens everywhere
	}
	return net.JoinHostPort(host, port)
}

// dialNATS connects, once: a person waits. Once made, the connection is tried
// again for ever. The error is one of exit code 3 and says what to do.
func dialNATS(s *settings.Settings, more ...nats.Option) (*nats.Conn, error) {
	address := natsAddress(s)
	opts := append([]nats.Option{
		nats.Name("brain"),
		nats.Timeout(natsTimeout),
		nats.MaxReconnects(-1),
		nats.IgnoreAuthErrorAbort(),
		nats.ReconnectWait(250 * time.Millisecond),
		nats.ReconnectJitter(100*time.Millisecond, time.Second),
		nats.ReconnectBufSize(-1),
		nats.PingInterval(5 * time.Second),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}), // whoever asks is told
	}, more...)
	switch {
	case s.NATS.Creds != "":
		opts = append(opts, nats.UserCredentials(s.NATS.Creds))
	case s.NATS.User != "":
		opts = append(opts, nats.UserInfo(s.NATS.User, s.NATS.Password))
	}
	nc, err := nats.Connect(address, opts...)
	if err == nil {
		return nc, nil
	}
	shown := settings.Redacted(address)
	if _, ok := errors.AsType[*url.Error](err); ok {
		err = errors.New("that is no address") // the reason quotes the password
	}
	if errors.Is(err, nats.ErrAuthorization) || errors.Is(err, nats.ErrAuthExpired) {
		err = fmt.Errorf("NATS at %s refuses the login: check BRAIN_NATS_USER and BRAIN_NATS_PASSWORD, or BRAIN_NATS_CREDS", shown)
	} else {
		err = fmt.Errorf("NATS does not answer at %s (%w): start `brain up`, or name the server with BRAIN_NATS_URL", shown, err)
	}
	return nil, &run.ExitError{Code: run.Unreachable, Err: err}
}

// natsMessage is m as NATS takes it.
func natsMessage(m schema.Message) *nats.Msg {
	msg := nats.NewMsg(m.Subject)
	msg.Data = m.Body
	msg.Header.Set(schema.HeaderMessageID, m.ID)
	for _, f := range m.Header {
		msg.Header.Set(f.Name, f.Value)
	}
	return msg
}

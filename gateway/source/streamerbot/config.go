package streamerbot

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"promethean/gateway/source/ignore"
	"promethean/schema"

	"github.com/rs/zerolog"
)

// Config is what a [Source] needs to know. Zero values of everything but URL
// and Tenant are replaced by the defaults named here.
type Config struct {
	// URL is the server's, e.g. ws://127.0.0.1:8080/.
	URL string
	// Password answers the server's challenge; PasswordSetting is the name by
	// which errors tell a person where to set it.
	Password, PasswordSetting string
	// Tenant is a token of [A-Za-z0-9_-].
	Tenant string
	// Events is the allow-list, "Source.*" or "Source.Type" in any case; nil
	// means [DefaultEvents]. Private opens types of the deny-list, each by its
	// exact name.
	Events, Private []string
	// Actions lists names and ids of the actions that commands may run; empty
	// means every enabled one.
	Actions []string
	// IgnoreUsers lists "name" or "platform:name"; nil means
	// [ignore.Default], empty nobody.
	IgnoreUsers []string
	// LastSeen is when this gateway last had sight before it was started; zero
	// means never. The first connection then begins with a gap.
	LastSeen time.Time
	Log      zerolog.Logger
	Clock    func() time.Time
	// DialContext opens the network connection, as net.Dialer does.
	DialContext func(ctx context.Context, network, address string) (net.Conn, error)
	Timings     Timings
	// MaxRead is the most bytes of one frame that are read past before the
	// connection is given up; 256 MiB by default.
	MaxRead int64
}

// Timings are the waits of a source. The defaults are for real use.
type Timings struct {
	// Dial and Request bound connecting and one answer: 10 s each.
	Dial, Request time.Duration
	// Hello is how long the server may take to greet before it is asked: 3 s.
	Hello time.Duration
	// PingEvery and PingWait: 10 s each, so a dead peer is noticed within 30 s.
	PingEvery, PingWait time.Duration
	// RetryFirst and RetryMost bound the jittered pause between tries: 0.5 s, 30 s.
	RetryFirst, RetryMost time.Duration
	// RetryPassword is the least pause after a wrong password: 60 s.
	RetryPassword time.Duration
	// Blocked is how long emit may block before it is a gap: 5 s.
	Blocked time.Duration
	// Close bounds saying goodbye: 1 s.
	Close time.Duration
	// Completion is how long an action may run before its end is called
	// unknown: 5 min.
	Completion time.Duration
}

func (t Timings) withDefaults() Timings {
	for _, d := range []struct {
		value    *time.Duration
		fallback time.Duration
	}{
		{&t.Dial, 10 * time.Second},
		{&t.Request, 10 * time.Second},
		{&t.Hello, 3 * time.Second},
		{&t.PingEvery, 10 * time.Second},
		{&t.PingWait, 10 * time.Second},
		{&t.RetryFirst, 500 * time.Millisecond},
		{&t.RetryMost, 30 * time.Second},
		{&t.RetryPassword, 60 * time.Second},
		{&t.Blocked, 5 * time.Second},
		{&t.Close, time.Second},
		{&t.Completion, 5 * time.Minute},
	} {
		if *d.value <= 0 {
			*d.value = d.fallback
		}
	}
	return t
}

const defaultMaxRead = 256 << 20

// withDefaults fills c and checks it. Errors name what is wrong in words of
// the settings.
func (c Config) withDefaults() (Config, error) {
	u, err := url.Parse(c.URL)
	switch {
	case err != nil:
		return c, errors.New("the Streamer.bot address is not a URL; it looks like ws://127.0.0.1:8080/")
	case u.Scheme != "ws" && u.Scheme != "wss" || u.Host == "":
		return c, fmt.Errorf("the Streamer.bot address %q does not look like ws://127.0.0.1:8080/", u.Redacted())
	case !schema.ValidToken(c.Tenant):
		return c, fmt.Errorf("tenant %q is not of [A-Za-z0-9_-]", c.Tenant)
	}
	if c.Events == nil {
		c.Events = DefaultEvents()
	}
	if err := checkPatterns(c.Events, c.Private); err != nil {
		return c, err
	}
	if c.IgnoreUsers == nil {
		c.IgnoreUsers = ignore.Default()
	}
	if c.PasswordSetting == "" {
		c.PasswordSetting = "the Streamer.bot password"
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.DialContext == nil {
		c.DialContext = (&net.Dialer{}).DialContext
	}
	if c.MaxRead <= schema.MaxFrame {
		c.MaxRead = defaultMaxRead
	}
	c.Timings = c.Timings.withDefaults()
	return c, nil
}

// checkPatterns refuses what no event can match, and everything at once.
func checkPatterns(events, private []string) error {
	for _, p := range events {
		source, kind, found := strings.Cut(p, ".")
		if !found || source == "" || kind == "" || strings.Contains(source, "*") ||
			strings.Contains(kind, "*") && kind != "*" {
			return fmt.Errorf("event %q is neither Source.* nor Source.Type", p)
		}
	}
	for _, p := range private {
		source, kind, found := strings.Cut(p, ".")
		if !found || source == "" || kind == "" || strings.Contains(p, "*") {
			return fmt.Errorf("private event %q is not of the form Source.Type; private types are opened one by one", p)
		}
	}
	return nil
}

// shownURL is the address without what may be secret in it.
func shownURL(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

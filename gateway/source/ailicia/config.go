package ailicia

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"promethean/gateway/source/ignore"
	"promethean/schema"
)

// DefaultURL is the service's public address.
const DefaultURL = "https://api.getailicia.com"

// streamPath is the event stream's (reference: ailicia.md 1).
const streamPath = "/v1/eventsub/stream"

// Config is what a [Source] needs to know. Zero values of everything but
// APIKey and Tenant are replaced by the defaults named here.
type Config struct {
	// URL is the API's address without the path of the stream; [DefaultURL].
	URL string
	// APIKey is the channel API key. ReadKey, where set, is asked for it before
	// each new try after a refusal: a key in a file may have been mended.
	APIKey  string
	ReadKey func() (string, error)
	// Tenant is a token of [A-Za-z0-9_-].
	Tenant string
	// Types are the event types to ask for; none means all.
	Types []string
	// ChannelID picks one channel of a key that has several.
	ChannelID string
	// IgnoreUsers lists "name" or "platform:name" of users whose events are
	// dropped; nil means [ignore.Default], empty nobody.
	IgnoreUsers []string
	// LastSeen is when this gateway last had sight before it was started; zero
	// means never. LastEvent is what it had last accepted on this [Config.Stream],
	// and LastEventID the id by which the server knows that; empty where it sends
	// none.
	LastSeen    time.Time
	LastEvent   *schema.EventRef
	LastEventID string
	Log         zerolog.Logger
	Clock       func() time.Time
	// Transport makes the requests; nil is one of the source's own.
	Transport http.RoundTripper
	Timings   Timings
}

// Timings are the waits of a source. The defaults are for real use.
type Timings struct {
	// Idle is how long the stream may be silent: 90 s. HeaderWait bounds
	// connecting: 15 s.
	Idle, HeaderWait time.Duration
	// RetryFirst and RetryMost bound the pause between tries: 0.5 s, 30 s.
	RetryFirst, RetryMost time.Duration
	// Again is the pause after a refusal that a person has to mend: 3 min.
	Again time.Duration
	// Blocked is how long emit may block before it is a gap: 5 s.
	Blocked time.Duration
	// After is how long a gap waits for the first event after it: 2 s.
	After time.Duration
}

func (t Timings) withDefaults() Timings {
	for _, d := range []struct {
		value    *time.Duration
		fallback time.Duration
	}{
		{&t.Again, 3 * time.Minute},
		{&t.Blocked, 5 * time.Second},
		{&t.After, 2 * time.Second},
	} {
		if *d.value <= 0 {
			*d.value = d.fallback
		}
	}
	return t
}

// withDefaults fills c and checks it. Errors name what is wrong in words of
// the settings, and never hold the key.
func (c Config) withDefaults() (Config, error) {
	u, err := url.Parse(cmp.Or(c.URL, DefaultURL))
	switch {
	case err != nil:
		return c, errors.New("BRAIN_AILICIA_URL is not a URL; it looks like " + DefaultURL)
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return c, errors.New("BRAIN_AILICIA_URL does not look like " + DefaultURL)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return c, errors.New("BRAIN_AILICIA_URL holds more than an address: the key belongs in BRAIN_AILICIA_API_KEY, types and channel in settings of their own")
	case !validKey(c.APIKey):
		return c, errKey
	case !schema.ValidToken(c.Tenant):
		return c, fmt.Errorf("tenant %q is not of [A-Za-z0-9_-]", c.Tenant)
	}
	if c.IgnoreUsers == nil {
		c.IgnoreUsers = ignore.Default()
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	c.Timings = c.Timings.withDefaults()
	return c, nil
}

var errKey = errors.New("BRAIN_AILICIA_API_KEY is empty or holds what a header cannot carry: visible ASCII characters without spaces")

func validKey(key string) bool {
	return key != "" && strings.IndexFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

// Stream names what is read: a Last-Event-ID means nothing on another one.
func (c Config) Stream() string {
	address, _ := c.address()
	return address
}

// address is where the stream is, shown the same without types and channel. A
// URL that already ends with the stream's path is taken as it is.
func (c Config) address() (address, shown string) {
	u, err := url.Parse(cmp.Or(c.URL, DefaultURL))
	if err != nil {
		return "", "" // which withDefaults refuses
	}
	if !strings.HasSuffix(u.Path, streamPath) {
		u = u.JoinPath(streamPath)
	}
	shown = u.String()
	query := url.Values{}
	if len(c.Types) > 0 {
		query.Set("types", strings.Join(c.Types, ","))
	}
	if c.ChannelID != "" {
		query.Set("channelId", c.ChannelID)
	}
	u.RawQuery = query.Encode()
	return u.String(), shown
}

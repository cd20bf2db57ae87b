package ailicia

import "time"

// What a client has to know by default.
const (
	// Path is where the stream is.
	Path = "/v1/eventsub/stream"
	// DefaultKey is the API key of a server that was given none.
	DefaultKey = "simulated-ailicia-key"
	// BrowserKey is the secret in each ttsStreamUrl: whoever finds it behind a gateway found a leak.
	BrowserKey = "bk-canary-4f9d1c77a0e25b38"
)

// Options says which ai_licia is played. The zero value takes DefaultKey and tells only what it is told.
type Options struct {
	// Key is the API key that clients must send; DefaultKey when empty.
	Key string
	// BasicKey is a second key, of a subscription that does not include the stream: it is answered
	// with 403. There is none when empty.
	BasicKey string

	// Seed chooses what is said. Rate is the frames a second of an evening of its own, for a server
	// without a Streamer.bot beside it; 0 for none.
	Seed uint64
	Rate float64
	// Clock is read for every time on the wire; time.Now when nil.
	Clock func() time.Time

	// KeepAlive is the time between two comments; 30 s when zero, as the older chat stream has it.
	KeepAlive time.Duration
	// Queue is how many events may wait for a client before it is disconnected and counted in Stats.Cut;
	// 4096 when zero.
	Queue int
}

const (
	defaultKeepAlive = 30 * time.Second
	defaultQueue     = 4096
)

func (o Options) withDefaults() Options {
	if o.Key == "" {
		o.Key = DefaultKey
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.KeepAlive <= 0 {
		o.KeepAlive = defaultKeepAlive
	}
	if o.Queue <= 0 {
		o.Queue = defaultQueue
	}
	return o
}

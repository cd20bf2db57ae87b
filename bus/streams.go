package bus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// The names of the streams.
const (
	StreamEvents  = "PROM_EVENTS"
	StreamControl = "PROM_CONTROL"
	StreamDLQ     = "PROM_DLQ"
	StreamReplay  = "PROM_REPLAY"
	StreamCanary  = "PROM_CANARY"
)

const canarySubject = "promethean.canary"

// DefaultMaxBytes is the most that PROM_EVENTS may hold when no setting says
// and the disk is not known; smaller where the server has less room.
const DefaultMaxBytes = 10 << 30

// leastMaxBytes is the smallest default that is tried before giving up.
const leastMaxBytes = 256 << 20

// StreamOptions are the settings of the streams.
type StreamOptions struct {
	// MaxBytes of PROM_EVENTS; 0 keeps what an existing stream has and gives a
	// new one DefaultMaxBytes or what room there is.
	MaxBytes int64
	// DefaultMaxBytes is what 0 means for a new stream; 0 is [DefaultMaxBytes].
	DefaultMaxBytes int64
	Replicas        int
	// DuplicateWindow is how long the server remembers message ids.
	DuplicateWindow time.Duration
}

// streams is the whole list: adding one is a line here. None is compressed, see
// docs/adr/0020.
func streams(o StreamOptions) []jetstream.StreamConfig {
	list := []jetstream.StreamConfig{
		{Name: StreamEvents, Subjects: []string{"promethean.p.*.t.*.events.>"}, Retention: jetstream.LimitsPolicy,
			Discard: jetstream.DiscardNew, MaxBytes: o.MaxBytes,
			AllowAtomicPublish: true, Description: "every event, in the order of record"},
		{Name: StreamControl, Subjects: []string{"promethean.p.*.t.*.control.>"}, Retention: jetstream.WorkQueuePolicy,
			Discard: jetstream.DiscardNew, MaxBytes: 64 << 20, MaxAge: time.Hour, Duplicates: time.Hour, Description: "commands, each taken once"},
		{Name: StreamDLQ, Subjects: []string{"dlq.>"}, Retention: jetstream.LimitsPolicy,
			Discard: jetstream.DiscardNew, MaxBytes: 512 << 20,
			Description: "what could not be read or stored, with the reason"},
		{Name: StreamReplay, Subjects: []string{"promethean.replay.>"}, Retention: jetstream.LimitsPolicy,
			Discard: jetstream.DiscardOld, MaxBytes: 512 << 20, MaxAge: 24 * time.Hour, Description: "replays to the bus"},
		{Name: StreamCanary, Subjects: []string{canarySubject}, Retention: jetstream.LimitsPolicy,
			Discard: jetstream.DiscardOld, MaxMsgs: 1, MaxBytes: 1 << 20, Description: "readiness writes here"},
	}
	for i := range list {
		list[i].Storage, list[i].Compression = jetstream.FileStorage, jetstream.NoCompression
		list[i].Replicas = max(o.Replicas, 1)
		list[i].AllowDirect = true
		// A command's id counts for as long as its deadline can be ahead: one that
		// is sent again after it was taken must not reach another gateway.
		list[i].Duplicates = max(list[i].Duplicates, o.DuplicateWindow)
		if age := list[i].MaxAge; age > 0 && age < list[i].Duplicates {
			list[i].Duplicates = age
		}
	}
	return list
}

// EnsureStreams creates the streams that are not there and applies changed
// settings to those that are. It never deletes or recreates one: a change that
// the server cannot apply is an error that says so.
func (b *Bus) EnsureStreams(ctx context.Context, o StreamOptions) error {
	if o.DuplicateWindow == 0 {
		o.DuplicateWindow = 2 * time.Minute
	}
	for _, want := range streams(o) {
		if err := b.ensureStream(ctx, want, o); err != nil {
			return err
		}
	}
	// Opened here too, though workers make it where it is gone: it takes as many
	// copies as the log has now. No reason to hold events, whatever happens.
	request, cancel := b.request(ctx)
	defer cancel()
	if _, err := b.seats(request); err != nil {
		b.log.Warn().Err(err).Msg("the seats of workers may have fewer copies than the log: a stand-by may have to wait for a node that is down")
	}
	return nil
}

func (b *Bus) ensureStream(ctx context.Context, want jetstream.StreamConfig, o StreamOptions) error {
	// Bounded each: a cluster that has no leader yet does not answer at all.
	request, cancel := b.request(ctx)
	defer cancel()
	existing, err := b.js.Stream(request, want.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return b.createStream(ctx, want, o)
	}
	if err != nil {
		return fmt.Errorf("bus: look up stream %s: %w", want.Name, err)
	}
	have := existing.CachedInfo().Config
	if want.MaxBytes == 0 {
		want.MaxBytes = have.MaxBytes
	}
	if !changed(have, want) {
		return nil
	}
	if _, err := b.js.UpdateStream(request, merged(have, want)); err != nil {
		return fmt.Errorf("bus: stream %s exists with other settings and the server will not change them (%w); "+
			"nothing was changed and nothing is lost: put the old settings back, or move the stream's data by hand", want.Name, err)
	}
	b.log.Info().Str("stream", want.Name).Msg("stream settings updated")
	return nil
}

func (b *Bus) createStream(ctx context.Context, want jetstream.StreamConfig, o StreamOptions) error {
	byDefault := want.MaxBytes == 0
	if byDefault {
		want.MaxBytes = DefaultMaxBytes
		if o.DefaultMaxBytes > 0 {
			want.MaxBytes = o.DefaultMaxBytes
		}
	}
	for {
		request, cancel := b.request(ctx)
		_, err := b.js.CreateStream(request, want)
		cancel()
		if err == nil {
			b.log.Info().Str("stream", want.Name).Int64("max_bytes", want.MaxBytes).Msg("stream created")
			return nil
		}
		if !byDefault || !noRoom(err) || want.MaxBytes/2 < leastMaxBytes {
			err = fmt.Errorf("bus: create stream %s with at most %d bytes: %w", want.Name, want.MaxBytes, err)
			if noRoom(err) {
				err = fmt.Errorf("%w; NATS cannot reserve so much: free room on its disk, or raise its limit of storage, and start it again", err)
			}
			return err
		}
		want.MaxBytes /= 2
	}
}

// noRoom: the server cannot reserve so many bytes (10047, 10023 and 10028 are
// its codes for storage, resources and account limits).
func noRoom(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && slices.Contains([]jetstream.ErrorCode{10047, 10023, 10028}, api.ErrorCode)
}

// changed compares only what this project sets.
func changed(have, want jetstream.StreamConfig) bool {
	return !slices.Equal(have.Subjects, want.Subjects) || have.Retention != want.Retention || have.Discard != want.Discard ||
		have.MaxBytes != want.MaxBytes || have.MaxAge != want.MaxAge || have.Storage != want.Storage ||
		have.Replicas != want.Replicas || have.Duplicates != want.Duplicates || have.Compression != want.Compression ||
		have.AllowAtomicPublish != want.AllowAtomicPublish || have.AllowDirect != want.AllowDirect
}

// merged keeps what the operator added (placement, mirrors, tags) and sets
// what is ours.
func merged(have, want jetstream.StreamConfig) jetstream.StreamConfig {
	have.Subjects, have.Retention, have.Discard = want.Subjects, want.Retention, want.Discard
	have.MaxBytes, have.MaxAge, have.Storage = want.MaxBytes, want.MaxAge, want.Storage
	have.Replicas, have.Duplicates, have.Compression = want.Replicas, want.Duplicates, want.Compression
	have.AllowAtomicPublish, have.AllowDirect = want.AllowAtomicPublish, want.AllowDirect
	return have
}

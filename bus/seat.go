package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

// bucketSeats holds under each worker's name who is active.
const bucketSeats = "PROM_SEATS"

const (
	// seatKept is how long the server keeps a seat that is not confirmed.
	seatKept = 10 * time.Second
	// seatOurs is how long after it was asked for a seat is surely ours. What is
	// left of seatKept is for the write that is in progress (finishTime).
	seatOurs = seatKept - finishTime
	// seatConfirm is how often the active worker confirms, seatAsk how often a
	// stand-by asks in case the active one died without a word.
	seatConfirm = 2 * time.Second
	seatAsk     = time.Second
)

// errSeat: the seat is not surely ours any more. As a stretch's end it is no
// more than that deliveries broke off.
var errSeat = fmt.Errorf("%w: another worker of this name may be active", errBroken)

// occupant is who has a seat, as the bucket's value.
type occupant struct {
	// ID is of one run of one worker.
	ID string `json:"id"`
	// Where is for people: host and process.
	Where string    `json:"where"`
	Since time.Time `json:"since"`
}

// seat is the right to be the one active worker of a name. It is one entry of a
// bucket, which the active worker confirms and the server forgets when that
// does not happen in time. Only one goroutine at a time calls anything but
// ours.
type seat struct {
	bus  *Bus
	name string
	me   occupant
	kv   jetstream.KeyValue
	end  atomic.Pointer[ending]
}

// ending is one moment by two clocks: wall is without the monotonic one, which
// stands still while the computer sleeps.
type ending struct{ until, wall time.Time }

func newSeat(b *Bus, name string) *seat {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	return &seat{bus: b, name: name, me: occupant{ID: nuid.Next(), Where: fmt.Sprintf("%s, process %d", host, os.Getpid())}}
}

// confirm takes the seat or says again that we have it. It returns the other
// occupant when it is another's, and an error when nothing is known. What is written is written on the condition that
// nobody wrote since, so of two who try one fails.
func (s *seat) confirm(ctx context.Context) (other *occupant, err error) {
	asked := time.Now()
	request, cancel := s.bus.request(ctx)
	defer cancel()
	other, err = s.write(request)
	switch {
	case err != nil:
		// Opened anew: the bucket is in memory and goes with its server.
		s.kv = nil
		return nil, fmt.Errorf("bus: take the seat of %s: %w", s.name, err)
	case other == nil:
		s.end.Store(&ending{asked.Add(seatOurs), asked.Round(0).Add(seatOurs)})
	}
	return other, nil
}

func (s *seat) write(ctx context.Context) (other *occupant, err error) {
	if s.kv == nil {
		if s.kv, err = s.bus.seats(ctx); err != nil {
			return nil, err
		}
	}
	entry, err := s.kv.Get(ctx, s.name)
	switch {
	case errors.Is(err, jetstream.ErrKeyNotFound):
		s.me.Since = time.Now().UTC()
		_, err = s.kv.Create(ctx, s.name, s.value())
		return nil, err
	case err != nil:
		return nil, err
	}
	var has occupant
	if err := json.Unmarshal(entry.Value(), &has); err != nil {
		return nil, fmt.Errorf("the entry of %s in the bucket %s cannot be read: %w", s.name, bucketSeats, err)
	}
	if has.ID != s.me.ID {
		return &has, nil
	}
	_, err = s.kv.Update(ctx, s.name, s.value(), entry.Revision())
	return nil, err
}

// leave gives the seat up if it is ours, so that a stand-by need not wait for
// its end.
func (s *seat) leave(ctx context.Context) error {
	request, cancel := s.bus.request(ctx)
	defer cancel()
	if s.kv == nil {
		return nil
	}
	entry, err := s.kv.Get(request, s.name)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var has occupant
	if err := json.Unmarshal(entry.Value(), &has); err != nil || has.ID != s.me.ID {
		return err
	}
	return s.kv.Delete(request, s.name, jetstream.LastRevision(entry.Revision()))
}

// ours reports whether surely nobody else has the seat.
func (s *seat) ours() bool {
	return s.left() > 0
}

// left is how long it is surely ours, by the clock that says less.
func (s *seat) left() time.Duration {
	end := s.end.Load()
	if end == nil {
		return 0
	}
	now := time.Now()
	return min(end.until.Sub(now), end.wall.Sub(now.Round(0)))
}

func (s *seat) value() []byte {
	// An occupant can always be encoded.
	text, _ := json.Marshal(s.me)
	return text
}

// seats opens the bucket and makes it where it is not there, in as many copies
// as the log has. It is in memory: who is active means nothing once the server
// has restarted, and saying so every two seconds must not cost an fsync.
func (b *Bus) seats(ctx context.Context) (jetstream.KeyValue, error) {
	log, err := b.js.Stream(ctx, StreamEvents)
	if err != nil {
		return nil, fmt.Errorf("look up stream %s: %w", StreamEvents, err)
	}
	kv, err := b.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: bucketSeats, Description: "which worker of each name is active", TTL: seatKept, MaxBytes: 1 << 20,
		Storage: jetstream.MemoryStorage, Replicas: log.CachedInfo().Config.Replicas,
	})
	if err != nil {
		return nil, fmt.Errorf("open the bucket %s: %w", bucketSeats, err)
	}
	return kv, nil
}

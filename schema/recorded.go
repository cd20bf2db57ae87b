package schema

import (
	"crypto/sha256"
	"time"
)

// Recorded is one event as the log holds it. The stream sequence is the order
// of record.
type Recorded struct {
	Envelope Envelope
	// Body is the message's exact bytes.
	Body    []byte
	Subject string
	Stream  string
	// Seq is the sequence in Stream, from 1.
	Seq uint64
	// Origin is what the message's header says; "" where it says nothing.
	Origin Origin
	// StoredAt is when the log took it.
	StoredAt time.Time
}

// SHA256 is the hash of the exact bytes.
func (r Recorded) SHA256() [sha256.Size]byte { return sha256.Sum256(r.Body) }

// Package status gathers how everything is, for `brain status`: the bus, the
// running programs, the store. It asks and never writes; no stream and no
// consumer is made. What cannot be asked is said, and the rest shown all the
// same.
//
// Read gather.go (who is asked), nats.go, deadletters.go, programs.go and
// store.go (each its part), judge.go (what it means: pure), text.go and table.go
// (the page).
package status

import "promethean/schema"

// Report is all that is known. What a pointer or list leaves out could not be
// asked; Unasked says why.
type Report struct {
	At schema.Time `json:"at"`
	// Ready: nothing found is a problem.
	Ready bool `json:"ready"`
	// Findings are the problems and then what else a person should know.
	Findings []Finding `json:"findings"`
	NATS     NATS      `json:"nats"`
	Programs []Program `json:"programs"`
	Store    Store     `json:"store"`
}

// Finding is one thing that a person should know.
type Finding struct {
	// Problem: something is not ready. Else it is worth a look.
	Problem bool `json:"problem"`
	// Part is nats, programs, store, or the name of a program.
	Part string `json:"part"`
	Text string `json:"text"`
	// Do says what to do about it.
	Do string `json:"do,omitempty"`
}

// NATS is the bus.
type NATS struct {
	Address string `json:"address"`
	// Error says why it cannot be reached, and what to do.
	Error   string    `json:"error,omitempty"`
	Server  string    `json:"server,omitempty"`
	Version string    `json:"version,omitempty"`
	Cluster string    `json:"cluster,omitempty"`
	Streams []Stream  `json:"streams"`
	Durable []Durable `json:"durables"`
	// DeadLetters counts them, CommandsWaiting those that no gateway has taken.
	DeadLetters     *uint64   `json:"deadLetters"`
	Newest          []Letter  `json:"newestDeadLetters"`
	CommandsWaiting *uint64   `json:"commandsWaiting"`
	Unasked         []Unasked `json:"unasked,omitempty"`

	// newestStored is the id of the event up to which the ledger has settled.
	newestStored string
}

// Unasked is what could not be asked, and why.
type Unasked struct {
	What string `json:"what"`
	Why  string `json:"why"`
}

// Stream is one of ours. Missing: it is not there.
type Stream struct {
	Name     string       `json:"name"`
	Missing  bool         `json:"missing,omitempty"`
	Messages uint64       `json:"messages"`
	Bytes    uint64       `json:"bytes"`
	MaxBytes int64        `json:"maxBytes"`
	LastSeq  uint64       `json:"lastSeq"`
	FirstAt  *schema.Time `json:"firstAt"`
	LastAt   *schema.Time `json:"lastAt"`
	Replicas int          `json:"replicas"`
	// Leader is the server that writes it. Behind are the members of the
	// cluster that do not have everything.
	Leader string   `json:"leader,omitempty"`
	Behind []string `json:"behind,omitempty"`
}

// Durable is a durable consumer of the log: the position of a sink, or of
// another service.
type Durable struct {
	Name string `json:"name"`
	// Sink: it is one of ours. Missing: it has never run.
	Sink    bool `json:"sink"`
	Missing bool `json:"missing,omitempty"`
	// Position is the stream sequence up to which everything is settled; Waiting
	// how many events are not.
	Position     uint64       `json:"position"`
	Waiting      uint64       `json:"waiting"`
	LastActivity *schema.Time `json:"lastActivity"`
}

// Letter is a dead letter.
type Letter struct {
	Seq     uint64      `json:"seq"`
	At      schema.Time `json:"at"`
	Subject string      `json:"subject"`
	Sink    string      `json:"sink,omitempty"`
	Reason  string      `json:"reason"`
}

// Program is a running program by its own words.
type Program struct {
	schema.ProgramStatus
	// Silent: it is there and did not say in time how it is.
	Silent bool `json:"silent,omitempty"`
}

// Store is the database.
type Store struct {
	Address  string `json:"address"`
	Database string `json:"database"`
	// Error says why it cannot be asked, and what to do.
	Error   string `json:"error,omitempty"`
	Version string `json:"version,omitempty"`
	// Embedded: it is the one for trying out.
	Embedded    bool         `json:"embedded"`
	Collections []Collection `json:"collections"`
	// Newest is the newest event of the log that the ledger has settled, if it
	// is in the store.
	Newest *schema.Time `json:"newestEventAt"`
	// NotStored counts the log's events that the ledger has not settled.
	NotStored *uint64 `json:"notStored"`
}

// Collection is one that agents read. Documents are as the server estimates, null
// where it did not in time.
type Collection struct {
	Name      string `json:"name"`
	Documents *int64 `json:"documents"`
}

package gateway

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"promethean/schema"
)

// journal remembers on disk which commands were taken and how they ended, so
// that none is ever carried out twice and each ends exactly once. It is a file
// of lines (journal_file.go), written by appending:
//
//	taken    before the command is acknowledged, synced
//	ended    before its outcome is emitted, synced
//	settled  after the outcome was accepted, not synced: at worst the same
//	         outcome is emitted again, under the same id
//
// Any goroutine may call it.
type journal struct {
	path string
	now  func() time.Time

	mu      sync.Mutex
	entries map[string]*entry
	file    *os.File
	// size is the file's, compacted what it was after the last compaction.
	size, compacted int64
	// failure is why nothing can be written any more.
	failure error
}

// entry is one command that was taken.
type entry struct {
	ID            string            `json:"id"`
	Type          schema.Type       `json:"type,omitempty"`
	TakenAt       time.Time         `json:"takenAt"`
	Origin        schema.Origin     `json:"origin,omitempty"`
	CorrelationID string            `json:"correlationId,omitempty"`
	Action        *schema.ActionRef `json:"action,omitempty"`
	// Outcome is set when it ended, Settled when that was accepted as an event.
	Outcome *schema.ActionPayload `json:"outcome,omitempty"`
	Settled bool                  `json:"settled,omitempty"`
}

const (
	// journalAge is how long a command that has ended is remembered: longer
	// than the control stream keeps one.
	journalAge = 2 * time.Hour
	// journalMost bounds the commands remembered; then no more are taken.
	journalMost = 50_000
)

var (
	errTaken       = errors.New("the command was taken before")
	errJournalFull = fmt.Errorf("%d commands within %s are as many as are remembered", journalMost, journalAge)
)

// openJournal reads the file, drops what is old and writes the rest anew. bad
// counts lines that could not be read: the end of a write that a crash cut
// off, or a damaged disk.
func openJournal(path string, now func() time.Time) (j *journal, bad int, err error) {
	j = &journal{path: path, now: now, entries: map[string]*entry{}}
	lines, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, 0, fmt.Errorf("gateway: read the journal of commands: %w", err)
	}
	bad = j.replay(lines)
	if err := j.compact(); err != nil {
		return nil, bad, err
	}
	return j, bad, nil
}

// has reports whether the command was taken.
func (j *journal) has(id string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.entries[id] != nil
}

// unsettled lists the commands whose outcome was not accepted yet, as they were
// taken.
func (j *journal) unsettled() (list []entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, e := range j.entries {
		if !e.Settled {
			list = append(list, *e)
		}
	}
	slices.SortFunc(list, func(a, b entry) int { return a.TakenAt.Compare(b.TakenAt) })
	return list
}

// check says why no command can be taken; nil when one can.
func (j *journal) check() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failure == nil && len(j.entries) >= journalMost {
		j.forget()
		if len(j.entries) >= journalMost {
			return errJournalFull
		}
	}
	return j.failure
}

// forget drops what ended long ago.
func (j *journal) forget() {
	maps.DeleteFunc(j.entries, func(_ string, e *entry) bool {
		return e.Settled && j.now().Sub(e.TakenAt) > journalAge
	})
}

// take writes that the command is taken. errTaken: it was before.
// errJournalFull: not now. Any other error is of the disk and stays.
func (j *journal) take(e entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.entries[e.ID] != nil {
		return errTaken
	}
	if len(j.entries) >= journalMost || j.size > 2*j.compacted+minCompaction {
		if err := j.compact(); err != nil {
			return err
		}
	}
	if len(j.entries) >= journalMost {
		return errJournalFull
	}
	if err := j.append(line{Taken: &e}, true); err != nil {
		return err
	}
	j.entries[e.ID] = &e
	return nil
}

// end writes how a command ended. A second end is not written: errTaken.
func (j *journal) end(p schema.ActionPayload) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	e := j.entries[p.CommandID]
	if e == nil || e.Outcome != nil {
		return errTaken
	}
	e.Outcome = &p
	return j.append(line{Ended: &p}, true)
}

// settle writes that a command's outcome was accepted.
func (j *journal) settle(id string) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	e := j.entries[id]
	if e == nil || e.Settled {
		return nil
	}
	e.Settled = true
	return j.append(line{Settled: id}, false)
}

// close writes what is not synced yet.
func (j *journal) close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return nil
	}
	err := errors.Join(j.file.Sync(), j.file.Close())
	j.file = nil
	if err != nil {
		return fmt.Errorf("gateway: close the journal of commands: %w", err)
	}
	return nil
}

package mongostub

import (
	"errors"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// mostSessions bounds what is remembered; a driver ends its own.
const mostSessions = 10_000

// sessions remember of each session's last write what was done, so that a
// repeat is answered from memory (the specification
// source/retryable-writes/retryable-writes.md): statements that had failed are
// done anew, a write-concern error is forgotten.
type sessions struct {
	mu  sync.Mutex
	all map[string]*txn
}

// txn is a session's last retryable write. mu is held while one is carried out:
// the repeat of a command that still runs waits for it.
type txn struct {
	mu         sync.Mutex
	number     int64
	statements []statement
}

// statement is what one did; nothing is known of one that is not done.
type statement struct {
	done        bool
	n, modified int32
	upserted    *bson.RawValue
}

// begin takes a command with a transaction number for its session; others
// need no release.
func (k *call) begin() (release func(), err error) {
	v, numbered := lookup(k.body, "txnNumber")
	if !numbered {
		return func() {}, nil
	}
	if _, part := lookup(k.body, "autocommit"); part {
		return nil, refuse(263, "OperationNotSupportedInTransaction", "the stub knows no transactions")
	}
	number, ok := v.Int64OK()
	session, has := lookup(k.body, "lsid")
	if k.server.o.Standalone {
		return nil, refuse(20, "IllegalOperation", "Transaction numbers are only allowed on a replica set member or mongos")
	}
	if !ok || !has {
		return nil, refuse(72, "InvalidOptions", "Transaction number requires a session ID to also be specified")
	}
	s, err := k.server.sessions.get(string(session.Data))
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	switch last := s.number; {
	case number < last:
		s.mu.Unlock()
		return nil, refuse(225, "TransactionTooOld", "Retryable write with txnNumber %d is prohibited on a session whose last is %d", number, last)
	case number > last:
		clear(s.statements)
		s.number, s.statements = number, s.statements[:0]
	}
	k.txn = s
	return s.mu.Unlock, nil
}

func (s *sessions) get(id string) (*txn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.all[id]
	if t != nil {
		return t, nil
	}
	if len(s.all) >= mostSessions {
		return nil, refuse(261, "TooManyLogicalSessions", "%d sessions are open", len(s.all))
	}
	if s.all == nil {
		s.all = map[string]*txn{}
	}
	t = &txn{}
	s.all[id] = t
	return t, nil
}

// done gives what an earlier try of the command did of its i-th statement.
func (t *txn) done(i int) (statement, bool) {
	if t == nil || i >= len(t.statements) {
		return statement{}, false
	}
	return t.statements[i], t.statements[i].done
}

func (t *txn) did(i int, s statement) {
	if t == nil {
		return
	}
	for len(t.statements) <= i {
		t.statements = append(t.statements, statement{})
	}
	s.done = true
	t.statements[i] = s
}

func endSessions(k *call) (bson.D, error) {
	list, err := k.array("endSessions")
	if err != nil {
		return nil, err
	}
	k.server.sessions.mu.Lock()
	defer k.server.sessions.mu.Unlock()
	for _, id := range list {
		delete(k.server.sessions.all, string(id))
	}
	return nil, nil
}

// asWriteError is an error of one statement.
func asWriteError(err error) writeError {
	var r *refusal
	if errors.As(err, &r) {
		return writeError{code: r.code, message: r.message}
	}
	return writeError{code: 1, message: err.Error()}
}

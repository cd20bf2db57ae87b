package store

import (
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// Verdict is what became of one document. The zero value is none of them.
type Verdict uint8

const (
	// Stored: it is on disk by the write concern.
	Stored Verdict = iota + 1
	// Duplicate: a document with its _id is there already; it may be the same
	// or another, which [Once] finds out.
	Duplicate
	// Permanent: the server refuses it and always will.
	Permanent
)

// Outcome is the verdict on one document; Err is the reason of a Permanent one.
type Outcome struct {
	Verdict Verdict
	Err     error
}

const codeDuplicateKey = 11000

// refusals are the error codes by which a server refuses one document for what
// it holds (mongodb.com, "Error codes"; FerretDB says 2 for all of its own).
var refusals = map[int]string{
	2:     "bad value",
	9:     "failed to parse",
	14:    "type mismatch",
	22:    "invalid BSON",
	121:   "document validation failed",
	10334: "document too large",
	17280: "key too large for an index",
}

// judge reads the driver's answer to an unordered insert of n documents: either
// one outcome for each, in order, or an error when nothing may be assumed.
//
// Each index is judged alone. An error of the whole command, a write-concern
// error (stored, but not where it would survive) and a code that isn't known to
// be the document's own fault are transient.
func judge(n int, err error) ([]Outcome, error) {
	outcomes := make([]Outcome, n)
	for i := range outcomes {
		outcomes[i].Verdict = Stored
	}
	if err == nil {
		return outcomes, nil
	}
	refused, unmet, ok := refusedBy(err)
	switch {
	case !ok:
		return nil, err
	case unmet:
		return nil, fmt.Errorf("write concern not met: %w", err)
	case len(refused) == 0:
		return nil, err
	}
	for _, e := range refused {
		if e.Index < 0 || e.Index >= n || outcomes[e.Index].Verdict != Stored {
			return nil, fmt.Errorf("answer names document %d of %d out of turn: %w", e.Index, n, err)
		}
		o, ok := outcomeOf(e)
		if !ok {
			return nil, err
		}
		outcomes[e.Index] = o
	}
	return outcomes, nil
}

// refusedBy are the errors of single documents in the answer to an insert, be it
// InsertMany's or the command's, and whether its write concern was not met. Not
// ok for an error that is no such answer.
func refusedBy(err error) (refused []mongo.WriteError, unmet, ok bool) {
	var command mongo.WriteException
	if errors.As(err, &command) {
		return command.WriteErrors, command.WriteConcernError != nil, true
	}
	var bulk mongo.BulkWriteException
	if !errors.As(err, &bulk) {
		return nil, false, false
	}
	for _, e := range bulk.WriteErrors {
		refused = append(refused, e.WriteError)
	}
	return refused, bulk.WriteConcernError != nil, true
}

// outcomeOf is the verdict on the document of one write error; false when the
// error isn't the document's own.
func outcomeOf(e mongo.WriteError) (Outcome, bool) {
	if e.Code == codeDuplicateKey {
		if !onID(e) {
			return Outcome{Permanent, fmt.Errorf("a unique index other than _id, which is not ours, refuses it: %s", e.Message)}, true
		}
		return Outcome{Verdict: Duplicate}, true
	}
	kind, ok := refusals[e.Code]
	if !ok {
		return Outcome{}, false
	}
	return Outcome{Permanent, fmt.Errorf("the store refuses the document (%s, code %d): %s", kind, e.Code, e.Message)}, true
}

// onID reports whether a duplicate key is _id's. MongoDB says so in keyPattern,
// FerretDB 1.24 says nothing: [Once] then finds no document with that _id.
func onID(e mongo.WriteError) bool {
	pattern, ok := e.Raw.Lookup("keyPattern").DocumentOK()
	if !ok {
		return true
	}
	elements, err := bson.Raw(pattern).Elements()
	return err == nil && len(elements) == 1 && elements[0].Key() == "_id"
}

package main

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
)

// message is an OP_MSG of sections.
func message(t testing.TB, id, answers uint32, body bson.D, docs ...bson.D) []byte {
	t.Helper()
	m := make([]byte, headBytes+4)
	raw, err := bson.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	m = append(append(m, 0), raw...)
	if len(docs) > 0 {
		sequence := append([]byte{0, 0, 0, 0}, "documents\x00"...)
		for _, d := range docs {
			raw, err := bson.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			sequence = append(sequence, raw...)
		}
		binary.LittleEndian.PutUint32(sequence, uint32(len(sequence)))
		m = append(append(m, 1), sequence...)
	}
	binary.LittleEndian.PutUint32(m, uint32(len(m)))
	binary.LittleEndian.PutUint32(m[4:], id)
	binary.LittleEndian.PutUint32(m[8:], answers)
	binary.LittleEndian.PutUint32(m[12:], opMessage)
	return m
}

// Only what the store has acknowledged is stored.
func TestTapNotesAcknowledgedLines(t *testing.T) {
	lines := []bson.D{{{Key: "_id", Value: string(appendID(nil, 7))}}, {{Key: "_id", Value: "another"}}, {{Key: "_id", Value: string(appendID(nil, 8))}}}
	for _, c := range []struct {
		name   string
		answer bson.D
		to     uint32
		want   []int
	}{
		{name: "acknowledged", answer: bson.D{{Key: "n", Value: 3}, {Key: "ok", Value: 1.0}}, to: 5, want: []int{7, 8}},
		{name: "the answer to something else", answer: bson.D{{Key: "ok", Value: 1.0}}, to: 6},
		{name: "with write errors", answer: bson.D{{Key: "writeErrors", Value: bson.A{}}, {Key: "ok", Value: 1.0}}, to: 5},
		{name: "not by the majority", answer: bson.D{{Key: "ok", Value: 1.0}, {Key: "writeConcernError", Value: bson.D{}}}, to: 5},
	} {
		for form, ask := range map[string][]byte{
			"documents beside the command": message(t, 5, 0, bson.D{{Key: "insert", Value: "events"}}, lines...),
			"documents in the command":     message(t, 5, 0, bson.D{{Key: "insert", Value: "events"}, {Key: "documents", Value: lines}}),
		} {
			t.Run(c.name+", "+form, func(t *testing.T) {
				seen := tap{stored: map[string]map[int]time.Time{}}
				w := wire{asked: map[uint32]inserted{}}
				w.ask(ask)
				w.ask(message(t, 4, 0, bson.D{{Key: "find", Value: "events"}}))
				seen.answered(&w, message(t, 99, c.to, c.answer))
				var got []int
				for _, n := range []int{7, 8, 9} {
					if _, ok := seen.stored["events"][n]; ok {
						got = append(got, n)
					}
				}
				if diff := cmp.Diff(c.want, got); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// Whatever passes is carried, never a reason to crash.
func FuzzReadInsert(f *testing.F) {
	f.Add(message(f, 1, 0, bson.D{{Key: "insert", Value: "events"}}, bson.D{{Key: "_id", Value: string(appendID(nil, 1))}}))
	f.Add(message(f, 1, 0, bson.D{{Key: "insert", Value: "events"}, {Key: "documents", Value: bson.A{bson.D{{Key: "_id", Value: 1}}}}}))
	f.Fuzz(func(t *testing.T, m []byte) {
		_, _ = readInsert(m)
	})
}

package bus

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"promethean/schema"
)

func TestSettle(t *testing.T) {
	batch := []schema.Recorded{{Seq: 7}, {Seq: 8}, {Seq: 9}}
	for _, c := range []struct {
		name string
		err  error
		hold bool
		dead []uint64
	}{
		{"all stored", nil, false, nil},
		{"store is down", errors.New("no connection"), true, nil},
		{"two can never be stored, in order", &BatchError{map[int]error{2: errors.New("b"), 0: errors.New("a")}}, false, []uint64{7, 9}},
		{"wrapped", errors.Join(&BatchError{map[int]error{1: errors.New("a")}}), false, []uint64{8}},
		{"an index outside the batch settles nothing", &BatchError{map[int]error{3: errors.New("a")}}, true, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := settle(batch, "ledger", 2, c.err)
			var dead []uint64
			for _, letter := range o.dead {
				dead = append(dead, letter.Event.Seq)
				if letter.Attempts != 2 || letter.Sink != "ledger" || letter.Reason == "" {
					t.Errorf("letter is %+v", letter)
				}
			}
			if o.hold != c.hold || !cmp.Equal(dead, c.dead) {
				t.Errorf("hold %v dead %v, want %v %v", o.hold, dead, c.hold, c.dead)
			}
		})
	}
}

func FuzzEntry(f *testing.F) {
	m := schema.Message{Subject: "a.b", ID: "1", Header: []schema.HeaderField{{Name: "X", Value: "y"}}, Body: []byte("body")}
	f.Add(appendEntry(nil, m))
	f.Add([]byte{1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := decodeEntry(b)
		if err != nil {
			return
		}
		again, err := decodeEntry(appendEntry(nil, m))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m, again); diff != "" {
			t.Error(diff)
		}
	})
}

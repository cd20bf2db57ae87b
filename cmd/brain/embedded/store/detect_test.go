package store

import (
	"net"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDetect(t *testing.T) {
	s := start(t, t.TempDir())
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	type answer struct {
		Answers bool
		What    string
	}
	for _, tt := range []struct {
		name, addr string
		want       answer
	}{
		{"a store", s.door.addr().String(), answer{true, "FerretDB"}},
		{"nobody", free.Addr().String(), answer{}},
		{"something that says nothing", silent.Addr().String(), answer{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			begin := time.Now()
			var got answer
			got.Answers, got.What = Detect(t.Context(), tt.addr)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if took := time.Since(begin); took > 10*detectWithin {
				t.Errorf("took %s", took)
			}
		})
	}
}

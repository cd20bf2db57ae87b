package bus

import (
	"testing"
	"time"
)

// A computer that slept has a monotonic clock that says too little.
func TestLeaseEndsByEitherClock(t *testing.T) {
	before, after := time.Now().Add(-time.Minute), time.Now().Add(time.Minute)
	for _, tt := range []struct {
		name        string
		lease, wall time.Time
		want        bool
	}{
		{"neither has passed", after, after.Round(0), true},
		{"slept", after, before.Round(0), false},
		{"the wall clock was set back", before, after.Round(0), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := (&Delivery{lease: tt.lease, wall: tt.wall}).ours(); got != tt.want {
				t.Errorf("ours is %v", got)
			}
		})
	}
}

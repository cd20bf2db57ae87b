package bus_test

import (
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/bus/bustest"
)

// TestNoRoomForAStream: a server takes its limit from the disk when it starts,
// so that freeing some is not enough.
func TestNoRoomForAStream(t *testing.T) {
	b, err := bus.Connect(bus.Options{URL: bustest.Start(t).URL(), Name: "test", Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := b.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = b.EnsureStreams(t.Context(), bus.StreamOptions{MaxBytes: 1 << 60})
	if err == nil || !strings.Contains(err.Error(), "free room on its disk") || !strings.Contains(err.Error(), "start it again") {
		t.Errorf("%v, want what to do", err)
	}
}

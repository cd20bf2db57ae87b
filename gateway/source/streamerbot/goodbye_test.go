package streamerbot

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// cutFrame is a text frame as it goes over the wire, in two pieces.
func cutFrame(text string) (begin, rest []byte) {
	wire := append([]byte{0x81, 126, byte(len(text) >> 8), byte(len(text))}, text...)
	return wire[:len(wire)/2], wire[len(wire)/2:]
}

func write(t *testing.T, c *stallConn, piece []byte) {
	t.Helper()
	if _, err := c.Write(piece); err != nil {
		t.Fatal(err)
	}
}

// TestStopFinishesTheFrame: the frame that is being read is taken whole, the
// one behind it is not.
func TestStopFinishesTheFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bot{hello: helloPlain}
		s, out, stop := start(t, b, Config{})
		begin, rest := cutFrame(follow(1))
		write(t, b.network(0), begin)
		synctest.Wait()
		stopped := make(chan struct{})
		go func() { stop(); close(stopped) }()
		time.Sleep(400 * time.Millisecond)
		begin, end := cutFrame(follow(2))
		write(t, b.network(0), append(append(rest, begin...), end...))
		<-stopped
		wantTypes(t, out, "source.connected", "1", "source.disconnected")
		want(t, s.Status().Refused, 0)
	})
}

// TestStopLeavesAFrameThatNeverEnds: the goodbye tells of its loss, and it
// does not hold the stop up.
func TestStopLeavesAFrameThatNeverEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bot{hello: helloPlain}
		_, out, stop := start(t, b, Config{})
		begin, _ := cutFrame(follow(1))
		write(t, b.network(0), begin)
		synctest.Wait()
		began := time.Now()
		stop()
		if took := time.Since(began); took > time.Second {
			t.Errorf("stop took %v", took)
		}
		wantTypes(t, out, "source.connected", "source.disconnected")
	})
}

// TestLossWithinAFrameIsRefused: where nobody stopped, a cut frame is kept. The
// library calls it whole where the cut is between two of its reads.
func TestLossWithinAFrameIsRefused(t *testing.T) {
	half, rest := cutFrame(follow(1))
	cut := "refused: " + errCut.Error()
	fragment := append([]byte{0x01, 8}, `{"event"`...)
	for _, tt := range []struct {
		name  string
		piece []byte
		want  string
	}{
		{"behind it", append(half[:len(half):len(half)], rest...), "1"},
		{"within a piece", half, cut},
		{"between two fragments", fragment, cut},
		{"within the next fragment's header", append(fragment[:len(fragment):len(fragment)], 0x80), cut},
		{"where the first buffer is full", append([]byte{0x81, 126, 0xff, 0xff}, make([]byte, firstScratch)...), cut},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &bot{hello: helloPlain}
				s, out, _ := start(t, b, Config{})
				write(t, b.network(0), tt.piece)
				synctest.Wait()
				_ = b.network(0).Close()
				synctest.Wait()
				wantTypes(t, out, "source.connected", tt.want, "source.disconnected")
				if last := s.Status().LastError; strings.Contains(last, "previous message") {
					t.Errorf("the connection ended with %q", last)
				}
			})
		})
	}
}

// TestDroppedAtOnceDoesNotHammer: a server that takes every connection and
// drops it is tried as rarely as one that is absent.
func TestDroppedAtOnceDoesNotHammer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bot{hello: helloPlain}
		s, _, _ := start(t, b, Config{})
		for began := time.Now(); time.Since(began) < 10*time.Minute; time.Sleep(time.Second) {
			_ = b.network(len(b.dialled()) - 1).Close()
		}
		if n := len(b.dialled()); n < 15 || n > 60 {
			t.Errorf("%d tries in 10 minutes", n)
		}
		time.Sleep(61 * time.Second) // a session that lasts is a reason to hurry again
		want(t, s.Status().Connected, true)
		tries := len(b.dialled())
		_ = b.network(tries - 1).Close()
		time.Sleep(time.Second)
		want(t, len(b.dialled()), tries+1)
	})
}

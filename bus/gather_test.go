package bus

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/nats-io/nats.go/jetstream"
)

type heavy struct {
	jetstream.Msg
	data []byte
}

func (h heavy) Data() []byte { return h.data }

// What the client holds ahead of a sink that is busy is bounded in bytes: the
// handler blocks, and the client asks for no more.
func TestBytesAheadAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		g := newGather(1)
		handle := g.handler(ctx)
		var taken atomic.Int64
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			for range 10 {
				handle(heavy{data: make([]byte, 6<<20)})
				if ctx.Err() != nil {
					return
				}
				taken.Add(1)
			}
		}()
		synctest.Wait()
		if held := taken.Load(); held*6<<20 > pullBytes || held < 3 {
			t.Errorf("%d messages of 6 MiB are held", held)
		}
		m := <-g.deliveries
		g.room.Release(weight(m))
		before := taken.Load()
		synctest.Wait()
		if more := taken.Load() - before; more != 1 {
			t.Errorf("%d more were taken when one was written", more)
		}
		cancel()
		<-ended
	})
}

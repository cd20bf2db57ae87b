package main

import (
	"fmt"
	"sync/atomic"
	"time"
)

// flow is lines that come in while the test does something else.
type flow struct {
	e    *evening
	sent atomic.Int64
	err  atomic.Pointer[error]
}

// pour sends numbered lines up to n, about 2,000 a second, once somebody hears
// them.
func (e *evening) pour(n int) *flow {
	f := &flow{e: e}
	from := e.next + 1
	e.next = n
	go func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		err := e.sim.WaitSubscribed(e.t.Context(), 1)
		for i := from; i <= n && err == nil; i++ {
			if i%10 == 0 {
				<-tick.C
			}
			if err = e.sim.Inject(e.t.Context(), numbered(i)); err == nil {
				f.sent.Store(int64(i))
			}
		}
		if err != nil {
			f.err.Store(&err)
		}
	}()
	return f
}

// reach waits until line n is sent.
func (f *flow) reach(n int) {
	f.e.t.Helper()
	eventually(f.e.t, fmt.Sprint("line ", n, " to be sent"), func() error {
		if err := f.err.Load(); err != nil {
			f.e.t.Fatal(*err)
		}
		if sent := f.sent.Load(); sent < int64(n) {
			return fmt.Errorf("%d are", sent)
		}
		return nil
	})
}

package main

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"
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

// arrive waits until each line that was sent is on the log and both sinks have
// settled the last. Lines that are still on their way to the gateway are in no
// count of what waits.
func (e *evening) arrive() {
	e.t.Helper()
	eventually(e.t, fmt.Sprint(e.next, " lines to be stored"), func() error {
		last, err := e.lastLine()
		if err != nil {
			return err
		}
		for _, sink := range []string{"ledger", "chat"} {
			text, err := figure(e.addr.sinks, "brain_sink_sequence", sink)
			if err != nil {
				return err
			}
			if at, err := strconv.ParseFloat(text, 64); err != nil || uint64(at) < last {
				return fmt.Errorf("%s is at %s of %d", sink, text, last)
			}
		}
		return nil
	})
}

// lastLine is the sequence of the last line, once all are on the log.
func (e *evening) lastLine() (uint64, error) {
	const subject = "promethean.p.twitch.t.main.events.chat.message"
	js, closeJS, err := jetStream("nats://" + e.addr.nats)
	if err != nil {
		return 0, err
	}
	defer closeJS()
	ctx, cancel := context.WithTimeout(e.t.Context(), 10*time.Second)
	defer cancel()
	s, err := js.Stream(ctx, "PROM_EVENTS")
	if err != nil {
		return 0, err
	}
	info, err := s.Info(ctx, jetstream.WithSubjectFilter(subject))
	if err != nil {
		return 0, err
	}
	if n := info.State.Subjects[subject]; n != uint64(e.next) {
		return 0, fmt.Errorf("%d are on the log", n)
	}
	m, err := s.GetLastMsgForSubject(ctx, subject)
	if err != nil {
		return 0, err
	}
	return m.Sequence, nil
}

// figure is one of a program's metrics of a sink.
func figure(addr, name, sink string) (string, error) {
	_, text, err := page("http://" + addr + "/metrics")
	if err != nil {
		return "", err
	}
	m := regexp.MustCompile(`(?m)^` + name + `\{sink="` + sink + `"\} (\S+)$`).FindSubmatch(text)
	if m == nil {
		return "", fmt.Errorf("%s says nothing of %s", addr, name)
	}
	return string(m[1]), nil
}

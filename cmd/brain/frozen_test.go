//go:build unix

package main

import (
	"fmt"
	"syscall"
	"testing"
	"time"
)

// Two programs run the same sinks. The active one is frozen as a whole, as by a
// laptop's lid or a paused container, and wakes after the other has taken its
// seats: it writes nothing of what came meanwhile, though NATS had sent it that
// already, and stands by. When the other one ends it goes on.
func TestFrozenSinks(t *testing.T) {
	e := newEvening(t)
	e.startAll()
	first, second := e.addr.sinks, freeAddr(t)
	// What is stored says that the first one is active.
	e.pour(100).reach(100)
	e.arrive()
	e.start("second", append(e.env(), "BRAIN_HTTP_ADDR="+second), "sinks", "mongo")
	e.roles(second, 1)
	before := e.written(first)

	e.signal("sinks", syscall.SIGSTOP)
	e.pour(200).reach(200)
	e.roles(second, 0)
	e.addr.sinks = second
	began := time.Now()
	e.arrive()
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("stored %s after the second one took over: NATS gave the events to the frozen one", took)
	}
	e.pour(300).reach(300)
	e.signal("sinks", syscall.SIGCONT)
	e.roles(first, 1)
	e.arrive()
	if after := e.written(first); after != before {
		t.Errorf("the frozen one had written %s, and when it woke %s", before, after)
	}

	e.stop("second")
	e.addr.sinks = first
	e.roles(first, 0)
	e.pour(400).reach(400)
	e.arrive()
	e.checkAll(400)
}

// roles waits until both sinks of a program are a stand-by (1) or active (0).
func (e *evening) roles(addr string, standby int) {
	e.t.Helper()
	eventually(e.t, fmt.Sprintf("brain_sink_standby %d at %s", standby, addr), func() error {
		for _, sink := range []string{"ledger", "chat"} {
			if got, err := figure(addr, "brain_sink_standby", sink); err != nil || got != fmt.Sprint(standby) {
				return fmt.Errorf("%s: %s (%v)", sink, got, err)
			}
		}
		return nil
	})
}

// written is how many events each sink of a program has stored.
func (e *evening) written(addr string) string {
	e.t.Helper()
	ledger, err := figure(addr, "brain_sink_stored_total", "ledger")
	if err != nil {
		e.t.Fatal(err)
	}
	chat, err := figure(addr, "brain_sink_stored_total", "chat")
	if err != nil {
		e.t.Fatal(err)
	}
	return "ledger " + ledger + ", chat " + chat
}

func (e *evening) signal(id string, s syscall.Signal) {
	e.t.Helper()
	if err := e.p.get(id).cmd.Process.Signal(s); err != nil {
		e.t.Fatal(err)
	}
}

package listen_test

import (
	"net"
	"strconv"
	"strings"
	"testing"

	"promethean/ops/listen"
)

// occupied takes a port whose successor is taken too, so that moving means
// looking further than the next.
func occupied(t *testing.T) (addr string, port int) {
	t.Helper()
	for range 50 {
		first, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port = first.Addr().(*net.TCPAddr).Port
		second, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port+1)))
		if err != nil {
			first.Close()
			continue
		}
		t.Cleanup(func() { first.Close(); second.Close() })
		return first.Addr().String(), port
	}
	t.Fatal("no two free ports side by side")
	return "", 0
}

func TestDefaultPortThatIsTakenMoves(t *testing.T) {
	taken, port := occupied(t)
	l, moved, err := listen.TCP(taken, false, "BRAIN_HTTP_ADDR")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	at := l.Addr().(*net.TCPAddr)
	if !moved || at.Port < port+2 || at.Port > port+20 || !at.IP.IsLoopback() {
		t.Errorf("%s is taken; listens on %s, moved %v", taken, at, moved)
	}
}

func TestPortThatWasAskedForStays(t *testing.T) {
	taken, _ := occupied(t)
	l, _, err := listen.TCP(taken, true, "BRAIN_HTTP_ADDR")
	if err == nil {
		l.Close()
		t.Fatal("no error")
	}
	if n := strings.Count(err.Error(), taken); n != 1 || !strings.Contains(err.Error(), "set BRAIN_HTTP_ADDR") || strings.Contains(err.Error(), "\n") {
		t.Errorf("the message is %q", err)
	}
}

func TestFreePortIsTaken(t *testing.T) {
	for _, c := range []struct {
		name  string
		asked bool
	}{{"by default", false}, {"asked for", true}} {
		t.Run(c.name, func(t *testing.T) {
			l, moved, err := listen.TCP("127.0.0.1:0", c.asked, "BRAIN_HTTP_ADDR")
			if err != nil || moved {
				t.Fatalf("moved %v, %v", moved, err)
			}
			l.Close()
		})
	}
}

func TestAddressThatCannotBe(t *testing.T) {
	for _, c := range []struct{ name, addr string }{
		{"no port", "127.0.0.1"}, {"not ours", "192.0.2.1:4222"}, {"no number", "127.0.0.1:x y"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, _, err := listen.TCP(c.addr, false, "BRAIN_NATS_LISTEN")
			if err == nil {
				l.Close()
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), "BRAIN_NATS_LISTEN") {
				t.Errorf("the message is %q", err)
			}
		})
	}
}

func TestFreeLetsGo(t *testing.T) {
	taken, _ := occupied(t)
	free, moved, err := listen.Free(taken, false, "BRAIN_NATS_LISTEN")
	if err != nil || !moved {
		t.Fatalf("moved %v, %v", moved, err)
	}
	l, err := net.Listen("tcp", free)
	if err != nil {
		t.Fatalf("the address it gave cannot be had: %v", err)
	}
	l.Close()
	if _, _, err := listen.Free(taken, true, "BRAIN_NATS_LISTEN"); err == nil {
		t.Error("asked for and taken, and no error")
	}
}

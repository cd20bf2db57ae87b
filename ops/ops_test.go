package ops_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"promethean/ops/health"
	"promethean/ops/httpserver"
	"promethean/ops/listen"
	"promethean/ops/metrics"
	"promethean/ops/run"
)

func serve(t *testing.T, token string, h *health.Health) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := metrics.New()
	if err := m.Gauge("brain_test", "a figure", metrics.Labels{"sink": "ledger"}, func() float64 { return 42 }); err != nil {
		t.Fatal(err)
	}
	if err := m.Gauge("brain_test", "a figure", metrics.Labels{"sink": "ledger"}, func() float64 { return 42 }); err == nil {
		t.Error("the same figure twice is no error")
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() {
		done <- httpserver.Serve(ctx, l, httpserver.Options{Token: token, Live: h.Live, Ready: h.Ready, Metrics: m.Handler(), Log: zerolog.Nop()})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return "http://" + l.Addr().String()
}

func get(t *testing.T, url string, head ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
		if head[i] == "Host" {
			r.Host = head[i+1]
		}
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func TestPages(t *testing.T) {
	var down atomic.Bool
	down.Store(true)
	h := &health.Health{}
	h.Add("bus", func(context.Context) error { return nil })
	h.Add("store", func(ctx context.Context) error {
		if down.Load() {
			return errors.New("nobody answers")
		}
		return nil
	})
	base := serve(t, "s3cret", h)
	for _, c := range []struct {
		name, path string
		head       []string
		status     int
		want       string
	}{
		{"alive", "/livez", nil, 200, "ok"},
		{"not ready, with the reason", "/readyz", nil, 503, "bus: ok\nstore: nobody answers\n"},
		{"as JSON", "/readyz?json", nil, 503, `"store":"nobody answers"`},
		{"metrics need the token", "/metrics", nil, 401, "BRAIN_HTTP_TOKEN"},
		{"a wrong token", "/metrics", []string{"Authorization", "Bearer wrong"}, 401, ""},
		{"the token", "/metrics", []string{"Authorization", "Bearer s3cret"}, 200, `brain_test{sink="ledger"} 42`},
		{"a rebound name", "/livez", []string{"Host", "evil.example"}, 403, ""},
		{"no such page", "/nowhere", nil, 404, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if status, body := get(t, base+c.path, c.head...); status != c.status || !strings.Contains(body, c.want) {
				t.Errorf("%d %s", status, body)
			}
		})
	}
	down.Store(false)
	for deadline := time.Now().Add(10 * time.Second); ; {
		if status, _ := get(t, base+"/readyz"); status == 200 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("never ready")
		}
	}
	h.Break(errors.New("the outbox is corrupt"))
	if status, body := get(t, base+"/livez"); status != 503 || !strings.Contains(body, "corrupt") {
		t.Errorf("%d %s", status, body)
	}
}

func TestTakenPorts(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	taken := l.Addr().String()
	if _, _, err := listen.TCP(taken, true, "BRAIN_HTTP_ADDR"); err == nil || !strings.Contains(err.Error(), "BRAIN_HTTP_ADDR") {
		t.Errorf("asked for and taken: %v", err)
	}
	free, moved, err := listen.Free(taken, false, "BRAIN_HTTP_ADDR")
	if err != nil || !moved || free == taken {
		t.Errorf("%s %v %v", free, moved, err)
	}
	if free, moved, err = listen.Free("127.0.0.1:0", true, "X"); err != nil || moved || free == "127.0.0.1:0" {
		t.Errorf("%s %v %v", free, moved, err)
	}
}

func TestGroupEndsTogether(t *testing.T) {
	boom := errors.New("boom")
	g, ctx := run.NewGroup(t.Context())
	ended := false
	g.Go(func() error { <-ctx.Done(); ended = true; return nil })
	g.Go(func() error { return boom })
	if err := g.Wait(); !errors.Is(err, boom) || !ended {
		t.Errorf("%v, ended %v", err, ended)
	}
}

// TestMain also plays the program whose signals are tested.
func TestMain(m *testing.M) {
	if os.Getenv("RUN_PROGRAM") == "" {
		os.Exit(m.Run())
	}
	os.Exit(run.Main("program", os.Stderr, func(ctx context.Context) error {
		if os.Getenv("RUN_PROGRAM") == "fail" {
			return &run.ExitError{Code: run.Unreachable, Err: errors.New("nobody there")}
		}
		os.Stdout.WriteString("up\n")
		<-ctx.Done()
		os.Stdout.WriteString("draining\n")
		if os.Getenv("RUN_PROGRAM") == "hang" {
			select {}
		}
		return nil
	}))
}

func TestSignalsAndExitCodes(t *testing.T) {
	for _, c := range []struct {
		mode    string
		signals int
		code    int
	}{{"drain", 1, run.OK}, {"hang", 2, run.CutOff}, {"fail", 0, run.Unreachable}} {
		t.Run(c.mode, func(t *testing.T) {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), "RUN_PROGRAM="+c.mode)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			line := make([]byte, 64)
			for range c.signals {
				if _, err := out.Read(line); err != nil {
					t.Fatal(err)
				}
				if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
					t.Fatal(err)
				}
			}
			_, _ = io.Copy(io.Discard, out)
			_ = cmd.Wait()
			if got := cmd.ProcessState.ExitCode(); got != c.code {
				t.Errorf("exit code %d, want %d", got, c.code)
			}
		})
	}
}

package httpserver_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"promethean/ops/httpserver"
)

func text(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, s) }
}

// buffer is a log that a server writes while the test reads it.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// serve gives the base URL and a stop that waits for the server's end.
func serve(t *testing.T, listen string, o httpserver.Options) (base string, stop func() error) {
	t.Helper()
	l, err := net.Listen("tcp", listen)
	if err != nil {
		t.Fatal(err)
	}
	o.Live, o.Ready, o.Metrics = text("live"), text("ready"), text("figures")
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- httpserver.Serve(ctx, l, o) }()
	stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return "http://127.0.0.1:" + fmt.Sprint(l.Addr().(*net.TCPAddr).Port), stop
}

func get(t *testing.T, url, host, authorization string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	// Its own connection, so that none outlives the test.
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(r)
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

func TestTokenGuardsAllButHealth(t *testing.T) {
	base, _ := serve(t, "127.0.0.1:0", httpserver.Options{
		Token: "s3cret", Pages: map[string]http.Handler{"GET /titles": text("titles")}, Log: zerolog.Nop(),
	})
	for _, c := range []struct {
		name, path, authorization string
		status                    int
		body                      string
	}{
		{"alive needs none", "/livez", "", 200, "live"},
		{"ready needs none", "/readyz", "", 200, "ready"},
		{"metrics without", "/metrics", "", 401, "BRAIN_HTTP_TOKEN"},
		{"a wrong one", "/metrics", "Bearer s3creT", 401, ""},
		{"a part of it", "/metrics", "Bearer s3cre", 401, ""},
		{"an empty one", "/metrics", "Bearer ", 401, ""},
		{"another scheme", "/metrics", "Basic s3cret", 401, ""},
		{"the token", "/metrics", "Bearer s3cret", 200, "figures"},
		{"the scheme in any case", "/metrics", "bearer s3cret", 200, "figures"},
		{"a page without", "/titles", "", 401, ""},
		{"a page", "/titles", "Bearer s3cret", 200, "titles"},
		{"no such page", "/nowhere", "", 404, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, body := get(t, base+c.path, "", c.authorization)
			if status != c.status || !strings.Contains(body, c.body) || strings.Contains(body, "s3cret") {
				t.Errorf("%d %s", status, body)
			}
		})
	}
}

func TestRebindingIsRefused(t *testing.T) {
	base, _ := serve(t, "127.0.0.1:0", httpserver.Options{Host: "studio.lan", Log: zerolog.Nop()})
	for _, c := range []struct {
		name, host string
		status     int
	}{
		{"its address", "", 200},
		{"localhost", "localhost:8420", 200},
		{"in capitals, as a full name", "LOCALHOST.:8420", 200},
		{"another loopback address", "127.8.8.8", 200},
		{"IPv6", "[::1]:8420", 200},
		{"the name it was bound by", "studio.lan:8420", 200},
		{"a rebound name", "evil.example", 403},
		{"one that begins like localhost", "localhost.evil.example", 403},
		{"one that begins like an address", "127.0.0.1.evil.example:8420", 403},
		{"another address", "192.0.2.1", 403},
	} {
		t.Run(c.name, func(t *testing.T) {
			if status, body := get(t, base+"/metrics", c.host, ""); status != c.status {
				t.Errorf("%d %s", status, body)
			}
		})
	}
}

func TestOpenToTheNetwork(t *testing.T) {
	for _, c := range []struct {
		name, listen, token string
		warns               bool
	}{
		{"everywhere without a token", "0.0.0.0:0", "", true},
		{"everywhere with one", "0.0.0.0:0", "s3cret", false},
		{"loopback without", "127.0.0.1:0", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log buffer
			base, _ := serve(t, c.listen, httpserver.Options{Token: c.token, Log: zerolog.New(&log)})
			// An answer comes after the warning.
			if status, body := get(t, base+"/livez", "", ""); status != 200 {
				t.Errorf("%d %s", status, body)
			}
			if got := strings.Contains(log.String(), "BRAIN_HTTP_TOKEN"); got != c.warns || strings.Contains(log.String(), "s3cret") {
				t.Errorf("log: %s", log.String())
			}
		})
	}
}

func TestStopWaitsForAShortRequest(t *testing.T) {
	inside, release := make(chan struct{}), make(chan struct{})
	base, stop := serve(t, "127.0.0.1:0", httpserver.Options{Log: zerolog.Nop(), Pages: map[string]http.Handler{
		"GET /slow": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			close(inside)
			<-release
			fmt.Fprint(w, "done")
		}),
	}})
	stopped := make(chan error, 1)
	go func() {
		<-inside
		go func() { stopped <- stop() }()
		close(release)
	}()
	if status, body := get(t, base+"/slow", "", ""); status != 200 || body != "done" {
		t.Errorf("%d %s", status, body)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestStopCutsOffWhatHangs(t *testing.T) {
	inside := make(chan struct{})
	base, stop := serve(t, "127.0.0.1:0", httpserver.Options{Log: zerolog.Nop(), Pages: map[string]http.Handler{
		"GET /hang": http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			close(inside)
			<-r.Context().Done()
		}),
	}})
	asked := make(chan error, 1)
	go func() {
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		resp, err := client.Get(base + "/hang")
		if err == nil {
			resp.Body.Close()
		}
		asked <- err
	}()
	<-inside
	begin := time.Now()
	if err := stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(begin); took > 4*time.Second {
		t.Errorf("a stop took %s", took)
	}
	if err := <-asked; err == nil {
		t.Error("the request was answered")
	}
}

func TestListenerThatBreaksIsAnError(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	o := httpserver.Options{Live: text(""), Ready: text(""), Metrics: text(""), Log: zerolog.Nop()}
	if err := httpserver.Serve(t.Context(), l, o); err == nil {
		t.Error("no error")
	}
}

package eventstream_test

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// cases are the conformance cases: web-platform-tests' eventsource (BSD-3-Clause,
// © web-platform-tests contributors), the HTML Standard's examples, and own ones.
type cases struct {
	Cases     []streamCase `json:"cases"`
	HTTPCases []httpCase   `json:"http_cases"`
}

type piece struct {
	Text  string `json:"text"`
	Times int    `json:"times"`
}

func join(pieces []piece) string {
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(strings.Repeat(p.Text, p.Times))
	}
	return b.String()
}

type wantEvent struct {
	Type        string  `json:"type"`
	Data        string  `json:"data"`
	DataGen     []piece `json:"data_gen"`
	LastEventID string  `json:"last_event_id"`
}

type streamCase struct {
	Name        string      `json:"name"`
	Body        []byte      `json:"stream_b64"`
	Gen         []piece     `json:"stream_gen"`
	ContentType string      `json:"content_type"`
	HoldOpen    bool        `json:"hold_open"`
	Events      []wantEvent `json:"expected_events"`
	NextID      string      `json:"expected_last_event_id_on_reconnect"`
	Retry       int         `json:"expected_retry_ms"`
}

func (c streamCase) body() []byte {
	if c.Gen != nil {
		return []byte(join(c.Gen))
	}
	return c.Body
}

type httpCase struct {
	Name   string `json:"name"`
	Client struct {
		Headers     map[string]string `json:"headers"`
		Idle        int               `json:"idle_timeout_ms"`
		HeaderWait  int               `json:"header_timeout_ms"`
		CancelAfter int               `json:"cancel_after_ms"`
		HTTP2       bool              `json:"http2"`
		MaxEvent    int               `json:"max_event_bytes"`
		Acknowledge int               `json:"acknowledge_first"`
	} `json:"client"`
	Server []script `json:"server"`
	Want   struct {
		Events         []wantEvent                    `json:"events"`
		Requests       *struct{ Exact, Min, Max int } `json:"requests"`
		Gaps           []struct{ Min, Max int }       `json:"gaps_ms"`
		IDs            []*string                      `json:"last_event_id_per_request"`
		Paths          []string                       `json:"paths"`
		Headers        map[string]string              `json:"request_headers"`
		Stopped        string                         `json:"stopped"`
		Open           *int                           `json:"open_connections_after"`
		Other          *int                           `json:"requests_on_other_host"`
		Authorised     bool                           `json:"authorization_on_every_request"`
		WithinMS       int                            `json:"within_ms"`
		AfterMS        int                            `json:"after_ms"`
		ReturnsWithin  int                            `json:"returns_within_ms"`
		Returns        string                         `json:"returns"`
		GapsNotGrowing bool                           `json:"gaps_not_growing"`
		Oversize       int                            `json:"oversize_records"`
	} `json:"expected"`
}

type script struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Body    []struct {
		Send       string `json:"send"`
		Times      int    `json:"times"`
		EveryMS    int    `json:"every_ms"`
		SleepMS    int    `json:"sleep_ms"`
		SendHeader string `json:"send_request_header"`
	} `json:"body"`
	End string `json:"end"`
}

// loadCases reads the shared cases where they are, else this package's copy.
func loadCases(t *testing.T) (c cases) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "..", "shared", "frames", "sse", "cases.json"))
	if err != nil {
		text, err = os.ReadFile(filepath.Join("testdata", "cases.json"))
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// asked is one request as the server saw it.
type asked struct {
	path       string
	header     http.Header
	began, end time.Time
}

// server plays scripts, one a request; the last one repeats.
type server struct {
	*httptest.Server
	scripts []script
	// chunk is how many bytes are written at once; 0 is all of a send.
	chunk int
	quit  chan struct{}
	other string

	mu    sync.Mutex
	seen  []*asked
	open  map[net.Conn]bool
	moved chan struct{}
}

func newServer(t *testing.T, scripts []script, http2 bool) *server {
	t.Helper()
	s := &server{scripts: scripts, quit: make(chan struct{}), open: map[net.Conn]bool{}, moved: make(chan struct{}, 1)}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.Config.ConnState = s.state
	s.Config.ErrorLog = nil
	s.EnableHTTP2 = http2
	if http2 {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(func() {
		close(s.quit)
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

func (s *server) state(c net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch state {
	case http.StateNew:
		s.open[c] = true
	case http.StateClosed, http.StateHijacked:
		delete(s.open, c)
	}
	s.changed()
}

func (s *server) changed() {
	select {
	case s.moved <- struct{}{}:
	default:
	}
}

func (s *server) serve(w http.ResponseWriter, r *http.Request) {
	a := &asked{path: r.URL.Path, header: r.Header.Clone(), began: time.Now()}
	s.mu.Lock()
	n := len(s.seen)
	s.seen = append(s.seen, a)
	s.changed()
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		a.end = time.Now()
	}()
	sc := s.scripts[min(n, len(s.scripts)-1)]
	switch sc.End {
	case "no-header":
		s.hold(r)
		return
	case "abort-before-header":
		panic(http.ErrAbortHandler)
	}
	for name, value := range sc.Headers {
		w.Header().Set(name, strings.ReplaceAll(value, "http://localhost:OTHER", s.other))
	}
	w.WriteHeader(sc.Status)
	s.play(w, r, sc)
	switch sc.End {
	case "hold":
		s.hold(r)
	case "abort":
		panic(http.ErrAbortHandler)
	case "rst":
		reset(w)
	}
}

func (s *server) hold(r *http.Request) {
	select {
	case <-s.quit:
	case <-r.Context().Done():
	}
}

func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
}

func (s *server) play(w http.ResponseWriter, r *http.Request, sc script) {
	control := http.NewResponseController(w)
	_ = control.Flush()
	for _, item := range sc.Body {
		text := item.Send
		if item.SendHeader != "" {
			text = r.Header.Get(item.SendHeader)
		}
		for i := range max(item.Times, 1) {
			if i > 0 {
				time.Sleep(time.Duration(item.EveryMS) * time.Millisecond)
			}
			s.write(w, control, []byte(text))
		}
		time.Sleep(time.Duration(item.SleepMS) * time.Millisecond)
	}
}

func (s *server) write(w http.ResponseWriter, control *http.ResponseController, text []byte) {
	if s.chunk <= 0 {
		_, _ = w.Write(text)
		_ = control.Flush()
		return
	}
	for len(text) > 0 {
		n := min(s.chunk, len(text))
		_, _ = w.Write(text[:n])
		_ = control.Flush()
		text = text[n:]
	}
}

func (s *server) requests() []asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]asked, len(s.seen))
	for i, a := range s.seen {
		all[i] = *a
	}
	return all
}

func (s *server) connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// until waits for a fact.
func until(t *testing.T, what string, fact func() bool) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !fact() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func textOf(w wantEvent) string {
	if w.DataGen != nil {
		return join(w.DataGen)
	}
	return w.Data
}

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"go.mongodb.org/mongo-driver/v2/bson"
)

// The words that are looked for: the browser's key and the API key, which may
// be nowhere, and one that is no secret and goes the same roads.
const (
	browserKey = "bk-CANARY-browser-5d1f"
	apiKey     = "ak-CANARY-channel-7e20"
	planted    = "bk-PLANTED-word-93aa"
)

// leakyEvents hold the key in many shapes, and the planted word beside it.
func leakyEvents() string {
	address := "https://api.getailicia.com/tts/usr-1/" + browserKey
	escaped := strings.ReplaceAll(address, "/", `\/`)
	var b strings.Builder
	n := 0
	add := func(kind, payload, more string) {
		n++
		fmt.Fprintf(&b, "event: %s\ndata: {\"id\":\"evt_%d\",\"type\":\"%s\",\"timestamp\":\"2026-03-04T19:03:24Z\",\"channel\":{\"id\":\"c\",\"name\":\"pond\",\"platform\":\"TWITCH\"},\"payload\":{\"text\":\"%s\",%s}%s}\n\n", kind, n, kind, planted, payload, more)
	}
	add("ai.tts.generated", `"ttsStreamUrl":"`+address+`"`, "")
	add("ai.tts.generated", `"TTSStreamURL":"`+escaped+`?t=`+browserKey+`"`, `,"meta":{"browserKey":"`+browserKey+`"}`)
	add("tide.changed", `"deep":[{"a":{"url":"`+strings.ReplaceAll(address, "/", `\u002f`)+`"}}]`, `,"delivery":{"of":"`+address+`"}`)
	add("api.event", `"content":"play `+url.QueryEscape(url.QueryEscape(address))+` now"`, "")
	add("chat.message", `"id":"m1","username":"ada","platform":"TWITCH","message":"`+planted+` `+escaped+`"`, `,"ID":"`+address+`"`)
	add("chat.ai_message", `"id":"m2","`+address+`":1`, "")
	for range 6 { // big ones: not all of them fit into one block of the log
		add("ai.thoughts", `"reasoning":"`+strings.Repeat(planted+" pond ", 70_000)+address+`"`, "")
	}
	// What becomes dead letters.
	fmt.Fprintf(&b, "event: other.%s/tts/u/%s\ndata: {\"id\":\"x\",\"type\":\"ai.thoughts\",\"timestamp\":\"2026-03-04T19:03:24Z\",\"channel\":{\"id\":\"c\",\"name\":\"n\",\"platform\":\"TWITCH\"},\"payload\":{\"text\":\"%s %s\"}}\n\n", planted, browserKey, planted, address)
	fmt.Fprintf(&b, ": %s\nevent: ai.tts.generated\ndata: {\"text\":\"%s\",\"ttsStreamUrl\":\"%s\n\n", address, planted, escaped)
	fmt.Fprintf(&b, "data: %s {\"ttsStreamUrl\": \"%s\"\ndata: ,]\n\n", planted, address)
	fmt.Fprintf(&b, "data: {\"text\":\"%s %s\",\"big\":\"%s %s\"}\n\n", planted, address, strings.Repeat("x", 2<<20), address)
	add("system.left", `"channelId":"last"`, "")
	return b.String()
}

const leakyLetters = 4

// leakyServer sends the events, but first an answer that is no stream and holds
// the key.
func leakyServer(t *testing.T) *httptest.Server {
	var once sync.Once
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		failed := false
		once.Do(func() { failed = true })
		if failed {
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprintf(w, "no stream at https://api.getailicia.com/tts/usr-1/%s for %s", browserKey, r.Header.Get("Authorization"))
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, leakyEvents())
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}))
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s
}

// locked is a buffer that a running program writes to.
type locked struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

// TestSecretsGoNowhere runs `brain up` against a server that tells its secrets
// in every shape, and looks for them in all that is kept or said. What is
// planted beside them has to be found in each place.
func TestSecretsGoNowhere(t *testing.T) {
	t.Parallel()
	dir, out := t.TempDir(), &locked{}
	environ := []string{
		"BRAIN_DATA_DIR=" + dir, "BRAIN_NATS_LISTEN=127.0.0.1:0", "BRAIN_STORE_LISTEN=127.0.0.1:0", "BRAIN_HTTP_ADDR=127.0.0.1:0",
		"BRAIN_STREAMERBOT_URL=ws://127.0.0.1:1/", "BRAIN_AILICIA_URL=" + leakyServer(t).URL, "BRAIN_AILICIA_API_KEY=" + apiKey,
		"BRAIN_LOG_LEVEL=debug", "BRAIN_NATS_MAX_BYTES=64MiB",
	}
	program := exec.Command(filepath.Join(binDir, "brain"), "up")
	program.Env, program.Stdout, program.Stderr = environ, out, out
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- program.Wait() }()
	stop := sync.OnceFunc(func() {
		if err := program.Process.Signal(os.Interrupt); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Errorf("it ended with %v", err)
		}
	})
	defer stop()
	nats, store, pages := whereItRuns(t, out, done)
	search := searched{t: t}
	search.documents(store)
	search.bus(nats)
	search.pages(pages)
	stop()
	search.look("the output", out.b.Bytes(), true)
	for _, word := range []string{browserKey, apiKey} {
		if found := filesWith(t, dir, word); len(found) > 0 {
			t.Errorf("%s is in %q", word, found)
		}
	}
	found := strings.Join(filesWith(t, dir, planted), "\n")
	for _, place := range []string{"/nats/", ".blk", ".sqlite"} {
		if !strings.Contains(found, place) {
			t.Errorf("the search is blind: it does not find what is planted in a %s; it is in\n%s", place, found)
		}
	}
}

// searched looks for the words in one place after the other.
type searched struct{ t *testing.T }

func (s searched) look(where string, b []byte, hasPlanted bool) {
	s.t.Helper()
	for _, word := range []string{browserKey, apiKey} {
		if holds(b, word) {
			i := max(0, bytes.Index(b, []byte(word))-200)
			s.t.Errorf("%s is in %s: …%.400s", word, where, b[i:])
		}
	}
	if hasPlanted && !holds(b, planted) {
		s.t.Errorf("the search is blind: what is planted is not in %s", where)
	}
}

// documents waits until the last event is stored, and looks at all there are.
func (s searched) documents(uri string) {
	db, closeDB, err := database(uri)
	if err != nil {
		s.t.Fatal(err)
	}
	defer closeDB()
	ctx := s.t.Context()
	eventually(s.t, "the last event in the ledger", func() error {
		count, err := db.Collection("events").CountDocuments(ctx, bson.D{{Key: "payload.channelId", Value: "last"}})
		if err == nil && count != 1 {
			err = errors.New("it is not there")
		}
		return err
	})
	names, err := db.ListCollectionNames(ctx, bson.D{})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, name := range names {
		cursor, err := db.Collection(name).Find(ctx, bson.D{})
		if err != nil {
			s.t.Fatal(err)
		}
		for cursor.Next(ctx) {
			text, err := bson.MarshalExtJSON(cursor.Current, false, false)
			if err != nil {
				s.t.Fatal(err)
			}
			s.look("a document of "+name, append(text, cursor.Current...), bytes.Contains(text, []byte(`"type":"ai.`)))
		}
	}
}

// bus looks at every message of every stream, with subject and headers.
func (s searched) bus(url string) {
	js, closeJS, err := jetStream(url)
	if err != nil {
		s.t.Fatal(err)
	}
	defer closeJS()
	for _, name := range []string{"PROM_EVENTS", "PROM_DLQ", "PROM_CONTROL", "PROM_REPLAY", "PROM_CANARY"} {
		stream, err := js.Stream(s.t.Context(), name)
		if err != nil {
			s.t.Fatal(err)
		}
		var all []byte
		state := stream.CachedInfo().State
		for seq := state.FirstSeq; seq <= state.LastSeq; seq++ {
			if m, err := stream.GetMsg(s.t.Context(), seq); err == nil {
				all = append(all, described(m)...)
			}
		}
		letters := name == "PROM_DLQ"
		s.look(name, all, letters || name == "PROM_EVENTS")
		if letters && state.Msgs != leakyLetters {
			s.t.Errorf("%d dead letters, want %d: %.2000s", state.Msgs, leakyLetters, all)
		}
	}
}

func described(m *jetstream.RawStreamMsg) []byte {
	return append(fmt.Appendf(nil, "%s %v ", m.Subject, m.Header), m.Data...)
}

func (s searched) pages(address string) {
	for _, page := range []string{"metrics", "readyz", "livez"} {
		r, err := http.Get(address + page)
		if err != nil {
			s.t.Fatal(err)
		}
		b, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil {
			s.t.Fatal(err)
		}
		s.look(page, b, false)
	}
}

// whereItRuns waits until the program says so.
func whereItRuns(t *testing.T, out *locked, done chan error) (nats, store, pages string) {
	t.Helper()
	says := regexp.MustCompile(`(?s)NATS +(nats://\S+).*store +(mongodb://\S+).*(http://\S+/)readyz`)
	eventually(t, "the overview", func() error {
		select {
		case err := <-done:
			done <- err
			t.Fatalf("it ended: %v", err)
		default:
		}
		out.mu.Lock()
		defer out.mu.Unlock()
		m := says.FindSubmatch(out.b.Bytes())
		if m == nil {
			return fmt.Errorf("it said %s", out.b.Bytes())
		}
		nats, store, pages = string(m[1]), string(m[2]), string(m[3])
		return nil
	})
	return nats, store, pages
}

package ailicia

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"promethean/gateway/source/ignore"
	"promethean/schema"

	"github.com/google/go-cmp/cmp"
)

// sharedFrames is the folder of example streams beside the repository; tests
// that want it go without where it is not.
const sharedFrames = "../../../../shared/frames/ailicia"

var receivedAt = time.Date(2026, 3, 4, 20, 0, 0, 123456789, time.UTC)

func testNormaliser() *normaliser { return newNormaliser("duck", ignore.Default()) }

// eventsOf reads the text of a stream, as far as well-formed frames need it.
func eventsOf(stream string) []event {
	var all []event
	for block := range strings.SplitSeq(strings.ReplaceAll(stream, "\r\n", "\n"), "\n\n") {
		e := event{name: "message", connection: "c-1", n: uint64(len(all)) + 1}
		var data []string
		for line := range strings.SplitSeq(block, "\n") {
			field, value, _ := strings.Cut(line, ":")
			value = strings.TrimPrefix(value, " ")
			switch field {
			case "event":
				e.name = value
			case "data":
				data = append(data, value)
			case "id":
				e.id = value
			}
		}
		if e.data = strings.Join(data, "\n"); e.data != "" {
			all = append(all, e)
		}
	}
	return all
}

func streams(t testing.TB, folder string) map[string][]event {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*.sse"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]event{}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(path), ".sse")] = eventsOf(string(b))
	}
	return all
}

// seal makes of a draft the message that goes on the log.
func seal(t testing.TB, d schema.Draft) (schema.Message, schema.Envelope, schema.Meta) {
	t.Helper()
	m, err := schema.Seal(d)
	if err != nil {
		t.Fatal(err)
	}
	e, err := schema.Parse(m.Body)
	if err != nil {
		t.Fatal(err)
	}
	meta, err := schema.ParseMeta(e.Meta)
	if err != nil {
		t.Fatal(err)
	}
	return m, e, meta
}

// TestStreams: every event of every example becomes one on the log, with
// nothing of it changed or missing but a secret, and valid by its schema.
func TestStreams(t *testing.T) {
	for _, folder := range []string{"testdata/frames", sharedFrames} {
		all := streams(t, folder)
		if len(all) == 0 && folder == sharedFrames {
			t.Logf("skipped: there is no %s", folder)
		}
		for name, events := range all {
			t.Run(name, func(t *testing.T) {
				if len(events) == 0 {
					t.Fatal("no events")
				}
				for _, e := range events {
					checkKept(t, e)
				}
			})
		}
	}
}

func checkKept(t *testing.T, e event) {
	t.Helper()
	d, err := testNormaliser().normalise(e, receivedAt)
	if err != nil {
		t.Fatal(err)
	}
	m, sealed, meta := seal(t, d)
	conforms(t, sealed.Type, sealed.Payload)
	var theirs, ours map[string]any
	clean, _ := redact([]byte(e.data))
	for from, to := range map[*map[string]any][]byte{&theirs: clean, &ours: m.Body} {
		if err := json.Unmarshal(to, from); err != nil {
			t.Fatal(err)
		}
	}
	delete(ours["meta"].(map[string]any), "gateway")
	if theirs["meta"] == nil {
		theirs["meta"] = map[string]any{}
	}
	if theirs["version"] == nil {
		theirs["version"] = string(schema.CurrentVersion(sealed.Type))
		if !meta.Gateway.VersionAssumed {
			t.Error("an assumed version is not marked")
		}
	}
	at, _ := time.Parse(time.RFC3339, theirs["timestamp"].(string))
	theirs["timestamp"] = at.UTC().Format(schema.TimeFormat)
	if diff := cmp.Diff(theirs, ours); diff != "" {
		t.Errorf("not what ai_licia sent (-sent +on the log):\n%s", diff)
	}
	if bytes.Contains(m.Body, []byte("bk-DEMO")) || meta.Raw != nil || !meta.Gateway.RawIsPayload {
		t.Errorf("raw kept, or the key: %s", m.Body)
	}
	if meta.Gateway.Source != "ailicia" || meta.Gateway.Origin != schema.Live || meta.Gateway.Connection != "c-1" || meta.Gateway.N != e.n {
		t.Errorf("gateway block %+v", meta.Gateway)
	}
}

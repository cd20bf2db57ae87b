package schema

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "add missing golden rows and files; an existing one is never changed")

const idsGolden = "testdata/ids.golden"

// idRow is one input of the golden table. parts are the arguments in order.
type idRow struct {
	name, kind string
	parts      []string
	number     uint64
}

func (r idRow) id() string {
	p := r.parts
	switch r.kind {
	case "native":
		return NativeID(Provider(p[0]), p[1], Type(p[2]), p[3])
	case "frame":
		return FrameID(p[0], p[1], p[2], []byte(p[3]), int(r.number))
	default:
		return OwnID(p[0], Type(p[1]), r.number)
	}
}

func idRows() []idRow {
	long := strings.Repeat("langer Teil ", 100_000)
	return []idRow{
		{"native chat", "native", []string{"twitch", "main", "chat.message", "cf1e3a5b-6c4d-4d8f-9a0e-2f7b8c9d0e1f"}, 0},
		{"native other tenant", "native", []string{"twitch", "other", "chat.message", "cf1e3a5b-6c4d-4d8f-9a0e-2f7b8c9d0e1f"}, 0},
		{"native other provider", "native", []string{"kick", "main", "chat.message", "cf1e3a5b-6c4d-4d8f-9a0e-2f7b8c9d0e1f"}, 0},
		{"native other type", "native", []string{"twitch", "main", "chat.deleted", "cf1e3a5b-6c4d-4d8f-9a0e-2f7b8c9d0e1f"}, 0},
		{"native upper case", "native", []string{"twitch", "main", "chat.message", "CF1E3A5B-6C4D-4D8F-9A0E-2F7B8C9D0E1F"}, 0},
		{"native all empty", "native", []string{"", "", "", ""}, 0},
		{"native unicode composed", "native", []string{"youtube", "caf\u00e9", "chat.message", "\u65e5\u672c\u8a9e\U0001F389"}, 0},
		{"native unicode decomposed", "native", []string{"youtube", "cafe\u0301", "chat.message", "\u65e5\u672c\u8a9e\U0001F389"}, 0},
		{"native length ambiguity ab,c", "native", []string{"twitch", "ab", "c", "x"}, 0},
		{"native length ambiguity a,bc", "native", []string{"twitch", "a", "bc", "x"}, 0},
		{"native empty moved", "native", []string{"twitch", "", "abc", "x"}, 0},
		{"native NUL inside", "native", []string{"twitch", "a\x00b", "c", "x"}, 0},
		{"native very long", "native", []string{"twitch", "main", "chat.message", long}, 0},
		{"native very long plus one", "native", []string{"twitch", "main", "chat.message", long + "!"}, 0},
		{"frame follow", "frame", []string{"streamerbot", "Twitch.Follow", "2025-02-18T21:15:22.1234567+01:00", `{"user_id":"1"}`}, 0},
		{"frame follow again", "frame", []string{"streamerbot", "Twitch.Follow", "2025-02-18T21:15:22.1234567+01:00", `{"user_id":"1"}`}, 1},
		{"frame white space counts", "frame", []string{"streamerbot", "Twitch.Follow", "2025-02-18T21:15:22.1234567+01:00", `{"user_id": "1"}`}, 0},
		{"frame stamp verbatim", "frame", []string{"streamerbot", "Twitch.Follow", "2025-02-18T20:15:22.1234567Z", `{"user_id":"1"}`}, 0},
		{"frame all empty", "frame", []string{"", "", "", ""}, 0},
		{"frame unicode", "frame", []string{"streamerbot", "Twitch.Raid", "", `{"name":"ÄÖÜ 🎉"}`}, 3},
		{"frame invalid UTF-8", "frame", []string{"streamerbot", "?", "", "\xff\xfe\x80"}, 0},
		{"frame length ambiguity ab,c", "frame", []string{"ab", "c", "", ""}, 0},
		{"frame length ambiguity a,bc", "frame", []string{"a", "bc", "", ""}, 0},
		{"frame stamp and data ab,c", "frame", []string{"s", "t", "ab", "c"}, 0},
		{"frame stamp and data a,bc", "frame", []string{"s", "t", "a", "bc"}, 0},
		{"frame very long", "frame", []string{"s", "t", "", long}, 0},
		{"own gap", "own", []string{"connection-1", "source.gap"}, 0},
		{"own gap second", "own", []string{"connection-1", "source.gap"}, 1},
		{"own largest number", "own", []string{"connection-1", "source.gap"}, 1<<64 - 1},
		{"own all empty", "own", []string{"", ""}, 0},
		{"own length ambiguity ab,c", "own", []string{"ab", "c"}, 0},
		{"own length ambiguity a,bc", "own", []string{"a", "bc"}, 0},
		{"own unicode", "own", []string{"日本", "source.gap"}, 7},
		{"own very long", "own", []string{long, "source.gap"}, 0},
	}
}

// inputs writes the row's arguments; a long one by its length and ends, which
// is enough to notice that somebody edited the table.
func (r idRow) inputs() string {
	short := make([]string, len(r.parts))
	for i, p := range r.parts {
		if len(p) > 120 {
			p = fmt.Sprintf("%s…%d bytes…%s", p[:12], len(p), p[len(p)-6:])
		}
		short[i] = p
	}
	text, _ := json.Marshal(short)
	return fmt.Sprintf("%s %s %d", r.kind, text, r.number)
}

func TestIDsGolden(t *testing.T) {
	golden := readIDs(t)
	var added bytes.Buffer
	seen := map[string]bool{}
	for _, r := range idRows() {
		seen[r.name] = true
		got := r.inputs() + "\t" + r.id()
		want, ok := golden[r.name]
		switch {
		case ok && got != want:
			t.Errorf("%s: an id that was given out has changed, which makes every stored event a new one\n got %s\nwant %s", r.name, got, want)
		case !ok && *update:
			fmt.Fprintf(&added, "%s\t%s\n", r.name, got)
		case !ok:
			t.Errorf("%s: no golden row; run with -update to add it", r.name)
		}
	}
	for name := range golden {
		if !seen[name] {
			t.Errorf("%s: golden row without a test row; rows are for ever", name)
		}
	}
	if t.Failed() || added.Len() == 0 {
		return
	}
	f, err := os.OpenFile(idsGolden, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write(added.Bytes()); err != nil {
		t.Fatal(err)
	}
}

// readIDs maps a row's name to its inputs and id.
func readIDs(t *testing.T) map[string]string {
	t.Helper()
	b, err := os.ReadFile(idsGolden)
	if err != nil && !(*update && os.IsNotExist(err)) {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		name, rest, ok := strings.Cut(s.Text(), "\t")
		if _, twice := rows[name]; !ok || twice {
			t.Fatalf("bad or doubled row %q", s.Text())
		}
		rows[name] = rest
	}
	return rows
}

func TestIDsAreUUIDsAndDiffer(t *testing.T) {
	uuid := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	names := map[string]string{}
	for _, r := range idRows() {
		id := r.id()
		if !uuid.MatchString(id) {
			t.Errorf("%s: %q is no UUID of version 8", r.name, id)
		}
		if other, ok := names[id]; ok {
			t.Errorf("%q and %q share the id %s", r.name, other, id)
		}
		names[id] = r.name
		if again := r.id(); again != id {
			t.Errorf("%s: %s, then %s", r.name, id, again)
		}
	}
}

// The three kinds never meet, not even on the same parts.
func TestIDKindsDiffer(t *testing.T) {
	native, frame, own := NativeID("", "", "", ""), FrameID("", "", "", nil, 0), OwnID("", "", 0)
	if native == frame || frame == own || native == own {
		t.Errorf("kinds collide: %s %s %s", native, frame, own)
	}
	if nilData, empty := FrameID("s", "t", "", nil, 0), FrameID("s", "t", "", []byte{}, 0); nilData != empty {
		t.Errorf("nil and empty data differ: %s, %s", nilData, empty)
	}
}

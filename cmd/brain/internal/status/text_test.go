package status

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"promethean/schema"
	"promethean/sinks"
)

var update = flag.Bool("update", false, "write the golden files")

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func before(d time.Duration) *schema.Time { return moment(noon.Add(-d)) }

func number(n uint64) *uint64 { return &n }

// well is an evening on which everything runs, in containers.
func well() Report {
	program := func(name, instance, tenant string, checks []string, figures map[string]float64) Program {
		s := schema.ProgramStatus{Program: name, Instance: instance, Version: "v0.4.0", StartedAt: *before(3 * time.Hour), Tenant: tenant, Ready: true, Checks: map[string]string{}, Figures: figures}
		for _, c := range checks {
			s.Checks[c] = ""
		}
		return Program{ProgramStatus: s}
	}
	return Report{
		At: schema.NewTime(noon),
		NATS: NATS{
			Address: "nats://nats:4222", Server: "nats", Version: "2.15.2", Newest: []Letter{},
			Streams: []Stream{
				{Name: "PROM_EVENTS", Messages: 12_345, Bytes: 15 << 20, MaxBytes: 10 << 30, LastSeq: 12_345, FirstAt: before(72 * time.Hour), LastAt: before(time.Second), Replicas: 1, Leader: "nats"},
				{Name: "PROM_CONTROL", MaxBytes: 64 << 20, Replicas: 1, Leader: "nats"},
				{Name: "PROM_DLQ", MaxBytes: 512 << 20, Replicas: 1, Leader: "nats"},
				{Name: "PROM_REPLAY", MaxBytes: 512 << 20, Replicas: 1, Leader: "nats"},
				{Name: "PROM_CANARY", Messages: 1, Bytes: 47, MaxBytes: 1 << 20, LastSeq: 99, FirstAt: before(0), LastAt: before(0), Replicas: 1, Leader: "nats"},
			},
			Durable:     append(durables(), Durable{Name: "overlay", Position: 12_345, LastActivity: before(49 * time.Hour)}),
			DeadLetters: number(0), CommandsWaiting: number(0),
		},
		Programs: []Program{
			program("gateway", "4f1d2c/1", "duck", []string{"bus", "outbox", "streams", "commands"},
				map[string]float64{"brain_accepted_total": 12_345, "brain_outbox_entries": 0, sourceConnected: 1}),
			program("sinks", "9a8b7c/1", "", append([]string{"store"}, sinkChecks()...),
				map[string]float64{`brain_sink_stored_total{sink="ledger"}`: 12_340, `brain_sink_lag{sink="ledger"}`: 5}),
		},
		Store: Store{
			Address: "mongodb://mongo:27017", Database: "promethean", Version: "MongoDB 8.0.4",
			Collections: []Collection{{"events", new(int64(12_340))}, {"twitch_chat_messages", new(int64(9_001))}, {"channel_events", nil}},
			Newest:      before(2 * time.Second), NotStored: number(5),
		},
	}
}

// durables are those of all sinks, in the order in which they are told.
func durables() (list []Durable) {
	for _, name := range sinks.Names() {
		d := Durable{Name: name, Sink: true, Position: 12_345, LastActivity: before(time.Second)}
		switch name {
		case "ledger":
			d.Position, d.Waiting = 12_340, 5
		case "channel":
			d.Position, d.LastActivity = 12_001, before(5*time.Minute)
		}
		list = append(list, d)
	}
	return list
}

func sinkChecks() (list []string) {
	for _, name := range sinks.Names() {
		list = append(list, "sink "+name)
	}
	return list
}

// trouble is well with most of what can be wrong.
func trouble() Report {
	r := well()
	r.NATS.Cluster = "pond"
	r.NATS.Streams[0].Bytes, r.NATS.Streams[0].Replicas, r.NATS.Streams[0].Behind = 9<<30, 3, []string{"n2"}
	r.NATS.Streams[1].Replicas, r.NATS.Streams[1].Leader = 3, ""
	r.NATS.Streams[3] = Stream{Name: "PROM_REPLAY", Missing: true}
	r.NATS.Durable[2] = Durable{Name: "channel", Sink: true, Missing: true}
	r.NATS.DeadLetters, r.NATS.CommandsWaiting = number(1), number(3)
	r.NATS.Newest = []Letter{{Seq: 7, At: *before(time.Minute), Subject: "promethean.p.twitch.t.duck.events.chat.message", Sink: "chat", Reason: "payload: message is no string"}}
	r.NATS.Unasked = []Unasked{{"the newest event that is stored", notPermitted + `: Publish to "$JS.API.STREAM.MSG.GET.PROM_EVENTS"`}}
	gateway, worker := &r.Programs[0], &r.Programs[1]
	gateway.Figures[sourceConnected], gateway.Figures["brain_outbox_entries"] = 0, 17
	worker.Ready, worker.Checks["store"] = false, "server selection error"
	delete(worker.Checks, "sink channel")
	worker.Figures[`brain_sink_missing_total{sink="ledger"}`], worker.Figures[`brain_sink_alarms_total{sink="chat"}`] = 2, 1
	r.Programs = append(r.Programs, Program{ProgramStatus: schema.ProgramStatus{Program: "gateway", Instance: "dead/9", StartedAt: *before(time.Minute)}, Silent: true})
	r.Store = Store{Address: "mongodb://mongo:27017", Database: "promethean", Error: "it does not answer (connection refused): start it, or `brain up`, or name it with BRAIN_MONGO_URI"}
	return r
}

// hostile has texts that want to act on the terminal wherever a text can be.
func hostile() Report {
	const evil = "\x1b[2J\x1b]0;pwned\a\r\nready\u202e\u200b\x9b31m"
	long := strings.Repeat("very long ", 500)
	r := well()
	r.NATS.Version, r.NATS.Cluster = evil, evil
	r.NATS.Streams[0].Leader, r.NATS.Streams[0].Behind = evil, []string{evil}
	r.NATS.Durable[len(r.NATS.Durable)-1].Name = evil
	r.NATS.DeadLetters = number(1)
	r.NATS.Newest = []Letter{{Seq: 7, At: *before(time.Minute), Subject: evil, Sink: evil, Reason: evil + long}}
	r.NATS.Unasked = []Unasked{{evil, evil}}
	r.Programs = append(r.Programs, Program{ProgramStatus: schema.ProgramStatus{
		Program: evil, Instance: evil + long, Version: evil, Tenant: evil, StartedAt: schema.NewTime(noon.Add(time.Hour)),
		Checks:  map[string]string{evil: evil + long, "sink ledger": ""},
		Figures: map[string]float64{"brain_accepted_total": -1e300, evil: 1, sourceConnected: 0},
	}})
	r.Store.Version, r.Store.Address = evil, evil
	return r
}

func TestText(t *testing.T) {
	unreachable := Report{
		At:    schema.NewTime(noon),
		NATS:  NATS{Address: "nats://127.0.0.1:4222", Error: "NATS does not answer at nats://127.0.0.1:4222 (nats: no servers available for connection): start `brain up`, or name the server with BRAIN_NATS_URL"},
		Store: well().Store,
	}
	unreachable.Store.Newest, unreachable.Store.NotStored = nil, nil
	nobody := well()
	nobody.Programs = []Program{}
	standby := well()
	second := well().Programs[1]
	second.Instance = "second/1"
	second.Figures = map[string]float64{}
	for _, sink := range sinks.Names() {
		second.Figures[`brain_sink_standby{sink="`+sink+`"}`] = 1
	}
	standby.Programs = append(standby.Programs, second)
	left := standby
	left.Programs = []Program{standby.Programs[0], second}
	unpermitted := well()
	unpermitted.Programs = nil
	unpermitted.NATS.Unasked = []Unasked{{"running programs", notPermitted + `: Publish to "promethean.status"`}}
	for _, c := range []struct {
		name   string
		report Report
		ready  bool
	}{
		{"well", well(), true}, {"trouble", trouble(), false}, {"hostile", hostile(), false},
		{"no-nats", unreachable, false}, {"no-programs", nobody, false}, {"stand-by", standby, true}, {"only-stand-by", left, true}, {"not-permitted", unpermitted, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.report.judge()
			if c.report.Ready != c.ready {
				t.Errorf("ready is %v", c.report.Ready)
			}
			plain := c.report.Text(false)
			golden(t, c.name+".golden", plain)
			for _, r := range plain {
				if r != '\n' && !unicode.IsPrint(r) {
					t.Errorf("%U reaches the terminal", r)
				}
			}
			if n := strings.Count(plain, "\n"); n > 60 {
				t.Errorf("%d lines are no page", n)
			}
			coloured := c.report.Text(true)
			for _, code := range []colour{bold, dim, red, green, yellow} {
				coloured = strings.ReplaceAll(coloured, "\x1b["+string(code)+"m", "")
			}
			if diff := cmp.Diff(plain, strings.ReplaceAll(coloured, "\x1b[0m", "")); diff != "" {
				t.Errorf("colours change the text: %s", diff)
			}
		})
	}
}

// TestJSON holds the shape for programs.
func TestJSON(t *testing.T) {
	r := trouble()
	r.Store = well().Store
	r.judge()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		t.Fatal(err)
	}
	golden(t, "report.golden.json", b.String())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

// TestManyAnswersAreStillAPage: anybody on NATS may answer.
func TestManyAnswersAreStillAPage(t *testing.T) {
	r := well()
	for i := range 1000 {
		p := Program{ProgramStatus: schema.ProgramStatus{Program: "sinks", Instance: fmt.Sprint(i), Checks: map[string]string{}}}
		for c := range 256 {
			p.Checks[fmt.Sprint(c)] = "away"
		}
		r.Programs = append(r.Programs, p)
	}
	r.judge()
	text := r.Text(false)
	if n := strings.Count(text, "\n"); n > 100 {
		t.Errorf("%d lines are no page", n)
	}
	if !strings.Contains(text, "  … and 255970 more; --json has all\n") || !strings.Contains(text, "  and 982 more\n") {
		t.Error(text)
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct{ name, got, want string }{
		{"bytes", size(1023), "1023 B"},
		{"kibibytes", size(1536), "1.5 KiB"},
		{"most", size(1<<64 - 1), "16 EiB"},
		{"seconds", span(59 * time.Second), "59 s"},
		{"a clock that is behind", ago(noon, noon.Add(time.Minute)), "0 s ago"},
		{"hours", span(47 * time.Hour), "47 h"},
		{"days", span(100_000 * time.Hour), "4,166 days"},
		{"never", ago(noon, time.Time{}), "never"},
		{"thousands", grouped(1_234_567), "1,234,567"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

// Two sources are told apart in one narrow cell.
func TestSources(t *testing.T) {
	for _, tt := range []struct {
		name    string
		figures map[string]float64
		want    string
	}{
		{"no gateway", nil, ""},
		{"one", map[string]float64{sourceConnected: 1}, "Streamer.bot connected"},
		{"both", map[string]float64{sourceConnected: 1, ailiciaConnected: 1}, "Streamer.bot, ai_licia"},
		{"one of two", map[string]float64{sourceConnected: 0, ailiciaConnected: 1}, "no Streamer.bot, ai_licia"},
		{"the other", map[string]float64{sourceConnected: 1, ailiciaConnected: 0}, "Streamer.bot, no ai_licia"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := Program{ProgramStatus: schema.ProgramStatus{Figures: tt.figures}}
			if got := strings.Join(p.sources(), ", "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

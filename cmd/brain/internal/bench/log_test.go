package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
)

// childless is a bench that has built no programs: enough for its own roles.
func childless(t *testing.T) *bench {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{self: self, dir: t.TempDir(), progress: os.Stderr}
	t.Cleanup(b.close)
	return b
}

// A run that loses, doubles or reorders a line is an error and not a figure.
func TestCheckSeesWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []int
		want  string
	}{
		{name: "in order", lines: []int{1, 2, 3, 4}},
		{name: "one is missing", lines: []int{1, 2, 4}, want: "line 4 came where line 3 was due"},
		{name: "one is there twice", lines: []int{1, 2, 2, 3, 4}, want: "line 2 came where line 3 was due"},
		{name: "two changed places", lines: []int{1, 3, 2, 4}, want: "line 3 came where line 2 was due"},
		{name: "the last is missing", lines: []int{1, 2, 3}, want: "ends with line 3 of 4"},
		{name: "one too many", lines: []int{1, 2, 3, 4, 5}, want: "ends with line 5 of 4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n, err := childless(t).startNATS(t.Context(), false)
			if err != nil {
				t.Fatal(err)
			}
			for i, line := range c.lines {
				m, err := sealed(line, fullSize)
				if err != nil {
					t.Fatal(err)
				}
				m.Header.Set(nats.MsgIdHdr, string(rune('a'+i)))
				if _, err := n.bus.JetStream().PublishMsg(t.Context(), m); err != nil {
					t.Fatal(err)
				}
			}
			err = n.check(t.Context(), 1, 4, nil)
			if (err != nil) != (c.want != "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// What is captured is published again to the byte, without the batch it came in.
func TestCaptureReadsBack(t *testing.T) {
	n, err := childless(t).startNATS(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	var sent []*nats.Msg
	for line := range 3 {
		m, err := sealed(line+1, fullSize)
		if err != nil {
			t.Fatal(err)
		}
		sent = append(sent, m)
	}
	if err := publishBatches(t.Context(), n.bus.JetStream(), sent, 3); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "messages")
	if err := n.capture(t.Context(), path, 1, 3); err != nil {
		t.Fatal(err)
	}
	got, err := readMessages(path)
	if err != nil || len(got) != len(sent) {
		t.Fatalf("%d messages, %v", len(got), err)
	}
	for i, m := range got {
		for name := range sent[i].Header {
			if strings.HasPrefix(name, "Nats-Batch-") {
				sent[i].Header.Del(name)
			}
		}
		if m.Subject != sent[i].Subject || string(m.Data) != string(sent[i].Data) {
			t.Errorf("message %d differs: %s\n%s", i, m.Subject, m.Data)
		}
		if diff := cmp.Diff(sent[i].Header, m.Header); diff != "" {
			t.Error(diff)
		}
	}
}

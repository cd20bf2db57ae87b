package gateway

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"promethean/schema"
)

func openTest(t *testing.T, path string, now func() time.Time) *journal {
	t.Helper()
	j, _, err := openJournal(path, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.close() })
	return j
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func taken(id string, at time.Time) entry {
	return entry{ID: id, Type: schema.ControlDoAction, TakenAt: at, Origin: schema.Test, CorrelationID: "c", Action: &schema.ActionRef{Name: "Rope"}}
}

func ended(id string) schema.ActionPayload {
	return schema.ActionPayload{CommandID: id, Command: schema.ControlDoAction, Outcome: schema.OutcomeFailed, SentDateTime: schema.NewTime(time.UnixMilli(1))}
}

func openIDs(j *journal) (list []string) {
	for _, e := range j.unsettled() {
		list = append(list, fmt.Sprint(e.ID, " ", e.Outcome != nil))
	}
	slices.Sort(list)
	return list
}

func TestJournalOverARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "commands")
	at := time.Now()
	now := func() time.Time { return at }
	j := openTest(t, path, now)
	for _, id := range []string{"open", "ended", "settled"} {
		must(t, j.take(taken(id, at)))
	}
	if err := j.take(taken("open", at)); !errors.Is(err, errTaken) {
		t.Errorf("taken twice: %v", err)
	}
	must(t, j.end(ended("ended")))
	must(t, j.end(ended("settled")))
	if err := j.end(ended("settled")); !errors.Is(err, errTaken) {
		t.Errorf("ended twice: %v", err)
	}
	must(t, j.settle("settled"))
	must(t, j.close())
	for range 2 { // a compacted file reads the same
		j = openTest(t, path, now)
		if got := openIDs(j); !slices.Equal(got, []string{"ended true", "open false"}) {
			t.Errorf("open are %v", got)
		}
		for _, id := range []string{"open", "ended", "settled"} {
			if !j.has(id) {
				t.Errorf("%s is forgotten", id)
			}
		}
		must(t, j.close())
	}
	// What has ended is forgotten after two hours, what has not never is.
	at = at.Add(journalAge + time.Second)
	j = openTest(t, path, now)
	if j.has("settled") || !j.has("open") || !j.has("ended") {
		t.Error("the wrong ones were forgotten")
	}
	must(t, j.close())
	if err := j.take(taken("after the close", at)); !errors.Is(err, os.ErrClosed) {
		t.Errorf("taken by a closed journal: %v", err)
	}
}

// A write may be cut off at any byte: what was written whole before stays, what
// was not is as if it had never been.
func TestJournalCutAtEveryByte(t *testing.T) {
	dir := t.TempDir()
	at := time.Now()
	now := func() time.Time { return at }
	j := openTest(t, filepath.Join(dir, "whole"), now)
	must(t, j.take(taken("one", at)))
	one := j.size
	must(t, j.take(taken("two", at)))
	two := j.size
	must(t, j.end(ended("one")))
	must(t, j.close())
	whole, err := os.ReadFile(filepath.Join(dir, "whole"))
	must(t, err)
	path := filepath.Join(dir, "cut")
	for cut := range len(whole) + 1 {
		must(t, os.WriteFile(path, whole[:cut], 0o600))
		j := openTest(t, path, now)
		var want []string
		switch n := int64(cut); {
		case n >= int64(len(whole))-1: // all but the newline is whole
			want = []string{"one true", "two false"}
		case n >= two-1:
			want = []string{"one false", "two false"}
		case n >= one-1:
			want = []string{"one false"}
		}
		if got := openIDs(j); !slices.Equal(got, want) {
			t.Fatalf("cut at %d of %d: open are %v, want %v", cut, len(whole), got, want)
		}
		// It goes on from there.
		must(t, j.take(taken("three", at)))
		must(t, j.close())
		if j := openTest(t, path, now); !j.has("three") || len(j.unsettled()) != len(want)+1 {
			t.Fatalf("cut at %d: after the next start open are %v", cut, openIDs(j))
		}
	}
}

func TestJournalLeavesDamagedLinesOut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "commands")
	at := time.Now()
	now := func() time.Time { return at }
	j := openTest(t, path, now)
	must(t, j.take(taken("one", at)))
	must(t, j.take(taken("two", at)))
	must(t, j.close())
	text, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(path, bytes.Replace(text, []byte(`"one"`), []byte(`"0ne"`), 1), 0o600))
	j, bad, err := openJournal(path, now)
	must(t, err)
	defer j.close()
	if bad != 1 || j.has("one") || j.has("0ne") || !j.has("two") {
		t.Errorf("%d damaged lines, open are %v", bad, openIDs(j))
	}
}

func TestJournalIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "commands")
	at := time.Now()
	j := openTest(t, path, func() time.Time { return at })
	for i := range journalMost {
		id := fmt.Sprint(i)
		j.entries[id] = &entry{ID: id, TakenAt: at, Settled: true}
	}
	if err := j.take(taken("one more", at)); !errors.Is(err, errJournalFull) {
		t.Fatalf("taken: %v", err)
	}
	if err := j.check(); !errors.Is(err, errJournalFull) {
		t.Errorf("a full journal is well: %v", err)
	}
	at = at.Add(journalAge + time.Second)
	must(t, j.take(taken("one more", at)))
	must(t, j.check())
	if info, err := os.Stat(path); err != nil || info.Size() > 1<<10 {
		t.Errorf("the file has %d bytes (%v)", info.Size(), err)
	}
}

func TestJournalListsAsTaken(t *testing.T) {
	at := time.Now()
	j := openTest(t, filepath.Join(t.TempDir(), "commands"), time.Now)
	var want, got []string
	for i := range 20 {
		want = append(want, fmt.Sprint(i))
		must(t, j.take(taken(want[i], at.Add(time.Duration(i)))))
	}
	for _, e := range j.unsettled() {
		got = append(got, e.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("listed as %v", got)
	}
}

func TestSyncFolder(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("skipped: Windows syncs no folders, so nothing was tried")
	}
	must(t, syncFolder(t.TempDir()))
	if syncFolder(filepath.Join(t.TempDir(), "missing")) == nil {
		t.Error("synced what is not there")
	}
}

// A disk that refuses a write makes an end of taking: what stands on it is
// unknown.
func TestJournalStaysBroken(t *testing.T) {
	j := openTest(t, filepath.Join(t.TempDir(), "commands"), time.Now)
	must(t, j.take(taken("one", time.Now())))
	_ = j.file.Close()
	if err := j.take(taken("two", time.Now())); err == nil {
		t.Fatal("taken without a file")
	}
	if err := j.end(ended("one")); err == nil {
		t.Error("ended after a failure")
	}
	g := &Gateway{control: &control{journal: j}}
	if err := g.Checks()["commands"](t.Context()); err == nil {
		t.Error("ready to take commands with a broken journal")
	}
	if j.has("two") {
		t.Error("a command that is not written down counts as taken")
	}
	j.file = nil
}

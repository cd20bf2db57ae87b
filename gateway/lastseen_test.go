package gateway

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestLastSeenRead(t *testing.T) {
	written := time.Date(2026, 3, 4, 18, 21, 44, 0, time.UTC)
	for _, tt := range []struct {
		name, text string
		want       time.Time
	}{
		{"a time", "2026-03-04T18:00:00.25Z\n", time.Date(2026, 3, 4, 18, 0, 0, 250_000_000, time.UTC)},
		{"empty", "", written},
		{"zeros after a power cut", "\x00\x00\x00\x00", written},
		{"half a time", "2026-03-04T18:", written},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := lastSeen{filepath.Join(t.TempDir(), "lastseen")}
			if err := os.WriteFile(l.path, []byte(tt.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(l.path, written, written); err != nil {
				t.Fatal(err)
			}
			got, err := l.read()
			if err != nil || !got.Equal(tt.want) {
				t.Errorf("read = %v, %v; want %v", got, err, tt.want)
			}
		})
	}
}

func TestLastSeenWithoutFileIsNever(t *testing.T) {
	got, err := lastSeen{filepath.Join(t.TempDir(), "lastseen")}.read()
	if err != nil || !got.IsZero() {
		t.Errorf("read = %v, %v; want no time", got, err)
	}
}

func TestLastSeenFailsWhereItCannotRead(t *testing.T) {
	if got, err := (lastSeen{t.TempDir()}).read(); err == nil {
		t.Errorf("a folder was read as %v", got)
	}
}

// TestLastSeenWriteAfterACrash: what a crash left is written over, and nothing
// is left beside the file.
func TestLastSeenWriteAfterACrash(t *testing.T) {
	folder := t.TempDir()
	l := lastSeen{filepath.Join(folder, "lastseen")}
	if err := os.WriteFile(l.path+".new", []byte("a longer text than any time is, cut off by a crash"), 0o600); err != nil {
		t.Fatal(err)
	}
	want := time.Date(2026, 3, 4, 18, 0, 0, 1, time.UTC)
	if err := l.write(want); err != nil {
		t.Fatal(err)
	}
	if got, err := l.read(); err != nil || !got.Equal(want) {
		t.Errorf("read = %v, %v; want %v", got, err, want)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 {
		t.Errorf("%d files are left: %v", len(entries), entries)
	}
}

package prompt_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"promethean/sinks/title/prompt"
)

// said collects log lines and lets a test wait for one.
type said struct {
	mu    sync.Mutex
	lines []string
	more  chan struct{}
}

func newSaid() *said { return &said{more: make(chan struct{}, 1)} }

func (s *said) Write(b []byte) (int, error) {
	s.mu.Lock()
	s.lines = append(s.lines, string(b))
	s.mu.Unlock()
	select {
	case s.more <- struct{}{}:
	default:
	}
	return len(b), nil
}

func (s *said) count(text string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.lines {
		n += strings.Count(l, text)
	}
	return n
}

// wait waits until the text was said n times.
func (s *said) wait(t *testing.T, text string, n int) {
	t.Helper()
	late := time.After(30 * time.Second)
	for s.count(text) < n {
		select {
		case <-s.more:
		case <-late:
			t.Fatalf("%q was not said %d times: %v", text, n, s.lines)
		}
	}
}

// watched is a set on a folder, with its Run.
func watched(t *testing.T, dir string) (*prompt.Set, *said) {
	t.Helper()
	out := newSaid()
	s, err := prompt.New(prompt.Options{Dir: dir, Log: zerolog.New(out), Random: fixed{}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		goleak.VerifyNone(t)
	})
	return s, out
}

// save saves as editors do: another file, renamed over the old one.
func save(t *testing.T, dir, text string) {
	t.Helper()
	path := filepath.Join(dir, prompt.FileName)
	write(t, path+"~", text)
	if err := os.Rename(path+"~", path); err != nil {
		t.Fatal(err)
	}
}

func says(text string) string {
	return `{{define "system"}}` + text + `{{end}}{{define "user"}}{{.Data}}{{end}}`
}

func TestReadAgain(t *testing.T) {
	dir := t.TempDir()
	s, out := watched(t, dir)
	if _, from := s.Version(); from != prompt.BuiltIn || s.Problem() != "" {
		t.Fatalf("an empty folder: %s, %s", from, s.Problem())
	}
	save(t, dir, says("First."))
	out.wait(t, "prompt read", 1)
	first, from := s.Version()
	if r := render(t, s, prompt.Example()); r.System != "First." || r.Hash != first || r.From != from || len(first) != 64 {
		t.Errorf("%+v", r)
	}

	save(t, dir, says("Second {{.Nots}}."))
	out.wait(t, ".Nots is not there", 1)
	if r := render(t, s, prompt.Example()); r.System != "First." || !strings.Contains(s.Problem(), "line 1: .Nots is not there") {
		t.Errorf("after a mistake: %q, problem %s", r.System, s.Problem())
	}
	save(t, dir, says("Third."))
	out.wait(t, "prompt read", 2)
	if r := render(t, s, prompt.Example()); r.System != "Third." || r.Hash == first || s.Problem() != "" {
		t.Errorf("after the mistake: %q, problem %q", r.System, s.Problem())
	}
	if n := out.count(".Nots is not there"); n != 1 {
		t.Errorf("the mistake was said %d times", n)
	}

	if err := os.Remove(filepath.Join(dir, prompt.FileName)); err != nil {
		t.Fatal(err)
	}
	out.wait(t, "the prompt file is gone", 1)
	if _, from := s.Version(); from != prompt.BuiltIn {
		t.Error(from)
	}
	write(t, filepath.Join(dir, prompt.FileName), says("In place."))
	out.wait(t, "prompt read", 3)
	if r := render(t, s, prompt.Example()); r.System != "In place." {
		t.Errorf("%q", r.System)
	}
}

// A folder that is made later, and one that is replaced by another.
func TestTheFolderComesLater(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "prompts")
	s, out := watched(t, dir)
	if !strings.Contains(s.Problem(), "is not there: make it, or leave the setting out") || out.count("is not there") != 1 {
		t.Errorf("problem %q", s.Problem())
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	save(t, dir, says("Late."))
	out.wait(t, "prompt read", 1)
	if s.Problem() != "" {
		t.Error(s.Problem())
	}
}

// A wrong file at the start: the program starts with the built-in prompt.
func TestWrongAtTheStart(t *testing.T) {
	dir := t.TempDir()
	save(t, dir, "nothing of use")
	s, out := watched(t, dir)
	s.Look()
	s.Look() // it is said once
	if r := render(t, s, prompt.Example()); r.From != prompt.BuiltIn || s.Problem() == "" || out.count("the prompt file is wrong") != 1 {
		t.Errorf("%s, problem %q", r.From, s.Problem())
	}
}

func TestNoFolder(t *testing.T) {
	s, _ := watched(t, "")
	if r := render(t, s, prompt.Example()); r.From != prompt.BuiltIn {
		t.Error(r.From)
	}
}

// Many render while the file changes: each sees one prompt whole.
func TestRenderWhileItChanges(t *testing.T) {
	dir := t.TempDir()
	save(t, dir, says("A A"))
	s, out := watched(t, dir)
	stop := make(chan struct{})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				r, err := s.Render(prompt.Example())
				if err != nil || r.System != "A A" && r.System != "B B" {
					t.Errorf("%v: %q", err, r.System)
					return
				}
			}
		})
	}
	save(t, dir, says("B B"))
	out.wait(t, "prompt read", 2)
	close(stop)
	all.Wait()
}

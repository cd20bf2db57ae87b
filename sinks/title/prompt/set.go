package prompt

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/rs/zerolog"

	"promethean/sinks/title/facts"
)

// Options say where prompts are.
type Options struct {
	// Dir is the operator's folder; "" means the built-in prompt alone.
	Dir string
	Log zerolog.Logger
	// Random names the data's blocks; nil is crypto/rand.
	Random io.Reader
}

// Set is the prompt in use. Its methods may be called by several goroutines.
type Set struct {
	o       Options
	builtIn *file
	now     atomic.Pointer[file]
	problem atomic.Pointer[string]
}

// New reads the prompt. A file that is wrong never keeps a program from
// starting: the built-in prompt is used, and the log and [Set.Problem] say so.
// The error is about the built-in one alone, which tests hold to be right.
func New(o Options) (*Set, error) {
	if o.Random == nil {
		o.Random = rand.Reader
	}
	f, err := read(BuiltIn, builtIn)
	if err != nil {
		return nil, err
	}
	s := &Set{o: o, builtIn: f}
	s.now.Store(f)
	s.look()
	return s, nil
}

// Version names the prompt in use: the SHA-256 of its file in hex, and the
// file's path or [BuiltIn].
func (s *Set) Version() (hash, from string) {
	f := s.now.Load()
	return f.hash, f.from
}

// Model is the model that the prompt in use wants; "" is any.
func (s *Set) Model() string { return s.now.Load().Model }

// Problem says why the file in the folder is not the prompt in use; "" if it is,
// or if there is none.
func (s *Set) Problem() string {
	if p := s.problem.Load(); p != nil {
		return *p
	}
	return ""
}

// Render makes a prompt of at most about 1,500 tokens. The error is [ErrFence],
// or says what of the file could not be rendered with these facts.
func (s *Set) Render(f facts.Facts) (Rendered, error) {
	fence, err := newFence(s.o.Random)
	if err != nil {
		return Rendered{}, err
	}
	p := s.now.Load()
	r, err := p.render(f, fence)
	if err != nil && !errors.Is(err, ErrFence) {
		return Rendered{}, located(p.from, err)
	}
	return r, err
}

// render cuts facts from the end until the prompt is short enough.
func (p *file) render(f facts.Facts, fence string) (Rendered, error) {
	lines := dataLines(f)
	// What a template shows outside of the block was cleaned like the block.
	shown := strings.Join(append(lines, oneLine(f.Trigger, nameMax)), "\n")
	if strings.Contains(strings.ToLower(shown), fence) {
		return Rendered{}, ErrFence
	}
	for left := len(lines); ; left-- {
		r, err := p.fill(f, fence, lines[:left])
		if err != nil {
			return Rendered{}, err
		}
		r.Cut = len(lines) - left
		if r.Tokens <= tokensMax {
			return r, nil
		}
		if left == 0 {
			return Rendered{}, fmt.Errorf("without any facts the prompt still takes about %d tokens and %d are possible: shorten it, and what it shows of .Note or .Title, e.g. {{.Note | trunc 60}}", r.Tokens, tokensMax)
		}
	}
}

// fill executes both templates with these lines of data.
func (p *file) fill(f facts.Facts, fence string, lines []string) (Rendered, error) {
	r := Rendered{Hash: p.hash, From: p.from, Model: p.Model, Temperature: p.Temperature, Languages: p.Languages, Fence: fence}
	if p.MaxTokens != nil {
		r.MaxTokens = *p.MaxTokens
	}
	t, err := p.tmpl.Clone()
	if err != nil {
		return Rendered{}, err
	}
	t.Funcs(functions(f.Session))
	v := newView(f, p.Languages, block(fence, lines))
	for name, to := range map[string]*string{systemName: &r.System, userName: &r.User} {
		out := limited{left: fileMax}
		if err := t.ExecuteTemplate(&out, name, v); err != nil {
			return Rendered{}, err
		}
		*to = strings.TrimSpace(out.String())
	}
	r.User += "\n\n" + answerForm
	r.Tokens = estimate(r.System) + estimate(r.User)
	return r, nil
}

// answerForm is the end of each prompt, whatever the file says: it belongs to
// what reads the answer. Without the word JSON some servers' JSON modes never
// end (reference: titles.md 4).
const answerForm = `Answer with JSON alone, no other text: {"titles": ["…", "…", "…"]}`

// limited is a builder that refuses to grow without end.
type limited struct {
	strings.Builder
	left int
}

func (l *limited) Write(b []byte) (int, error) {
	if l.left -= len(b); l.left < 0 {
		return 0, fmt.Errorf("it renders to more than %d bytes: is there a loop that does not end?", fileMax)
	}
	return l.Builder.Write(b)
}

// look reads the folder's file and puts it to use if it has changed and is
// right; otherwise the prompt in use stays, and the log says why, once.
func (s *Set) look() {
	if s.o.Dir == "" {
		return
	}
	path := filepath.Join(s.o.Dir, FileName)
	raw, err := readFile(path)
	if errors.Is(err, os.ErrNotExist) {
		s.missing(path)
		return
	}
	var f *file
	if err == nil {
		f, err = read(path, raw)
	}
	if err != nil {
		s.complain(err.Error(), "the prompt file is wrong: the prompt before it stays in use")
		return
	}
	s.problem.Store(nil)
	if old := s.now.Swap(f); old.hash != f.hash {
		s.o.Log.Info().Str("from", f.from).Str("hash", f.hash).Msg("prompt read")
	}
}

// missing goes back to the built-in prompt. A folder without a file asks for
// that; one that is not there is a mistake.
func (s *Set) missing(path string) {
	if old := s.now.Swap(s.builtIn); old != s.builtIn {
		s.o.Log.Warn().Str("missing", path).Msg("the prompt file is gone: the built-in prompt is used")
	}
	if _, err := os.Stat(s.o.Dir); err != nil {
		s.complain(fmt.Sprintf("prompt: the folder %s (title.prompts) is not there: make it, or leave the setting out", s.o.Dir), "the built-in prompt is used")
		return
	}
	s.problem.Store(nil)
}

// complain says a problem once, until it is another.
func (s *Set) complain(problem, then string) {
	if s.Problem() != problem {
		s.problem.Store(&problem)
		s.o.Log.Error().Str("problem", problem).Msg(then)
	}
}

package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"promethean/ops/logging"
)

// screen is standard output and standard error together: on a terminal, a log
// line must not run into the live line.
type screen struct {
	out, err io.Writer
	terminal bool

	mu    sync.Mutex
	shown int
	last  string
}

func newScreen(stdout, stderr io.Writer) *screen {
	return &screen{out: stdout, err: stderr, terminal: logging.IsTerminal(stdout)}
}

// Write is the logger's: one call a line.
func (s *screen) Write(line []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wipe()
	return s.err.Write(line)
}

// say prints text that stays.
func (s *screen) say(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wipe()
	fmt.Fprintln(s.out, text)
}

// live shows the line that is rewritten; where nothing can be rewritten it is
// printed when it has changed.
func (s *screen) live(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.terminal {
		if line != s.last {
			fmt.Fprintln(s.out, line)
		}
		s.last = line
		return
	}
	width := utf8.RuneCountInString(line)
	fmt.Fprint(s.out, "\r"+line+strings.Repeat(" ", max(0, s.shown-width)))
	s.shown = width
}

// wipe takes the live line away with blanks: not every Windows console knows
// escape sequences.
func (s *screen) wipe() {
	if s.shown == 0 {
		return
	}
	fmt.Fprint(s.out, "\r"+strings.Repeat(" ", s.shown)+"\r")
	s.shown = 0
}

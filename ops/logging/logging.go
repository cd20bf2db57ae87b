// Package logging sets up zerolog the way all programs log: to standard error,
// for people on a terminal, as JSON elsewhere.
package logging

import (
	"io"
	"os"
	"time"

	"github.com/mattn/go-colorable"
	"github.com/mattn/go-isatty"
	"github.com/rs/zerolog"
)

// New logs to w. format is auto, console or json; auto is console where w is a
// terminal. level is debug, info, warn or error. A part of a program adds its
// name with With().Str("component", …).
func New(w io.Writer, level, format string) zerolog.Logger {
	parsed, err := zerolog.ParseLevel(level)
	if err != nil {
		parsed = zerolog.InfoLevel
	}
	terminal := IsTerminal(w)
	if format == "console" || format == "auto" && terminal {
		w = zerolog.ConsoleWriter{Out: colours(w), TimeFormat: time.TimeOnly, NoColor: !terminal || os.Getenv("NO_COLOR") != ""}
	}
	return zerolog.New(w).Level(parsed).With().Timestamp().Logger()
}

// IsTerminal reports whether a person reads w.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}

// colours makes escape sequences work where a Windows console does not know
// them.
func colours(w io.Writer) io.Writer {
	if f, ok := w.(*os.File); ok {
		return colorable.NewColorable(f)
	}
	return w
}

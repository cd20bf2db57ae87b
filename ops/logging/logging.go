// Package logging sets up zerolog the way all programs log: to standard error,
// for people on a terminal, as JSON elsewhere.
package logging

import (
	"io"
	"os"
	"time"

	"github.com/rs/zerolog"
)

// New logs to w. format is auto, console or json; auto is console where w is a
// terminal. level is debug, info, warn or error.
func New(w io.Writer, level, format string) zerolog.Logger {
	parsed, err := zerolog.ParseLevel(level)
	if err != nil {
		parsed = zerolog.InfoLevel
	}
	if format == "console" || format == "auto" && IsTerminal(w) {
		w = zerolog.ConsoleWriter{Out: w, TimeFormat: time.TimeOnly, NoColor: os.Getenv("NO_COLOR") != "" || !IsTerminal(w)}
	}
	return zerolog.New(w).Level(parsed).With().Timestamp().Logger()
}

// IsTerminal reports whether w is one.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

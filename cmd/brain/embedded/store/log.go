package store

import (
	"context"
	"log/slog"
	"strings"

	"github.com/rs/zerolog"
)

// bridge carries FerretDB's warnings and errors to zerolog. It drops the
// attributes and all but the first line: they hold the statement's arguments,
// which are people's chat messages.
type bridge struct{ log zerolog.Logger }

func (b *bridge) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

func (b *bridge) Handle(_ context.Context, r slog.Record) error {
	line, _, _ := strings.Cut(r.Message, "\n")
	if r.Level >= slog.LevelError {
		b.log.Error().Msg(line)
		return nil
	}
	// What FerretDB warns of are answers with an error, which the client has seen.
	b.log.Debug().Msg(line)
	return nil
}

func (b *bridge) WithAttrs([]slog.Attr) slog.Handler { return b }
func (b *bridge) WithGroup(string) slog.Handler      { return b }

package natsserver

import (
	"fmt"

	"github.com/rs/zerolog"
)

// logger carries the server's words to zerolog. Notices are debug here: the
// program tells in its own words what runs where.
type logger struct {
	log zerolog.Logger
	// fatal holds the first fatal line: the server logs it and goes on half
	// started, it is for the caller to stop it.
	fatal chan string
}

func (l *logger) Noticef(format string, v ...any) { l.log.Debug().Msgf(format, v...) }
func (l *logger) Warnf(format string, v ...any)   { l.log.Warn().Msgf(format, v...) }
func (l *logger) Errorf(format string, v ...any)  { l.log.Error().Msgf(format, v...) }
func (l *logger) Debugf(string, ...any)           {}
func (l *logger) Tracef(string, ...any)           {}

func (l *logger) Fatalf(format string, v ...any) {
	reason := fmt.Sprintf(format, v...)
	select {
	case l.fatal <- reason:
	default:
		l.log.Error().Msg(reason)
	}
}

package gateway

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/rs/zerolog"

	"promethean/gateway/source/ailicia"
)

// seenEvery is how often it is written what the sources have seen.
const seenEvery = 5 * time.Second

// keepSeen writes until ctx ends when each source could last see, and where it
// would go on.
func (g *Gateway) keepSeen(ctx context.Context) {
	tick := time.NewTicker(seenEvery)
	defer tick.Stop()
	for {
		g.writeSeen()
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (g *Gateway) writeSeen() {
	// After a failure of the outbox nothing that was seen is kept: the gap
	// must begin before it.
	if g.box.Failure() != nil {
		return
	}
	writeLastSeen(g.seen, g.bot.Status().LastSeen, g.log)
	if g.ailicia == nil {
		return
	}
	// Read at once: a resume point must not be of later than the time is.
	s := g.ailicia.Status()
	writeLastSeen(g.ailiciaSeen, s.LastSeen, g.log)
	if err := g.resume.write(s.LastEventID, s.LastEvent); err != nil {
		g.log.Warn().Err(err).Msg("a restart may have events sent again")
	}
}

func writeLastSeen(to lastSeen, seen time.Time, log zerolog.Logger) {
	if seen.IsZero() {
		return
	}
	if err := to.write(seen); err != nil {
		log.Warn().Err(err).Msg("a restart may tell a longer gap than there was")
	}
}

// openAilicia makes the second source, where it has a key.
func (g *Gateway) openAilicia(dir string) error {
	c := g.o.Ailicia
	if c.APIKey == "" {
		return nil
	}
	g.ailiciaSeen = lastSeen{filepath.Join(dir, "lastseen-ailicia")}
	var err error
	if c.LastSeen, err = g.ailiciaSeen.read(); err != nil {
		return err
	}
	g.resume = &resumePoint{path: filepath.Join(dir, "resume-ailicia"), stream: c.Stream()}
	if c.LastEventID, c.LastEvent, err = g.resume.read(); err != nil {
		return err
	}
	if g.ailicia, err = ailicia.New(c); err != nil {
		return fmt.Errorf("gateway: %w", err)
	}
	return nil
}

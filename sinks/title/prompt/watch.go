package prompt

import (
	"context"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// settled is how long a file must be left alone: editors write in pieces,
	// and save by removing and renaming.
	settled = 150 * time.Millisecond
	// between is the time between looks on our own: mounts of containers and
	// networks often tell no changes, and a folder may be made later.
	between = 10 * time.Second
)

// Run reads the prompt file again whenever it changes, until ctx ends. It
// watches the folder, not the file, which editors replace.
func (s *Set) Run(ctx context.Context) error {
	if s.o.Dir == "" {
		<-ctx.Done()
		return nil
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		s.o.Log.Warn().Err(err).Dur("every", between).Msg("changes of the prompt file cannot be watched: it is looked at now and then")
		w = &fsnotify.Watcher{} // its channels are nil and never speak
	} else {
		defer w.Close()
		s.watch(w)
	}
	tick := time.NewTicker(between)
	defer tick.Stop()
	quiet := time.NewTimer(settled) // it may have changed since New
	defer quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-w.Events:
			quiet.Reset(settled)
		case err := <-w.Errors:
			// Events were lost: what they said is found by looking.
			s.o.Log.Debug().Err(err).Msg("watching the prompt folder")
			quiet.Reset(settled)
		case <-quiet.C:
			s.look()
		case <-tick.C:
			if err == nil {
				s.watch(w)
			}
			s.look()
		}
	}
}

// watch watches the folder, anew where it was replaced by another of its name.
func (s *Set) watch(w *fsnotify.Watcher) {
	if err := w.Add(s.o.Dir); err != nil {
		s.o.Log.Debug().Err(err).Msg("watching the prompt folder")
	}
}

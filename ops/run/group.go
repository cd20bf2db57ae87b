package run

import (
	"context"
	"errors"
	"sync"
)

// Group runs members side by side. The first that ends with an error ends the
// others' context.
type Group struct {
	cancel context.CancelCauseFunc
	wait   sync.WaitGroup
	mu     sync.Mutex
	errs   []error
}

// NewGroup gives a group and the context of its members.
func NewGroup(ctx context.Context) (*Group, context.Context) {
	ctx, cancel := context.WithCancelCause(ctx)
	return &Group{cancel: cancel}, ctx
}

// Go starts a member.
func (g *Group) Go(f func() error) {
	g.wait.Go(func() {
		if err := f(); err != nil {
			g.mu.Lock()
			g.errs = append(g.errs, err)
			g.mu.Unlock()
			g.cancel(err)
		}
	})
}

// Wait returns when every member has, with all errors.
func (g *Group) Wait() error {
	g.wait.Wait()
	g.cancel(nil)
	g.mu.Lock()
	defer g.mu.Unlock()
	return errors.Join(g.errs...)
}

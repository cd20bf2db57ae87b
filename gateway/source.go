package gateway

import (
	"context"

	"promethean/schema"
)

// Source reads one outside system.
type Source interface {
	// Run reads until ctx ends, which is no error, reconnecting for ever. emit
	// queues drafts in order and blocks while the outbox is full; it may be
	// called until Run returns, and by one goroutine at a time. An error means
	// that the source can never run as it is set up.
	Run(ctx context.Context, emit func(schema.Draft)) error
}

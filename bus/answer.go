package bus

import (
	"context"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go"
)

// maxAsked is how many requests may wait for the answer that is being made;
// more are dropped and run out of time at the asker's.
const maxAsked = 64

// Answer answers NATS requests on subject until ctx ends, one gateway of the
// queue each. answer is called for one request at a time; all that have come
// meanwhile share the next answer, so that asking often costs no more. answer
// must come back when its context ends.
func (b *Bus) Answer(ctx context.Context, subject, queue string, answer func(context.Context) []byte) error {
	asked := make(chan *nats.Msg, maxAsked)
	subscription, err := b.nc.ChanQueueSubscribe(subject, queue, asked)
	if err != nil {
		return fmt.Errorf("bus: answer on %s: %w", subject, err)
	}
	// An error only says that the connection is closed already.
	defer func() { _ = subscription.Unsubscribe() }()
	for {
		select {
		case m := <-asked:
			b.respond(append(waiting(asked), m), answer(ctx))
		case <-ctx.Done():
			return nil
		}
	}
}

// waiting takes what is in the channel now.
func waiting(asked <-chan *nats.Msg) (all []*nats.Msg) {
	for {
		select {
		case m := <-asked:
			all = append(all, m)
		default:
			return all
		}
	}
}

// respond answers each; an asker who is gone, or a connection that is lost, is
// no trouble of ours.
func (b *Bus) respond(to []*nats.Msg, body []byte) {
	for _, m := range to {
		if !answerable(m.Reply) {
			continue
		}
		if err := m.Respond(body); err != nil {
			b.log.Debug().Err(err).Str("subject", m.Subject).Msg("a request was not answered")
		}
	}
}

// answerable refuses to answer onto a stream: whoever asks names the subject of
// the answer, and may be allowed less than we are.
func answerable(reply string) bool {
	for _, root := range []string{"promethean.", "dlq.", "$"} {
		if strings.HasPrefix(reply, root) {
			return false
		}
	}
	return reply != ""
}

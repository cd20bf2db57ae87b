package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/synadia-io/orbit.go/jetstreamext"
)

// loop is what a bare loop says of itself. CPU is of the loop alone, without
// the reading and preparing before.
type loop struct {
	Took, CPU time.Duration
}

// publishRole is the bare loop: ready messages, published with the client as
// its documentation has it. With --window it does not wait for each answer but
// for the oldest, once so many are out; every answer is looked at. That loop
// promises no order: what is refused in the middle is passed by what follows.
// With --batch it publishes as the gateway does, and shows what the rest of the
// gateway's way costs.
func publishRole(ctx context.Context, args []string, stdout io.Writer) error {
	fs := flag.NewFlagSet("child-publish", flag.ContinueOnError)
	url := fs.String("nats", "", "server")
	file := fs.String("messages", "", "file of messages")
	most := fs.Int("most", 0, "publish the first so many; 0 for all")
	window := fs.Int("window", 0, "how many may wait for their answer; 0 for one after the other")
	batch := fs.Int("batch", 0, "publish atomic batches of so many, one after the other")
	if err := fs.Parse(args); err != nil {
		return err
	}
	messages, err := readMessages(*file)
	if err != nil {
		return err
	}
	if *most > 0 {
		messages = messages[:min(*most, len(messages))]
	}
	nc, err := nats.Connect(*url)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc, jetstream.WithPublishAsyncMaxPending(max(*window, 1)))
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	fmt.Fprintln(stdout, "ready")
	began, cpu := time.Now(), ownCPU()
	switch {
	case *batch > 0:
		err = publishBatches(ctx, js, messages, *batch)
	case *window > 0:
		err = publishAsync(ctx, js, messages, *window)
	default:
		err = publishSync(ctx, js, messages)
	}
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	text, err := json.Marshal(loop{Took: time.Since(began), CPU: ownCPU() - cpu})
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "result %s\n", text)
	<-ctx.Done()
	return nil
}

func publishSync(ctx context.Context, js jetstream.JetStream, messages []*nats.Msg) error {
	for _, m := range messages {
		if _, err := js.PublishMsg(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

func publishBatches(ctx context.Context, js jetstream.JetStream, messages []*nats.Msg, most int) error {
	for batch := range slices.Chunk(messages, most) {
		if len(batch) == 1 {
			return publishSync(ctx, js, batch)
		}
		if _, err := jetstreamext.PublishMsgBatch(ctx, js, batch, jetstreamext.BatchFlowControl{AckFirst: false}); err != nil {
			return err
		}
	}
	return nil
}

func publishAsync(ctx context.Context, js jetstream.JetStream, messages []*nats.Msg, window int) error {
	out := make([]jetstream.PubAckFuture, 0, window)
	oldest := 0
	for _, m := range messages {
		f, err := js.PublishMsgAsync(m, jetstream.WithStallWait(time.Minute))
		if err != nil {
			return err
		}
		if len(out) < window {
			out = append(out, f)
			continue
		}
		if err := answer(ctx, out[oldest]); err != nil {
			return err
		}
		out[oldest] = f
		oldest = (oldest + 1) % window
	}
	for i := range out {
		if err := answer(ctx, out[(oldest+i)%len(out)]); err != nil {
			return err
		}
	}
	return nil
}

func answer(ctx context.Context, f jetstream.PubAckFuture) error {
	select {
	case ack := <-f.Ok():
		if ack.Duplicate {
			return errors.New("the server had this message already")
		}
		return nil
	case err := <-f.Err():
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

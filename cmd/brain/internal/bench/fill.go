package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"promethean/gateway/source/streamerbot"
	"promethean/schema"
)

// fillRole puts lines on the log by the shortest way: the gateway's own reading
// and sealing of frames, then atomic batches, without WebSocket and outbox.
func fillRole(ctx context.Context, args []string, stdout io.Writer) error {
	fs := flag.NewFlagSet("child-fill", flag.ContinueOnError)
	url := fs.String("nats", "", "server")
	events := fs.Int("events", 0, "lines")
	size := fs.Int("size", 0, "bytes of each frame")
	if err := fs.Parse(args); err != nil {
		return err
	}
	nc, err := nats.Connect(*url)
	if err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	fmt.Fprintln(stdout, "ready")
	began := time.Now()
	for first := 1; first <= *events; first += largestBatch {
		var batch []*nats.Msg
		for n := first; n < first+largestBatch && n <= *events; n++ {
			m, err := sealed(n, *size)
			if err != nil {
				return fmt.Errorf("fill: line %d: %w", n, err)
			}
			batch = append(batch, m)
		}
		if err := publishBatches(ctx, js, batch, largestBatch); err != nil {
			return fmt.Errorf("fill: %w", err)
		}
	}
	text, err := json.Marshal(loop{Took: time.Since(began), CPU: ownCPU()})
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "result %s\n", text)
	<-ctx.Done()
	return nil
}

// largestBatch is the most that a server takes at once.
const largestBatch = 1000

// sealed is the message that a gateway makes of line n.
func sealed(n, size int) (*nats.Msg, error) {
	now := time.Now()
	draft, _ := streamerbot.Normalise(appendFrame(nil, n, size, now), streamerbot.Facts{
		Tenant: "main", InstanceID: "bench", Version: "1.0.7", Connection: "bench", N: uint64(n), ReceivedAt: now,
	})
	m, err := schema.Seal(draft)
	if err != nil {
		return nil, err
	}
	msg := nats.NewMsg(m.Subject)
	msg.Data = m.Body
	msg.Header.Set(schema.HeaderMessageID, m.ID)
	for _, f := range m.Header {
		msg.Header.Set(f.Name, f.Value)
	}
	return msg, nil
}

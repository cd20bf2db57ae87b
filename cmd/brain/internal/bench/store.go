package main

import (
	"context"
	"fmt"
	"os"

	"go.mongodb.org/mongo-driver/v2/bson"
	mongooptions "go.mongodb.org/mongo-driver/v2/mongo/options"

	"promethean/schema"
	"promethean/sinks/ledger"
)

// storeKind is a store that sinks write to.
type storeKind struct {
	name string
	// batch is how many documents the sinks insert at once there.
	batch int
	// most bounds the events of a run: the embedded store is slow.
	most int
}

var (
	stub     = storeKind{name: "stub", batch: 512, most: maxEvents}
	embedded = storeKind{name: "embedded", batch: 99, most: 5_000}
)

// stores are those that scenarios measure.
func (b *bench) stores() []storeKind { return []storeKind{stub, embedded} }

// storeServer is a running store.
type storeServer struct {
	*process
	uri, dir string
}

// startStore gives an empty one.
func (b *bench) startStore(ctx context.Context, k storeKind) (*storeServer, error) {
	dir, err := b.folder("store")
	if err != nil {
		return nil, err
	}
	program, args := "servers", []string{"store", "--dir", dir, "--listen", "127.0.0.1:0", "--index", database}
	if k == stub {
		// Only what the sinks may ask for: 10⁶ whole documents would not fit.
		program, args = "mongostub", []string{"--lean", "events=seq,type,sha256", "--lean", "twitch_chat_messages=seq,eventIds,tombstone,deleted"}
	}
	p, err := b.startProgram(ctx, program, nil, args...)
	if err != nil {
		return nil, err
	}
	uri, err := p.line(ctx, "ready")
	if k == stub {
		uri = "mongodb://" + uri + "/"
	}
	return &storeServer{process: p, uri: uri, dir: dir}, err
}

// stop ends the store and removes its data.
func (s *storeServer) stop() (usage, error) {
	used, err := s.process.stop()
	if err != nil {
		return used, err
	}
	return used, os.RemoveAll(s.dir)
}

// check fails unless each collection holds so many documents, in the order of
// their stream sequences as it stored them. Its client is one of the bench's
// own, that sees what any other would.
func (s *storeServer) check(ctx context.Context, events int, collections ...string) error {
	client, err := connect(s.uri)
	if err != nil {
		return err
	}
	defer func() { _ = client.Disconnect(context.WithoutCancel(ctx)) }() // nothing is left to be said
	for _, name := range collections {
		filter := bson.D{}
		if name == ledger.Collection {
			// It also has what the gateway says of itself.
			filter = bson.D{{Key: "type", Value: string(schema.ChatMessage)}}
		}
		found, err := client.Database(database).Collection(name).
			Find(ctx, filter, mongooptions.Find().SetProjection(bson.D{{Key: "seq", Value: 1}}).SetBatchSize(5000))
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		count, last := 0, int64(-1)
		for found.Next(ctx) {
			seq := found.Current.Lookup("seq").AsInt64()
			if seq <= last {
				return fmt.Errorf("%s is wrong: stream sequence %d was stored after %d", name, seq, last)
			}
			count, last = count+1, seq
		}
		if err := found.Err(); err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		if count != events {
			return fmt.Errorf("%s is wrong: it holds %d documents of %d events", name, count, events)
		}
	}
	return nil
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	mongooptions "go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"promethean/ops/run"
	"promethean/sinks/collections"
	"promethean/sinks/store"
)

// database is where sinks store by default.
const database = "promethean"

// insertRole is the bare loop: InsertMany of ready documents into collections
// with the sinks' indexes, by the sinks' write concern and in batches as large
// as theirs, one loop for each collection.
func insertRole(ctx context.Context, args []string, stdout io.Writer) error {
	fs := flag.NewFlagSet("child-insert", flag.ContinueOnError)
	uri := fs.String("store", "", "server")
	dir := fs.String("documents", "", "folder of files of documents")
	into := fs.String("into", "", "collections, with commas")
	most := fs.Int("most", 0, "insert the first so many; 0 for all")
	batch := fs.Int("batch", 512, "documents at once")
	if err := fs.Parse(args); err != nil {
		return err
	}
	all := map[string][]bson.Raw{}
	for _, name := range strings.Split(*into, ",") {
		docs, err := readDocuments(filepath.Join(*dir, name), *most)
		if err != nil {
			return err
		}
		all[name] = docs
	}
	if err := prepareStore(ctx, *uri, strings.Split(*into, ",")); err != nil {
		return err
	}
	client, err := connect(*uri)
	if err != nil {
		return err
	}
	defer func() { _ = client.Disconnect(context.WithoutCancel(ctx)) }() // nothing is left to be said
	// A connection stands before the clock starts.
	if err := client.Ping(ctx, nil); err != nil {
		return fmt.Errorf("insert: %w", err)
	}
	fmt.Fprintln(stdout, "ready")
	began, cpu := time.Now(), ownCPU()
	group, inserting := run.NewGroup(ctx)
	for name, docs := range all {
		group.Go(func() error { return insertAll(inserting, client.Database(database).Collection(name), docs, *batch) })
	}
	if err := group.Wait(); err != nil {
		return fmt.Errorf("insert: %w", err)
	}
	text, err := json.Marshal(loop{Took: time.Since(began), CPU: ownCPU() - cpu})
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "result %s\n", text)
	<-ctx.Done()
	return nil
}

func insertAll(ctx context.Context, c *mongo.Collection, docs []bson.Raw, batch int) error {
	for part := range slices.Chunk(docs, batch) {
		if _, err := c.InsertMany(ctx, part, mongooptions.InsertMany().SetOrdered(false)); err != nil {
			return err
		}
	}
	return nil
}

// connect is a client with the sinks' write concern.
func connect(uri string) (*mongo.Client, error) {
	journal := true
	concern := writeconcern.Majority()
	concern.Journal = &journal
	client, err := mongo.Connect(mongooptions.Client().ApplyURI(uri).SetWriteConcern(concern))
	if err != nil {
		return nil, fmt.Errorf("connect to the store: %w", err)
	}
	return client, nil
}

// prepareStore makes the named collections as the sinks do.
func prepareStore(ctx context.Context, uri string, names []string) error {
	s, err := store.Open(uri, database)
	if err != nil {
		return err
	}
	return errors.Join(s.Prepare(ctx, collections.Collections(func(name string) bool { return slices.Contains(names, name) })), s.Close(ctx))
}

package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// TestReady: the line says where a client can connect at once, and the process
// ends when it is told to.
func TestReady(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	ran := make(chan error, 1)
	go func() {
		ran <- run(ctx, []string{"--listen", "127.0.0.1:0", "--lean", "events=seq,sha256"}, in, io.Discard)
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	addr, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if err != nil || !ok {
		t.Fatalf("%q, %v", line, err)
	}
	client, err := mongo.Connect(options.Client().ApplyURI("mongodb://" + addr + "/"))
	if err != nil {
		t.Fatal(err)
	}
	events := client.Database("db").Collection("events")
	if _, err := events.InsertOne(t.Context(), bson.D{{Key: "_id", Value: "a"}, {Key: "seq", Value: int64(1)}}); err != nil {
		t.Error(err)
	}
	if err := client.Disconnect(context.Background()); err != nil {
		t.Error(err)
	}
	cancel()
	if err := <-ran; err != nil {
		t.Error(err)
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{"--lean", "events"}, {"--lean", "=seq"}, {"more"}, {"--nothing"}} {
		if err := run(t.Context(), args, io.Discard, io.Discard); !errors.Is(err, errUsage) {
			t.Errorf("%v: %v", args, err)
		}
	}
}

package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/rogpeppe/go-internal/testscript"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// database opens the store as any agent would: by its URI, with a driver.
func database(uri string) (*mongo.Database, func(), error) {
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetServerSelectionTimeout(2 * time.Second).SetTimeout(30 * time.Second))
	if err != nil {
		return nil, nil, err
	}
	return client.Database("promethean"), func() { _ = client.Disconnect(context.Background()) }, nil
}

// docs COLLECTION N: waits until it has N documents; `docs COLLECTION N+`
// until it has at least so many.
func cmdDocs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: docs COLLECTION N|N+")
	}
	number, least := args[1], false
	if number[len(number)-1] == '+' {
		number, least = number[:len(number)-1], true
	}
	want, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		ts.Fatalf("%v", err)
	}
	db, closeDB, err := database(ts.Getenv("BRAIN_MONGO_URI"))
	if err != nil {
		ts.Fatalf("%v", err)
	}
	defer closeDB()
	eventually(ts, fmt.Sprintf("%s documents in %s", args[1], args[0]), func() error {
		got, err := db.Collection(args[0]).CountDocuments(context.Background(), bson.D{})
		if err != nil {
			return err
		}
		if got == want || least && got >= want {
			return nil
		}
		return fmt.Errorf("there are %d", got)
	})
}

// inorder COLLECTION N: the documents, sorted by seq, are the simulator's N
// numbered lines in the order sent, each once.
func cmdInOrder(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: inorder COLLECTION N")
	}
	want, err := strconv.Atoi(args[1])
	if err != nil {
		ts.Fatalf("%v", err)
	}
	db, closeDB, err := database(ts.Getenv("BRAIN_MONGO_URI"))
	if err != nil {
		ts.Fatalf("%v", err)
	}
	defer closeDB()
	lines, err := linesBySeq(db, args[0])
	if err != nil {
		ts.Fatalf("%v", err)
	}
	if len(lines) != want {
		ts.Fatalf("%s has %d documents, want %d", args[0], len(lines), want)
	}
	for i, line := range lines {
		if line.number() != i+1 {
			ts.Fatalf("document %d by seq is line %q (seq %d), want line %d", i, line.Message, line.Seq, i+1)
		}
	}
}

type line struct {
	ID      string `bson:"_id"`
	Message string `bson:"message"`
	Seq     int64  `bson:"seq"`
}

// number of a line "line 17"; 0 for any other.
func (l line) number() int {
	var n int
	if _, err := fmt.Sscanf(l.Message, "line %d", &n); err != nil {
		return 0
	}
	return n
}

func linesBySeq(db *mongo.Database, collection string) ([]line, error) {
	ctx := context.Background()
	cursor, err := db.Collection(collection).Find(ctx, bson.D{},
		options.Find().SetSort(bson.D{{Key: "seq", Value: 1}}).SetProjection(bson.D{{Key: "message", Value: 1}, {Key: "seq", Value: 1}}))
	if err != nil {
		return nil, err
	}
	var lines []line
	return lines, cursor.All(ctx, &lines)
}

func jetStream(url string) (jetstream.JetStream, func(), error) {
	nc, err := nats.Connect(url, nats.MaxReconnects(-1), nats.Timeout(10*time.Second))
	if err != nil {
		return nil, nil, err
	}
	js, err := jetstream.New(nc)
	return js, nc.Close, err
}

// letters N: waits until there are N dead letters.
func cmdLetters(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: letters N")
	}
	js, closeJS, err := jetStream(ts.Getenv("BRAIN_NATS_URL"))
	if err != nil {
		ts.Fatalf("%v", err)
	}
	defer closeJS()
	eventually(ts, args[0]+" dead letters", func() error {
		stream, err := js.Stream(context.Background(), "PROM_DLQ")
		if err != nil {
			return err
		}
		if got := fmt.Sprint(stream.CachedInfo().State.Msgs); got != args[0] {
			return fmt.Errorf("there are %s", got)
		}
		return nil
	})
}

// publish SUBJECT FILE: puts the file's bytes on the bus.
func cmdPublish(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: publish SUBJECT FILE")
	}
	js, closeJS, err := jetStream(ts.Getenv("BRAIN_NATS_URL"))
	if err != nil {
		ts.Fatalf("%v", err)
	}
	defer closeJS()
	if _, err := js.Publish(context.Background(), args[0], []byte(ts.ReadFile(args[1]))); err != nil {
		ts.Fatalf("%v", err)
	}
}

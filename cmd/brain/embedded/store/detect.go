package store

import (
	"context"
	"fmt"
	"net"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

const detectWithin = 500 * time.Millisecond

// Detect asks whether something speaks MongoDB at addr (host:port), for at most
// 500 ms. what names it for a person: "MongoDB 8.0.4", "MongoDB 8.0.4 (replica
// set rs0)", "FerretDB".
func Detect(ctx context.Context, addr string) (answers bool, what string) {
	ctx, cancel := context.WithTimeout(ctx, detectWithin)
	defer cancel()
	// The driver tries again and again for as long as it may; a port where nobody
	// listens is known at once.
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return false, ""
	}
	_ = conn.Close()
	client, err := mongo.Connect(options.Client().SetHosts([]string{addr}).SetDirect(true).
		SetServerSelectionTimeout(detectWithin).
		// Half, so that no second attempt is under way when the time is over.
		SetConnectTimeout(detectWithin / 2))
	if err != nil {
		return false, ""
	}
	defer func() {
		// Disconnect waits for connections in use, and none is by now.
		_ = client.Disconnect(ctx)
	}()
	admin := client.Database("admin")
	var hello struct {
		SetName string `bson:"setName"`
	}
	if err := admin.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
		return false, ""
	}
	var build struct {
		Version  string `bson:"version"`
		FerretDB string `bson:"ferretdbVersion"`
	}
	// A server that wants a password first answers hello and refuses this.
	if err := admin.RunCommand(ctx, bson.D{{Key: "buildInfo", Value: 1}}).Decode(&build); err != nil {
		return true, "MongoDB"
	}
	what = "MongoDB " + build.Version
	if build.FerretDB != "" {
		what = "FerretDB"
	}
	if hello.SetName != "" {
		what += fmt.Sprintf(" (replica set %s)", hello.SetName)
	}
	return true, what
}

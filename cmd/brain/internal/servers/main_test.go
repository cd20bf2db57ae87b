package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

const asServer = "PROMETHEAN_TEST_RUN_AS_SERVER"

// TestMain lets the test binary be the program.
func TestMain(m *testing.M) {
	if os.Getenv(asServer) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

type process struct {
	cmd  *exec.Cmd
	addr string
}

// launch returns when the program has said that it is ready.
func launch(t *testing.T, args ...string) process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), asServer+"=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the program said %q: %v", line, err)
	}
	addr, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if !ok {
		t.Fatalf("the program said %q", line)
	}
	return process{cmd, addr}
}

func (p process) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait() // it was killed
}

func (p process) end(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("exit after SIGTERM: %v", err)
	}
}

// rounds of kill -9 while something is being written.
const rounds = 3

func TestNATSKilled(t *testing.T) {
	dir := t.TempDir()
	acked := 0
	for range rounds {
		p := launch(t, "nats", "--dir", dir, "--listen", "127.0.0.1:0")
		js := jetStream(t, p.addr)
		if _, err := js.CreateOrUpdateStream(t.Context(), jetstream.StreamConfig{Name: "S", Subjects: []string{"s"}}); err != nil {
			t.Fatal(err)
		}
		before := acked
		for ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second); ; {
			if _, err := js.Publish(ctx, "s", fmt.Append(nil, acked), jetstream.WithMsgID(fmt.Sprint(acked))); err != nil {
				cancel()
				break
			}
			if acked++; acked == before+50 {
				p.kill(t)
			}
		}
	}
	p := launch(t, "nats", "--dir", dir, "--listen", "127.0.0.1:0")
	s, err := jetStream(t, p.addr).Stream(t.Context(), "S")
	if err != nil {
		t.Fatal(err)
	}
	// At each kill one message may have been stored without its acknowledgement;
	// it is sent again under the same id.
	if n := int(s.CachedInfo().State.Msgs); n < acked || n > acked+rounds {
		t.Errorf("%d acknowledged, %d stored", acked, n)
	}
	p.end(t)
}

func jetStream(t *testing.T, url string) jetstream.JetStream {
	t.Helper()
	nc, err := nats.Connect(url, nats.NoReconnect())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

func TestStoreKilled(t *testing.T) {
	dir := t.TempDir()
	acked := 0
	for round := range rounds {
		p := launch(t, "store", "--dir", dir, "--index", "promethean")
		db := mongoDB(t, p.addr)
		// The last round is killed while it makes new collections.
		stop := acked + 30 + round
		for {
			coll := db.Collection("events")
			_, err := coll.InsertOne(t.Context(), bson.D{{Key: "_id", Value: fmt.Sprint(acked)}})
			if err != nil && !mongo.IsDuplicateKeyError(err) {
				break
			}
			if acked++; acked == stop {
				go func() {
					_, _ = db.Collection(fmt.Sprint("new", round)).Indexes().CreateOne(t.Context(), mongo.IndexModel{Keys: bson.D{{Key: "a", Value: 1}}})
				}()
				p.kill(t)
			}
		}
	}
	p := launch(t, "store", "--dir", dir, "--index", "promethean")
	db := mongoDB(t, p.addr)
	n, err := db.Collection("events").CountDocuments(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	if int(n) < acked || int(n) > acked+rounds {
		t.Errorf("%d acknowledged, %d stored", acked, n)
	}
	for i := range rounds {
		name := fmt.Sprint("new", i)
		if _, err := db.Collection(name).Indexes().CreateOne(t.Context(), mongo.IndexModel{Keys: bson.D{{Key: "a", Value: 1}}}); err != nil {
			t.Errorf("collection %s, half made when the kill came: %v", name, err)
		}
	}
	p.end(t)
}

func mongoDB(t *testing.T, uri string) *mongo.Database {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetTimeout(5 * time.Second).SetServerSelectionTimeout(200 * time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Disconnect(context.WithoutCancel(t.Context())) })
	return client.Database("promethean")
}

func TestUsage(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
		want error
	}{
		{"nothing", nil, errUsage},
		{"unknown server", []string{"redis"}, errUsage},
		{"unknown flag", []string{"nats", "--port", "1"}, errUsage},
		{"no directory", []string{"nats"}, nil},
		{"no directory for the store", []string{"store"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := run(t.Context(), tt.args, io.Discard, io.Discard)
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Errorf("run gave %v", err)
			}
		})
	}
}

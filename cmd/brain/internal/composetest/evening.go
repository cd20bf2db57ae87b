package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// lines are sent at a time.
const lines = 500

// evening sends numbered lines and follows them to the log and the store. The
// simulator's own invented events go the same way beside them.
type evening struct {
	engine *engine
	sent   int
}

// send sends the next lines, one after another, to a gateway that listens.
func (v *evening) send(ctx context.Context) error {
	err := eventually(ctx, "the gateway to listen to the simulator", func(ctx context.Context) error {
		var state struct{ Subscribed int }
		if err := v.get(ctx, &state); err != nil {
			return err
		}
		if state.Subscribed == 0 {
			return errors.New("nobody is subscribed")
		}
		return nil
	})
	if err != nil {
		return err
	}
	for range lines {
		if err := v.order(ctx, "inject "+frame(v.sent+1)); err != nil {
			return err
		}
		v.sent++
	}
	return nil
}

// frame is one line of chat as Streamer.bot writes it; its text is its number. It
// has its real time, by which the simulated ai_licia's telling of it is known.
func frame(n int) string {
	return fmt.Sprintf(`{"timeStamp":"%s","event":{"source":"Twitch","type":"ChatMessage"},`+
		`"data":{"messageId":"line-%d","text":"line %d","user":{"id":"1","login":"duck","name":"Duck","role":1,"badges":[],"subscribed":false,"type":"twitch"},`+
		`"broadcaster":{"id":"2","login":"pond","name":"Pond","type":"twitch"},"emotes":[],"parts":[],"isTest":false}}`, time.Now().Format("2006-01-02T15:04:05.0000000-07:00"), n, n)
}

func (v *evening) get(ctx context.Context, state any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+v.engine.addr.control+"/", nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	return json.NewDecoder(answer.Body).Decode(state)
}

func (v *evening) order(ctx context.Context, line string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+v.engine.addr.control+"/", strings.NewReader(line))
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if text, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the simulator answers %s: %s", answer.Status, text)
	}
	return nil
}

// killing kills a service in the middle of the lines.
func (v *evening) killing(service string) func(context.Context) error {
	return func(ctx context.Context) error {
		sent := make(chan error, 1)
		go func() { sent <- v.send(ctx) }()
		err := v.engine.kill(ctx, service)
		if err = errors.Join(err, <-sent); err != nil {
			return err
		}
		return v.engine.healthy(ctx, service)
	}
}

func (v *evening) killGateway(ctx context.Context) error {
	if err := v.engine.kill(ctx, "gateway-sim"); err != nil {
		return err
	}
	return v.engine.healthy(ctx, "gateway-sim")
}

func (v *evening) downAndUp(ctx context.Context) error {
	if err := v.engine.do(ctx, "down", "-t", "30"); err != nil {
		return err
	}
	if err := v.engine.up(ctx); err != nil {
		return err
	}
	return v.send(ctx)
}

// compare waits until all is stored, and checks:
// the store has the log's events, each once and in order, and the numbered
// lines are there once each in the order of sending.
func (v *evening) compare(ctx context.Context) error {
	if err := v.settle(ctx); err != nil {
		return err
	}
	db, closeDB, err := v.database()
	if err != nil {
		return err
	}
	defer closeDB()
	logged, err := v.loggedIDs(ctx)
	if err != nil {
		return err
	}
	stored, err := idsBySeq(ctx, db, len(logged))
	if err != nil {
		return err
	}
	for i, id := range logged {
		if stored[i] != id {
			return fmt.Errorf("event %d of the log is %s, the store has %s there", i+1, id, stored[i])
		}
	}
	numbers, err := numbersBySeq(ctx, db)
	if err != nil {
		return err
	}
	if len(numbers) != v.sent {
		return fmt.Errorf("%d lines were sent, %d are stored", v.sent, len(numbers))
	}
	for i, text := range numbers {
		if text != fmt.Sprintf("line %d", i+1) {
			return fmt.Errorf("the line at place %d is %q", i+1, text)
		}
	}
	fmt.Printf("compose-test: %d events on the log and in the store, %d of them the lines that were sent\n", len(logged), v.sent)
	return nil
}

// settle waits until every line that was sent is stored.
func (v *evening) settle(ctx context.Context) error {
	db, closeDB, err := v.database()
	if err != nil {
		return err
	}
	defer closeDB()
	return eventually(ctx, "all lines to be stored", func(ctx context.Context) error {
		n, err := db.Collection("twitch_chat_messages").CountDocuments(ctx, bson.D{{Key: "message", Value: bson.D{{Key: "$regex", Value: "^line [0-9]+$"}}}})
		if err == nil && int(n) < v.sent {
			err = fmt.Errorf("%d of %d are", n, v.sent)
		}
		return err
	})
}

func (v *evening) database() (*mongo.Database, func(), error) {
	uri := "mongodb://" + v.engine.addr.store + "/?directConnection=true"
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetServerSelectionTimeout(5 * time.Second))
	if err != nil {
		return nil, nil, err
	}
	return client.Database("promethean"), func() { _ = client.Disconnect(context.Background()) }, nil
}

// loggedIDs are the ids of the log's events in its order.
func (v *evening) loggedIDs(ctx context.Context) ([]string, error) {
	nc, err := nats.Connect("nats://" + v.engine.addr.nats)
	if err != nil {
		return nil, err
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, err
	}
	s, err := js.Stream(ctx, "PROM_EVENTS")
	if err != nil {
		return nil, err
	}
	reader, err := s.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{})
	if err != nil {
		return nil, err
	}
	var ids []string
	for range s.CachedInfo().State.Msgs {
		m, err := reader.Next(jetstream.FetchMaxWait(10 * time.Second))
		if err != nil {
			return nil, fmt.Errorf("read the log after %d events: %w", len(ids), err)
		}
		var event struct{ ID string }
		if err := json.Unmarshal(m.Data(), &event); err != nil {
			return nil, err
		}
		ids = append(ids, event.ID)
	}
	return ids, nil
}

// idsBySeq are the first n ids of the ledger in the log's order; it waits until
// there are so many.
func idsBySeq(ctx context.Context, db *mongo.Database, n int) (ids []string, err error) {
	err = eventually(ctx, fmt.Sprintf("the %d events of the log to be stored", n), func(ctx context.Context) error {
		var found []struct {
			ID string `bson:"_id"`
		}
		if err := all(ctx, db.Collection("events"), bson.D{}, &found); err != nil {
			return err
		}
		if len(found) < n {
			return fmt.Errorf("%d are", len(found))
		}
		ids = nil
		for _, f := range found {
			ids = append(ids, f.ID)
		}
		return nil
	})
	return ids, err
}

func numbersBySeq(ctx context.Context, db *mongo.Database) (texts []string, err error) {
	var found []struct{ Message string }
	filter := bson.D{{Key: "message", Value: bson.D{{Key: "$regex", Value: "^line [0-9]+$"}}}}
	err = all(ctx, db.Collection("twitch_chat_messages"), filter, &found)
	for _, f := range found {
		texts = append(texts, f.Message)
	}
	return texts, err
}

func all(ctx context.Context, c *mongo.Collection, filter bson.D, into any) error {
	cursor, err := c.Find(ctx, filter, options.Find().SetSort(bson.D{{Key: "seq", Value: 1}}).SetProjection(bson.D{{Key: "message", Value: 1}}))
	if err != nil {
		return err
	}
	return cursor.All(ctx, into)
}

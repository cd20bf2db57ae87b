package mongostub_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"promethean/sinks/mongostub"
)

// TestUpdateRefused: a change that a server would not make is not made.
func TestUpdateRefused(t *testing.T) {
	field := func(operator, name string, v any) bson.D {
		return bson.D{{Key: operator, Value: bson.D{{Key: name, Value: v}}}}
	}
	half := make([]byte, 9<<20)
	for _, tt := range []struct {
		name   string
		change any
		code   int
	}{
		{"another _id", field("$set", "_id", "other"), 66},
		{"no _id", field("$unset", "_id", 1), 66},
		{"grown over 16 MiB", field("$set", "more", half), 17419},
		{"the same _id", field("$set", "_id", "d0"), 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, db := start(t, mongostub.Options{})
			c := db.Collection("c")
			insertMany(t, c, []bson.D{{{Key: "_id", Value: "d0"}, {Key: "v", Value: half}}})
			_, err := c.UpdateOne(t.Context(), bson.D{{Key: "_id", Value: "d0"}}, tt.change)
			var e mongo.ServerError
			if tt.code == 0 && err != nil || tt.code != 0 && (!errors.As(err, &e) || !e.HasErrorCode(tt.code)) {
				t.Errorf("the driver says %v", err)
			}
			got, err := c.FindOne(t.Context(), bson.D{{Key: "_id", Value: "d0"}}).Raw()
			if err != nil || got.Lookup("_id").StringValue() != "d0" || len(got) > 10<<20 {
				t.Errorf("%d bytes, %v", len(got), err)
			}
		})
	}
}

// TestReplacedID: a replacement under another _id would break the index of ids.
func TestReplacedID(t *testing.T) {
	_, db := start(t, mongostub.Options{})
	c := db.Collection("c")
	insertMany(t, c, numbered(1))
	_, err := c.ReplaceOne(t.Context(), bson.D{{Key: "seq", Value: 0}}, bson.D{{Key: "_id", Value: "other"}})
	var e mongo.ServerError
	if !errors.As(err, &e) || !e.HasErrorCode(66) {
		t.Errorf("the driver says %v", err)
	}
}

// TestNoTransactions: what could not be taken back is not done.
func TestNoTransactions(t *testing.T) {
	s, db := start(t, mongostub.Options{})
	session, err := db.Client().StartSession()
	if err != nil {
		t.Fatal(err)
	}
	defer session.EndSession(t.Context())
	if err := session.StartTransaction(); err != nil {
		t.Fatal(err)
	}
	_, err = db.Collection("c").InsertOne(mongo.NewSessionContext(t.Context(), session), bson.D{{Key: "_id", Value: "a"}})
	var e mongo.ServerError
	if !errors.As(err, &e) || !e.HasErrorCode(263) || s.Len("db", "c") != 0 {
		t.Errorf("the driver says %v, %d stored", err, s.Len("db", "c"))
	}
}

func TestSkip(t *testing.T) {
	_, db := start(t, mongostub.Options{})
	c := db.Collection("c")
	insertMany(t, c, numbered(5))
	for _, tt := range []struct {
		name string
		o    *options.FindOptionsBuilder
		want []string
	}{
		{"some", options.Find().SetSkip(3), []string{"d3", "d4"}},
		{"and a bound", options.Find().SetSkip(1).SetLimit(2), []string{"d1", "d2"}},
		{"of an order", options.Find().SetSkip(1).SetLimit(1).SetSort(bson.D{{Key: "seq", Value: -1}}), []string{"d3"}},
		{"all", options.Find().SetSkip(9), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cursor, err := c.Find(t.Context(), bson.D{}, tt.o)
			if diff := cmp.Diff(tt.want, ids(t, cursor, err)); diff != "" {
				t.Error(diff)
			}
		})
	}
	var got struct{ N int }
	count := bson.D{{Key: "count", Value: "c"}, {Key: "skip", Value: 1}, {Key: "limit", Value: 2}}
	if err := db.RunCommand(t.Context(), count).Decode(&got); err != nil || got.N != 2 {
		t.Errorf("counted %d, %v", got.N, err)
	}
}

// TestFailPointMode: a mode that the stub does not know is refused: a fault
// that never comes would let a test pass for nothing.
func TestFailPointMode(t *testing.T) {
	_, db := start(t, mongostub.Options{})
	for _, tt := range []struct {
		name string
		mode any
		ok   bool
	}{
		{"always", "alwaysOn", true},
		{"often", bson.D{{Key: "times", Value: 2}}, true},
		{"off", "off", true},
		{"a chance", bson.D{{Key: "activationProbability", Value: 0.5}}, false},
		{"never", bson.D{{Key: "times", Value: 0}}, false},
		{"misspelt", "always", false},
		{"none", nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			order := bson.D{{Key: "configureFailPoint", Value: "failCommand"}, {Key: "mode", Value: tt.mode}, {Key: "data", Value: bson.D{
				{Key: "failCommands", Value: bson.A{"count"}}, {Key: "errorCode", Value: 13},
			}}}
			if err := db.Client().Database("admin").RunCommand(t.Context(), order).Err(); (err == nil) != tt.ok {
				t.Error(err)
			}
		})
	}
}

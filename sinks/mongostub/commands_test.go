package mongostub_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"promethean/sinks/mongostub"
)

// ids are those of the answer, in its order.
func ids(t *testing.T, cursor *mongo.Cursor, err error) (all []string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for cursor.Next(t.Context()) {
		all = append(all, cursor.Current.Lookup("_id").StringValue())
	}
	if err := cursor.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestFind(t *testing.T) {
	_, db := start(t, mongostub.Options{})
	c := db.Collection("c")
	insertMany(t, c, []bson.D{
		{{Key: "_id", Value: "a"}, {Key: "seq", Value: int64(1)}, {Key: "u", Value: bson.D{{Key: "id", Value: "x"}}}, {Key: "deleted", Value: nil}},
		{{Key: "_id", Value: "b"}, {Key: "seq", Value: int32(2)}, {Key: "u", Value: bson.D{{Key: "id", Value: "y"}}}, {Key: "tags", Value: bson.A{"p", "q"}}},
		{{Key: "_id", Value: "c"}, {Key: "seq", Value: 3.0}, {Key: "at", Value: bson.DateTime(1000)}, {Key: "deleted", Value: bson.D{{Key: "by", Value: "m"}}}},
	})
	op := func(name string, v any) bson.D { return bson.D{{Key: name, Value: v}} }
	for _, tt := range []struct {
		name   string
		filter bson.D
		want   []string
	}{
		{"everything", bson.D{}, []string{"a", "b", "c"}},
		{"by _id", op("_id", "b"), []string{"b"}},
		{"an _id that is not there", op("_id", "z"), nil},
		{"_id and a condition that fails", append(op("_id", "c"), bson.E{Key: "deleted", Value: nil}), nil},
		{"null is also what is absent", op("deleted", nil), []string{"a", "b"}},
		{"within a document", op("u.id", "y"), []string{"b"}},
		{"within an array", op("tags", "q"), []string{"b"}},
		{"numbers of all types", op("seq", op("$gte", int64(2))), []string{"b", "c"}},
		{"between", op("seq", append(op("$gt", 1), bson.E{Key: "$lt", Value: 3})), []string{"b"}},
		{"a date", op("at", op("$lte", bson.DateTime(1000))), []string{"c"}},
		{"a date is no number", op("at", op("$lte", 1000)), nil},
		{"either", op("$or", bson.A{op("_id", "a"), op("seq", op("$gt", 2))}), []string{"a", "c"}},
		{"one of", op("_id", op("$in", bson.A{"c", "a"})), []string{"a", "c"}},
		{"not", op("_id", op("$ne", "a")), []string{"b", "c"}},
		{"there", op("deleted", op("$exists", true)), []string{"a", "c"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cursor, err := c.Find(t.Context(), tt.filter)
			if diff := cmp.Diff(tt.want, ids(t, cursor, err)); diff != "" {
				t.Error(diff)
			}
			n, err := c.CountDocuments(t.Context(), tt.filter)
			if err != nil || n != int64(len(tt.want)) {
				t.Errorf("counted %d, %v", n, err)
			}
		})
	}
	for _, filter := range []bson.D{op("seq", op("$near", 1)), op("$where", "1")} {
		if err := c.FindOne(t.Context(), filter).Err(); err == nil || errors.Is(err, mongo.ErrNoDocuments) {
			t.Errorf("%v: an operator that is not known gave %v", filter, err)
		}
	}
}

func TestProjectionAndOrder(t *testing.T) {
	_, db := start(t, mongostub.Options{})
	c := db.Collection("c")
	insertMany(t, c, numbered(5))
	var got bson.D
	show := bson.D{{Key: "user.id", Value: 1}}
	if err := c.FindOne(t.Context(), bson.D{{Key: "_id", Value: "d4"}}, options.FindOne().SetProjection(show)).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(bson.D{{Key: "_id", Value: "d4"}, {Key: "user", Value: bson.D{{Key: "id", Value: "u1"}}}}, got); diff != "" {
		t.Error(diff)
	}
	cursor, err := c.Find(t.Context(), bson.D{}, options.Find().SetSort(bson.D{{Key: "seq", Value: -1}}).SetLimit(2))
	if diff := cmp.Diff([]string{"d4", "d3"}, ids(t, cursor, err)); diff != "" {
		t.Error(diff)
	}
}

// TestPages: an answer in many pages is whole, and a cursor closed early leaves
// nothing open.
func TestPages(t *testing.T) {
	s, db := start(t, mongostub.Options{})
	c := db.Collection("c")
	insertMany(t, c, numbered(1000))
	cursor, err := c.Find(t.Context(), bson.D{}, options.Find().SetBatchSize(70))
	if got := ids(t, cursor, err); len(got) != 1000 || got[999] != "d999" {
		t.Errorf("%d documents", len(got))
	}
	if n := s.Count("getMore"); n != 14 {
		t.Errorf("%d times for more", n)
	}
	if cursor, err = c.Find(t.Context(), bson.D{}, options.Find().SetBatchSize(70)); err != nil {
		t.Fatal(err)
	}
	if err := cursor.Close(t.Context()); err != nil || s.Count("killCursors") != 1 {
		t.Error(err, s.Count("killCursors"))
	}
	gone := bson.D{{Key: "getMore", Value: cursor.ID() + 2}, {Key: "collection", Value: "c"}}
	var command mongo.CommandError
	if err := db.RunCommand(t.Context(), gone).Err(); !errors.As(err, &command) || command.Code != 43 {
		t.Errorf("a cursor that is not there: %v", err)
	}
}

func TestUpdate(t *testing.T) {
	for _, tt := range []struct {
		name             string
		model            mongo.WriteModel
		matched, changed int64
		want             bson.D
	}{
		{
			"fields", mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: "d1"}, {Key: "gone", Value: nil}}).
				SetUpdate(bson.D{{Key: "$set", Value: bson.D{{Key: "user.id", Value: "new"}, {Key: "gone.at", Value: 1}}}}), 1, 1,
			bson.D{{Key: "_id", Value: "d1"}, {Key: "seq", Value: int64(1)}, {Key: "user", Value: bson.D{{Key: "id", Value: "new"}}}, {Key: "gone", Value: bson.D{{Key: "at", Value: int32(1)}}}},
		},
		{
			"a condition that is not met", mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: "d1"}, {Key: "seq", Value: 9}}).
				SetUpdate(bson.D{{Key: "$set", Value: bson.D{{Key: "seq", Value: 0}}}}), 0, 0,
			numbered(2)[1],
		},
		{
			"to what it is", mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: "d1"}}).
				SetUpdate(bson.D{{Key: "$set", Value: bson.D{{Key: "seq", Value: int64(1)}}}}), 1, 0,
			numbered(2)[1],
		},
		{
			"whole", mongo.NewReplaceOneModel().SetFilter(bson.D{{Key: "_id", Value: "d1"}}).SetReplacement(bson.D{{Key: "x", Value: "y"}}), 1, 1,
			bson.D{{Key: "_id", Value: "d1"}, {Key: "x", Value: "y"}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, db := start(t, mongostub.Options{})
			c := db.Collection("c")
			insertMany(t, c, numbered(3))
			r, err := c.BulkWrite(t.Context(), []mongo.WriteModel{tt.model})
			if err != nil || r.MatchedCount != tt.matched || r.ModifiedCount != tt.changed {
				t.Fatalf("%+v, %v", r, err)
			}
			var got bson.D
			if err := c.FindOne(t.Context(), bson.D{{Key: "_id", Value: "d1"}}).Decode(&got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUpsertAndDelete(t *testing.T) {
	s, db := start(t, mongostub.Options{})
	c := db.Collection("c")
	for i := range 2 {
		r, err := c.ReplaceOne(t.Context(), bson.D{{Key: "_id", Value: "one"}}, bson.D{{Key: "_id", Value: "one"}, {Key: "n", Value: i}}, options.Replace().SetUpsert(true))
		if err != nil || (r.UpsertedID == "one") != (i == 0) || r.MatchedCount != int64(i) {
			t.Errorf("%d: %+v, %v", i, r, err)
		}
	}
	insertMany(t, c, numbered(10))
	if r, err := c.DeleteMany(t.Context(), bson.D{{Key: "user.id", Value: "u0"}}); err != nil || r.DeletedCount != 4 {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err := c.DeleteOne(t.Context(), bson.D{}); err != nil || r.DeletedCount != 1 || s.Len("db", "c") != 6 {
		t.Errorf("%+v, %v, %d left", r, err, s.Len("db", "c"))
	}
	insertMany(t, c, numbered(1))
	if err := c.Drop(t.Context()); err != nil || s.Len("db", "c") != 0 {
		t.Error(err)
	}
}

func TestCollectionsAndIndexes(t *testing.T) {
	_, db := start(t, mongostub.Options{})
	if err := db.CreateCollection(t.Context(), "c"); err != nil {
		t.Fatal(err)
	}
	var command mongo.CommandError
	if err := db.CreateCollection(t.Context(), "c"); !errors.As(err, &command) || command.Code != 48 {
		t.Errorf("a second time: %v", err)
	}
	for range 2 {
		if _, err := db.Collection("c").Indexes().CreateOne(t.Context(), mongo.IndexModel{Keys: bson.D{{Key: "type", Value: 1}, {Key: "at", Value: 1}}}); err != nil {
			t.Fatal(err)
		}
	}
	unique := mongo.IndexModel{Keys: bson.D{{Key: "x", Value: 1}}, Options: options.Index().SetUnique(true)}
	if _, err := db.Collection("c").Indexes().CreateOne(t.Context(), unique); err == nil {
		t.Error("it says that it holds a unique index, which it does not")
	}
	specs, err := db.Collection("c").Indexes().ListSpecifications(t.Context())
	if err != nil || len(specs) != 2 || specs[0].Name != "_id_" || specs[1].Name != "type_1_at_1" {
		t.Errorf("%+v, %v", specs, err)
	}
	insertMany(t, db.Collection("made"), numbered(1))
	names, err := db.ListCollectionNames(t.Context(), bson.D{})
	if diff := cmp.Diff([]string{"c", "made"}, names); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if names, err = db.ListCollectionNames(t.Context(), bson.D{{Key: "name", Value: "c"}}); len(names) != 1 || err != nil {
		t.Error(names, err)
	}
}

// TestLean: of a lean collection ids are unique and the fields that are kept
// can be asked for, all else is refused rather than answered wrongly.
func TestLean(t *testing.T) {
	s, db := start(t, mongostub.Options{Lean: map[string][]string{"c": {"seq"}}})
	c := db.Collection("c")
	insertMany(t, c, numbered(50))
	if _, err := c.InsertMany(t.Context(), numbered(51), options.InsertMany().SetOrdered(false)); !mongo.IsDuplicateKeyError(err) || s.Len("db", "c") != 51 {
		t.Errorf("%v, %d", err, s.Len("db", "c"))
	}
	for _, show := range []string{"seq", "user.id"} {
		var got bson.D
		err := c.FindOne(t.Context(), bson.D{{Key: "_id", Value: "d7"}}, options.FindOne().SetProjection(bson.D{{Key: show, Value: 1}})).Decode(&got)
		if show == "seq" {
			if diff := cmp.Diff(bson.D{{Key: "_id", Value: "d7"}, {Key: "seq", Value: int64(7)}}, got); diff != "" || err != nil {
				t.Error(err, diff)
			}
		} else if err == nil {
			t.Errorf("%s is not kept, but the answer is %v", show, got)
		}
	}
	if err := c.FindOne(t.Context(), bson.D{{Key: "user.id", Value: "u1"}}).Err(); err == nil || errors.Is(err, mongo.ErrNoDocuments) {
		t.Errorf("asked for by what is not kept: %v", err)
	}
	insertMany(t, db.Collection("other"), numbered(1))
	if err := db.Collection("other").FindOne(t.Context(), bson.D{{Key: "user.id", Value: "u0"}}).Err(); err != nil {
		t.Errorf("another collection is whole: %v", err)
	}
}

// TestIDs: what is one id to MongoDB is one here, and no more.
func TestIDs(t *testing.T) {
	for _, tt := range []struct {
		name string
		a, b any
		same bool
	}{
		{"texts", "a", "b", false},
		{"case", "a", "A", false},
		{"a text with a NUL", "a", "a\x00", false},
		{"a number and its text", 1, "1", false},
		{"numbers of two types", int32(1), int64(1), true},
		{"a whole double", 1.0, int64(1), true},
		{"over what a double holds", int64(1<<53 + 1), int64(1 << 53), false},
		{"null and false", nil, false, false},
		{"documents", bson.D{{Key: "x", Value: 1}}, bson.D{{Key: "x", Value: 1}}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, db := start(t, mongostub.Options{})
			insertMany(t, db.Collection("c"), []bson.D{{{Key: "_id", Value: tt.a}}})
			_, err := db.Collection("c").InsertOne(t.Context(), bson.D{{Key: "_id", Value: tt.b}})
			if mongo.IsDuplicateKeyError(err) != tt.same || err != nil && !tt.same {
				t.Errorf("%v and %v: %v", tt.a, tt.b, err)
			}
			if err := db.Collection("c").FindOne(t.Context(), bson.D{{Key: "_id", Value: tt.b}}).Err(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestRefusedDocuments: what a server would not store, it does not either; the
// neighbours are.
func TestRefusedDocuments(t *testing.T) {
	s, db := start(t, mongostub.Options{})
	_, err := db.Collection("c").InsertMany(t.Context(), []bson.D{
		{{Key: "_id", Value: "a"}},
		{{Key: "_id", Value: "large"}, {Key: "v", Value: make([]byte, 16<<20)}},
		{{Key: "_id", Value: bson.A{1}}},
		{{Key: "_id", Value: "b"}},
	}, options.InsertMany().SetOrdered(false))
	var bulk mongo.BulkWriteException
	if !errors.As(err, &bulk) {
		t.Fatal(err)
	}
	got := map[int]int{}
	for _, e := range bulk.WriteErrors {
		got[e.Index] = e.Code
	}
	if diff := cmp.Diff(map[int]int{1: 2, 2: 53}, got); diff != "" || s.Len("db", "c") != 2 {
		t.Errorf("%d stored, %s", s.Len("db", "c"), diff)
	}
}

// TestCountsWhatCame: the log tells how a client cut its writes.
func TestCountsWhatCame(t *testing.T) {
	s, db := start(t, mongostub.Options{})
	for n := range 3 {
		insertMany(t, db.Collection(fmt.Sprint("c", n)), numbered(n+1))
	}
	for i, c := range s.Commands("insert") {
		if c.Documents != i+1 || c.Collection != fmt.Sprint("c", i) || c.Database != "db" || c.Bytes < 50*c.Documents || c.Txn == 0 {
			t.Errorf("%+v", c)
		}
	}
	if s.Count("insert") != 3 || s.Count("update") != 0 {
		t.Error(s.Count("insert"), s.Count("update"))
	}
}

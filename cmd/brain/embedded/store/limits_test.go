package store

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// These tests hold what the sinks count on, and what they must not ask for. A
// new FerretDB that is better turns some of them red: that is their use.

func doc(kv ...any) bson.D {
	d := bson.D{}
	for i := 0; i+1 < len(kv); i += 2 {
		d = append(d, bson.E{Key: fmt.Sprint(kv[i]), Value: kv[i+1]})
	}
	return d
}

func nested(depth int) any {
	var v any = "x"
	for range depth {
		v = doc("a", v)
	}
	return v
}

func date(year int) bson.DateTime {
	return bson.NewDateTimeFromTime(time.Date(year, 3, 4, 5, 6, 7, 891e6, time.UTC))
}

func TestValuesKept(t *testing.T) {
	coll := database(t, start(t, t.TempDir())).Collection("c")
	for _, tt := range []struct {
		name        string
		value, want any
	}{
		{"NUL in a string", "a\x00b", nil},
		{"odd characters", "\u2028 <b>&\u0001\u007f😀\ufffd \" \\ é", nil},
		{"empty key", doc("", 1), nil},
		{"odd keys", doc("é", 1, "<&>", 2, "a b", 3, "a$b", 4, "'", 5, "\x01", 6, "😀", 7), nil},
		{"quotes and backslashes in keys below the top", doc(`a"b`, 1, `a\b`, 2, `a","b`, 3, `\u0041`, 4, `\`, 5), nil},
		{"int64 extremes", bson.A{int64(math.MaxInt64), int64(math.MinInt64), int64(1<<53 + 1)}, nil},
		{"the three kinds of five", bson.A{int32(5), int64(5), 5.0}, nil},
		{"doubles", bson.A{0.1, math.MaxFloat64, math.SmallestNonzeroFloat64, 1e15, 1e300}, nil},
		{"minus zero loses its sign", math.Copysign(0, -1), 0.0},
		{"null, false, empty", bson.A{nil, false, doc("a", bson.A{}, "b", doc())}, nil},
		{"6 MiB of bytes", bson.Binary{Data: []byte(strings.Repeat("\x00\xff", 3<<20))}, nil},
		{"no bytes", bson.Binary{Data: []byte{}}, nil},
		{"dates", bson.A{date(-1), date(1), date(1969), date(9999), date(10000), bson.DateTime(math.MinInt64), bson.DateTime(math.MaxInt64)}, nil},
		{"depth 90", nested(90), nil},
		{"depth 199", nested(199), nil},
		{"17 MiB, more than MongoDB takes", strings.Repeat("x", 17<<20), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.want == nil {
				tt.want = tt.value
			}
			if _, err := coll.InsertOne(t.Context(), doc("_id", tt.name, "v", tt.value)); err != nil {
				t.Fatal(err)
			}
			got, err := coll.FindOne(t.Context(), doc("_id", tt.name)).Raw()
			if err != nil {
				t.Fatal(err)
			}
			want, err := bson.Marshal(doc("_id", tt.name, "v", tt.want))
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != string(want) {
				t.Errorf("%d bytes came back for %d, or others", len(got), len(want))
			}
		})
	}
}

// What is refused for a document alone, with its index, beside good ones.
func TestRefusedAlone(t *testing.T) {
	coll := database(t, start(t, t.TempDir())).Collection("c")
	if _, err := coll.InsertOne(t.Context(), doc("_id", "there")); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		bad  bson.D
		code int
	}{
		{"duplicate", doc("_id", "there"), 11000},
		{"nested array", doc("_id", 1, "v", bson.A{bson.A{1}}), 2},
		{"dot in a key", doc("_id", 1, "m", doc("a.b", 1)), 2},
		{"leading dollar", doc("_id", 1, "m", doc("$a", 1)), 2},
		{"doubled key", doc("_id", 1, "a", 1, "a", 2), 2},
		{"infinity", doc("_id", 1, "v", math.Inf(1)), 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			batch := []any{doc("_id", tt.name+" 0"), tt.bad, doc("_id", tt.name+" 2")}
			_, err := coll.InsertMany(t.Context(), batch, options.InsertMany().SetOrdered(false))
			var bulk mongo.BulkWriteException
			if !errors.As(err, &bulk) || len(bulk.WriteErrors) != 1 || bulk.WriteConcernError != nil {
				t.Fatalf("insert gave %v", err)
			}
			if e := bulk.WriteErrors[0]; e.Index != 1 || e.Code != tt.code {
				t.Errorf("index %d code %d (%s), want 1 and %d", e.Index, e.Code, e.Message, tt.code)
			}
			// MongoDB says keyPattern here; nobody may insist on it.
			if d := bulk.WriteErrors[0].Details; len(d) != 0 {
				t.Errorf("details %s", d)
			}
			n, err := coll.CountDocuments(t.Context(), doc("_id", doc("$in", bson.A{tt.name + " 0", tt.name + " 2"})))
			if err != nil || n != 2 {
				t.Errorf("%d of the two good documents were stored, %v", n, err)
			}
		})
	}
}

// What takes the whole command down, so that no index says which document it
// was. The sinks make such documents into strings, on every store alike.
func TestRefusedWithItsBatch(t *testing.T) {
	coll := database(t, start(t, t.TempDir())).Collection("c")
	for _, tt := range []struct {
		name string
		bad  bson.D
	}{
		{"quote in a key at the top", doc("_id", 1, `a"b`, 1)},
		{"Decimal128", doc("_id", 1, "v", bson.NewDecimal128(1, 1))},
		{"NaN", doc("_id", 1, "v", math.NaN())},
	} {
		t.Run(tt.name, func(t *testing.T) {
			batch := []any{doc("_id", tt.name+" 0"), tt.bad}
			_, err := coll.InsertMany(t.Context(), batch, options.InsertMany().SetOrdered(false))
			var bulk mongo.BulkWriteException
			if err == nil || errors.As(err, &bulk) && len(bulk.WriteErrors) > 0 {
				t.Errorf("insert gave %v, want an error of the whole command", err)
			}
			if _, err := coll.InsertOne(t.Context(), doc("_id", tt.name+" after")); err != nil {
				t.Errorf("and then: %v", err)
			}
		})
	}
}

// A document with a backslash in a key at the top is stored and acknowledged,
// and its collection cannot be read any more: the worst of this store, and why
// only names of our own may stand at the top of a document.
func TestBackslashAtTheTopPoisonsCollection(t *testing.T) {
	coll := database(t, start(t, t.TempDir())).Collection("c")
	if _, err := coll.InsertMany(t.Context(), []any{doc("_id", "good"), doc("_id", "bad", `a\b`, 1)}); err != nil {
		t.Fatalf("the key is refused now, and this test can say so: %v", err)
	}
	cursor, err := coll.Find(t.Context(), doc())
	if err == nil {
		err = errors.Join(cursor.All(t.Context(), new([]bson.M)), cursor.Close(t.Context()))
	}
	if err == nil {
		t.Error("the collection can be read now, and this test can go")
	}
}

func TestIndexesByOneCommandEach(t *testing.T) {
	db := database(t, start(t, t.TempDir()))
	keys := []bson.D{doc("channel", 1, "timestamp", 1), doc("user.id", 1, "timestamp", 1), doc("type", 1, "timestamp", 1), doc("seq", 1)}
	for round := range 2 {
		for _, k := range keys {
			if _, err := db.Collection("c").Indexes().CreateOne(t.Context(), mongo.IndexModel{Keys: k}); err != nil {
				t.Fatalf("round %d, %v: %v", round, k, err)
			}
		}
	}
	specs, err := db.Collection("c").Indexes().ListSpecifications(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range specs {
		got = append(got, s.Name)
	}
	want := []string{"_id_", "channel_1_timestamp_1", "seq_1", "type_1_timestamp_1", "user.id_1_timestamp_1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// Several that are all there: FerretDB's slice out of bounds.
	_, err = db.Collection("c").Indexes().CreateMany(t.Context(), []mongo.IndexModel{{Keys: keys[0]}, {Keys: keys[1]}})
	if err == nil {
		t.Error("several existing indexes in one command work now")
	}
}

func TestCommandsTheSinksUse(t *testing.T) {
	db := database(t, start(t, t.TempDir()))
	notes := db.Collection("schema_notes")
	for i := range 2 {
		if _, err := notes.ReplaceOne(t.Context(), doc("_id", "events"), doc("_id", "events", "text", i), options.Replace().SetUpsert(true)); err != nil {
			t.Fatal(err)
		}
	}
	var docs []any
	for i := range 500 {
		docs = append(docs, doc("_id", i, "v", strings.Repeat("y", 20<<10)))
	}
	if _, err := db.Collection("events").InsertMany(t.Context(), docs, options.InsertMany().SetOrdered(false)); err != nil {
		t.Fatal(err)
	}
	_, err := db.Collection("events").InsertMany(t.Context(), docs, options.InsertMany().SetOrdered(false))
	var bulk mongo.BulkWriteException
	if !errors.As(err, &bulk) || len(bulk.WriteErrors) != 500 {
		t.Fatalf("500 again gave %v", err)
	}
	for i, e := range bulk.WriteErrors {
		if e.Index != i || e.Code != 11000 {
			t.Fatalf("error %d is of index %d, code %d", i, e.Index, e.Code)
		}
	}
	names, err := db.ListCollectionNames(t.Context(), doc())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"events", "schema_notes"}, names); diff != "" {
		t.Error(diff)
	}
	var build bson.M
	if err := db.RunCommand(t.Context(), doc("buildInfo", 1)).Decode(&build); err != nil {
		t.Fatal(err)
	}
	if build["ferretdbVersion"] == nil {
		t.Errorf("buildInfo does not tell that it is FerretDB: %v", build)
	}
}

// A command with MaxBatch updates works; one with one more hangs, because each
// keeps its SQLite connection until the end of the command and there are 100.
// Stop must not hang with it.
func TestUpdateLimit(t *testing.T) {
	s, err := Start(t.Context(), Options{Dir: t.TempDir(), Listen: "127.0.0.1:0", Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	coll := database(t, s).Collection("c")
	if _, err := coll.InsertMany(t.Context(), documents(0, MaxBatch, 10)); err != nil {
		t.Error(err)
	}
	if _, err := coll.InsertMany(t.Context(), documents(MaxBatch, MaxBatch, 10)); err != nil {
		t.Error(err)
	}
	res, err := coll.BulkWrite(t.Context(), updates(MaxBatch), options.BulkWrite().SetOrdered(false))
	if err != nil || res.ModifiedCount != MaxBatch {
		t.Errorf("%d updates: %v, %v", MaxBatch, res, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := coll.BulkWrite(ctx, updates(MaxBatch+1), options.BulkWrite().SetOrdered(false)); err == nil {
		t.Errorf("%d updates in a command work now; MaxBatch can grow", MaxBatch+1)
	}
	begin := time.Now()
	err = s.Stop()
	if took := time.Since(begin); took > 3*stopWithin {
		t.Errorf("Stop took %s", took)
	}
	if err == nil || !strings.Contains(err.Error(), "still running") {
		t.Errorf("Stop of a hung store says %v", err)
	}
}

func updates(n int) []mongo.WriteModel {
	list := make([]mongo.WriteModel, n)
	for i := range list {
		list[i] = mongo.NewUpdateOneModel().SetFilter(doc("_id", fmt.Sprintf("id-%06d", i))).SetUpdate(doc("$set", doc("k", n)))
	}
	return list
}

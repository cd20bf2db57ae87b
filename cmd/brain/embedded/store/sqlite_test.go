package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	sqlite "modernc.org/sqlite"
)

// pragmasOf asks one raw connection.
func pragmasOf(conn sqlite.ExecQuerierContext) (string, error) {
	var parts []string
	for _, name := range []string{"journal_mode", "synchronous", "busy_timeout"} {
		rows, err := conn.QueryContext(context.Background(), "PRAGMA "+name, nil)
		if err != nil {
			return "", err
		}
		row := make([]driver.Value, 1)
		if err := rows.Next(row); err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		if err := rows.Close(); err != nil {
			return "", err
		}
		parts = append(parts, fmt.Sprintf("%s=%v", name, row[0]))
	}
	return strings.Join(parts, " "), nil
}

// plan is what SQLite says it does for FerretDB's own find by _id.
func plan(t *testing.T, db *mongo.Database, coll string) string {
	t.Helper()
	// EXPLAIN does not look whether the schema has changed; a query does.
	if err := db.Collection(coll).FindOne(t.Context(), bson.D{{Key: "_id", Value: "x"}}).Err(); err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		t.Fatal(err)
	}
	var res bson.Raw
	err := db.RunCommand(t.Context(), bson.D{
		{Key: "explain", Value: bson.D{{Key: "find", Value: coll}, {Key: "filter", Value: bson.D{{Key: "_id", Value: "x"}}}}},
	}).Decode(&res)
	if err != nil {
		t.Fatal(err)
	}
	return res.Lookup("queryPlanner").String()
}

func TestIndexIDsIsUsed(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir)
	db := database(t, s)
	if err := s.IndexIDs(t.Context(), "promethean"); err != nil {
		t.Fatalf("no database yet: %v", err)
	}
	for _, name := range []string{"events", "Odd 'name' -x"} {
		if _, err := db.Collection(name).InsertOne(t.Context(), bson.D{{Key: "_id", Value: "x"}}); err != nil {
			t.Fatal(err)
		}
		if p := plan(t, db, name); !strings.Contains(p, "SCAN") {
			t.Errorf("without our index the find does not scan; is it still needed? %s", p)
		}
	}
	for range 2 {
		if err := s.IndexIDs(t.Context(), "promethean"); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"events", "Odd 'name' -x"} {
		if p := plan(t, db, name); !strings.Contains(p, "SEARCH") || !strings.Contains(p, "promethean_id_on_") {
			t.Errorf("%s: a find by _id is not a search by our index: %s", name, p)
		}
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	s = start(t, dir)
	db = database(t, s)
	if p := plan(t, db, "events"); !strings.Contains(p, "SEARCH") {
		t.Errorf("after a restart: %s", p)
	}
	if err := db.Collection("events").Drop(t.Context()); err != nil {
		t.Errorf("a collection with our index cannot be dropped: %v", err)
	}
	if err := s.IndexIDs(t.Context(), "promethean"); err != nil {
		t.Error(err)
	}
}

func TestIndexIDsErrors(t *testing.T) {
	s := start(t, t.TempDir())
	for _, name := range []string{"", "../x", `a\b`, "a?b", "a#b"} {
		t.Run("database "+name, func(t *testing.T) {
			if err := s.IndexIDs(t.Context(), name); err == nil {
				t.Error("no error")
			}
		})
	}
}

// Two callers while four clients write: nobody sees "database is locked".
func TestIndexIDsDuringWrites(t *testing.T) {
	s := start(t, t.TempDir())
	db := database(t, s)
	const writers, batches = 4, 5
	var wg sync.WaitGroup
	for w := range writers {
		coll := db.Collection(fmt.Sprintf("c%d", w))
		wg.Go(func() {
			for b := range batches {
				if _, err := coll.InsertMany(t.Context(), documents(b*50, 50, 500)); err != nil {
					t.Errorf("insert: %v", err)
				}
			}
		})
	}
	for range 2 {
		wg.Go(func() {
			for range 5 {
				if err := s.IndexIDs(t.Context(), "promethean"); err != nil && !strings.Contains(err.Error(), "no such table: "+metaTable) {
					t.Errorf("index: %v", err)
				}
			}
		})
	}
	wg.Wait()
	if err := s.IndexIDs(t.Context(), "promethean"); err != nil {
		t.Fatal(err)
	}
	for w := range writers {
		name := fmt.Sprintf("c%d", w)
		n, err := db.Collection(name).CountDocuments(t.Context(), bson.D{})
		if err != nil {
			t.Fatal(err)
		}
		if n != batches*50 {
			t.Errorf("%s holds %d documents, want %d", name, n, batches*50)
		}
		if p := plan(t, db, name); !strings.Contains(p, "SEARCH") {
			t.Errorf("%s: %s", name, p)
		}
	}
}

// Each case is a state in which a kill leaves FerretDB's files, made by hand.
func TestRepair(t *testing.T) {
	for _, tt := range []struct {
		name string
		sql  []string
		want []string
	}{
		{"nothing wrong", nil, []string{"events"}},
		{"file without any table", []string{
			`DROP TABLE "_ferretdb_collections"`, `DROP TABLE "events_` + eventsHash + `"`}, nil},
		{"table without a collection", []string{
			`CREATE TABLE "chat_00000001" (_ferretdb_sjson TEXT NOT NULL) STRICT`}, []string{"events"}},
		{"the table that the next create needs", []string{
			`DELETE FROM "_ferretdb_collections"`, `DELETE FROM "events_` + eventsHash + `"`}, nil},
		{"collection without its _id index", []string{
			`DELETE FROM "events_` + eventsHash + `"`, `DROP INDEX "events_` + eventsHash + `__id_"`,
			`UPDATE "_ferretdb_collections" SET settings = '{}'`}, nil},
		{"index not noted", []string{
			`CREATE INDEX "events_` + eventsHash + `_n_1" ON "events_` + eventsHash + `" (_ferretdb_sjson->"n")`}, []string{"events"}},
		{"index noted and gone", []string{
			`UPDATE "_ferretdb_collections" SET settings = json_insert(settings, '$.indexes[#]', json('{"name":"n_1","key":[{"field":"n","descending":false}],"unique":true}'))`,
		}, []string{"events"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			s := start(t, dir)
			if _, err := database(t, s).Collection("events").InsertMany(t.Context(), documents(0, 3, 10)); err != nil {
				t.Fatal(err)
			}
			if err := s.IndexIDs(t.Context(), "promethean"); err != nil {
				t.Fatal(err)
			}
			if err := s.Stop(); err != nil {
				t.Fatal(err)
			}
			damage(t, dir, tt.sql)

			s = start(t, dir)
			db := database(t, s)
			got, err := db.ListCollectionNames(t.Context(), bson.D{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got, cmp.Transformer("nil", func(s []string) string { return strings.Join(s, ",") })); diff != "" {
				t.Error(diff)
			}
			works(t, db, "chat")
			works(t, db, "events")
		})
	}
}

// eventsHash is FerretDB's FNV-1 hash, 32 bits, of the name events.
const eventsHash = "12d8e384"

func damage(t *testing.T, dir string, statements []string) {
	t.Helper()
	h, err := open(dir, "promethean")
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for _, q := range statements {
		if _, err := h.ExecContext(t.Context(), q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
}

// works: an index can be made, it is enforced, and _id is unique.
func works(t *testing.T, db *mongo.Database, name string) {
	t.Helper()
	c := db.Collection(name)
	_, err := c.Indexes().CreateOne(t.Context(), mongo.IndexModel{
		Keys: bson.D{{Key: "n", Value: 1}}, Options: options.Index().SetUnique(true).SetName("n_1")})
	if err != nil {
		t.Fatalf("%s: create index: %v", name, err)
	}
	for _, doc := range []bson.D{
		{{Key: "_id", Value: "new"}, {Key: "n", Value: int64(1000)}},
		{{Key: "_id", Value: "new"}, {Key: "n", Value: int64(1001)}},
		{{Key: "_id", Value: "other"}, {Key: "n", Value: int64(1000)}},
	} {
		_, err := c.InsertOne(t.Context(), doc)
		if first := doc[0].Value == "new" && doc[1].Value == int64(1000); first != (err == nil) {
			t.Errorf("%s: insert %v: %v", name, doc, err)
		}
	}
}

func TestRepairRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, tt := range []struct {
		name string
		sql  []string
		want string
	}{
		{"documents without the index on _id", []string{
			`DROP INDEX "events_` + eventsHash + `__id_"`, `UPDATE "_ferretdb_collections" SET settings = '{}'`}, "holds 1 documents but no unique index"},
		{"index on _id gone", []string{`DROP INDEX "events_` + eventsHash + `__id_"`}, "unique index on _id is gone"},
		{"table gone", []string{`DROP TABLE "events_` + eventsHash + `"`}, "is gone"},
		{"somebody else's database", []string{`DROP TABLE "_ferretdb_collections"`}, "not a database of this store"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			s := start(t, dir)
			if _, err := database(t, s).Collection("events").InsertOne(t.Context(), bson.D{{Key: "_id", Value: "x"}}); err != nil {
				t.Fatal(err)
			}
			if err := s.Stop(); err != nil {
				t.Fatal(err)
			}
			damage(t, dir, tt.sql)
			s, err := Start(t.Context(), Options{Dir: dir, Listen: "127.0.0.1:0"})
			if err == nil {
				_ = s.Stop()
				t.Fatal("started")
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q does not say %q", err, tt.want)
			}
		})
	}
}

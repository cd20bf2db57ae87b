package mongostub_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"promethean/sinks/mongostub"
)

// onInsert is a fault of the next insert.
func onInsert(do mongostub.Action) mongostub.Fault {
	return mongostub.Fault{Do: do, Commands: []string{"insert"}, Times: 1}
}

// TestFaults: what the driver makes of each, on a replica set, which it trusts
// with repeating, and on a standalone. sent is how many inserts the server saw,
// stored how many of the three documents it has.
func TestFaults(t *testing.T) {
	labelled := onInsert(mongostub.FailCommand)
	labelled.Code, labelled.Name, labelled.Labels = 10107, "NotWritablePrimary", []string{"RetryableWriteError"}
	unlabelled := onInsert(mongostub.FailCommand)
	unlabelled.Code, unlabelled.Name = 10107, "NotWritablePrimary"
	stepDown := onInsert(mongostub.FailConcern)
	stepDown.Code, stepDown.Name, stepDown.Labels = 189, "PrimarySteppedDown", []string{"RetryableWriteError"}
	concern := onInsert(mongostub.FailConcern)
	concern.Code, concern.Name = 64, "WriteConcernTimeout"
	plain := onInsert(mongostub.FailCommand)
	plain.Code, plain.Name = 13, "Unauthorized"
	late := onInsert(mongostub.Delay)
	late.For = 20 * time.Millisecond
	network := func(err error) bool { return mongo.IsNetworkError(err) }
	code := func(n int) func(error) bool {
		return func(err error) bool {
			var e mongo.ServerError
			return errors.As(err, &e) && e.HasErrorCode(n)
		}
	}
	for _, tt := range []struct {
		name         string
		fault        mongostub.Fault
		standalone   bool
		sent, stored int
		wrong        func(error) bool
	}{
		{"dropped before", onInsert(mongostub.DropBefore), false, 2, 3, nil},
		{"dropped before, standalone", onInsert(mongostub.DropBefore), true, 1, 0, network},
		{"dropped after: answered from memory", onInsert(mongostub.DropAfter), false, 2, 3, nil},
		{"dropped after, standalone", onInsert(mongostub.DropAfter), true, 1, 3, network},
		{"no primary any more", labelled, false, 2, 3, nil},
		{"no primary any more, not labelled", unlabelled, false, 1, 0, code(10107)},
		{"no primary any more, standalone", labelled, true, 1, 0, code(10107)},
		{"stepped down while waiting for the write concern", stepDown, false, 2, 3, nil},
		{"write concern not met", concern, false, 1, 3, code(64)},
		{"error of the whole command", plain, false, 1, 0, code(13)},
		{"late", late, false, 1, 3, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel() // the driver pauses for half a second after most
			s, db := start(t, mongostub.Options{Standalone: tt.standalone})
			f := s.Inject(tt.fault)
			_, err := db.Collection("c").InsertMany(t.Context(), numbered(3), options.InsertMany().SetOrdered(false))
			if tt.wrong == nil && err != nil || tt.wrong != nil && !tt.wrong(err) {
				t.Errorf("the driver says %v", err)
			}
			sent := s.Commands("insert")
			if len(sent) != tt.sent || s.Len("db", "c") != tt.stored || f.Fired() != 1 {
				t.Errorf("sent %d times, %d stored, fired %d times", len(sent), s.Len("db", "c"), f.Fired())
			}
			if len(sent) == 2 && (sent[0].Txn == 0 || sent[0].Txn != sent[1].Txn) {
				t.Errorf("repeated under another number: %+v", sent)
			}
			insertMany(t, db.Collection("c"), []bson.D{{{Key: "_id", Value: "later"}}}) // it was for once
		})
	}
}

// TestRefusedByIndex: statements that a predicate picks, by any code; a command
// without one does not use the fault up.
func TestRefusedByIndex(t *testing.T) {
	s, db := start(t, mongostub.Options{})
	f := onInsert(mongostub.RefuseDocuments)
	f.Code, f.Message = 121, "no"
	f.Match = func(_ int, doc bson.Raw) bool { return doc.Lookup("seq").Int64()%2 == 1 }
	fault := s.Inject(f)
	insertMany(t, db.Collection("c"), numbered(1))
	if fault.Fired() != 0 {
		t.Error("a command without such a document counts")
	}
	_, err := db.Collection("c").InsertMany(t.Context(), numbered(5)[1:], options.InsertMany().SetOrdered(false))
	var bulk mongo.BulkWriteException
	if !errors.As(err, &bulk) || len(bulk.WriteErrors) != 2 || bulk.WriteErrors[1].Index != 2 || bulk.WriteErrors[1].Code != 121 || bulk.WriteErrors[1].Message != "no" {
		t.Errorf("%v", err)
	}
	if s.Len("db", "c") != 3 || fault.Fired() != 1 {
		t.Error(s.Len("db", "c"), fault.Fired())
	}
}

// TestPartlyDoneIsRepeated: of a command that was refused in part and then cut
// off, the repeat is answered for what was done and tries the rest again.
func TestPartlyDoneIsRepeated(t *testing.T) {
	s, db := start(t, mongostub.Options{})
	refuse := onInsert(mongostub.RefuseDocuments)
	refuse.Code, refuse.Match = 11600, func(i int, _ bson.Raw) bool { return i == 1 }
	s.Inject(refuse)
	s.Inject(onInsert(mongostub.DropAfter))
	if _, err := db.Collection("c").InsertMany(t.Context(), numbered(3), options.InsertMany().SetOrdered(false)); err != nil {
		t.Error(err)
	}
	if s.Len("db", "c") != 3 || s.Count("insert") != 2 {
		t.Error(s.Len("db", "c"), s.Count("insert"))
	}
}

// TestNoAnswer: the client's own deadline ends it, whether the command was
// carried out or not.
func TestNoAnswer(t *testing.T) {
	for _, tt := range []struct {
		name   string
		do     mongostub.Action
		stored int
	}{
		{"not carried out", mongostub.HangBefore, 0},
		{"carried out", mongostub.HangAfter, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, db := start(t, mongostub.Options{Standalone: true})
			if err := db.Client().Ping(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			fault := s.Inject(onInsert(tt.do))
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				if fault.Wait(t.Context(), 1) == nil {
					cancel()
				}
			}()
			if _, err := db.Collection("c").InsertMany(ctx, numbered(3)); err == nil {
				t.Error("there was an answer")
			}
			if n := s.Len("db", "c"); n != tt.stored {
				t.Errorf("%d stored, want %d", n, tt.stored)
			}
		})
	}
}

// TestUntilLifted: a fault without a number goes on, for its commands and its
// collection alone.
func TestUntilLifted(t *testing.T) {
	s, db := start(t, mongostub.Options{})
	fault := s.Inject(mongostub.Fault{Do: mongostub.FailCommand, Code: 8000, Commands: []string{"insert", "find"}, Collection: "c"})
	insertMany(t, db.Collection("other"), numbered(1))
	for range 3 {
		if _, err := db.Collection("c").InsertOne(t.Context(), numbered(1)[0]); err == nil {
			t.Error("it went well")
		}
	}
	if err := db.Collection("c").FindOne(t.Context(), bson.D{}).Err(); err == nil || errors.Is(err, mongo.ErrNoDocuments) {
		t.Error(err)
	}
	if _, err := db.Collection("c").CountDocuments(t.Context(), bson.D{}); err != nil {
		t.Error(err)
	}
	fault.Lift()
	insertMany(t, db.Collection("c"), numbered(1))
	if fault.Fired() != 4 {
		t.Errorf("%d times", fault.Fired())
	}
}

// TestEveryWriteIsRepeatedOnce: what was done is not done again by the repeat,
// and the answer says what the first one would have.
func TestEveryWriteIsRepeatedOnce(t *testing.T) {
	s, db := start(t, mongostub.Options{})
	c := db.Collection("c")
	insertMany(t, c, numbered(3))
	for _, command := range []string{"update", "delete"} {
		s.Inject(mongostub.Fault{Do: mongostub.DropAfter, Commands: []string{command}, Times: 1})
	}
	set := bson.D{{Key: "$set", Value: bson.D{{Key: "x", Value: 1}}}}
	r, err := c.BulkWrite(t.Context(), []mongo.WriteModel{
		mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: "d0"}, {Key: "x", Value: nil}}).SetUpdate(set),
		mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: "new"}}).SetUpdate(set).SetUpsert(true),
	})
	if err != nil || r.MatchedCount != 1 || r.ModifiedCount != 1 || r.UpsertedCount != 1 || r.UpsertedIDs[1] != "new" {
		t.Errorf("%+v, %v", r, err)
	}
	d, err := c.DeleteOne(t.Context(), bson.D{})
	if err != nil || d.DeletedCount != 1 || s.Len("db", "c") != 3 {
		t.Errorf("%+v, %v, %d left", d, err, s.Len("db", "c"))
	}
	if s.Count("update") != 2 || s.Count("delete") != 2 {
		t.Error(s.Count("update"), s.Count("delete"))
	}
}

// TestOldNumbers: a session's numbers never go back.
func TestOldNumbers(t *testing.T) {
	_, db := start(t, mongostub.Options{})
	insert := func(n int64, id string) error {
		return db.RunCommand(t.Context(), bson.D{
			{Key: "insert", Value: "c"}, {Key: "documents", Value: bson.A{bson.D{{Key: "_id", Value: id}}}},
			{Key: "lsid", Value: bson.D{{Key: "id", Value: bson.Binary{Subtype: 4, Data: make([]byte, 16)}}}}, {Key: "txnNumber", Value: n},
		}).Err()
	}
	if err := errors.Join(insert(5, "a"), insert(5, "a"), insert(6, "b")); err != nil {
		t.Error(err)
	}
	var command mongo.CommandError
	if err := insert(5, "a"); !errors.As(err, &command) || command.Code != 225 {
		t.Errorf("%v", err)
	}
}

// TestFailPoint: a process elsewhere orders the same faults over the wire.
func TestFailPoint(t *testing.T) {
	for _, tt := range []struct {
		name   string
		data   bson.D
		stored int
		code   int
	}{
		{"an error", bson.D{{Key: "errorCode", Value: 13}}, 0, 13},
		{"an error that may be repeated", bson.D{{Key: "errorCode", Value: 10107}, {Key: "errorLabels", Value: bson.A{"RetryableWriteError"}}}, 3, 0},
		{"a write concern", bson.D{{Key: "writeConcernError", Value: bson.D{{Key: "code", Value: 64}, {Key: "errmsg", Value: "late"}}}}, 3, 64},
		{"statements", bson.D{{Key: "writeErrors", Value: bson.A{bson.D{{Key: "index", Value: 1}, {Key: "code", Value: 121}}}}}, 2, 121},
		{"closed before", bson.D{{Key: "closeConnection", Value: true}}, 3, 0},
		{"closed after", bson.D{{Key: "closeAfter", Value: true}}, 3, 0},
		{"late", bson.D{{Key: "blockConnection", Value: true}, {Key: "blockTimeMS", Value: 5}}, 3, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, db := start(t, mongostub.Options{})
			order := func(mode any) {
				t.Helper()
				err := db.Client().Database("admin").RunCommand(t.Context(), bson.D{
					{Key: "configureFailPoint", Value: "failCommand"}, {Key: "mode", Value: mode},
					{Key: "data", Value: append(bson.D{{Key: "failCommands", Value: bson.A{"insert"}}, {Key: "namespace", Value: "db.c"}}, tt.data...)},
				}).Err()
				if err != nil {
					t.Fatal(err)
				}
			}
			order(bson.D{{Key: "times", Value: 1}})
			_, err := db.Collection("c").InsertMany(t.Context(), numbered(3), options.InsertMany().SetOrdered(false))
			var e mongo.ServerError
			if (err != nil) != (tt.code != 0) || err != nil && !(errors.As(err, &e) && e.HasErrorCode(tt.code)) {
				t.Errorf("%v", err)
			}
			if n := s.Len("db", "c"); n != tt.stored {
				t.Errorf("%d stored, want %d", n, tt.stored)
			}
			order("alwaysOn")
			order("off")
			insertMany(t, db.Collection("c"), []bson.D{{{Key: "_id", Value: "later"}}})
		})
	}
	_, db := start(t, mongostub.Options{})
	for _, wrong := range []bson.D{
		{{Key: "configureFailPoint", Value: "other"}, {Key: "mode", Value: "alwaysOn"}},
		{{Key: "configureFailPoint", Value: "failCommand"}, {Key: "mode", Value: "alwaysOn"}, {Key: "data", Value: bson.D{}}},
	} {
		if err := db.RunCommand(t.Context(), wrong).Err(); err == nil {
			t.Errorf("%v was taken", wrong)
		}
	}
}

// TestCloseEndsWhatWaits: neither a slow nor a silent command holds the stub up.
func TestCloseEndsWhatWaits(t *testing.T) {
	s, err := mongostub.Start(mongostub.Options{Standalone: true})
	if err != nil {
		t.Fatal(err)
	}
	client, err := mongo.Connect(options.Client().ApplyURI(s.URI()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Disconnect(context.Background()) }()
	var faults []*mongostub.Injected
	for _, f := range []mongostub.Fault{
		{Do: mongostub.Delay, For: time.Hour, Commands: []string{"insert"}},
		{Do: mongostub.HangBefore, Commands: []string{"delete"}},
	} {
		faults = append(faults, s.Inject(f))
	}
	ended := make(chan error, 2)
	go func() {
		_, err := client.Database("db").Collection("c").InsertMany(t.Context(), numbered(1))
		ended <- err
	}()
	go func() {
		_, err := client.Database("db").Collection("c").DeleteOne(t.Context(), bson.D{})
		ended <- err
	}()
	for _, f := range faults {
		if err := f.Wait(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if got := []bool{<-ended != nil, <-ended != nil}; !slices.Equal(got, []bool{true, true}) {
		t.Error(cmp.Diff([]bool{true, true}, got))
	}
}

package main

import (
	"context"
	"fmt"
	"regexp"

	"github.com/rogpeppe/go-internal/testscript"
	"go.mongodb.org/mongo-driver/v2/bson"
)

// document COLLECTION MEMBER VALUE REGEXP: waits until a document has the text
// as that member, and as JSON matches.
func cmdDocument(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: document COLLECTION MEMBER VALUE REGEXP")
	}
	match := regexp.MustCompile(args[3])
	db, closeDB, err := database(ts.Getenv("BRAIN_MONGO_URI"))
	if err != nil {
		ts.Fatalf("%v", err)
	}
	defer closeDB()
	eventually(ts, fmt.Sprintf("a document of %s with %s %s", args[0], args[1], args[2]), func() error {
		raw, err := db.Collection(args[0]).FindOne(context.Background(), bson.D{{Key: args[1], Value: args[2]}}).Raw()
		if err != nil {
			return err
		}
		text, err := bson.MarshalExtJSON(raw, false, false)
		if err != nil {
			return err
		}
		if !match.Match(text) {
			return fmt.Errorf("it is %s", text)
		}
		return nil
	})
}

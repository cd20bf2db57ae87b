package collections

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"promethean/sinks/internal/storetest"
	"promethean/sinks/store"
)

// seeded is an embedded store of its own, prepared as the program does it and
// holding the samples, as any MongoDB driver sees it.
func seeded(t *testing.T) (*store.Store, *mongo.Database) {
	t.Helper()
	s, db := storetest.Open(t, Collections(every)...)
	seeds, err := samples()
	if err != nil {
		t.Fatal(err)
	}
	batches := map[string][]bson.Raw{eventsName: seeds.events, channelName: seeds.channel, aiName: seeds.ai, titlesName: {seeds.title}}
	for name, line := range seeds.lines {
		batches[name] = append([]bson.Raw{line}, seeds.tombstones[name]...)
	}
	for name, docs := range batches {
		outcomes, err := s.Insert(t.Context(), name, docs)
		if err != nil {
			t.Fatal(err)
		}
		for i, o := range outcomes {
			if o.Verdict != store.Stored {
				t.Fatalf("sample %d of %s: %+v", i, name, o)
			}
		}
	}
	return s, db
}

// run runs a query as it is described, with the driver.
func run(ctx context.Context, c *mongo.Collection, q Query) ([]bson.Raw, error) {
	var cursor *mongo.Cursor
	var err error
	if q.Pipeline != nil {
		cursor, err = c.Aggregate(ctx, q.Pipeline)
	} else {
		o := options.Find().SetLimit(q.Limit)
		if q.Projection != nil {
			o.SetProjection(q.Projection)
		}
		if q.Sort != nil {
			o.SetSort(q.Sort)
		}
		filter := q.Filter
		if filter == nil {
			filter = bson.D{}
		}
		cursor, err = c.Find(ctx, filter, o)
	}
	if err != nil {
		return nil, err
	}
	var docs []bson.Raw
	return docs, cursor.All(ctx, &docs)
}

// TestEveryQueryFindsItsSample: each query that an agent is given runs on the
// embedded store as it stands, and finds what it speaks of.
func TestEveryQueryFindsItsSample(t *testing.T) {
	_, db := seeded(t)
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	// The samples: in events four lines of chat, a gap, seven events of the
	// channel and a deletion, of which all but three lines are of the hour that
	// is asked for; the seven in channel_events; one line elsewhere, and in
	// Twitch's the deletion; six of the AI of another channel in ai_events.
	found := map[string][]int{
		eventsName:  {10, 2, 9, 1, 12},
		channelName: {3, 7, 1, 1, 1, 1},
		aiName:      {3, 1, 1, 1, 1, 1},
		titlesName:  {1, 1, 1, 1, 1, 1},
	}
	for _, c := range chatTable() {
		found[c.name] = []int{1, 1, 1, 1, 1, 0}
	}
	found["twitch_chat_messages"][5] = 1
	for _, d := range all {
		if len(d.Queries) != len(found[d.Name]) {
			t.Fatalf("%s has %d queries, %d are expected", d.Name, len(d.Queries), len(found[d.Name]))
		}
		for i, q := range d.Queries {
			t.Run(d.Name+"/"+q.Meaning, func(t *testing.T) {
				docs, err := run(t.Context(), db.Collection(d.Name), q)
				if err != nil {
					t.Fatal(err)
				}
				if want := found[d.Name][i]; len(docs) != want {
					t.Fatalf("%d documents, want %d: %v", len(docs), want, docs)
				}
				if isChat(d.Name) && i < 4 && !docs[0].Lookup("_id").Equal(d.Sample.Lookup("_id")) {
					t.Errorf("found %v", docs[0])
				}
			})
		}
	}
}

func isChat(name string) bool {
	return name != eventsName && name != channelName && name != aiName && name != titlesName
}

// TestAGiftBombHasItsGifts: the first query of channel_events shows the bomb,
// which counts, before its gifts, which do not; counted once they are two.
func TestAGiftBombHasItsGifts(t *testing.T) {
	_, db := seeded(t)
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	d := all[len(all)-3]
	docs, err := run(t.Context(), db.Collection(d.Name), d.Queries[0])
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, doc := range docs {
		kinds = append(kinds, text(doc, "eventType"))
	}
	if diff := cmp.Diff([]string{"GIFT_BOMB", "GIFT_SUBSCRIPTION", "GIFT_SUBSCRIPTION"}, kinds); diff != "" {
		t.Error(diff)
	}
	// The same gift as ai_licia reports it is not counted again.
	again, err := bson.Marshal(bson.D{
		{Key: "_id", Value: "again"}, {Key: "channel", Value: text(docs[0], "channel")}, {Key: "gifter", Value: text(docs[0], "gifter")}, {Key: "count", Value: int32(2)},
		{Key: "timestamp", Value: docs[0].Lookup("timestamp")}, {Key: "isTest", Value: false}, {Key: "seenBy", Value: []string{"ailicia"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Collection(d.Name).InsertOne(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	docs, err = run(t.Context(), db.Collection(d.Name), d.Queries[5])
	if err != nil {
		t.Fatal(err)
	}
	if n, ok := docs[0].Lookup("gifts").AsInt64OK(); !ok || n != 2 {
		t.Errorf("counted %v", docs)
	}
}

// TestSamplesComeBackAsTheyAre: the store keeps documents byte for byte.
func TestSamplesComeBackAsTheyAre(t *testing.T) {
	_, db := seeded(t)
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		got, err := db.Collection(d.Name).FindOne(t.Context(), bson.D{{Key: "_id", Value: text(d.Sample, "_id")}}).Raw()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(d.Sample.String(), got.String()); diff != "" {
			t.Errorf("%s: %s", d.Name, diff)
		}
	}
}

// TestNotesAreStored: twice, as two starts do it, and readable by an agent that
// knows nothing but the collection's name.
func TestNotesAreStored(t *testing.T) {
	s, db := storetest.Open(t, Collections(every)...)
	notes, err := Notes(every)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Replace(t.Context(), NotesName, notes); err != nil {
			t.Fatal(err)
		}
	}
	docs, err := run(t.Context(), db.Collection(NotesName), Query{Sort: bson.D{{Key: "_id", Value: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	if len(docs) != len(notes) {
		t.Fatalf("%d notes, want %d", len(docs), len(notes))
	}
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		note, found, err := s.Find(t.Context(), NotesName, d.Name)
		if err != nil || !found {
			t.Fatal(d.Name, found, err)
		}
		if !bson.RawValue(note.Lookup("sample")).Equal(bson.RawValue{Type: bson.TypeEmbeddedDocument, Value: d.Sample}) {
			t.Errorf("%s: another sample", d.Name)
		}
		fields, err := note.Lookup("fields").Array().Values()
		if err != nil || len(fields) != len(d.Fields) || text(note, "queries", "4", "mongosh") == "" || text(note, "purpose") == "" {
			t.Errorf("%s: %d fields, note %v, %v", d.Name, len(fields), note, err)
		}
	}
}

// TestCollectionsAreThere: with the indexes of the descriptions, after a second
// start too.
func TestCollectionsAreThere(t *testing.T) {
	s, db := storetest.Open(t, Collections(every)...)
	if err := s.Prepare(t.Context(), Collections(every)); err != nil {
		t.Fatal(err)
	}
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		specs, err := db.Collection(d.Name).Indexes().ListSpecifications(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(specs) != 1+len(d.Indexes) {
			t.Errorf("%s has %d indexes, want _id and %v", d.Name, len(specs), d.Indexes)
		}
	}
	if _, err := db.Collection(NotesName).Indexes().ListSpecifications(t.Context()); err != nil {
		t.Error(err)
	}
}

// every wants each collection.
func every(string) bool { return true }

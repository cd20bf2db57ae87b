package collections

import (
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// NotesName is the collection that holds [Notes], for agents that have nothing
// but MongoDB.
const NotesName = "schema_notes"

// Notes are one document for each collection that wanted names: _id is its name,
// then purpose, fields, indexes, sample (a real document) and queries.
func Notes(wanted func(name string) bool) ([]bson.D, error) {
	all, err := All()
	if err != nil {
		return nil, err
	}
	notes := make([]bson.D, 0, len(all))
	for _, d := range all {
		if !wanted(d.Name) {
			continue
		}
		fields, queries := bson.A{}, bson.A{}
		for _, f := range d.Fields {
			fields = append(fields, bson.D{
				{Key: "path", Value: f.Path}, {Key: "type", Value: string(f.Type)},
				{Key: "optional", Value: f.Optional}, {Key: "meaning", Value: f.About},
			})
		}
		for _, q := range d.Queries {
			text, err := q.Mongosh(d.Name)
			if err != nil {
				return nil, err
			}
			queries = append(queries, bson.D{{Key: "meaning", Value: q.Meaning}, {Key: "mongosh", Value: text}})
		}
		notes = append(notes, bson.D{
			{Key: "_id", Value: d.Name}, {Key: "purpose", Value: d.Purpose}, {Key: "fields", Value: fields},
			{Key: "indexes", Value: indexTexts(d)}, {Key: "sample", Value: d.Sample}, {Key: "queries", Value: queries},
		})
	}
	return notes, nil
}

// indexTexts are the indexes, each as its fields with commas between.
func indexTexts(d Description) []string {
	texts := make([]string, 0, len(d.Indexes))
	for _, index := range d.Indexes {
		texts = append(texts, strings.Join(index, ", "))
	}
	return texts
}

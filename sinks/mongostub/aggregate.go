package mongostub

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// aggregate does what counting and listing in order need: $match, $sort, $skip,
// $limit, and the $group by which drivers count.
func aggregate(c *call) (bson.D, error) {
	stages, err := c.array("pipeline")
	if err != nil {
		return nil, err
	}
	var q query
	if len(stages) > 0 {
		if e, ok := first(stages[0]); ok && e.Key() == "$match" {
			q.filter, stages = e.Value(), stages[1:]
		}
	}
	docs, err := c.all(q)
	for _, stage := range stages {
		if err != nil {
			return nil, err
		}
		docs, err = aggregateStage(docs, stage)
	}
	if err != nil {
		return nil, err
	}
	return c.page(c.namespace(), docs)
}

func aggregateStage(docs []bsoncore.Document, stage bsoncore.Document) ([]bsoncore.Document, error) {
	e, ok := first(stage)
	if !ok {
		return nil, refuse(40323, "Location40323", "A pipeline stage specification object must contain exactly one field.")
	}
	n, _ := number(e.Value())
	few := int(max(0, min(n, float64(len(docs)))))
	switch e.Key() {
	case "$match":
		var failed error
		docs = slices.DeleteFunc(docs, func(d bsoncore.Document) bool {
			met, err := matches(d, e.Value())
			if err != nil {
				failed = err
			}
			return !met
		})
		return docs, failed
	case "$sort":
		return docs, sort(docs, e.Value())
	case "$skip":
		return docs[few:], nil
	case "$limit":
		return docs[:few], nil
	case "$group":
		return group(docs, e.Value())
	}
	return nil, refuse(40324, "Location40324", "Unrecognized pipeline stage name: '%s'", e.Key())
}

// group counts: {_id: <constant>, n: {$sum: 1}} alone.
func group(docs []bsoncore.Document, by bsoncore.Value) ([]bsoncore.Document, error) {
	want, err := bson.Marshal(bson.D{{Key: "_id", Value: int32(1)}, {Key: "n", Value: bson.D{{Key: "$sum", Value: int32(1)}}}})
	if err != nil {
		return nil, err
	}
	if !slices.Equal(by.Data, want) {
		return nil, refuse(2, "BadValue", "the stub knows no $group but that which counts documents")
	}
	if len(docs) == 0 {
		return nil, nil
	}
	one, err := bson.Marshal(bson.D{{Key: "_id", Value: int32(1)}, {Key: "n", Value: int32(len(docs))}})
	return []bsoncore.Document{one}, err
}

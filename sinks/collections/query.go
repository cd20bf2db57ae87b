package collections

import (
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Query is one useful question to a collection: an aggregation where Pipeline
// is set, else a find. Queries use what the embedded store can do too (no
// $lookup, $avg, $push and the like).
type Query struct {
	Meaning    string
	Filter     bson.D
	Projection bson.D
	Sort       bson.D
	Limit      int64
	Pipeline   []bson.D
}

// Mongosh is the query as it is typed into mongosh.
func (q Query) Mongosh(collection string) (string, error) {
	var b strings.Builder
	b.WriteString("db." + collection)
	if q.Pipeline != nil {
		text, err := shell(q.Pipeline)
		if err != nil {
			return "", err
		}
		return b.String() + ".aggregate(" + text + ")", nil
	}
	filter := q.Filter
	if filter == nil {
		filter = bson.D{}
	}
	text, err := shell(filter)
	if err != nil {
		return "", err
	}
	b.WriteString(".find(" + text)
	if q.Projection != nil {
		if text, err = shell(q.Projection); err != nil {
			return "", err
		}
		b.WriteString(", " + text)
	}
	b.WriteString(")")
	if q.Sort != nil {
		if text, err = shell(q.Sort); err != nil {
			return "", err
		}
		b.WriteString(".sort(" + text + ")")
	}
	if q.Limit > 0 {
		fmt.Fprintf(&b, ".limit(%d)", q.Limit)
	}
	return b.String(), nil
}

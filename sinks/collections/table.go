package collections

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/sinks/store"
)

// Type is a field's BSON type, as people say it. The constants are all of them.
type Type string

const (
	String Type = "string"
	Date   Type = "date"
	Long   Type = "long"
	// Number is an int or a long, whichever is enough.
	Number  Type = "int or long"
	Bool    Type = "bool"
	Binary  Type = "binary"
	Object  Type = "object"
	Strings Type = "array of string"
	Objects Type = "array of object"
	// NullOrObject is null until something happens.
	NullOrObject Type = "null or object"
)

// Field is one field of a collection's documents.
type Field struct {
	// Path is dotted.
	Path string
	Type Type
	// About says what it means, in a phrase.
	About string
	// Optional fields are left out where there is nothing to say.
	Optional bool
	// Open objects hold what the source sent: their fields aren't listed.
	Open bool
}

// Description is everything that is to be known of one collection.
type Description struct {
	Name    string
	Purpose string
	// Fields are in the order of the document.
	Fields  []Field
	Indexes []store.Index
	// Sample is a real document.
	Sample bson.Raw
	// Others are further real documents that look different; docs show them.
	Others  []bson.Raw
	Queries []Query
}

// All describes every collection that agents read, in reading order. The error
// is one of the program's own samples, which its tests would find first.
func All() ([]Description, error) {
	seeds, err := samples()
	if err != nil {
		return nil, err
	}
	all := []Description{events(seeds.events)}
	for _, c := range chatTable() {
		all = append(all, c.describe(seeds.lines[c.name], seeds.tombstones[c.name]...))
	}
	return append(all, channelEvents(seeds.channel), aiEvents(seeds.ai), streamTitles(seeds.title)), nil
}

// Collections are the collections, with their indexes, that must be there
// before anything is stored: those that wanted names, and that of the notes.
func Collections(wanted func(name string) bool) []store.Collection {
	list := []store.Collection{{Name: eventsName, Indexes: eventsIndexes()}}
	for _, c := range chatTable() {
		list = append(list, store.Collection{Name: c.name, Indexes: chatIndexes()})
	}
	list = append(list, store.Collection{Name: channelName, Indexes: channelIndexes()}, store.Collection{Name: aiName, Indexes: aiIndexes()}, store.Collection{Name: titlesName, Indexes: titlesIndexes()})
	list = slices.DeleteFunc(list, func(c store.Collection) bool { return !wanted(c.Name) })
	return append(list, store.Collection{Name: NotesName})
}

// optional marks fields that may be left out.
func optional(fields ...Field) []Field {
	marked := slices.Clone(fields)
	for i := range marked {
		marked[i].Optional = true
	}
	return marked
}

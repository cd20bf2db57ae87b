// Package document turns JSON into BSON in one pass, exactly and without reflection.
//
// [Append] reads one JSON object and appends the BSON document that says the
// same: the same fields in the same order, the same text, the same numbers.
// Where BSON, MongoDB or the embedded store can't say the same it says so
// instead of coming near: a number that no int32, int64 or double holds is
// kept as the text it came as and its path is handed back; an object that some
// store would refuse, or would change, is a [NotDocumentError], and the caller
// stores the text as a string.
//
// The rules don't ask which store is connected, so a log replayed into another
// store gives the same documents.
//
// Read append.go (objects, arrays, values), then text.go, number.go (and
// decimal.go), key.go and errors.go (what cannot be said); field.go and source.go
// have what the documents of sinks are made of.
package document

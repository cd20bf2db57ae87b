// Package collections says what each collection holds, for people, for
// programs and for language models: one table in code, from which come the
// collections and indexes that are made at start ([Collections]), docs/
// collections.md ([Markdown]), what `brain schema` prints ([Prompt], [JSON]) and
// the collection schema_notes ([Notes]).
//
// Samples aren't written by hand: they are what the sinks' Document functions
// make of the envelopes in samples/. The tests hold the lists of fields against
// real documents, and run every query.
//
// Read table.go (the types), events.go, chat.go, channel.go, ai.go and title.go (the
// table), query.go and samples.go, then the forms: forms.go, shell.go, notes.go.
package collections

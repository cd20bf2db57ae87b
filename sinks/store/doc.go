// Package store writes documents to MongoDB, or to what speaks its protocol,
// and says of each one alone what became of it.
//
// Its rules: write concern majority and journal, whatever the URI says; facts
// are inserted, never upserted; the outcome of a batch is judged index by
// index; what isn't known to be stored is an error for the whole call, and the
// caller writes the same batch again.
//
// Read store.go (connecting), insert.go (batches), update.go (changes by _id),
// judge.go (what an answer means), once.go (exactly once), prepare.go
// (collections and indexes).
package store

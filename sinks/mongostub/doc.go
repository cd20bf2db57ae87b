// Package mongostub is a MongoDB in memory that the real driver connects to
// over TCP: for the benchmark, where it must cost far less than its clients, and
// for tests of what the sinks make of a server's errors. Only they import it.
//
// Its rules: it speaks MongoDB's wire protocol as a primary of one, or as a
// standalone; what it cannot do it refuses with the server's own error, never
// with a made-up answer; nothing is written to disk; no input makes it panic,
// nor takes more memory than what was sent.
//
// A tour: server.go (start and stop), conn.go (one connection), wire.go
// (messages), call.go and commands.go (the table of commands), hello.go,
// insert.go, update.go, find.go, catalogue.go (what the commands do),
// collection.go and arena.go (where documents are), match.go, compare.go and
// project.go (filters), retry.go (retryable writes), fault.go and failpoint.go
// (faults to order), log.go (what was asked).
package mongostub

// Package simulator is the server side of Streamer.bot's WebSocket protocol, with an invented evening
// of chat behind it, for tests and for `brain up --simulate`.
//
// It speaks what reference/streamerbot.md sections 1 to 3 describe: Hello, Authenticate, GetInfo,
// GetEvents, Subscribe, UnSubscribe and GetBroadcaster, for any number of clients at once, each with
// its own subscriptions. What the protocol leaves open is an option, so that a client can be tried
// against each kind of server.
//
// In reading order: options.go, server.go (life of the listener), session.go (life of a connection),
// answer.go (requests), auth.go, catalogue.go and subscriptions.go (who gets what), inject.go
// (frames on their way out), tally.go (what happened, and waiting for it), fault.go (what goes wrong
// on purpose). Package evening invents the chat.
package simulator

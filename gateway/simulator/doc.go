// Package simulator is the server side of Streamer.bot's WebSocket protocol, with an invented evening
// behind it, for tests and for `brain up --simulate`.
//
// It speaks what reference/streamerbot.md (see docs/glossary.md) sections 1 to 3 describe: Hello, authentication and every
// request, for any number of clients at once, each with its own subscriptions. What the protocol leaves
// open is an option, so that a client can be tried against each kind of server. docs/simulator.md says
// what is faithful and what is invented; the folder officialclient lets Streamer.bot's own client judge it.
//
// In reading order: options.go, server.go (life of the listener), session.go (life of a connection),
// answer.go and requests.go (framing, and who answers what), info.go, auth.go, catalogue.go, subscribe.go
// and subscriptions.go (who gets what), inject.go, emit.go and repeat.go (frames on their way out),
// tally.go (what happened, and waiting for it).
//
// Then what stands behind the requests: actions.go, queue.go, defaults.go, actionsfile.go and title.go
// (actions and their runs), say.go and chatline.go (chat), globals.go (variables), seen.go (viewers and
// credits), lists.go (the rest). And what goes wrong on purpose: fault.go (connections and frames),
// misanswer.go (answers), order.go, orders.go and control.go (the same as text). Package evening invents
// what happens.
package simulator

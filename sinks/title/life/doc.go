// Package life is the thinking of the title worker: what the log says of titles
// so far, and what is due now. It is pure: times and events are arguments, and
// nothing is done here.
//
// A tour:
//
//   - event.go: what of an event of the log counts here;
//   - state.go, fold.go: the state is a fold of the log, [State.Add];
//   - session.go: when a stream begins and ends, and what asks for titles by itself;
//   - ask.go, chat.go, custom.go: what people ask for in chat and by Streamer.bot;
//   - title.go: the worker's own events, which are what it remembers;
//   - outcome.go, standing.go, taint.go: what became of a title that was sent;
//   - due.go, dueend.go: what is to be done, [State.Due]; decide.go: what a command leads to;
//   - ids.go: ids by which nothing is done twice.
//
// State follows from the log alone, so that whoever folds the same log knows the
// same. What is due follows from state and time, so that a worker that was killed
// goes on where it was; what is older than [Config.Fresh] is not due any more.
//
// Two things are never due again: a title.sent, whose id is made of its
// suggestion and attempt, and with it the command, whose id is made of the
// title.sent. So there is at most one action a candidate and two a suggestion.
package life

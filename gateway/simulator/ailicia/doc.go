// Package ailicia is the server side of ai_licia's event stream, with an invented evening behind it, for
// tests and for `brain up --simulate`.
//
// It speaks what reference/ailicia.md (see docs/glossary.md) sections 1 to 4 describe: one address, a
// key in a header, two filters, and events of all 13 types in the documented shapes. Optional fields are
// there or not, nullable ones are null or not, some envelopes have no version, and now and then there is a
// type that nobody documented. What goes wrong on purpose is an order (order.go).
//
// Rules: what is told is a retelling. Tell takes the frames of the simulated Streamer.bot, so that both
// tell one evening: most chat lines, follows, subscriptions, cheers and raids are told again, some under
// the platform's message id and some under another, as a second witness would. What only ai_licia knows (its
// answers, thoughts, speech, verdicts, captions) is added. With the same seed, start, frames and times the
// events are the same, byte for byte.
//
// In reading order: options.go, frame.go (what a Streamer.bot frame says), wire.go (envelope and payloads),
// teller.go (retelling), persona.go (what the AI does), beats.go (what comes by itself), server.go (life of
// the listener), request.go (who may listen to what), session.go (life of a connection), fault.go, order.go,
// orders.go and control.go (what goes wrong on purpose), tally.go (what happened, and waiting for it).
package ailicia

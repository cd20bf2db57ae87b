// Package schema holds the words every other module speaks: the envelope and
// its parts, the catalogue of types, event ids, subjects, and the check that
// decides whether bytes from outside are JSON we keep.
//
// A tour, in the order data flows:
//
//   - draft.go: what a source says it saw ([Draft]), or could not read ([Refusal]);
//   - id.go: the id of a fact, made of the fact alone ([NativeID], [FrameID], [OwnID]);
//   - json.go: which bytes are JSON we keep ([CheckJSON]); limits.go: how large
//     anything may be;
//   - seal.go: a draft becomes a [Message], an envelope's bytes under a subject;
//   - subject.go: where on the bus it goes ([EventSubject]);
//   - envelope.go, meta.go: what a reader gets back ([Parse]);
//   - recorded.go: an event as the log hands it to a sink ([Recorded]);
//   - deadletter.go: what could not be read, sealed or stored ([DeadLetter]);
//   - command.go: what is to be done outside, and how it ended ([ParseCommand]);
//   - types.go: the catalogue; chat.go, moderation.go, channel.go, ai.go, obs.go,
//     source.go, person.go: payloads; jsonschema.go and types/: their JSON Schema
//     files ([JSONSchema]) and samples ([Sample]).
//
// The package imports the standard library only, does no I/O and reads no
// clock: times, ids and ordinals are arguments.
package schema

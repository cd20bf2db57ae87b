// Package gateway puts outside facts on the log, and carries commands out.
//
// A tour, in the order data flows:
//
//   - source.go: what a source is ([Source]), and one that also carries commands
//     out ([Commander]);
//   - package source/streamerbot: connects to Streamer.bot, reads frames and
//     normalises them to drafts;
//   - package source/ailicia: reads ai_licia's event stream, likewise;
//   - gateway.go: the program as a value: sources → acceptor → outbox →
//     publisher → NATS ([Open], [Gateway.Run]);
//   - streams.go: the streams are there, or made, before anything is published;
//   - sight.go, lastseen.go, resume.go: when the sources could last see, and where
//     they would go on, kept across restarts, so that the time in between becomes
//     a gap event;
//   - control.go: commands the other way: the control stream → journal →
//     commander, and how each ended; control_take.go, control_queue.go,
//     control_outcome.go, control_ask.go, journal.go, journal_file.go: its stations;
//   - streams.go: the streams that all of it needs;
//   - health.go: whether an event could be accepted now, and the figures;
//   - package simulator: a Streamer.bot server to try it all with.
//
// Sources never see NATS: they are given an emit.
package gateway

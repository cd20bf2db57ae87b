// Package gateway puts outside facts on the log.
//
// A tour, in the order data flows:
//
//   - source.go: what a source is ([Source]);
//   - package source/streamerbot: connects to Streamer.bot, reads frames and
//     normalises them to drafts;
//   - gateway.go: the program as a value: sources → acceptor → outbox →
//     publisher → NATS ([Open], [Gateway.Run]);
//   - lastseen.go: when the sources could last see, kept across restarts, so
//     that the time in between becomes a gap event;
//   - health.go: whether an event could be accepted now, and the figures;
//   - package simulator: a Streamer.bot server to try it all with.
//
// Sources never see NATS: they are given an emit.
package gateway

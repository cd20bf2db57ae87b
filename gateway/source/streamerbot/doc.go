// Package streamerbot is a source: it connects to a Streamer.bot WebSocket
// server, reads its frames and says as drafts what they tell.
//
// A tour, in the order data flows:
//
//   - config.go, source.go: the settings; connect, watch, try again for ever;
//   - dial.go, hello.go, authenticate.go: a connection that is known to be Streamer.bot's;
//   - requests.go: questions and their answers, with events in between;
//   - broadcaster.go, events.go, subscribe.go: whose channels these are, what to listen to;
//   - session.go, frame.go, early.go, ping.go: one connection: its reader, its bound on memory, what
//     waits for the handshake's end, its proof of life;
//   - outer.go, common.go, tolerant.go: the members of a frame, whatever their types;
//   - normalise.go, table.go, fact.go: which frame becomes what, and a draft of it;
//   - chat….go, moderation.go, chatcommand.go: what is said and taken back;
//   - community.go, subscription.go, membership.go, redemption.go, hypetrain.go, donation.go: channel.event;
//   - live.go, output.go: broadcasts, titles, scenes; passthrough.go: everything else;
//   - person.go, money.go: spellings of people and amounts;
//   - command.go, actions.go, runs.go, completion.go: what is done at Streamer.bot, and how
//     it ended;
//   - native.go, ordinals.go, names.go: ids, repeats, spellings of types; package ignore: relays;
//   - blindness.go, sight.go, outlet.go, status.go: when nothing could be seen, and who is told.
//
// Rules: everything from normalise.go down to names.go reaches neither network
// nor clock. Bytes of a frame are never re-encoded. A frame that cannot be read
// becomes a refusal and the connection goes on. Streamer.bot can send nothing
// again, so every stretch without sight becomes a source.gap.
package streamerbot

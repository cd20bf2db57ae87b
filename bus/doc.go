// Package bus is the log: how events get onto NATS JetStream, in order and
// never lost, and how workers take them off again.
//
// A tour, in the order data flows:
//
//   - accept.go: a source's drafts are sealed and put into the outbox; from
//     its group commit on they are accepted ([Acceptor]);
//   - package outbox: the crash-safe queue on disk;
//   - entry.go: a message as the outbox's bytes;
//   - publish.go: the outbox is published in order, as atomic batches
//     (batch.go), until the server has acknowledged every one ([Publisher]);
//   - connect.go, streams.go: the connection and the streams;
//   - consume.go: a worker's durable consumer, in order across crashes ([Worker]);
//     gather.go: its batches, in bounded memory; progress.go: how far it is;
//     catchup.go: waiting until everything is settled;
//   - seat.go, standby.go: of several workers of a name one is active and the
//     others stand by ([Role]);
//   - settle.go: what a batch's outcome means for its messages, as a pure function;
//   - commands.go, answer.go: the other way: commands one by one, and questions
//     ([Commands], [Bus.Answer]); status.go: how every running program is
//     ([AskStatus]);
//   - tell.go: one message at a time, awaited, for workers that say something
//     themselves ([Bus.Tell]); history.go: what the log holds ([Bus.History]);
//   - sink.go: what a worker calls ([Sink], [BatchError]);
//   - canary.go: whether an event could be taken now.
//
// No code here deletes, recreates or purges a stream.
package bus

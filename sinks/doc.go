// Package sinks takes events off the log and stores them in the shape agents
// read.
//
// A tour, in the order data flows:
//
//   - sinks.go: the program as a value ([Open], [Sinks.Run]): the store, the
//     collections, one worker a sink;
//   - prepare.go, identity.go: collections and indexes, and that database and
//     log belong together;
//   - table.go: the list of sinks; adding one is a package and a line there;
//   - package ledger: every event, with its exact bytes, in `events`;
//   - package chat: chat lines in `<platform>_chat_messages`, and what
//     moderators removed of them;
//   - package channel: what happens on a channel beside chatting, in channel_events;
//   - package ai: what ai_licia's AI thought, wrote and said, in ai_events;
//   - package titles: the life of each request for titles, in stream_titles;
//   - package title/gate: what may become the stream's title, and title/template:
//     titles without a model;
//   - package document: JSON to BSON, exact;
//   - package store: inserts whose outcome is judged one by one;
//   - package collections: what each collection holds, for people and prompts;
//   - health.go, waiting.go: whether an event could be stored now, the figures.
//
// A sink thinks apart from writing: its Document function is pure.
package sinks

// Package title is the worker that proposes stream titles and has Streamer.bot
// set them: an independent program that reads the log, says what it does on the
// log, and reaches the outside only by a command to the gateway.
//
// A tour:
//
//   - title.go: the program as a value ([Open], [Worker.Run]), health and figures;
//   - history.go: at the start the log is read without anything being done;
//   - write.go: the events that come from then on;
//   - advance.go: what is due is done, one after the other;
//   - request.go, suggest.go, send.go: the three things that take their time;
//   - commands.go: what the operator commands;
//   - publish.go: the worker's own events;
//   - package life: what is due, as a pure function of the log and time;
//   - packages facts, gate, template, prompt and model: from a context to titles.
//
// An event is settled when it has been folded. Nothing that is to be done
// depends on its coming again: what is due follows from the whole log.
package title

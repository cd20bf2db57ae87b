// Package eventstream reads server-sent events for as long as it is let: it
// hands on complete events only, reconnects for ever, and comes back when the
// server will not have it.
//
// github.com/r3labs/sse/v2 connects, retries and dispatches. What it gets wrong
// is decided around it (docs/adr/0021-reading-ailicia.md):
//
//	Read ─► library ─► http.Client{transport, sameHost}
//	          │ validate, backOff         │
//	          └─ handler ◄── frames ◄── body ◄── the response's own body
//
// A tour, in the order data flows:
//
//   - options.go, read.go: what may be set; one library client and its outer loop;
//   - transport.go: each request: the acknowledged id, the wait for its header;
//   - redirect.go, validate.go, errors.go: what answers are followed, read,
//     tried again or final;
//   - body.go: a response's bytes, watched for silence, in whole frames;
//   - parser.go, block.go, utf8.go: bytes to events, after HTML Standard 9.2.6;
//   - frame.go: an event as the library reads it without harm;
//   - backoff.go: how long to wait.
//
// Rules: the parser reaches neither network nor clock. What a connection had
// not ended with a blank line is never an event. No API of the library is used
// but SubscribeRawWithContext: its channels leak, its callbacks race.
package eventstream

// Package ailicia is a source: it reads ai_licia's public event stream and says
// as drafts what it tells.
//
// A tour, in the order data flows:
//
//   - config.go, source.go: the settings; read, and look again when refused;
//   - package eventstream: one connection after the other, framed to the letter;
//   - event.go, session.go: what came on one connection, counted and kept in order;
//   - normalise.go, envelope.go, types.go: which event becomes what;
//   - redact.go, secret.go, decode.go: secrets that an event must not keep;
//   - outlet.go, horizon.go: handing drafts on; up to when everything is safely kept;
//   - gap.go: connected, disconnected, and what could not be seen between;
//   - trouble.go, status.go: what a person should do; what health and metrics say.
//
// Rules: the API key goes into one header and nowhere else. The service can
// send nothing again, so every stretch without sight becomes a source.gap. The
// Last-Event-ID sent is of an event that is on disk here.
package ailicia

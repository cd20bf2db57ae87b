package simulator

import (
	"bytes"
	"encoding/json"
	"maps"
)

// request is any request: what all have in common, and its text, of which each reads its own fields.
type request struct {
	Name string
	ID   json.RawMessage // echoed as it came

	body  []byte
	fault Fault
}

// fields is what an answer says beyond id and status.
type fields map[string]any

// Texts of error answers. "Action not found" and "Authentication required …" are reported of real
// servers; the others are invented.
const (
	errInvalid = "Invalid request"
	errUnknown = "Unknown request"
)

// readRequest reads what can be read: of a request whose fields are of the wrong type still the id.
func readRequest(body []byte) request {
	r := request{body: body}
	var head struct {
		Request json.RawMessage `json:"request"`
		ID      json.RawMessage `json:"id"`
	}
	if json.Unmarshal(body, &head) != nil {
		return r
	}
	r.ID = head.ID
	_ = json.Unmarshal(head.Request, &r.Name) // no name is no request, and answered so
	return r
}

// read decodes a request's own fields.
func (r request) read(into any) error { return json.Unmarshal(r.body, into) }

// answer serves one request. An error ends the connection.
func (c *session) answer(body []byte) error {
	r := readRequest(body)
	s := c.server
	if s.opt.Auth == AuthEnforced && !c.authenticated.Load() && r.Name != "Authenticate" {
		return &goodbye{statusAuthFailed, "Authentication required"}
	}
	if r.Name == "" {
		return c.refuse(r, errInvalid)
	}
	r.fault = s.faults.take(r.Name)
	switch r.fault.Kind {
	case Ignore:
		return nil
	case Refuse:
		return c.refuse(r, r.fault.Error)
	}
	known, ok := requests[r.Name]
	if !ok || !s.opt.since(known.since) {
		return c.refuse(r, errUnknown)
	}
	err := known.serve(c, r)
	if r.fault.Kind == HangUp {
		c.kill()
		return errGone
	}
	return err
}

func (c *session) reply(r request, f fields) error {
	return c.respond(r, "ok", f)
}

func (c *session) refuse(r request, why string) error {
	return c.respond(r, "error", fields{"error": why})
}

func (c *session) respond(r request, status string, f fields) error {
	a := maps.Clone(f)
	if a == nil {
		a = fields{}
	}
	a["status"] = status
	if r.ID != nil {
		a["id"] = r.ID
	}
	return c.faulty(r.fault, encode(a))
}

// encode gives compact JSON with <, > and & as they are. All that is encoded here are values of this
// package and what was read as JSON, so it cannot fail.
func encode(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

package schema

import (
	"encoding/json"
	"fmt"
)

// Gateway is the block meta.gateway: how an event came here.
type Gateway struct {
	Trace
	ReceivedAt       Time `json:"receivedAt"`
	RawIsPayload     bool `json:"rawIsPayload,omitempty"`
	VersionAssumed   bool `json:"versionAssumed,omitempty"`
	TimestampAssumed bool `json:"timestampAssumed,omitempty"`
}

// Meta is an envelope's meta, split: our block and the frame. What else the
// source put there stays in Envelope.Meta.
type Meta struct {
	Gateway Gateway `json:"gateway"`
	// Raw is the frame exactly as received; nil when payload is the source's
	// data already.
	Raw json.RawMessage `json:"raw"`
}

// ParseMeta reads an envelope's meta. An envelope of another program may have
// none: every field is then zero. Raw aliases b.
//
// Members of the same name, however spelt, may be among the source's own; ours
// come after them, so that the last one by the exact name is what counts.
func ParseMeta(b []byte) (Meta, error) { return parseMeta(b, nil) }

// SplitMeta is [ParseMeta] and [WithoutRaw] in one pass.
func SplitMeta(b []byte) (m Meta, noRaw []byte, err error) {
	if noMeta(b) {
		return m, nil, nil
	}
	out := newJoined()
	if m, err = parseMeta(b, &out); err != nil {
		return Meta{}, nil, err
	}
	return m, out.end(), nil
}

func parseMeta(b []byte, noRaw *joined) (Meta, error) {
	var m Meta
	if noMeta(b) {
		return m, nil
	}
	var gateway []byte
	err := eachMember(b, func(key, value, member []byte) {
		if noRaw != nil {
			noRaw.add(key, member)
		}
		switch string(key) {
		case `"gateway"`:
			gateway = value
		case `"raw"`:
			m.Raw = value
		}
	})
	if err == nil && gateway != nil && !m.Gateway.readQuickly(gateway) {
		m.Gateway = Gateway{}
		err = json.Unmarshal(gateway, &m.Gateway)
	}
	if err != nil {
		return Meta{}, fmt.Errorf("%w: meta: %w", ErrEnvelope, err)
	}
	if m.Gateway.RawIsPayload {
		m.Raw = nil
	}
	return m, nil
}

func (g *Gateway) readQuickly(object []byte) bool {
	return quickly(object, func(key, value []byte) int {
		switch string(key) {
		case "source":
			return took(0, readText(&g.Source, value))
		case "sourceVersion":
			return took(1, readText(&g.SourceVersion, value))
		case "tenant":
			return took(2, readText(&g.Tenant, value))
		case "instanceId":
			return took(3, readText(&g.InstanceID, value))
		case "connection":
			return took(4, readText(&g.Connection, value))
		case "n":
			return took(5, readCount(&g.N, value))
		case "frameType":
			return took(6, readText(&g.FrameType, value))
		case "foreignId":
			return took(7, readText(&g.ForeignID, value))
		case "origin":
			return took(8, readText(&g.Origin, value))
		case "causedBy":
			return took(9, readList(&g.CausedBy, value, readText))
		case "correlationId":
			return took(10, readText(&g.CorrelationID, value))
		case "redacted":
			return took(11, readList(&g.Redacted, value, readText))
		case "receivedAt":
			return took(12, readTime(&g.ReceivedAt, value))
		case "rawIsPayload":
			return took(13, readFlag(&g.RawIsPayload, value))
		case "versionAssumed":
			return took(14, readFlag(&g.VersionAssumed, value))
		case "timestampAssumed":
			return took(15, readFlag(&g.TimestampAssumed, value))
		}
		return odd
	})
}

// noMeta reports whether an envelope has no meta, or null for it.
func noMeta(b []byte) bool { return len(b) == 0 || string(b) == "null" }

// WithoutRaw is an envelope's meta without the member raw, every other byte as
// it is; nil for no meta.
func WithoutRaw(meta []byte) ([]byte, error) {
	if noMeta(meta) {
		return nil, nil
	}
	out := newJoined()
	err := eachMember(meta, func(key, _, member []byte) { out.add(key, member) })
	if err != nil {
		return nil, fmt.Errorf("%w: meta: %w", ErrEnvelope, err)
	}
	return out.end(), nil
}

// joined is an object made of another's members but for raw.
type joined struct{ b []byte }

func newJoined() joined { return joined{append(make([]byte, 0, 512), '{')} }

func (j *joined) add(key, member []byte) {
	if string(key) == `"raw"` {
		return
	}
	if len(j.b) > 1 {
		j.b = append(j.b, ',')
	}
	j.b = append(j.b, member...)
}

func (j *joined) end() []byte { return append(j.b, '}') }

// eachMember calls f for each member of a JSON object, in order, with the key
// as written, the value, and the whole member: key, colon and value.
func eachMember(object []byte, f func(key, value, member []byte)) error {
	c := checker{b: object}
	c.space()
	if !c.at('{') {
		return c.fail(ErrJSON, "no object")
	}
	c.i++
	c.space()
	for more := !c.at('}'); more; {
		start := c.i
		key, err := c.key()
		if err != nil {
			return err
		}
		from := c.i
		if err := c.skip(); err != nil {
			return err
		}
		f(key, object[from:c.i], object[start:c.i])
		c.space()
		if more = c.at(','); more {
			c.i++
			c.space()
		}
	}
	if !c.at('}') {
		return c.fail(ErrJSON, "no comma or closing bracket")
	}
	c.i++
	if c.space(); c.i < len(object) {
		return c.fail(ErrJSON, "more after the value")
	}
	return nil
}

// skip passes one value.
func (c *checker) skip() error {
	v := checker{b: c.b, i: c.i}
	if err := v.value(); err != nil {
		return err
	}
	for v.depth > 0 {
		if err := v.next(); err != nil {
			return err
		}
	}
	c.i = v.i
	return nil
}

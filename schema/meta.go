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
// none: every field is then zero.
func ParseMeta(b []byte) (Meta, error) {
	var m Meta
	if len(b) == 0 {
		return m, nil
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return Meta{}, fmt.Errorf("%w: meta: %w", ErrEnvelope, err)
	}
	return m, nil
}

// WithoutRaw is an envelope's meta without the member raw, every other byte as
// it is; nil for no meta.
func WithoutRaw(meta []byte) ([]byte, error) {
	if len(meta) == 0 {
		return nil, nil
	}
	out := append(make([]byte, 0, 512), '{')
	err := eachMember(meta, func(key, member []byte) {
		if string(key) == `"raw"` {
			return
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(out, member...)
	})
	if err != nil {
		return nil, fmt.Errorf("%w: meta: %w", ErrEnvelope, err)
	}
	return append(out, '}'), nil
}

// eachMember calls f for each member of a JSON object, in order, with the key
// as written and the whole member, key, colon and value.
func eachMember(object []byte, f func(key, member []byte)) error {
	c := checker{b: object}
	c.space()
	if !c.at('{') {
		return c.fail(ErrJSON, "no object")
	}
	c.i++
	for c.space(); !c.at('}'); c.space() {
		start := c.i
		if !c.at('"') {
			return c.fail(ErrJSON, "no key")
		}
		if err := c.text(); err != nil {
			return err
		}
		key := object[start:c.i]
		if c.space(); !c.at(':') {
			return c.fail(ErrJSON, "no colon")
		}
		c.i++
		if err := c.skip(); err != nil {
			return err
		}
		f(key, object[start:c.i])
		if c.space(); c.at(',') {
			c.i++
		} else if !c.at('}') {
			return c.fail(ErrJSON, "no comma or closing bracket")
		}
	}
	return nil
}

// skip passes one value and the white space before it.
func (c *checker) skip() error {
	v := checker{b: c.b, i: c.i}
	v.space()
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

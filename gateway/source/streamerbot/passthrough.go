package streamerbot

import "promethean/schema"

// passThrough makes the draft of a type that has no reader of its own: the
// payload is data, verbatim. The frame is kept as raw only where it cannot be
// rebuilt from payload, frame type and meta.timeStamp: without data, with
// members this program does not know, with a name too long.
func (n *normaliser) passThrough() schema.Draft {
	t := passThroughType(n.source, n.kind)
	d := n.draft(t, n.provider, n.channel(n.provider))
	d.ID = n.eventID(d.Provider, t, n.nativeKey())
	if !n.isWhole || !n.plain {
		d.SetRaw(n.checked)
	}
	if d.SetPayload(n.checkedData); d.Payload == nil {
		d.Payload = []byte("null")
	}
	if stamp := n.outer.stamp; stamp != nil {
		d.SourceMeta = append(append([]byte(`{"timeStamp":`), stamp...), '}')
	}
	return d
}

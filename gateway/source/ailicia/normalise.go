package ailicia

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"promethean/gateway/source/ailicia/eventstream"
	"promethean/schema"
)

type normaliser struct{ c Config }

func newNormaliser(c Config) *normaliser { return &normaliser{c} }

func (n *normaliser) normalise(e event, at time.Time) (schema.Draft, error) {
	var v struct {
		ID, Type  string
		Timestamp time.Time
		Channel   schema.Channel
		Payload   json.RawMessage
	}
	if err := json.Unmarshal([]byte(e.data), &v); err != nil {
		return schema.Draft{}, err
	}
	if e.name != "message" && e.name != v.Type {
		return schema.Draft{}, fmt.Errorf("SSE event %q and envelope type %q differ", e.name, v.Type)
	}
	if v.ID == "" {
		return schema.Draft{}, errors.New("no id")
	}
	return schema.Draft{ID: v.ID, Type: schema.Type(v.Type), Provider: schema.AiLicia, Timestamp: v.Timestamp, Channel: v.Channel, Payload: v.Payload, Raw: []byte(e.data), Trace: n.trace(e, at)}, nil
}

func (n *normaliser) trace(e event, at time.Time) schema.Trace {
	return schema.Trace{Source: Name, Tenant: n.c.Tenant, ReceivedAt: at, Connection: e.connection, N: e.n, FrameType: e.name, Origin: schema.Live}
}

func (n *normaliser) refuse(e event, at time.Time, reason error) schema.Draft {
	return schema.Draft{Provider: schema.AiLicia, Trace: n.trace(e, at), Refusal: &schema.Refusal{Reason: reason.Error(), Bytes: []byte(e.data), Size: int64(len(e.data)), SHA256: sha256.Sum256([]byte(e.data))}}
}

func (n *normaliser) oversize(e event, whole eventstream.Event, at time.Time) schema.Draft {
	d := n.refuse(e, at, fmt.Errorf("event is over the limit of %d bytes", schema.MaxFrame))
	d.Refusal.Size, d.Refusal.SHA256 = whole.Size, whole.SHA256
	return d
}

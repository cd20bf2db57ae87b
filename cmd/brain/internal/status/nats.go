package status

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"promethean/bus"
	"promethean/schema"
	"promethean/sinks"
)

// mostDurables bounds how many durables are listed.
const mostDurables = 100

// ours are the streams that a gateway makes.
func ours() []string {
	return []string{bus.StreamEvents, bus.StreamControl, bus.StreamDLQ, bus.StreamReplay, bus.StreamCanary}
}

func (a *asking) streams(ctx context.Context) error {
	for _, name := range ours() {
		stream, err := a.js.Stream(ctx, name)
		switch {
		case errors.Is(err, jetstream.ErrStreamNotFound):
			a.n.Streams = append(a.n.Streams, Stream{Name: name, Missing: true})
		case err != nil:
			return err
		default:
			a.n.Streams = append(a.n.Streams, streamOf(stream.CachedInfo()))
		}
	}
	a.n.DeadLetters, a.n.CommandsWaiting = a.n.messages(bus.StreamDLQ), a.n.messages(bus.StreamControl)
	return nil
}

func streamOf(info *jetstream.StreamInfo) Stream {
	s := Stream{
		Name: info.Config.Name, Messages: info.State.Msgs, Bytes: info.State.Bytes, MaxBytes: info.Config.MaxBytes,
		LastSeq: info.State.LastSeq, Replicas: info.Config.Replicas,
	}
	if s.Messages > 0 {
		s.FirstAt, s.LastAt = moment(info.State.FirstTime), moment(info.State.LastTime)
	}
	if c := info.Cluster; c != nil {
		s.Leader = c.Leader
		for _, member := range c.Replicas {
			if member.Offline || !member.Current {
				s.Behind = append(s.Behind, member.Name)
			}
		}
	}
	return s
}

// stream is the one of that name, if it is there.
func (n *NATS) stream(name string) (Stream, bool) {
	i := slices.IndexFunc(n.Streams, func(s Stream) bool { return s.Name == name && !s.Missing })
	if i < 0 {
		return Stream{}, false
	}
	return n.Streams[i], true
}

func (n *NATS) messages(name string) *uint64 {
	if s, ok := n.stream(name); ok {
		return &s.Messages
	}
	return nil
}

// durables are the sinks' in their order, then those of other services by name.
func (a *asking) durables(ctx context.Context) error {
	stream, err := a.js.Stream(ctx, bus.StreamEvents)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	found := map[string]Durable{}
	list := stream.ListConsumers(ctx)
	for info := range list.Info() {
		if info.Config.Durable != "" && len(found) < mostDurables {
			found[info.Name] = durableOf(info)
		}
	}
	if err := list.Err(); err != nil {
		return err
	}
	for _, name := range sinks.Names() {
		d, ok := found[name]
		d.Name, d.Sink, d.Missing = name, true, !ok
		a.n.Durable = append(a.n.Durable, d)
		delete(found, name)
	}
	others := make([]Durable, 0, len(found))
	for _, d := range found {
		others = append(others, d)
	}
	slices.SortFunc(others, func(x, y Durable) int { return compare(x.Name, y.Name) })
	a.n.Durable = append(a.n.Durable, others...)
	return nil
}

func durableOf(info *jetstream.ConsumerInfo) Durable {
	d := Durable{Name: info.Name, Position: info.AckFloor.Stream, Waiting: info.NumPending + uint64(info.NumAckPending)}
	if last := info.Delivered.Last; last != nil {
		d.LastActivity = moment(*last)
	}
	return d
}

// newest finds the id of the event up to which the ledger has settled.
func (a *asking) newest(ctx context.Context) error {
	i := slices.IndexFunc(a.n.Durable, func(d Durable) bool { return d.Name == ledger && d.Position > 0 })
	if i < 0 {
		return nil
	}
	stream, err := a.js.Stream(ctx, bus.StreamEvents)
	if err != nil {
		return err
	}
	m, err := stream.GetMsg(ctx, a.n.Durable[i].Position)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	a.n.newestStored = m.Header.Get(schema.HeaderMessageID)
	return nil
}

func moment(t time.Time) *schema.Time {
	if t.IsZero() || !schema.Writable(t) {
		return nil
	}
	m := schema.NewTime(t)
	return &m
}

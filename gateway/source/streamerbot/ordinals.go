package streamerbot

import "container/list"

// rememberedFrames is how many ids an [Ordinals] remembers; the least recently
// seen is forgotten first. Identical frames carry one timeStamp of 100 ns, so
// more than this many others hardly come between them.
const rememberedFrames = 4096

// Ordinals counts, for one connection, the frames that are alike: two follows
// in one tick of the clock are two facts and need two ids. The zero value is
// ready. One goroutine uses it.
type Ordinals struct {
	order list.List
	seen  map[string]*list.Element
}

type counted struct {
	id   string
	next int
}

// Next is how many frames with this first id (the one of ordinal 0) came
// before.
func (o *Ordinals) Next(id string) int {
	if e, ok := o.seen[id]; ok {
		o.order.MoveToFront(e)
		c := e.Value.(*counted)
		c.next++
		return c.next - 1
	}
	if o.seen == nil {
		o.seen = make(map[string]*list.Element, rememberedFrames)
	}
	if o.order.Len() == rememberedFrames {
		oldest := o.order.Back()
		delete(o.seen, oldest.Value.(*counted).id)
		o.order.Remove(oldest)
	}
	o.seen[id] = o.order.PushFront(&counted{id: id, next: 1})
	return 0
}

package chat

import (
	"cmp"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

const (
	// mostLines is how many lines of a collection are remembered, each in about
	// 200 bytes.
	mostLines = 50_000
	// mostParts is how many parts of a collection are.
	mostParts = 64
	// learnt is how many lines are added to memory at once.
	learnt = 1000
)

// part is a part of a channel's lines: those behind a stream sequence and not
// before a time, of every broadcast or of the named one.
type part struct {
	channel, streamID string
	after, since      int64
	// lostSeq and lostAt are the highest of the part's lines that were given up;
	// 0 when none was.
	lostSeq, lostAt int64
}

// filter is the condition on a line whose stream sequence and time are in these
// fields.
func (p part) filter(seq, at string) bson.D {
	filter := bson.D{{Key: seq, Value: bson.D{{Key: "$gt", Value: p.after}}}}
	if p.since != always {
		filter = append(filter, bson.E{Key: at, Value: bson.D{{Key: "$gte", Value: bson.DateTime(p.since)}}})
	}
	if p.streamID != "" {
		filter = append(filter, bson.E{Key: "streamId", Value: p.streamID})
	}
	return filter
}

func (p part) holds(l standing) bool {
	return l.channel == p.channel && (p.streamID == "" || p.streamID == l.streamID) && l.seq > p.after && l.at >= p.since
}

// spans: every line that q can hold p can hold.
func (p part) spans(q part) bool {
	return p.channel == q.channel && (p.streamID == "" || p.streamID == q.streamID) && p.after <= q.after && p.since <= q.since
}

// has: nothing of q is missing in p.
func (p part) has(q part) bool {
	return p.spans(q) && (p.lostSeq <= q.after || p.lostAt < q.since)
}

// memory is lines of one collection that stand, so that a removal need not look
// for them: the embedded store would read every line that it has. It knows all
// that stand in its parts, but for those that it gave up. It may hold lines that
// are marked by now, which does no harm: marking asks the store.
//
// Only [Chat] writes to the collection, so what is told to add after the store
// was asked for a part is all that comes to it.
type memory struct {
	most int
	// lines are by seq, then id.
	lines []standing
	parts []part
}

// has: all lines that stand in the parts are here.
func (m *memory) has(parts []part) bool {
	for _, q := range parts {
		if !slices.ContainsFunc(m.parts, func(p part) bool { return p.has(q) }) {
			return false
		}
	}
	return true
}

// tooMany: the lines of the parts were here and are more than are kept.
func (m *memory) tooMany(parts []part) bool {
	return slices.ContainsFunc(parts, func(q part) bool {
		return !m.has([]part{q}) && slices.ContainsFunc(m.parts, func(p part) bool { return p.spans(q) })
	})
}

// expect says that all lines of the parts are added next.
func (m *memory) expect(parts []part) {
	for _, q := range parts {
		if m.has([]part{q}) {
			continue
		}
		m.parts = append(slices.DeleteFunc(m.parts, q.spans), q)
	}
	if over := len(m.parts) - mostParts; over > 0 {
		m.parts = slices.Delete(m.parts, 0, over)
	}
}

// add adds those of the lines that a part holds, and gives up the oldest where
// they are too many.
func (m *memory) add(lines []standing) {
	ordered := true
	for _, l := range lines {
		if !slices.ContainsFunc(m.parts, func(p part) bool { return p.holds(l) }) {
			continue
		}
		ordered = ordered && (len(m.lines) == 0 || bySeq(m.lines[len(m.lines)-1], l) < 0)
		m.lines = append(m.lines, l)
	}
	if !ordered {
		slices.SortFunc(m.lines, bySeq)
		m.lines = slices.CompactFunc(m.lines, func(a, b standing) bool { return bySeq(a, b) == 0 })
	}
	m.giveUp()
}

// giveUp lets the oldest lines go where they are too many.
func (m *memory) giveUp() {
	over := len(m.lines) - m.most
	if over <= 0 {
		return
	}
	for _, l := range m.lines[:over] {
		for i := range m.parts {
			if p := &m.parts[i]; p.holds(l) {
				p.lostSeq, p.lostAt = max(p.lostSeq, l.seq), max(p.lostAt, l.at)
			}
		}
	}
	clear(m.lines[:over])
	m.lines = m.lines[over:]
}

func bySeq(a, b standing) int {
	return cmp.Or(cmp.Compare(a.seq, b.seq), strings.Compare(a.id, b.id))
}

func (m *memory) taken(r removal) (lines []standing) {
	for _, l := range m.lines {
		if r.takes(l) {
			lines = append(lines, l)
		}
	}
	return lines
}

// drop forgets lines that are marked.
func (m *memory) drop(ids map[string]bool) {
	m.lines = slices.DeleteFunc(m.lines, func(l standing) bool { return ids[l.id] })
}

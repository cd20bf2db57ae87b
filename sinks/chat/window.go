package chat

import (
	"slices"
	"strings"
)

// window is the lines of one collection among which a line's mate may be: those
// of the last [pairReach] stream sequences, as far as there was one of ai_licia's
// among them. Which lines are pairs is a fold of the log: each line, in the order
// of the log, takes of those before it that are still free the first that is the
// same one. So any batches, and any that come again, give the same pairs.
type window struct {
	// until is up to which stream sequence lines are looked at for pairs: well
	// beyond ai_licia's last one. It is kept in the store; known: it was read.
	until int64
	known bool
	// most is above every line of ai_licia's that was stored before until was
	// read.
	most int64
	// found counts the pairs that are new.
	found uint64
	// Of the lines that are stored, those behind from and up to to are here.
	loaded   bool
	from, to int64

	// lines are by seq.
	lines   []*said
	byEvent map[string]*said
	// byID is by whether they are the second source's, and id, byWords by that,
	// name and words.
	byID    map[bool]map[string]*said
	byWords map[wordKey][]*said
}

type wordKey struct {
	second     bool
	name, bare string
}

// clear forgets all lines.
func (w *window) clear() {
	w.loaded, w.lines = false, nil
	w.byEvent, w.byWords = map[string]*said{}, map[wordKey][]*said{}
	w.byID = map[bool]map[string]*said{false: {}, true: {}}
}

// add adds a line and its mate.
func (w *window) add(l *said) {
	for ; l != nil && w.byEvent[l.eventID] == nil; l = l.mate {
		w.index(l)
		w.lines = insert(w.lines, l)
	}
}

// take adds a row of the store. After a crash a line may have a row of its own
// and be in its mate's.
func (w *window) take(l *said) {
	if known := w.byEvent[l.eventID]; known != nil {
		known.stored = true
		return
	}
	if l.mate != nil {
		if own := w.byEvent[l.mate.eventID]; own != nil {
			l.mate, own.mate = own, l
		}
	}
	w.add(l)
}

func (w *window) index(l *said) {
	w.byEvent[l.eventID] = l
	if ids := w.byID[l.second]; ids[l.id] == nil {
		ids[l.id] = l
	}
	for _, name := range l.names {
		k := wordKey{l.second, name, l.bare}
		w.byWords[k] = insert(w.byWords[k], l)
	}
}

func insert(list []*said, l *said) []*said {
	at := len(list)
	for at > 0 && list[at-1].seq > l.seq {
		at--
	}
	return slices.Insert(list, at, l)
}

// fold takes a line in the order of the log, and gives what is known of it now.
func (w *window) fold(l *said) *said {
	if known := w.byEvent[l.eventID]; known != nil {
		l = known
	} else if same := w.byID[l.second][l.id]; same != nil {
		l.repeats = same
		return l
	} else {
		if other := w.byID[!l.second][l.id]; l.second && other != nil && other.seq < l.seq && other.mate != nil {
			l.id = l.eventID // its place is another's
		}
		w.add(l)
	}
	if l.mate == nil {
		if m := w.mateOf(l); m != nil {
			l.mate, m.mate = m, l
			w.found++
		}
	}
	return l
}

// mateOf is the line that is the same one: of the same id, else the first of the
// same writer, words and time, on the same channel before on one of another name.
func (w *window) mateOf(l *said) *said {
	if m := w.byID[!l.second][l.id]; m != nil && l.near(m) {
		return m
	}
	var best *said
	for _, name := range l.names {
		for _, m := range w.byWords[wordKey{!l.second, name, l.bare}] {
			if m.seq >= l.seq {
				break
			}
			if l.near(m) && l.same(m) && l.prefers(m, best) {
				best = m
			}
		}
	}
	return best
}

func (l *said) prefers(m, best *said) bool {
	if best == nil {
		return true
	}
	here, there := strings.EqualFold(m.channel, l.channel), strings.EqualFold(best.channel, l.channel)
	if here != there {
		return here
	}
	return m.seq < best.seq
}

// forget takes a line away that was refused for ever.
func (w *window) forget(l *said) {
	if l.mate != nil {
		l.mate.mate = nil
	}
	w.keep(func(o *said) bool { return o != l })
}

// prune lets lines go that no line from seq on can have as a mate.
func (w *window) prune(seq int64) {
	if len(w.lines) == 0 || w.lines[0].seq > seq-2*pairReach {
		return
	}
	w.keep(func(o *said) bool { return o.seq > seq-pairReach })
	w.from = max(w.from, seq-pairReach)
}

func (w *window) keep(wanted func(*said) bool) {
	lines, loaded := w.lines, w.loaded
	w.clear()
	w.loaded = loaded
	for _, l := range lines {
		if wanted(l) {
			w.index(l)
			w.lines = append(w.lines, l)
		}
	}
}

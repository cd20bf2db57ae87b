package chat_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"promethean/schema"
)

// heard is one event of an evening that two sources report.
type heard struct {
	spoken
	kind     string // bot, ai, deleted, banned, cleared
	seq      int
	recorded schema.Recorded
}

// twoSources is an evening of few people and few words, each line seen by one
// source or by both, early or late, sometimes twice by the same.
func twoSources(t *testing.T, r *rand.Rand, n int) (all []heard) {
	t.Helper()
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	var later []heard
	// own are the ids of lines that ai_licia has ids of its own for. Only such lines
	// are deleted: of two equal lines, the deletion of one may else find ai_licia's
	// copy before that is seen to be the other's (docs/adr/0023).
	var own []string
	for i, ms := 0, 0; i < n; i++ {
		ms += r.IntN(2500)
		p := spoken{id: fmt.Sprint("s", i), login: pick("ada", "bea"), text: pick("lol", "hi", "hi"), ms: ms}
		p.display = strings.ToUpper(p.login)
		theirs := p
		theirs.login, theirs.id, theirs.ms = "", fmt.Sprint("a", i), ms+r.IntN(7000)-1000
		if r.IntN(4) == 0 {
			theirs.id = p.id
		}
		deletable := append([]string{}, own...)
		if theirs.id != p.id {
			own = append(own, p.id)
		}
		switch k := r.IntN(20); {
		case k < 12:
			both := []heard{{spoken: p, kind: "bot"}, {spoken: theirs, kind: "ai"}}
			if r.IntN(2) == 0 {
				slices.Reverse(both)
			}
			all, later = append(all, both[0]), append(later, both[1])
		case k < 14:
			all = append(all, heard{spoken: p, kind: "bot"})
		case k < 15:
			all = append(all, heard{spoken: theirs, kind: "ai"})
		case k < 17 && len(deletable) > 0:
			// Some of these Streamer.bot has not reported yet, or never does.
			p.id = deletable[max(0, len(deletable)-1-r.IntN(3))]
			all = append(all, heard{spoken: p, kind: "deleted"})
		case k < 18:
			all = append(all, heard{spoken: p, kind: "banned"})
		case k < 19 && len(all) > 0:
			all = append(all, all[r.IntN(len(all))])
		default:
			all = append(all, heard{spoken: p, kind: "cleared"})
		}
		for len(later) > 0 && r.IntN(3) > 0 {
			all, later = append(all, later[0]), later[1:]
		}
	}
	all = append(all, later...)
	for i := range all {
		h := &all[i]
		h.seq = i + 1
		make := map[string]func(*testing.T, uint64) schema.Recorded{"bot": h.bot, "ai": h.ai, "deleted": h.deleted, "banned": h.banned, "cleared": h.cleared}[h.kind]
		h.recorded = make(t, uint64(h.seq))
	}
	return all
}

// modelRow is a row as the rules have it: its lines and how it was removed.
type modelRow struct {
	bot, ai *heard
	removed string
	// at is the sequence of the removal.
	at int
}

// model is the rules once more, one event after the other.
type model struct {
	rows       []*modelRow
	tombstones map[string]int // by id, the deletion's sequence
}

func (m *model) hear(h heard) {
	switch h.kind {
	case "bot", "ai":
		m.line(h)
	case "deleted":
		found := false
		for _, row := range m.rows {
			if row.id() == h.id {
				found = true
				row.remove("deleted", h.seq)
			}
		}
		if _, before := m.tombstones[h.id]; !found && !before {
			m.tombstones[h.id] = h.seq
		}
	case "banned":
		for _, row := range m.rows {
			if row.bot != nil && row.bot.login == h.login || row.ai != nil && row.ai.display == h.display {
				row.remove("banned", h.seq)
			}
		}
	case "cleared":
		for _, row := range m.rows {
			row.remove("cleared", h.seq)
		}
	}
}

func (m *model) line(h heard) {
	for _, row := range m.rows { // the same source said it before
		if h.kind == "bot" && row.bot != nil && row.bot.id == h.id || h.kind == "ai" && row.ai != nil && row.ai.id == h.id {
			return
		}
	}
	var mate *modelRow
	for _, byID := range []bool{true, false} {
		for _, row := range m.free(h.kind) {
			other := row.bot
			if other == nil {
				other = row.ai
			}
			near := other.ms-h.ms <= 5000 && h.ms-other.ms <= 5000
			if byID && other.id == h.id || !byID && near && other.text == h.text && other.display == h.display {
				mate = row
				break
			}
		}
		if mate != nil {
			break
		}
	}
	if mate == nil {
		mate = &modelRow{}
		m.rows = append(m.rows, mate)
	}
	if h.kind == "bot" {
		mate.bot = &h
	} else {
		mate.ai = &h
		for _, row := range m.rows { // its place is another's
			if row != mate && row.bot != nil && row.bot.id == h.id {
				mate.ai.id = fmt.Sprint("e-", h.seq)
			}
		}
	}
	if at := m.tombstones[mate.id()]; at > 0 {
		delete(m.tombstones, mate.id())
		mate.remove("deleted", at)
	}
}

// free are the rows that the other source's line is missing in, by its age.
func (m *model) free(kind string) (rows []*modelRow) {
	for _, row := range m.rows {
		if kind == "bot" && row.bot == nil || kind == "ai" && row.ai == nil {
			rows = append(rows, row)
		}
	}
	return rows
}

func (r *modelRow) id() string {
	if r.bot != nil {
		return r.bot.id
	}
	return r.ai.id
}

// remove: of several removals the first one stays.
func (r *modelRow) remove(reason string, at int) {
	if r.at == 0 || at < r.at {
		r.removed, r.at = reason, at
	}
}

func (m *model) brief() (rows []string) {
	for _, r := range m.rows {
		row := r.id()
		for _, h := range []*heard{r.bot, r.ai} {
			if h != nil {
				row += fmt.Sprint(" ", h.seq)
			}
		}
		rows = append(rows, strings.TrimSpace(row+" "+r.removed))
	}
	for id := range m.tombstones {
		rows = append(rows, id+" tombstone deleted")
	}
	slices.Sort(rows)
	return rows
}

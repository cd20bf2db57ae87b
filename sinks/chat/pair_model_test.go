package chat_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"promethean/schema"
	"promethean/sinks/chat"
	"promethean/sinks/internal/storetest"
	"promethean/sinks/mongostub"
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
	// copy before that is seen to be the other's (docs/adr/0022).
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

// TestAnyDeliveryOfTwoSourcesGivesTheSameRows: an evening of two sources, cut
// anywhere, on a server that goes wrong, with crashes, and all of it again: the
// rows are those of the rules, and byte for byte those of a quiet evening.
func TestAnyDeliveryOfTwoSourcesGivesTheSameRows(t *testing.T) {
	for seed := range uint64(40) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 5))
				all := twoSources(t, r, 40)
				m := model{tombstones: map[string]int{}}
				for _, h := range all {
					m.hear(h)
				}
				stub := storetest.OpenStub(t, mongostub.Options{Standalone: seed%2 == 1}, collections()...)
				sink := chat.New(stub.Store, zerolog.Nop())
				for _, h := range all {
					write(t, sink, h.recorded)
				}
				quiet := content(t, stub.DB)
				if diff := cmp.Diff(m.brief(), brief(t, quiet)); diff != "" {
					t.Fatalf("one by one: %s", diff)
				}
				clean(t, stub.DB)
				faults := &faulty{Rows: stub.Store, stub: stub, rand: r, fired: map[mongostub.Action]int{}}
				for round := range 2 {
					faults.fails = 25 * (1 - round)
					for from := 0; from < len(all); {
						sink := chat.New(faults, zerolog.Nop())
						sink.RememberAtMost([]int{50_000, 5, 12}[seed%3])
						from = hand(t, r, sink, all, from)
						if s := sink.Stats(); s.Alarms+s.Refused > 0 {
							t.Errorf("%+v", s)
						}
					}
					if diff := cmp.Diff(quiet, content(t, stub.DB)); diff != "" {
						t.Fatalf("round %d: %s", round, diff)
					}
				}
			})
		})
	}
}

// hand is deliver for an evening of two sources.
func hand(t *testing.T, r *rand.Rand, sink *chat.Chat, all []heard, from int) int {
	t.Helper()
	for from < len(all) {
		n := 1 + r.IntN(min(len(all)-from, 1+r.IntN(40)))
		batch := make([]schema.Recorded, n)
		for i := range batch {
			batch[i] = all[from+i].recorded
		}
		err := sink.Write(t.Context(), batch)
		switch {
		case err != nil && !errors.Is(err, errUnsure):
			t.Fatal(err)
		case err == nil && r.IntN(12) > 0:
			from += n
		case r.IntN(3) == 0: // the same run is set back further
			from = max(0, from-r.IntN(40))
		case r.IntN(2) == 0: // what was not acknowledged, or more, comes again
			return from
		}
	}
	return from
}

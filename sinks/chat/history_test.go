package chat_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"promethean/schema"
)

// happening is one event of a generated history, with what the test's own
// reading of the rules needs of it.
type happening struct {
	kind     schema.Type
	platform string
	channel  string
	stream   string
	id, user string // of the line, or of what or whom is removed
	test     bool
	at       time.Time
	seq      uint64
	recorded schema.Recorded
}

// history is an evening or several: lines, some twice, some under their
// deletion's feet, bans, clears, starts and ends, tests among them.
func history(t *testing.T, r *rand.Rand, n int) []happening {
	t.Helper()
	var all []happening
	var ids []string
	at := time.Date(2026, 8, 20, 17, 0, 0, 0, time.UTC)
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	for seq := uint64(1); seq <= uint64(n); seq++ {
		at = at.Add(time.Duration(r.IntN(3*3600)) * time.Second)
		h := happening{platform: pick("TWITCH", "TWITCH", "YOUTUBE"), channel: pick("pond", "pond", "lake"), user: pick("1", "2", "3"), at: at, seq: seq, test: r.IntN(8) == 0}
		if h.platform == "YOUTUBE" {
			h.stream = pick("", "s1", "s2")
		}
		switch k := r.IntN(100); {
		case k < 60:
			h.kind, h.id = schema.ChatMessage, fmt.Sprintf("%s-m%d", h.platform, seq)
			if len(ids) > 0 && r.IntN(5) == 0 {
				h.id = ids[r.IntN(len(ids))]
			}
		case k < 75:
			h.kind, h.id = schema.ChatMessageDeleted, fmt.Sprintf("%s-m%d", h.platform, seq+uint64(r.IntN(6)))
			if len(ids) > 0 && r.IntN(3) > 0 {
				h.id = ids[r.IntN(len(ids))]
			}
		case k < 80:
			h.kind = schema.ChatUserTimedOut
		case k < 84:
			h.kind = schema.ChatUserBanned
		case k < 86:
			h.kind = schema.ChatCleared
		case k < 88:
			h.kind = schema.ChatUserUnbanned
		case k < 95:
			h.kind = schema.ChannelGoLive
		default:
			h.kind = schema.ChannelGoOffline
		}
		ids = append(ids, cmp.Or(h.id, fmt.Sprintf("%s-m%d", h.platform, seq)))
		h.recorded = h.event(t)
		all = append(all, h)
	}
	return all
}

// event is the happening as the log holds it.
func (h happening) event(t *testing.T) schema.Recorded {
	t.Helper()
	stream := ""
	if h.stream != "" {
		stream = fmt.Sprintf(`"stream":{"id":%q},`, h.stream)
	}
	sent := schema.NewTime(h.at).String()
	payload := fmt.Sprintf(`{"id":%q,"userId":%q,"username":"u%s","displayName":"U%s","message":"line %d","platform":%q,"badges":[],"emotes":[],"isTest":%v,"sentDateTime":%q}`,
		h.id, h.user, h.user, h.user, h.seq, h.platform, h.test, sent)
	return parse(t, h.seq, fmt.Sprintf(`{"id":"e-%d","type":%q,"version":"2025-02-01","timestamp":%q,`+
		`"channel":{"id":"c-%s","name":%q,"platform":%q},%s"payload":%s,"meta":{"gateway":{"source":"streamerbot","tenant":"duck","origin":"live"}}}`,
		h.seq, h.kind, sent, h.channel, h.channel, h.platform, stream, payload))
}

// covers is the rules once more, read one line against one removal.
func covers(all []happening, removal, line happening) bool {
	if removal.platform != line.platform || removal.test && !line.test {
		return false
	}
	if removal.kind == schema.ChatMessageDeleted {
		return removal.id == line.id && (!removal.test || removal.seq > line.seq)
	}
	if removal.channel != line.channel || removal.seq < line.seq || removal.kind != schema.ChatCleared && removal.user != line.user {
		return false
	}
	if removal.stream != "" && line.stream != "" {
		return removal.stream == line.stream
	}
	start, end := uint64(0), uint64(0)
	said := map[string]bool{}
	for _, h := range all[:removal.seq-1] {
		key := fmt.Sprint(h.kind, h.stream)
		if h.test || h.platform != removal.platform || h.channel != removal.channel || h.stream != "" && said[key] {
			continue
		}
		switch h.kind {
		case schema.ChannelGoLive:
			start, said[key] = h.seq, true
		case schema.ChannelGoOffline:
			end, said[key] = h.seq, true
		}
	}
	recent := !line.at.Before(removal.at.Add(-24 * time.Hour))
	return line.seq > start && (recent || start > 0 && end < start)
}

var reasons = map[schema.Type]string{
	schema.ChatMessageDeleted: "deleted", schema.ChatCleared: "cleared", schema.ChatUserTimedOut: "timed_out", schema.ChatUserBanned: "banned",
}

// rows are what must be stored: by _id, the line's event (0: a tombstone) and
// the removal's event (0: it stands).
func rows(all []happening) map[string][2]uint64 {
	want, lines := map[string][2]uint64{}, map[string]happening{}
	for _, h := range all {
		key := h.platform + " " + h.id
		if _, again := lines[key]; h.kind == schema.ChatMessage && !again {
			lines[key], want[key] = h, [2]uint64{h.seq, 0}
		}
	}
	for _, h := range all {
		if reasons[h.kind] == "" {
			continue
		}
		key := h.platform + " " + h.id
		if _, there := want[key]; !there && h.kind == schema.ChatMessageDeleted && !h.test {
			want[key] = [2]uint64{0, h.seq}
		}
		for id, line := range lines {
			if row := want[id]; row[1] == 0 && covers(all, h, line) {
				want[id] = [2]uint64{row[0], h.seq}
			}
		}
	}
	return want
}

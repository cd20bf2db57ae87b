package evening

import (
	"strings"
	"testing"
	"time"
)

func parse(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Error(err)
	}
	return at
}

func lineIDs(t *testing.T, _ Options, frames []played) {
	seen := map[string]bool{}
	for _, p := range frames {
		if l, ok := p.line(); ok && !p.isFirstWords() {
			if seen[l.id] || l.id == "" {
				t.Errorf("line id %q again: %s", l.id, p.body)
			}
			seen[l.id] = true
		}
	}
}

func deletions(t *testing.T, _ Options, frames []played) {
	author, deleted := map[string]said{}, map[string]bool{}
	for _, p := range frames {
		if l, ok := p.line(); ok {
			author[l.id] = l
		}
		if p.kind != "Twitch.ChatMessageDeleted" && p.kind != "YouTube.MessageDeleted" {
			continue
		}
		id := p.str("messageId", "targetMessageId", "eventId")
		l, ok := author[id]
		if !ok || deleted[id] {
			t.Errorf("deletes %q, said %t, already deleted %t", id, ok, deleted[id])
		}
		deleted[id] = true
		if p.get("targetMessageId") != nil && (p.str("message") != l.text || p.str("userName") != l.login) {
			t.Errorf("%s\ndeletes %+v", p.body, l)
		}
		if who := p.str("targetUser.id", "user.id"); who != "" && who != l.by {
			t.Errorf("%s is by %s and not %s", id, l.by, who)
		}
	}
}

// silenced is whom a sentence hits.
func silenced(p played) string {
	return p.str("target_user_id", "targetUser.id", "bannedUser.id", "user_id")
}

func silences(t *testing.T, _ Options, frames []played) {
	spoke, out := map[string]bool{}, map[string]string{}
	evening := 1
	for _, p := range frames {
		if p.evening != evening {
			evening, spoke, out = p.evening, map[string]bool{}, map[string]string{}
		}
		if l, ok := p.line(); ok {
			spoke[l.by] = true
			if by := out[l.by]; by != "" {
				t.Errorf("%s speaks in spite of %s", l.login, by)
			}
		}
		switch p.kind {
		case "Twitch.UserTimedOut", "Twitch.UserBanned", "YouTube.UserBanned":
			if who := silenced(p); !spoke[who] || out[who] != "" {
				t.Errorf("%s hits %q: spoke %t, before %q", p.kind, who, spoke[who], out[who])
			} else if p.str("banType") != "temporary" {
				out[who] = p.kind
			}
		case "Twitch.UserUntimedOut":
			if who := silenced(p); out[who] != "Twitch.UserTimedOut" {
				t.Errorf("%q was let back in after %q", who, out[who])
			}
			delete(out, silenced(p))
		}
		if p.kind == "Twitch.UserTimedOut" && p.num("duration") != 600 {
			t.Errorf("timed out for %d s", p.num("duration"))
		}
	}
	if n := len(of(frames, "Twitch.UserTimedOut")) - len(of(frames, "Twitch.UserUntimedOut")); n != 0 {
		t.Errorf("%d time-outs more than ends of them", n)
	}
}

func heldLines(t *testing.T, _ Options, frames []played) {
	held, verdict := map[string]string{}, map[string]string{}
	for _, p := range frames {
		id := p.str("message_id")
		switch p.kind {
		case "Twitch.AutoModMessageHeld":
			text := p.str("text")
			held[id] = text
			bounds := p.get("automod.boundaries").([]any)[0].(map[string]any)
			from, to := int(bounds["start_pos"].(float64)), int(bounds["end_pos"].(float64))
			bad := p.get("fragments").([]any)[1].(map[string]any)["text"].(string)
			if units(text[:strings.Index(text, bad)]) != from || from+units(bad)-1 != to {
				t.Errorf("%q is not at %d..%d of %q", bad, from, to, text)
			}
		case "Twitch.AutoModMessageUpdate":
			if held[id] == "" || verdict[id] != "" {
				t.Errorf("a verdict on %q, held %q, verdict before %q", id, held[id], verdict[id])
			}
			verdict[id] = p.str("status")
		}
		if l, ok := p.line(); ok && held[l.id] != "" {
			if verdict[l.id] != "approved" || l.text != held[l.id] {
				t.Errorf("the held line %q is said after %q", l.text, verdict[l.id])
			}
			delete(held, l.id)
		}
	}
	for id := range held {
		if verdict[id] != "denied" {
			t.Errorf("what became of the held line %s? %q", id, verdict[id])
		}
	}
}

func commandLines(t *testing.T, _ Options, frames []played) {
	all, own := map[string]int{}, map[string]int{}
	for i, p := range frames {
		if !strings.HasPrefix(p.kind, "Command.") {
			if l, ok := p.line(); ok && strings.HasPrefix(l.text, "!") && !p.isFirstWords() &&
				(i+1 == len(frames) || !strings.HasPrefix(frames[i+1].kind, "Command.")) {
				t.Errorf("%q is followed by %s", l.text, frames[i+1].kind)
			}
			continue
		}
		l, _ := frames[i-1].line()
		if l.by != p.str("user.id") || strings.TrimSpace(p.str("command")+" "+p.str("message")) != l.text {
			t.Errorf("%s\nfollows %s", p.body, frames[i-1].body)
		}
		command, user := p.str("command"), p.str("command")+p.str("user.id")
		all[command]++
		own[user]++
		if p.num("counter") != all[command] || p.num("userCounter") != own[user] {
			t.Errorf("%s is counted %d and %d, want %d and %d", command, p.num("counter"), p.num("userCounter"), all[command], own[user])
		}
	}
}

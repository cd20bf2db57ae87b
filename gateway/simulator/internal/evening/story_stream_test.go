package evening

import (
	"slices"
	"testing"
)

// inOrder checks that the first frames of some kinds come in this order and gives the last one's place.
func inOrder(t *testing.T, frames []played, kinds ...string) int {
	t.Helper()
	last := -1
	for _, kind := range kinds {
		at := slices.IndexFunc(frames, func(p played) bool { return p.kind == kind })
		if at <= last {
			t.Errorf("%s is frame %d, behind frame %d", kind, at, last)
		}
		last = at
	}
	return last
}

func soonLive(t *testing.T, o Options, frames []played) {
	for evening := 1; evening <= 2; evening++ {
		tonight := tonightOf(frames, evening)
		last := inOrder(t, tonight, "Obs.Connected", "Obs.SceneChanged", "Twitch.StreamUpdate", "Obs.StreamingStarted",
			"YouTube.BroadcastStarted", "Twitch.StreamOnline")
		if last >= 20 {
			t.Errorf("evening %d is online only at frame %d", evening, last)
		}
		for _, p := range of(tonight, "Twitch.StreamOnline") {
			began := p.str("started_at")
			if lag := p.at.Sub(parse(t, began)).Seconds(); lag < 18 || lag > 20 {
				t.Errorf("online %.1f s after %s", lag, began)
			}
		}
	}
}

func orderlyEnd(t *testing.T, _ Options, frames []played) {
	for evening := 1; evening <= 2; evening++ {
		tonight := tonightOf(frames, evening)
		inOrder(t, tonight, "Twitch.StreamOnline", "Twitch.HypeTrainStart", "Twitch.HypeTrainEnd", "Twitch.RaidStart",
			"Twitch.RaidSend", "Obs.RecordingStopped", "Obs.StreamingStopped", "Twitch.StreamOffline",
			"YouTube.BroadcastEnded", "Obs.Disconnected")
		live := false
		for _, p := range tonight {
			switch p.kind {
			case "Twitch.StreamOnline":
				live = true
			case "Twitch.StreamOffline":
				live = false
			case "Twitch.Raid", "Twitch.AdRun", "Twitch.HypeTrainStart", "Twitch.PollCreated":
				if !live {
					t.Errorf("%s while offline", p.kind)
				}
			}
		}
		scenes := of(tonight, "Obs.SceneChanged")
		first, last := scenes[0], scenes[len(scenes)-1]
		if sceneOf(first) != "Starting soon" || sceneOf(last) != "Ending" {
			t.Errorf("the first scene is %q, the last %q", sceneOf(first), sceneOf(last))
		}
	}
}

func sceneOf(p played) string { return p.str("scene.sceneName", "sceneName") }

func sceneChain(t *testing.T, _ Options, frames []played) {
	last := map[int]string{1: "Black", 2: "Black"}
	for _, p := range of(frames, "Obs.SceneChanged") {
		if old := p.str("oldScene.sceneName"); p.get("scene") != nil && old != last[p.evening] {
			t.Errorf("%q comes from %q, want %q", sceneOf(p), old, last[p.evening])
		}
		if sceneOf(p) == last[p.evening] {
			t.Errorf("%q changes to itself", sceneOf(p))
		}
		last[p.evening] = sceneOf(p)
	}
}

func streamIDs(t *testing.T, _ Options, frames []played) {
	seen := map[string]bool{}
	for _, p := range of(frames, "Twitch.StreamOnline", "YouTube.BroadcastStarted") {
		if seen[p.str("id")] {
			t.Errorf("broadcast %s twice", p.str("id"))
		}
		seen[p.str("id")] = true
	}
	current := map[int]string{}
	for _, p := range of(frames, "YouTube.BroadcastStarted") {
		current[p.evening] = p.str("id")
	}
	for _, p := range frames {
		if id := p.str("broadcast.id"); id != "" && id != current[p.evening] {
			t.Errorf("%s of evening %d is in broadcast %s", p.kind, p.evening, id)
		}
	}
	for _, p := range of(frames, "YouTube.BroadcastUpdated") {
		if p.str("id") != current[p.evening] {
			t.Errorf("the update is of broadcast %s", p.str("id"))
		}
	}
}

func titles(t *testing.T, _ Options, frames []played) {
	updates := of(frames, "Twitch.StreamUpdate")
	for i, p := range updates {
		if i == 0 {
			continue
		}
		before := updates[i-1]
		if p.str("oldStatus") != before.str("status") || p.str("oldGame.id") != before.str("game.id") ||
			p.str("oldGame.name") != before.str("game.name") {
			t.Errorf("%s\nfollows %s", p.body, before.body)
		}
	}
	changed := map[int]bool{}
	for _, p := range updates[1:] {
		if p.str("status") != p.str("oldStatus") && p.str("game.id") != p.str("oldGame.id") {
			changed[p.evening] = true
		}
	}
	if !changed[1] || !changed[2] {
		t.Error("title and game never change in the middle of an evening")
	}
}

// darkTwitch says that nothing comes from Twitch while it is lost.
func darkTwitch(t *testing.T, _ Options, frames []played) {
	dark, others := false, 0
	for _, p := range frames {
		switch p.kind {
		case "Twitch.BroadcasterChatDisconnected":
			dark = true
			continue
		case "Twitch.BroadcasterEventSubConnected":
			dark = false
		}
		isTwitch := len(p.kind) > 7 && p.kind[:7] == "Twitch."
		if dark && isTwitch && p.kind != "Twitch.BroadcasterEventSubDisconnected" {
			t.Errorf("%s while Twitch is lost", p.kind)
		}
		if dark && !isTwitch {
			others++
		}
	}
	if dark || others == 0 {
		t.Errorf("dark at the end: %t, heard from others meanwhile: %d", dark, others)
	}
}

func growing(t *testing.T, _ Options, frames []played) {
	for evening := 1; evening <= 2; evening++ {
		likes, views := -1, -1
		for _, p := range of(tonightOf(frames, evening), "YouTube.StatisticsUpdated") {
			if p.num("likeCount") < likes || p.num("viewCount") <= views {
				t.Errorf("from %d likes and %d views to %s", likes, views, p.body)
			}
			likes, views = p.num("likeCount"), p.num("viewCount")
		}
	}
	for _, p := range of(frames, "Twitch.ViewerCountUpdate", "Kick.ViewerCountUpdate") {
		if n := p.num("viewers", "viewerCount"); n < 1 || n > 5000 {
			t.Errorf("%d viewers", n)
		}
	}
}

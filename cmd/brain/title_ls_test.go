package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"promethean/schema"
	"promethean/sinks/titles"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// TestTitlesShown: what ls, show and why print of lives that end in each way.
func TestTitlesShown(t *testing.T) {
	all := []titles.Title{lifeOf("r3", overriddenSteps), lifeOf("r2", refusedSteps), lifeOf("r1", chosenSteps), lifeOf("r0", rejectedSteps), lifeOf("r", againSteps)}
	var out bytes.Buffer
	if err := printTitles(&out, all); err != nil {
		t.Fatal(err)
	}
	for _, why := range []bool{false, true} {
		for _, title := range all {
			out.WriteString("\n==== " + map[bool]string{true: "why", false: "show"}[why] + " " + title.ID + "\n")
			if err := printTitle(&out, title, why); err != nil {
				t.Fatal(err)
			}
		}
	}
	golden := filepath.Join("testdata", "titles.golden")
	if *update {
		if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("-golden +now (write it anew with -update):\n%s", diff)
	}
}

// lifeOf folds a life whose steps came a minute apart.
func lifeOf(request string, steps []titles.Step) titles.Title {
	all := append([]titles.Step(nil), steps...)
	for i := range all {
		all[i].Seq = int64(10 + i)
		all[i].EventID = request + "-e" + string(rune('0'+i))
		all[i].At = time.Date(2026, 11, 25, 20, i, 0, 0, time.UTC)
	}
	return titles.Fold(request, all)
}

func number(n int64) *int64 { return &n }

var (
	requested = titles.Step{Type: schema.TitleRequested, CausedBy: []string{"obs-1"}, Said: titles.Said{Trigger: "obs.streaming_started", Mode: "auto",
		By: &titles.Actor{Kind: "policy", Via: "settings"}, ContextHash: "c0ffee", Context: json.RawMessage(`{"category":"Moss Harbour"}`),
		DrawnFrom: []titles.Line{{MessageID: "m7", Platform: "twitch"}}}}
	suggested = titles.Step{Type: schema.TitleSuggested, CausedBy: []string{"r"}, Said: titles.Said{SuggestionID: "s1", Source: "model", Model: "duck-1", PromptHash: "abc", LatencyMs: number(1830),
		Candidates: []titles.Candidate{{N: 1, Title: "Soup night, slowly"}, {N: 2, Title: "One lost oar\x1b[31m"}},
		Rejected:   []titles.Rejection{{Title: "see duck.example", Rule: "link", Detail: "a link, a domain or an address"}}}}
	template = titles.Step{Type: schema.TitleSuggested, Said: titles.Said{SuggestionID: "s1", Source: "template", LatencyMs: number(3),
		Fallback: "timeout: the server did not answer within 20s", Candidates: []titles.Candidate{{N: 1, Title: "Soup night, slowly"}, {N: 2, Title: "One lost oar"}}}}
	ada = &titles.Actor{Kind: "human", Via: "chat", UserID: "7", Username: "ada"}
)

func approvedStep(n int64, title string, by *titles.Actor, edited bool) titles.Step {
	return titles.Step{Type: schema.TitleApproved, CausedBy: []string{"chat-1"}, Said: titles.Said{SuggestionID: "s1", Candidate: number(n), Title: title, By: by, Edited: edited}}
}

func sentStep(attempt int64, title string) titles.Step {
	return titles.Step{Type: schema.TitleSent, Said: titles.Said{SuggestionID: "s1", SentID: "sent " + title, Attempt: attempt, Title: title, CommandID: "command-" + title,
		Action: &titles.Action{ID: "0a5b", Name: "Set Stream Title"}}}
}

var (
	chosenSteps = []titles.Step{requested, suggested, approvedStep(2, "One lost oar", ada, false), sentStep(1, "One lost oar"),
		{Type: schema.TitleApplied, Said: titles.Said{SentID: "sent One lost oar", Title: "One lost oar", Platform: "TWITCH"}},
		{Type: schema.TitleTainted, Said: titles.Said{Title: "One lost oar", Line: &titles.Line{MessageID: "m7", Platform: "twitch"}, Cause: "chat.message_deleted"}}}
	refusedSteps = []titles.Step{requested, template, approvedStep(0, "Mine", ada, true), sentStep(1, "Mine"),
		{Type: schema.TitleRefused, Said: titles.Said{SuggestionID: "s1", SentID: "sent Mine", Title: "Mine", Kind: "banned_words", Reason: "Status contains banned words."}},
		approvedStep(1, "Soup night, slowly", &titles.Actor{Kind: "policy", Via: "settings"}, false), sentStep(2, "Soup night, slowly"),
		{Type: schema.TitleUnconfirmed, Said: titles.Said{SentID: "sent Soup night, slowly", Title: "Soup night, slowly", Reason: "no platform showed the title within 30s; it is not sent again"}}}
	overriddenSteps = []titles.Step{requested, template, {Type: schema.TitleOverridden, CausedBy: []string{"update-1"}, Said: titles.Said{Platform: "TWITCH", Title: "By hand"}}}
	againSteps      = []titles.Step{requested, template, {Type: schema.TitleRejected, Said: titles.Said{SuggestionID: "s1", By: ada, Again: true, Note: "about soup"}}, suggested}
	rejectedSteps   = []titles.Step{requested, template, {Type: schema.TitleRejected, Said: titles.Said{SuggestionID: "s1", By: ada, Reason: "too loud"}}}
)

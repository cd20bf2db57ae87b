package schema

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestCatalogue(t *testing.T) {
	entries := Catalogue()
	if !slices.IsSortedFunc(entries, func(a, b Entry) int { return strings.Compare(string(a.Type), string(b.Type)) }) {
		t.Error("not sorted by type")
	}
	date := regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	seen := map[Type]bool{}
	for _, e := range entries {
		if !e.Type.Valid() || seen[e.Type] || e.About == "" || len(e.Versions) == 0 {
			t.Fatalf("bad entry %+v", e)
		}
		seen[e.Type] = true
		if !slices.IsSorted(e.Versions) || len(slices.Compact(slices.Clone(e.Versions))) != len(e.Versions) {
			t.Errorf("%s: versions not oldest first, each once: %v", e.Type, e.Versions)
		}
		for _, v := range e.Versions {
			if _, err := time.Parse(time.DateOnly, string(v)); err != nil || !date.MatchString(string(v)) {
				t.Errorf("%s: version %q is no date", e.Type, v)
			}
		}
		if got, want := CurrentVersion(e.Type), e.Versions[len(e.Versions)-1]; got != want || e.Current() != want {
			t.Errorf("%s: current version %s and %s, want %s", e.Type, got, e.Current(), want)
		}
	}
	for _, typ := range []Type{
		ActionCompleted, ActionFailed, AIModeration, AIThoughts, AITTSGenerated, APIEvent, CharacterUpdated, ChatAIMessage, ChatFirstMessage,
		ChannelEvent, ChannelGoLive, ChannelGoOffline, ChannelUpdated,
		ChatCleared, ChatCommand, ChatMessage, ChatMessageDeleted, ChatUserBanned, ChatUserTimedOut, ChatUserUnbanned, ChatUserUntimedOut,
		ControlDoAction, ControlSendMessage,
		OBSRecordingStarted, OBSRecordingStopped, OBSSceneChanged, OBSStreamingStarted, OBSStreamingStopped,
		SourceConnected, SourceDisconnected, SourceGap, SystemJoin, SystemLeft,
		ControlTitleApprove, ControlTitleLock, ControlTitleRegenerate, ControlTitleReject, ControlTitleRollback, ControlTitleSuggest,
		TitleApplied, TitleApproved, TitleExpired, TitleLocked, TitleOverridden, TitleRefused, TitleRejected, TitleRequested, TitleSent, TitleSuggested, TitleTainted, TitleUnconfirmed,
	} {
		if !seen[typ] {
			t.Errorf("%s is a constant but not in the catalogue", typ)
		}
	}
	if got := CurrentVersion("streamerbot.twitch.follow"); got != PassThroughVersion {
		t.Errorf("unlisted type: version %q", got)
	}
}

func TestCatalogueIsACopy(t *testing.T) {
	Catalogue()[0].Versions[0] = "changed"
	if got := Catalogue()[0].Versions[0]; got == "changed" {
		t.Error("a caller can change the catalogue")
	}
}

func TestProvidersAreTokens(t *testing.T) {
	seen := map[Provider]bool{}
	for _, p := range Providers() {
		if !ValidToken(string(p)) || strings.ToLower(string(p)) != string(p) || seen[p] {
			t.Errorf("provider %q", p)
		}
		seen[p] = true
	}
}

func TestTypeValid(t *testing.T) {
	tests := []struct {
		name string
		typ  Type
		want bool
	}{
		{"two tokens", "chat.message", true},
		{"one token", "chat", true},
		{"digits and underscore", "a1._.9", true},
		{"eight tokens", "a.b.c.d.e.f.g.h", true},
		{"nine tokens", "a.b.c.d.e.f.g.h.i", false},
		{"128 bytes", Type(strings.Repeat("a", 128)), true},
		{"129 bytes", Type(strings.Repeat("a", 129)), false},
		{"empty", "", false},
		{"dot first", ".chat", false},
		{"dot last", "chat.", false},
		{"two dots", "chat..message", false},
		{"only a dot", ".", false},
		{"upper case", "chat.Message", false},
		{"hyphen", "chat-message", false},
		{"star", "chat.*", false},
		{"greater", "chat.>", false},
		{"space", "chat message", false},
		{"line break", "chat.message\n", false},
		{"unicode", "chat.é", false},
		{"NUL", "chat.\x00", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.typ.Valid(); got != tt.want {
				t.Errorf("%q: %v", tt.typ, got)
			}
		})
	}
}

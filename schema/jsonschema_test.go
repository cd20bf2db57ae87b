package schema

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"testing"
)

// payloads maps a type's version to the Go struct that stands for it.
func payloads() map[string]reflect.Type {
	return map[string]reflect.Type{
		"action.completed/2025-02-01":         reflect.TypeFor[ActionPayload](),
		"action.failed/2025-02-01":            reflect.TypeFor[ActionPayload](),
		"ai.moderation/2025-02-01":            reflect.TypeFor[ModerationPayload](),
		"ai.thoughts/2025-02-01":              reflect.TypeFor[ThoughtsPayload](),
		"ai.tts.generated/2025-02-01":         reflect.TypeFor[SpeechPayload](),
		"api.event/2025-02-01":                reflect.TypeFor[APIEventPayload](),
		"channel.event/2025-02-01":            reflect.TypeFor[ChannelEventPayload](),
		"channel.go_live/2025-02-01":          reflect.TypeFor[LivePayload](),
		"channel.go_offline/2025-02-01":       reflect.TypeFor[LivePayload](),
		"channel.updated/2025-02-01":          reflect.TypeFor[ChannelUpdatedPayload](),
		"character.updated/2025-02-01":        reflect.TypeFor[CharacterPayload](),
		"chat.ai_message/2025-02-01":          reflect.TypeFor[AIMessagePayload](),
		"chat.cleared/2025-02-01":             reflect.TypeFor[ChatClearedPayload](),
		"chat.command/2025-02-01":             reflect.TypeFor[ChatCommandPayload](),
		"chat.first_message/2025-02-01":       reflect.TypeFor[FirstMessagePayload](),
		"chat.message/2025-02-01":             reflect.TypeFor[ChatPayload](),
		"chat.message_deleted/2025-02-01":     reflect.TypeFor[MessageDeletedPayload](),
		"chat.user_banned/2025-02-01":         reflect.TypeFor[UserModeratedPayload](),
		"chat.user_timed_out/2025-02-01":      reflect.TypeFor[UserModeratedPayload](),
		"chat.user_unbanned/2025-02-01":       reflect.TypeFor[UserModeratedPayload](),
		"chat.user_untimed_out/2025-02-01":    reflect.TypeFor[UserModeratedPayload](),
		"control.do_action/2025-02-01":        reflect.TypeFor[DoActionPayload](),
		"control.send_message/2025-02-01":     reflect.TypeFor[SendMessagePayload](),
		"obs.recording_started/2025-02-01":    reflect.TypeFor[OutputPayload](),
		"obs.recording_stopped/2025-02-01":    reflect.TypeFor[OutputPayload](),
		"obs.scene_changed/2025-02-01":        reflect.TypeFor[SceneChangedPayload](),
		"obs.streaming_started/2025-02-01":    reflect.TypeFor[OutputPayload](),
		"obs.streaming_stopped/2025-02-01":    reflect.TypeFor[OutputPayload](),
		"source.connected/2025-02-01":         reflect.TypeFor[ConnectedPayload](),
		"source.disconnected/2025-02-01":      reflect.TypeFor[DisconnectedPayload](),
		"source.gap/2025-02-01":               reflect.TypeFor[firstGapPayload](),
		"source.gap/2026-11-25":               reflect.TypeFor[secondGapPayload](),
		"source.gap/2026-11-26":               reflect.TypeFor[GapPayload](),
		"system.join/2025-02-01":              reflect.TypeFor[PresencePayload](),
		"system.left/2025-02-01":              reflect.TypeFor[PresencePayload](),
		"title.applied/2026-11-25":            reflect.TypeFor[TitleAppliedPayload](),
		"title.approved/2026-11-25":           reflect.TypeFor[TitleApprovedPayload](),
		"title.expired/2026-11-25":            reflect.TypeFor[TitleExpiredPayload](),
		"title.locked/2026-11-25":             reflect.TypeFor[TitleLockedPayload](),
		"title.overridden/2026-11-25":         reflect.TypeFor[TitleOverriddenPayload](),
		"title.refused/2026-11-25":            reflect.TypeFor[TitleRefusedPayload](),
		"title.rejected/2026-11-25":           reflect.TypeFor[TitleRejectedPayload](),
		"title.requested/2026-11-25":          reflect.TypeFor[TitleRequestedPayload](),
		"title.sent/2026-11-25":               reflect.TypeFor[TitleSentPayload](),
		"title.suggested/2026-11-25":          reflect.TypeFor[TitleSuggestedPayload](),
		"title.tainted/2026-11-25":            reflect.TypeFor[TitleTaintedPayload](),
		"title.unconfirmed/2026-11-25":        reflect.TypeFor[TitleUnconfirmedPayload](),
		"control.title_approve/2026-11-25":    reflect.TypeFor[TitleApproveCommand](),
		"control.title_lock/2026-11-25":       reflect.TypeFor[TitleLockCommand](),
		"control.title_regenerate/2026-11-25": reflect.TypeFor[TitleRegenerateCommand](),
		"control.title_reject/2026-11-25":     reflect.TypeFor[TitleRejectCommand](),
		"control.title_rollback/2026-11-25":   reflect.TypeFor[TitleRollbackCommand](),
		"control.title_suggest/2026-11-25":    reflect.TypeFor[TitleSuggestCommand](),
	}
}

// secondGapPayload is GapPayload before it named events.
type secondGapPayload struct {
	Source   string `json:"source"`
	From     Time   `json:"from"`
	To       Time   `json:"to"`
	Cause    string `json:"cause"`
	Platform string `json:"platform,omitempty"`
	Detail   string `json:"detail,omitempty"`
}

// firstGapPayload is GapPayload at its first version.
type firstGapPayload struct {
	Source string `json:"source"`
	From   Time   `json:"from"`
	To     Time   `json:"to"`
	Cause  string `json:"cause"`
	Detail string `json:"detail,omitempty"`
}

func TestEveryTypeHasItsFiles(t *testing.T) {
	want := map[string]bool{}
	for _, e := range Catalogue() {
		for _, v := range e.Versions {
			key := string(e.Type) + "/" + string(v)
			want["types/"+key+".schema.json"], want["types/"+key+".sample.json"] = true, true
			t.Run(key, func(t *testing.T) {
				file, ok := JSONSchema(e.Type, v)
				sample, okSample := Sample(e.Type, v)
				if !ok || !okSample {
					t.Fatalf("schema %v, sample %v", ok, okSample)
				}
				root := readNode(t, file)
				if root.Schema != "https://json-schema.org/draft/2020-12/schema" || root.ID != fmt.Sprintf("urn:promethean:schema:%s:%s", e.Type, v) || root.Title == "" {
					t.Errorf("head %q %q %q", root.Schema, root.ID, root.Title)
				}
				goType, ok := payloads()[key]
				if !ok {
					t.Fatal("no Go struct")
				}
				describes(t, root, root, goType, key)
				var value any
				if err := json.Unmarshal(sample, &value); err != nil {
					t.Fatal(err)
				}
				conforms(t, root, root, value, key)
				roundTrip(t, sample, goType)
			})
		}
	}
	err := fs.WalkDir(types, "types", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !want[path] {
			t.Errorf("%s belongs to no type of the catalogue", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestJSONSchemaOfTheUnlisted(t *testing.T) {
	for _, tt := range []struct {
		name string
		typ  Type
		v    Version
	}{
		{"other type", "channel.tide_changed", "2025-02-01"}, {"other version", ChatMessage, "2024-01-01"},
		{"empty", "", ""}, {"path", "../types/chat.message", "2025-02-01"},
	} {
		if b, ok := JSONSchema(tt.typ, tt.v); ok {
			t.Errorf("%s: %s", tt.name, b)
		}
	}
	if b, _ := JSONSchema(ChatMessage, "2025-02-01"); len(b) > 0 {
		b[0] = 'x'
		if again, _ := JSONSchema(ChatMessage, "2025-02-01"); again[0] == 'x' {
			t.Error("a caller can change the schema")
		}
	}
}

// roundTrip decodes the sample into Go and back: nothing is lost or added.
func roundTrip(t *testing.T, sample []byte, goType reflect.Type) {
	t.Helper()
	value := reflect.New(goType)
	d := json.NewDecoder(bytes.NewReader(sample))
	d.DisallowUnknownFields()
	if err := d.Decode(value.Interface()); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(value.Interface())
	if err != nil {
		t.Fatal(err)
	}
	var got, want bytes.Buffer
	if err := json.Compact(&got, b); err != nil {
		t.Fatal(err)
	}
	if err := json.Compact(&want, sample); err != nil {
		t.Fatal(err)
	}
	if got.String() != want.String() {
		t.Errorf("round trip\n got %s\nwant %s", &got, &want)
	}
}

// chat.message has two writers. What ai_licia's reference requires is what the
// schema requires, but for language, which Streamer.bot does not know.
func TestChatSchemaTakesAiLiciasOwn(t *testing.T) {
	b, _ := JSONSchema(ChatMessage, "2025-02-01")
	want := []string{"id", "username", "message", "platform", "isSubscriber", "isVip", "isModerator", "sentDateTime"}
	if got := readNode(t, b).Required; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A schema file or sample that was published is never edited: its hash stands
// in testdata, and -update only adds new ones.
func TestSchemaFilesStay(t *testing.T) {
	const golden = "testdata/types.golden"
	known, err := os.ReadFile(golden)
	if err != nil && !*update {
		t.Fatal(err)
	}
	var added bytes.Buffer
	err = fs.WalkDir(types, "types", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := types.ReadFile(path)
		line := fmt.Sprintf("%s %x\n", path, sha256.Sum256(b))
		switch {
		case bytes.Contains(known, []byte(line)):
		case bytes.Contains(known, []byte(path+" ")):
			t.Errorf("%s was edited: a changed payload is a new version", path)
		case *update:
			added.WriteString(line)
		default:
			t.Errorf("%s is not in %s; run with -update to add it", path, golden)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if added.Len() > 0 && !t.Failed() {
		if err := os.WriteFile(golden, append(known, added.Bytes()...), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// The schema's list of causes is the constants'.
func TestGapCauses(t *testing.T) {
	b, _ := JSONSchema(SourceGap, CurrentVersion(SourceGap))
	got := readNode(t, b).Properties["cause"].Enum
	if want := []string{GapDisconnected, GapRestarted, GapOutboxFull, GapPlatform, GapExited}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// So are the lists of kinds and outcomes.
func TestClosedLists(t *testing.T) {
	b, _ := JSONSchema(ChannelEvent, CurrentVersion(ChannelEvent))
	root := readNode(t, b)
	var kinds []string
	for _, k := range EventTypes() {
		kinds = append(kinds, string(k))
	}
	if got := root.Properties["eventType"].Examples; !slices.Equal(got, kinds) {
		t.Errorf("event types: got %v, want %v", got, kinds)
	}
	if got, want := root.Defs["reward"].Properties["kind"].Enum, []string{RewardCustom, RewardAutomatic, RewardPowerUp, RewardCustomPowerUp}; !slices.Equal(got, want) {
		t.Errorf("rewards: got %v, want %v", got, want)
	}
	for typ, want := range map[Type][]string{
		ActionCompleted: {OutcomeCompleted, OutcomeSent},
		ActionFailed:    {OutcomeFailed, OutcomeRefused, OutcomeExpired, OutcomeUnknown},
	} {
		b, _ := JSONSchema(typ, CurrentVersion(typ))
		if got := readNode(t, b).Properties["outcome"].Enum; !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", typ, got, want)
		}
	}
	for _, tt := range []struct {
		typ    Type
		member string
		want   []string
	}{
		{TitleRequested, "trigger", []string{string(OBSStreamingStarted), string(ChannelGoLive), TriggerCustom, TriggerCommand, TriggerOperator, TriggerInterval, TriggerRollback}},
		{TitleRequested, "mode", []string{TitleAuto, TitleSuggest}},
		{TitleSuggested, "source", []string{TitleFromModel, TitleFromTemplate, TitleFromHistory}},
		{TitleRefused, "kind", []string{RefusedBannedWords, RefusedTooLong, RefusedByPlatform, RefusedAction}},
		{TitleExpired, "kind", []string{ExpiredTimedOut, ExpiredSuperseded, ExpiredStreamEnded, ExpiredTooLate, ExpiredNoCandidate}},
	} {
		b, _ := JSONSchema(tt.typ, CurrentVersion(tt.typ))
		if got := readNode(t, b).Properties[tt.member].Enum; !slices.Equal(got, tt.want) {
			t.Errorf("%s.%s: got %v, want %v", tt.typ, tt.member, got, tt.want)
		}
	}
	b, _ = JSONSchema(TitleApproved, CurrentVersion(TitleApproved))
	actor := readNode(t, b).Defs["actor"].Properties
	if got, want := actor["kind"].Enum, []string{ActorHuman, ActorBot, ActorPolicy}; !slices.Equal(got, want) {
		t.Errorf("actors: got %v, want %v", got, want)
	}
	if got, want := actor["via"].Enum, []string{ViaChat, ViaOperator, ViaStreamerBot, ViaSettings}; !slices.Equal(got, want) {
		t.Errorf("ways: got %v, want %v", got, want)
	}
	b, _ = JSONSchema(OBSSceneChanged, CurrentVersion(OBSSceneChanged))
	if got, want := readNode(t, b).Properties["software"].Enum, []string{SoftwareOBS, SoftwareStreamlabs, SoftwareMeld}; !slices.Equal(got, want) {
		t.Errorf("software: got %v, want %v", got, want)
	}
}

// channel.event has two writers as well: what ai_licia's reference calls
// nullable may be null, and nothing is required that its events lack.
func TestChannelEventSchemaTakesAiLiciasOwn(t *testing.T) {
	b, _ := JSONSchema(ChannelEvent, "2025-02-01")
	root := readNode(t, b)
	if want := []string{"eventType", "sentDateTime"}; !slices.Equal(root.Required, want) {
		t.Errorf("requires %v, want %v", root.Required, want)
	}
	for _, name := range []string{"username", "gifter", "count", "value", "raidViewers", "message"} {
		if !root.Properties[name].Type.nullable() {
			t.Errorf("%s must not be null", name)
		}
	}
}

package streamerbot

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"promethean/gateway/source/ailicia"
	"promethean/schema"

	"github.com/google/go-cmp/cmp"
)

// eventsDoc is generated from the table, the catalogue and the samples, so
// that it cannot go stale.
const eventsDoc = "../../../docs/events.md"

func TestEventsDoc(t *testing.T) {
	got := writeEventsDoc(t)
	if *update {
		if err := os.WriteFile(eventsDoc, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(eventsDoc)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("docs/events.md is stale: run make golden (-want +got):\n%s", diff)
	}
}

const eventsHead = `<!-- Generated from gateway/source/streamerbot by ` + "`make golden`" + `; edits here are lost. -->

# Events

What stands on the log, for readers in any language. Every message is one JSON object, the envelope:

| member | meaning |
|---|---|
| ` + "`id`" + ` | the same fact always has the same id: use it to recognise a repetition |
| ` + "`type`, `version`" + ` | what happened, and the date of the payload's schema |
| ` + "`timestamp`" + ` | the source's time, UTC, milliseconds. Streamer.bot's is the streaming PC's clock |
| ` + "`channel`" + ` | where: id, name, platform (upper case); OBS has the broadcaster's first known channel; STREAMERBOT where none is known and for what belongs to no platform |
| ` + "`stream.id`" + ` | the broadcast, where the source names one |
| ` + "`payload`" + ` | what this page describes |
| ` + "`meta.gateway`" + ` | how it came here: source, tenant, receivedAt, frameType (Streamer.bot's name of it), origin (live or test) |
| ` + "`meta.raw`" + ` | the frame as it was received, byte for byte, for all that the payload does not say |

The subject is ` + "`promethean.p.<provider>.t.<tenant>.events.<type>`" + `. provider is twitch, youtube, kick, trovo, obs
(all streaming software), streamerbot (donation services and Streamer.bot itself), ailicia or brain.

In payloads, what is not known is left out, save flags that are always there. Ids are text. Money is an exact decimal
number in text, never a float. ` + "`sentDateTime`" + ` is the platform's time where it gives one. ` + "`isTest`" + ` marks what a test
button made. New members and new types may come at any time: ignore what you don't know. The JSON Schema of each
type is in schema/types.

Four sorts of types are here: what Streamer.bot tells, read into one form whatever platform and version; what ai_licia
tells, [as it made it](#from-ai_licia); what is [passed through](#passed-through); and what this gateway says itself.

`

const eventsTail = `## Passed through

Every other type that is subscribed to keeps Streamer.bot's name and data: type
` + "`streamerbot.<source>.<type>`" + ` in snake case, payload the frame's ` + "`data`" + ` byte for byte. meta.timeStamp is the
frame's time as it stood; meta.raw is there only where the frame can't be rebuilt from these.

| from | becomes |
|---|---|
`

const eventsEnd = `
So does a frame of a type above that lacks what makes it that event: a follow of nobody, a ban that names nobody, a
scene without name, a new category without a title. Nothing is lost and nothing is made up. A line of chat without
text and id is the one exception: it becomes a dead letter, as does what is no frame at all.

## From ai_licia

An event of ai_licia keeps its envelope: id, type, version, timestamp, channel, stream, the payload byte for byte, and
its own meta beside meta.gateway. Members that this page does not know stay where they stood, also those of envelope,
channel and stream; so do types it does not know. meta.raw is there only where that cannot hold everything: a member
that is there twice, or an optional one that is not what ai_licia's reference says. The provider of chat.message and
channel.… is the platform; of everything else, and of a platform without a name above, it is ailicia.

Where the address /tts/{user}/{key} stood, in any member or type, the key is ` + "`redacted`" + ` and meta.gateway.redacted
lists the paths. One fact may be told by Streamer.bot as well: these are two events.
`

// kindMeanings says what each kind of channel.event is and which members tell
// of it.
func kindMeanings() map[schema.EventType]string {
	return map[schema.EventType]string{
		schema.Follow:              "somebody follows the channel (on YouTube: subscribes)",
		schema.Subscription:        "somebody pays for a subscription for the first time: tier, isPrime, durationMonths",
		schema.Resubscription:      "somebody goes on: months, streakMonths, message",
		schema.GiftSubscription:    "one gift: the person is the giver, recipients has who got it; isFromBomb and no count where a bomb has counted it",
		schema.GiftBomb:            "many gifts at once: count, recipients where told; giftId is on each of its gifts",
		schema.Cheer:               "bits: value; message and messageId are the line's, which is no chat.message of its own",
		schema.Raid:                "another channel's viewers arrive: raidViewers; the person is the raider",
		schema.Redemption:          "a reward or power-up was redeemed: reward, value (its cost), message (what was typed)",
		schema.HypeTrainStart:      "a hype train began: hypeTrain; it may begin above level 1",
		schema.HypeTrainUpdate:     "a hype train got on",
		schema.HypeTrainLevelUp:    "a hype train reached a level; it may come before the event that caused it",
		schema.HypeTrainEnd:        "a hype train ended",
		schema.SuperChat:           "a paid message: amount, currency, amountText, tier, message",
		schema.SuperSticker:        "a paid sticker: as a super chat; message is the sticker's text",
		schema.Membership:          "a new member: level",
		schema.MembershipMilestone: "a member for so long: months, level, message",
		schema.MembershipGift:      "memberships given: the person is the giver. With count, how many; with isFromBomb, one of them and its recipient",
		schema.Donation:            "money through a donation service: amount, currency, message; service says which",
	}
}

func writeEventsDoc(t *testing.T) string {
	var b strings.Builder
	b.WriteString(eventsHead)
	for _, entry := range schema.Catalogue() {
		fmt.Fprintf(&b, "- [%s](#%s): %s\n", entry.Type, strings.ReplaceAll(string(entry.Type), ".", ""), entry.About)
	}
	b.WriteString("\n")
	for _, entry := range schema.Catalogue() {
		writeType(t, &b, entry)
	}
	b.WriteString(eventsTail)
	for _, frame := range []string{
		"Twitch.FirstWord", "Twitch.Announcement", "Twitch.WatchStreak", "Twitch.AutoModMessageHeld", "Twitch.PollCreated",
		"Twitch.RewardUpdated", "Twitch.SharedChatSub", "YouTube.FirstWords", "YouTube.JewelsGifted", "Kick.KicksGifted",
		"Command.Cooldown", "Obs.Connected", "VTubeStudio.ModelLoaded", "StreamElements.Merch", "General.Custom",
	} {
		source, kind, _ := cut(frame)
		if _, isRead := lookup(source, kind); isRead {
			t.Errorf("%s is no example of a pass-through", frame)
		}
		fmt.Fprintf(&b, "| %s | `%s` |\n", frame, passThroughType(source, kind))
	}
	return b.String() + eventsEnd
}

func writeType(t *testing.T, b *strings.Builder, entry schema.Entry) {
	fmt.Fprintf(b, "## %s\n\n%s. Version %s.\n\n", entry.Type, strings.ToUpper(entry.About[:1])+entry.About[1:], entry.Current())
	isAiLicias := slices.Contains(ailicia.Types(), entry.Type)
	var from []string
	kinds := map[schema.EventType][]string{}
	for _, r := range table() {
		if r.becomes == entry.Type || r.or == entry.Type {
			from = append(from, r.frame)
			kinds[r.event] = append(kinds[r.event], r.frame)
		}
	}
	switch {
	case strings.HasPrefix(string(entry.Type), "control.title_"):
		b.WriteString("A command to the title worker (provider brain), published under `control.` in place of `events.`; not on the event log.\n\n")
	case strings.HasPrefix(string(entry.Type), "title."):
		b.WriteString("From the title worker, under provider brain.\n\n")
	case entry.Type.Command() != "":
		b.WriteString("A command to the gateway, published under `control.` in place of `events.`; not on the event log.\n\n")
	case len(from) == 0 && isAiLicias:
		fmt.Fprintf(b, "From ai_licia, as it made it.%s\n\n", aiLiciaNote(entry.Type))
	case len(from) == 0:
		b.WriteString("From this gateway itself.\n\n")
	case entry.Type == schema.ChannelEvent:
		writeKinds(t, b, kinds)
	default:
		fmt.Fprintf(b, "From %s%s.\n\n", strings.Join(from, ", "), onlyWhere(entry.Type))
	}
	if len(from) > 0 && isAiLicias {
		b.WriteString(aiLiciasOwn(entry.Type) + "\n\n")
	}
	sample, _ := schema.Sample(entry.Type, entry.Current())
	what := "An example with every member"
	if entry.Type == schema.ChannelEvent {
		what = "An example with every member there is; no event has all of them"
	}
	fmt.Fprintf(b, "%s:\n\n```json\n%s\n```\n\n", what, strings.TrimSpace(string(sample)))
}

// aiLiciasOwn says how ai_licia's event of a type differs that Streamer.bot
// tells as well.
func aiLiciasOwn(t schema.Type) string {
	own := map[schema.Type]string{
		schema.ChatMessage: "id, username (the shown name), message, language, platform, the three flags isSubscriber, isVip and isModerator, sentDateTime. isCaption true marks speech that was heard, which is no chat",
		schema.ChannelEvent: "eventType (of which FOLLOW, SUBSCRIPTION, RAID and CHEER are named; the set is open), username, gifter, count, value, raidViewers, message, currency, sentDateTime; " +
			"most of them may be null",
		schema.ChannelGoLive:    "sentDateTime alone",
		schema.ChannelGoOffline: "sentDateTime alone",
	}
	return "From ai_licia as well, as it made it: " + own[t] + "."
}

// aiLiciaNote is what a reader of a type should not miss.
func aiLiciaNote(t schema.Type) string {
	switch t {
	case schema.AITTSGenerated:
		return " ttsStreamUrl without the key it ended in: whoever has that can listen, so it is taken out before anything is written anywhere."
	case schema.ChatFirstMessage:
		return " memory.facts is personal data: keep it out of prompts, titles, logs and pages."
	case schema.APIEvent:
		return " It has no sentDateTime."
	}
	return ""
}

func writeKinds(t *testing.T, b *strings.Builder, kinds map[schema.EventType][]string) {
	meanings := kindMeanings()
	b.WriteString("| eventType | meaning | from |\n|---|---|---|\n")
	for _, k := range schema.EventTypes() {
		if meanings[k] == "" {
			t.Errorf("%s is not explained", k)
		}
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", k, meanings[k], strings.Join(slices.Compact(kinds[k]), ", "))
	}
	b.WriteString("\n")
}

// onlyWhere tells the two apart that one type of frame may become.
func onlyWhere(t schema.Type) string {
	switch t {
	case schema.ChatUserTimedOut:
		return " (of the bans, those that end by themselves)"
	case schema.ChatUserBanned:
		return " (the bans that do not end by themselves)"
	}
	return ""
}

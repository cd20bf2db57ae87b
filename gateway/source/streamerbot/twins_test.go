package streamerbot

import (
	"encoding/json"
	"testing"

	"promethean/schema"

	"github.com/google/go-cmp/cmp"
)

// payloadOf reads one frame whose data is given.
func payloadOf(t *testing.T, source, kind, data string) (schema.Draft, map[string]any) {
	t.Helper()
	d, ignored := Normalise(frameOf(source, kind, data), testFacts())
	if ignored || d.Refusal != nil {
		t.Fatalf("ignored %v, refused %+v", ignored, d.Refusal)
	}
	var p map[string]any
	if err := json.Unmarshal(d.Payload, &p); err != nil {
		t.Fatal(err)
	}
	return d, p
}

func frameOf(source, kind, data string) []byte {
	return []byte(`{"timeStamp":"2026-03-04T20:00:00.1+01:00","event":{"source":"` + source + `","type":"` + kind + `"},"data":` + data + `}`)
}

// TestTwins: one fact in two shapes is one payload, but for what one of the
// shapes does not tell.
func TestTwins(t *testing.T) {
	const ada = `"user":{"id":"7","login":"ada","name":"Ada","type":"twitch","role":1}`
	const oldAda = `"userId":7,"userName":"ada","displayName":"Ada","role":1`
	const mod = `"moderator":{"id":"9","login":"mod","name":"Mod"}`
	const flatMod = `"moderator_user_id":"9","moderator_user_login":"mod","moderator_user_name":"Mod"`
	for _, tt := range []struct {
		name, frame, a, b string
		lacks             []string
	}{
		{"Sub: 2023, 0.2.5", "Twitch.Sub", `{"subTier":2,` + oldAda + `,"message":""}`, `{"sub_tier":"2000","is_prime":false,` + ada + `}`, nil},
		{"Sub: Prime", "Twitch.Sub", `{"subTier":0,` + oldAda + `}`, `{"sub_tier":"1000","is_prime":true,` + ada + `}`, nil},
		{"Sub: a null under the other spelling", "Twitch.Sub", `{"subTier":"2000","sub_tier":null,"isPrime":true,"is_prime":null,"durationMonths":6,"duration_months":null,` + ada + `}`, `{"sub_tier":"2000","is_prime":true,"duration_months":6,` + ada + `}`, nil},
		{"Sub: message id", "Twitch.Sub", `{"messageId":"m",` + ada + `}`, `{"message_id":"m",` + ada + `}`, nil},
		{"ReSub of nobody that is told", "Twitch.ReSub", `{"user":null,"cumulativeMonths":13}`, `{"cumulative_months":13}`, nil},
		{"GiftBomb: Twitch's account for anonymous ones", "Twitch.GiftBomb", `{"total":5,"user":{"id":"274598607","login":"ananonymousgifter","name":"AnAnonymousGifter"}}`, `{"total":5,"isAnonymous":true}`, nil},
		{"ban that says it is permanent", "YouTube.UserBanned", `{"bannedUser":{"id":"8","name":"Bob"},"banType":"permanent","duration":300}`, `{"bannedUser":{"id":"8","name":"Bob"},"banType":"permanent"}`, nil},
		{"Trovo chat: person", "Trovo.ChatMessage", `{"messageId":"m","text":"x","user":{"id":"8","login":"bob","name":"Bob"}}`, `{"messageId":"m","text":"x","user":{"userId":8,"userLogin":"bob","userName":"Bob"}}`, nil},
		{"Kick chat: message id", "Kick.ChatMessage", `{"messageId":"m","text":"x",` + ada + `}`, `{"message_id":"m","text":"x",` + ada + `}`, nil},
		{"Sub: spellings", "Twitch.Sub", `{"subTier":"1000","isPrime":"true","durationMonths":"6",` + ada + `}`, `{"sub_tier":1000,"is_prime":1,"duration_months":6.0,` + ada + `}`, nil},
		{
			"ReSub: 2023, 0.2.5", "Twitch.ReSub", `{"cumulativeMonths":6,"shareStreak":true,"streakMonths":2,"subTier":1,"message":"hi",` + oldAda + `}`,
			`{"cumulativeMonths":6,"streakMonths":2,"subTier":"1000","isPrime":false,"gifterIsAnonymous":true,"text":"hi","parts":[{"type":"text","text":"hi"}],` + ada + `}`, nil,
		},
		{
			"ReSub: parts only", "Twitch.ReSub", `{"cumulative_months":6,"parts":[{"text":"h"},{"text":"i"}],` + ada + `}`,
			`{"cumulativeMonths":6,"message":{"text":"hi"},` + ada + `}`, nil,
		},
		{
			"GiftBomb: 2023, 0.2.5", "Twitch.GiftBomb", `{"isAnonymous":false,"gifts":5,"totalGifts":13,"subTier":1,` + oldAda + `}`,
			`{"id":"14177630324188419066","total":5,"cumulative_total":13,"sub_tier":"1000","recipients":[{"id":"8","login":"bob","name":"Bob"}],` + ada + `}`, []string{"giftId", "recipients"},
		},
		{"GiftBomb: id as a number of 20 digits", "Twitch.GiftBomb", `{"id":14177630324188419066,"total":5,` + ada + `}`, `{"id":"14177630324188419066","total":"5",` + ada + `}`, nil},
		{
			"GiftSub: 2023, 0.2.5", "Twitch.GiftSub", `{"isAnonymous":false,"totalSubsGifted":4,"monthsGifted":1,"fromSubBomb":false,"recipientUserId":8,"recipientUsername":"bob","recipientDisplayName":"Bob","subTier":1,` + oldAda + `}`,
			`{"durationMonths":1,"cumlativeTotal":4,"recipient":{"id":"8","login":"bob","name":"Bob"},"subTier":"1000","fromCommunitySubGift":false,` + ada + `}`, nil,
		},
		{
			"GiftSub: of a bomb", "Twitch.GiftSub", `{"fromSubBomb":true,"recipientUserId":8,"recipientUsername":"bob","recipientDisplayName":"Bob",` + oldAda + `}`,
			`{"recipient":{"id":"8","login":"bob","name":"Bob"},"communityGiftId":14177630324188419066,` + ada + `}`, []string{"giftId"},
		},
		{"anonymous 1, 2", "Twitch.GiftBomb", `{"total":5,"anonymous":true,` + ada + `}`, `{"total":5,"isAnonymous":true,"user":null}`, nil},
		{"anonymous 3, 4", "Twitch.GiftBomb", `{"total":5,"gifterIsAnonymous":true}`, `{"total":5,"gifter_is_anonymous":true,` + oldAda + `}`, nil},
		{
			"Cheer: 2023, 1.0.5", "Twitch.Cheer", `{"message":{"msgId":"m","userId":7,"username":"ada","displayName":"Ada","message":"Cheer5 hi","bits":5}}`,
			`{"bits":5,"messageId":"m","text":"Cheer5 hi","parts":[{"type":"cheer","text":"Cheer"}],"meta":{},` + ada + `}`, nil,
		},
		{"Follow: 0.2.5, 1.0.5", "Twitch.Follow", `{"user_id":"7","user_login":"ada","user_name":"Ada","followed_at":"2026-03-04T18:59:59Z"}`, `{"targetUser":{"id":7,"login":"ada","name":"Ada"}}`, []string{"sentDateTime"}},
		{"Raid: 2023, 0.2.5", "Twitch.Raid", `{"viewerCount":"42",` + oldAda + `}`, `{"from_broadcaster_user_id":"7","from_broadcaster_user_login":"ada","from_broadcaster_user_name":"Ada","viewers":42}`, nil},
		{
			"RewardRedemption: 0.2.5, 1.0.5", "Twitch.RewardRedemption", `{"id":"r","user_id":"7","user_login":"ada","user_name":"Ada","user_input":"x","status":"unfulfilled","reward":{"id":"w","title":"T","cost":"800","prompt":"P"},"redeemed_at":"2026-03-04T18:59:59Z"}`,
			`{"redemptionId":"r",` + ada + `,"userInput":"x","status":"unfulfilled","reward":{"id":"w","title":"T","cost":800,"prompt":"P"},"createdAt":"2026-03-04T18:59:59Z"}`, nil,
		},
		{
			"AutomaticRewardRedemption: 0.2.5, 1.0.5", "Twitch.AutomaticRewardRedemption", `{"id":"r","user_id":"7","user_login":"ada","user_name":"Ada","user_input":"","reward_type":"message_effect","cost":10,"message_text":"x","redeemed_at":"2026-03-04T18:59:59Z"}`,
			`{"redemptionId":"r",` + ada + `,"rewardType":"message_effect","channelPoints":10,"text":"x","redeemedAt":"2026-03-04T18:59:59Z"}`, nil,
		},
		{"deleted: 2023, 0.2.5", "Twitch.ChatMessageDeleted", `{"targetMessageId":"m","message":"x","userName":"ada","role":1}`, `{"messageId":"m","targetUser":{"id":"7","login":"ada","name":"ada"},` + mod + `}`, []string{"message", "userId", "moderator"}},
		{"cleared: 2023, 1.0.5", "Twitch.ChatCleared", `{"target_user_id":"","created_by_user_id":"9","created_by":"mod"}`, `{"moderator":{"id":"9","login":"mod","name":"mod"}}`, nil},
		{
			"time-out: 0.2.5, 1.0.5", "Twitch.UserTimedOut", `{"user_id":"7","user_login":"ada","user_name":"Ada","reason":"r","duration":600,` + flatMod + `}`,
			`{"targetUser":{"id":"7","login":"ada","name":"Ada"},` + mod + `,"duration":"600","reason":"r"}`, nil,
		},
		{
			"time-out: 2023, 0.2.5", "Twitch.UserTimedOut", `{"target_user_display":"Ada","target_user_id":7,"target_user_login":"ada","created_by":"mod","created_by_user_id":9,"duration":600,"reason":"r"}`,
			`{"user_id":"7","user_login":"ada","user_name":"Ada","reason":"r","duration":600,"moderator_user_id":"9","moderator_user_login":"mod","moderator_user_name":"mod"}`, nil,
		},
		{"ban: YouTube's two", "YouTube.UserBanned", `{"bannedUser":{"id":"7","name":"Ada"},"banType":"permanent","user":{"id":"9","name":"Mod"}}`, `{"targetUser":{"id":"7","name":"Ada"},"user":{"id":"9","name":"Mod"}}`, nil},
		{"OBS: flat keys and connection", "Obs.SceneChanged", `{"obs.id":"c","obs.name":"Main","sceneName":"S"}`, `{"connection":{"id":"c","name":"Main"},"scene":{"sceneName":"S"}}`, nil},
		{"OBS: name and text", "Obs.SceneChanged", `{"name":"S","oldScene":{"sceneName":"O"}}`, `{"scene":"S","oldScene":"O"}`, nil},
		{"titles", "Kick.ChannelUpdate", `{"status":"T","oldStatus":"O","game":{"id":1,"name":"G"}}`, `{"newTitle":"T","oldTitle":"O","category":{"id":"1","name":"G"}}`, nil},
		{"command: role by number and name", "Command.Triggered", `{"command":"!x","user":{"name":"ada","display":"Ada","id":7,"role":3,"type":"twitch"}}`, `{"command":"!x","message":null,"user":{"name":"ada","display":"Ada","id":"7","role":"Moderator","type":"Twitch"}}`, nil},
		{"test flags", "Twitch.Raid", `{"viewers":1,"is_test":true}`, `{"viewers":1,"isTest":"True"}`, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			source, kind, _ := cut(tt.frame)
			da, a := payloadOf(t, source, kind, tt.a)
			db, b := payloadOf(t, source, kind, tt.b)
			want(t, da.Type, db.Type)
			want(t, da.OwnVersion, true)
			want(t, da.Trace.Origin, db.Trace.Origin)
			for _, name := range tt.lacks {
				if _, inA := a[name]; !inA && b[name] == nil {
					t.Errorf("neither has %s", name)
				}
				delete(a, name)
				delete(b, name)
			}
			if diff := cmp.Diff(a, b); diff != "" {
				t.Errorf("(-%s +%s):\n%s", tt.a, tt.b, diff)
			}
		})
	}
}

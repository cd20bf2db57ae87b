package streamerbot

import (
	"strings"
	"testing"

	"promethean/gateway/source/ignore"
	"promethean/schema"
)

func cut(frame string) (source, kind string, ok bool) { return strings.Cut(frame, ".") }

func TestDecimal(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"whole", "10", "10"}, {"no noughts at its end", "7.50", "7.5"}, {"negative", "-3.1", "-3.1"}, {"space", " 5.00 ", "5"}, {"noughts before", "007.5", "7.5"}, {"nought", "-0.0", "0"},
		{"more than a float holds", "12345678901234567890.123456789", "12345678901234567890.123456789"},
		{"sign of a currency", "€7.50", ""}, {"comma", "7,50", ""}, {"thousands", "1,000.00", ""},
		{"exponent", "1E+3", "1000"}, {"negative exponent", "75e-1", "7.5"}, {"exponent out of reason", "1e999", ""}, {"no exponent", "1e", ""}, {"no digits before", ".5", "0.5"},
		{"more digits than money has", strings.Repeat("9", 41), ""}, {"no digits behind", "5.", ""}, {"plus", "+5", ""},
		{"two points", "1.2.3", ""}, {"nothing", "", ""}, {"minus alone", "-", ""}, {"a newline", "5\n6", ""},
	} {
		t.Run(tt.name, func(t *testing.T) { want(t, decimal(text(tt.text)), tt.want) })
	}
}

func TestScaled(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		places     int
		want       string
	}{
		{"millionths", "2490000", 6, "2.49"}, {"whole", "5000000", 6, "5"}, {"less than one", "10", 6, "0.00001"},
		{"more than 64 bits", "123456789012345678901234567", 6, "123456789012345678901.234567"},
		{"cents", "10050", 2, "100.5"}, {"no places", "500", 0, "500"}, {"nought", "0", 6, "0"}, {"negative", "-1500000", 6, "-1.5"},
		{"written with a point", "5000000.0", 6, "5"}, {"a part of a part", "1.5", 6, "0.0000015"}, {"an exponent", "5e6", 6, "5"}, {"no number", "x", 6, ""}, {"nothing", "", 6, ""},
	} {
		t.Run(tt.name, func(t *testing.T) { want(t, scaled(text(tt.text), tt.places), tt.want) })
	}
}

func TestTwitchTier(t *testing.T) {
	for _, tt := range []struct {
		name, tier, want string
		isPrime          bool
	}{
		{"2023: Prime", "0", "1000", true}, {"2023: 1", "1", "1000", false}, {"2023: 3", "3", "3000", false},
		{"today", "2000", "2000", false}, {"as a float", "2.0", "2000", false}, {"word", "Prime", "1000", true},
		{"words", "Tier 3", "3000", false}, {"another", "4000", "4000", false}, {"today as a float", "3000.0", "3000", false}, {"unknown word", "gold", "gold", false}, {"nothing", "", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tier, isPrime := twitchTier(tt.tier)
			want(t, tier, tt.want)
			want(t, isPrime, tt.isPrime)
		})
	}
}

// TestFactIDs: what makes two frames one fact, and what keeps two apart.
func TestFactIDs(t *testing.T) {
	id := func(frame, stamp, data string) string {
		source, kind, _ := cut(frame)
		d, ignored := Normalise([]byte(`{"timeStamp":"2026-03-04T20:00:0`+stamp+`+01:00","event":{"source":"`+source+`","type":"`+kind+`"},"data":`+data+`}`), testFacts())
		if ignored || !d.OwnVersion {
			t.Fatalf("%s is no fact: %+v", frame, d)
		}
		return d.ID
	}
	native := func(kind schema.Type, key string) string { return schema.NativeID(schema.Twitch, "duck", kind, key) }
	want(t, id("Twitch.GiftBomb", "1", `{"id":"14177630324188419066","total":5,"messageId":"m"}`), native(schema.ChannelEvent, "GIFT_BOMB Twitch.GiftBomb m"))
	want(t, id("Twitch.StreamOnline", "1", `{"id":"57848478996"}`), native(schema.ChannelGoLive, "57848478996"))
	want(t, id("Twitch.ChatMessageDeleted", "1", `{"targetMessageId":"m"}`), native(schema.ChatMessageDeleted, "m"))
	want(t, id("Twitch.RewardRedemption", "1", `{"redemptionId":"r","reward":{}}`), native(schema.ChannelEvent, "REDEMPTION Twitch.RewardRedemption r"))
	want(t, id("StreamElements.Tip", "1", `{"id":"t","username":"a"}`),
		schema.NativeID(schema.StreamerBot, "duck", schema.ChannelEvent, "DONATION StreamElements.Tip t"))
	for _, tt := range []struct {
		name, frameA, a, frameB, b string
		same                       bool
	}{
		{"one subscription seen by two", "Twitch.Sub", `{"messageId":"m","user":{"id":"7"}}`, "Twitch.Sub", `{"messageId":"m","user":{"id":"7","role":1}}`, true},
		{"two kinds of one line", "Twitch.Sub", `{"messageId":"m","user":{"id":"7"}}`, "Twitch.ReSub", `{"messageId":"m","user":{"id":"7"}}`, false},
		{"two services that count alike", "Streamlabs.Donation", `{"id":1,"from":"a"}`, "Kofi.Donation", `{"id":1,"from":"a"}`, false},
		{"two kinds of donation that count alike", "Streamlabs.Donation", `{"id":1,"from":"a"}`, "Streamlabs.CharityDonation", `{"id":1,"from":"a"}`, false},
		{"two kinds of reward", "Twitch.RewardRedemption", `{"id":"x","user_id":"7"}`, "Twitch.AutomaticRewardRedemption", `{"id":"x","user_id":"7"}`, false},
		{"one redemption, old and new", "Twitch.RewardRedemption", `{"id":"x","user_id":"7"}`, "Twitch.RewardRedemption", `{"redemptionId":"x","user":{"id":"7"}}`, true},
		{"a gift and its receipt", "YouTube.MembershipGift", `{"eventId":"x","user":{"id":"7"},"count":1}`, "YouTube.GiftMembershipReceived", `{"eventId":"x","user":{"id":"7"}}`, false},
		{"one message in two spellings", "Twitch.Sub", `{"messageId":"m","user":{"id":"7"}}`, "Twitch.Sub", `{"message_id":"m","user":{"id":"7"}}`, true},
		{"one donation seen by two", "Streamlabs.Donation", `{"id":1,"from":"a"}`, "Streamlabs.Donation", `{"id":"1","from":"a"}`, true},
		{"a test button pressed twice", "Twitch.Sub", `{"messageId":"m","user":{"id":"7"},"isTest":true}`, "Twitch.Sub", `{"messageId":"m","user":{"id":"7"},"isTest":true}`, false},
		{"a deletion and a rehearsal of it", "Twitch.ChatMessageDeleted", `{"targetMessageId":"m"}`, "Twitch.ChatMessageDeleted", `{"targetMessageId":"m","isTest":true}`, false},
		{"a ban and a rehearsal of it", "YouTube.UserBanned", `{"eventId":"e","bannedUser":{"id":"7"}}`, "YouTube.UserBanned", `{"eventId":"e","bannedUser":{"id":"7"},"isTest":true}`, false},
		{"a ban seen by two", "YouTube.UserBanned", `{"eventId":"e","bannedUser":{"id":"7"}}`, "YouTube.UserBanned", `{"eventId":"e","bannedUser":{"id":"7","role":1}}`, true},
		{"a broadcast and a rehearsal of it", "Twitch.StreamOnline", `{"id":"7"}`, "Twitch.StreamOnline", `{"id":"7","isTest":true}`, false},
		{"a follow taken back and given again", "Twitch.Follow", `{"user_id":"7"}`, "Twitch.Follow", `{"user_id":"7"}`, false},
		{"a train at two moments", "Twitch.HypeTrainUpdate", `{"id":"h","level":1}`, "Twitch.HypeTrainUpdate", `{"id":"h","level":1}`, false},
		{"two ends of one stream", "Twitch.StreamOffline", `{"id":"7"}`, "Twitch.StreamOffline", `{"id":"7"}`, false},
	} {
		t.Run(tt.name, func(t *testing.T) { want(t, id(tt.frameA, "1", tt.a) == id(tt.frameB, "2", tt.b), tt.same) })
	}
}

// TestIgnoredFacts: who acts and who is acted upon, whatever the shape, but not
// a moderator, and not one of many.
func TestIgnoredFacts(t *testing.T) {
	for _, tt := range []struct {
		name, frame, data string
		want              bool
	}{
		{"raider", "Twitch.Raid", `{"from_broadcaster_user_login":"restream","viewers":5}`, true},
		{"raided", "Twitch.Raid", `{"from_broadcaster_user_login":"ada","to_broadcaster_user_login":"restream","viewers":5}`, false},
		{"old raider", "Twitch.Raid", `{"userName":"restream","displayName":"Restream","viewerCount":5}`, true},
		{"new follower", "Twitch.Follow", `{"targetUser":{"login":"restreambot"}}`, true},
		{"subscriber on YouTube", "YouTube.NewSubscriber", `{"username":"@Restream","userId":"UC"}`, true},
		{"gifter", "Twitch.GiftSub", `{"user":{"login":"restream"},"recipient":{"login":"ada"}}`, true},
		{"recipient", "Twitch.GiftSub", `{"user":{"login":"ada"},"recipient":{"login":"restream"}}`, true},
		{"old recipient", "Twitch.GiftSub", `{"userName":"ada","recipientUsername":"restream"}`, true},
		{"YouTube's gifter", "YouTube.GiftMembershipReceived", `{"gifter":{"name":"Restream"},"user":{"name":"Ada"}}`, true},
		{"YouTube's recipient", "YouTube.GiftMembershipReceived", `{"gifter":{"name":"Ada"},"user":{"name":"Restream"}}`, true},
		{"one of a bomb's", "Twitch.GiftBomb", `{"user":{"login":"ada"},"total":2,"recipients":[{"login":"restream"},{"login":"bob"}]}`, false},
		{"the only one of a bomb's", "Twitch.GiftBomb", `{"user":{"login":"ada"},"total":1,"recipients":[{"login":"restream"}]}`, false},
		{"redeemer", "Kick.RewardRedemption", `{"redeemer":{"name":"Restream"},"reward":{"title":"x"}}`, true},
		{"donor", "Streamlabs.Donation", `{"from":"restream","amount":1}`, true},
		{"donor named like a user of Twitch", "Streamlabs.Donation", `{"from":"bob","amount":1}`, false},
		{"cheerer of 2023", "Twitch.Cheer", `{"message":{"username":"restream","bits":5}}`, true},
		{"banned", "Twitch.UserBanned", `{"target_user_login":"restream"}`, true},
		{"banned by", "Twitch.UserBanned", `{"targetUser":{"login":"ada"},"moderator":{"login":"restream"}}`, false},
		{"YouTube: banned by", "YouTube.UserBanned", `{"bannedUser":{"name":"Ada"},"user":{"name":"Restream"}}`, false},
		{"whose line was deleted", "Twitch.ChatMessageDeleted", `{"targetMessageId":"m","userName":"restream"}`, true},
		{"Trovo's chatter", "Trovo.ChatMessage", `{"messageId":"m","text":"x","user":{"userId":"7","userName":"restream"}}`, true},
		{"command", "Command.Triggered", `{"command":"!x","user":{"name":"restream","type":"twitch"}}`, true},
		{"command on its platform", "Command.Triggered", `{"command":"!x","user":{"name":"bob","type":"twitch"}}`, true},
		{"command on another", "Command.Triggered", `{"command":"!x","user":{"name":"bob","type":"kick"}}`, false},
		{"passed through", "Twitch.WatchStreak", `{"user":{"login":"restream"}}`, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := testFacts()
			f.Ignored = ignore.New(append(ignore.Default(), "twitch:bob"))
			source, kind, _ := cut(tt.frame)
			_, got := Normalise(frameOf(source, kind, tt.data), f)
			want(t, got, tt.want)
		})
	}
}

// TestWhere: whose fact it is, and on which channel and broadcast.
func TestWhere(t *testing.T) {
	own := testFacts().Channels
	for _, tt := range []struct {
		name, frame, data string
		provider          schema.Provider
		channel           schema.Channel
		stream            string
	}{
		{"command on Twitch", "Command.Triggered", `{"command":"!x","user":{"name":"bob","type":"twitch"}}`, schema.Twitch, own[schema.Twitch], ""},
		{"command on YouTube", "Command.Triggered", `{"command":"!x","user":{"name":"bob","type":"youtube"},"broadcast":{"id":"b"}}`, schema.YouTube, own[schema.YouTube], "b"},
		{"command elsewhere", "Command.Triggered", `{"command":"!x","user":{"name":"bob","type":"vstream"}}`, schema.StreamerBot, testFacts().ownChannel(), ""},
		{"command of OBS is none", "Command.Triggered", `{"command":"!x","user":{"name":"bob","type":"obs"}}`, schema.StreamerBot, testFacts().ownChannel(), ""},
		{"scene", "Obs.SceneChanged", `{"scene":{"sceneName":"A"}}`, schema.OBS, own[schema.Twitch], ""},
		{"Meld", "MeldStudio.StreamingStarted", `{}`, schema.OBS, own[schema.Twitch], ""},
		{"own channel by its id alone", "Twitch.Follow", `{"user_id":"7","broadcaster":{"id":"953896045"}}`, schema.Twitch, own[schema.Twitch], ""},
		{"own title by its id alone", "Twitch.StreamUpdate", `{"status":"T","channelId":953896045}`, schema.Twitch, own[schema.Twitch], ""},
		{"title of a named channel", "Twitch.StreamUpdate", `{"status":"T","channelId":5,"channel":"other"}`, schema.Twitch, schema.Channel{ID: "5", Name: "other", Platform: "TWITCH"}, ""},
		{"old broadcast of another channel", "YouTube.BroadcastStarted", `{"id":"b","channelId":"UCx"}`, schema.YouTube, schema.Channel{ID: "UCx", Platform: "YOUTUBE"}, "b"},
		{"stream", "Twitch.StreamOnline", `{"id":57848478996}`, schema.Twitch, own[schema.Twitch], "57848478996"},
		{"donation", "Kofi.Donation", `{"from":"a"}`, schema.StreamerBot, testFacts().ownChannel(), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			source, kind, _ := cut(tt.frame)
			d, _ := payloadOf(t, source, kind, tt.data)
			want(t, d.OwnVersion, true)
			want(t, d.Provider, tt.provider)
			want(t, d.Channel, tt.channel)
			want(t, d.StreamID, tt.stream)
		})
	}
}

// TestPassedThrough: a frame that lacks what makes it a fact keeps its own type
// and its data as they are.
func TestPassedThrough(t *testing.T) {
	for _, tt := range []struct{ name, frame, data string }{
		{"a ban of nobody beside a moderator", "Kick.UserBanned", `{"targetUser":null,"user":{"id":"9","login":"mod"}}`},
		{"YouTube's ban of nobody", "YouTube.UserBanned", `{"user":{"id":"9","name":"Mod"}}`},
		{"YouTube's time-out of nobody", "YouTube.UserTimedOut", `{"duration":5,"user":{"id":"9","name":"Mod"}}`},
		{"a deletion of no line", "YouTube.MessageDeleted", `{"user":{"id":"9"}}`},
		{"a follow of nobody", "Kick.Follow", `{"user":null}`},
		{"a subscription of nobody", "Trovo.Subscription", `{"tier":"1"}`},
		{"a gift of nobody to nobody", "Twitch.GiftSub", `{"subTier":"1000"}`},
		{"a bomb without giver and count", "Twitch.GiftBomb", `{"recipients":[]}`},
		{"a redemption of nothing", "Twitch.RewardRedemption", `{"reward":{}}`},
		{"a train without state", "Twitch.HypeTrainStart", `{"started_at":"2026-03-04T19:00:00Z"}`},
		{"a donation of nothing", "Kofi.Donation", `{"message":"x"}`},
		{"a title that is a number", "Twitch.StreamUpdate", `{"status":5}`},
		{"a category without title", "Twitch.StreamUpdate", `{"game":{"id":"1","name":"G"}}`},
		{"a scene without name", "MeldStudio.SceneChanged", `{"scene":{"id":"1"}}`},
		{"a command without its word", "Command.Triggered", `{"user":{"name":"a"}}`},
		{"data is null", "Twitch.Follow", `null`},
		{"data is a list", "YouTube.SuperChat", `[{"amount":"$5.00"}]`},
		{"data is text", "Kofi.Donation", `"5 EUR"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			source, kind, _ := cut(tt.frame)
			d, ignored := Normalise(frameOf(source, kind, tt.data), testFacts())
			if ignored || d.Refusal != nil {
				t.Fatalf("ignored %v, refused %+v", ignored, d.Refusal)
			}
			want(t, d.Type, passThroughType(source, kind))
			want(t, string(d.Payload), tt.data)
		})
	}
}

// TestFactsOfTheirName: some facts need nothing but their type.
func TestFactsOfTheirName(t *testing.T) {
	for _, frame := range []string{"Twitch.StreamOnline", "Twitch.StreamOffline", "YouTube.BroadcastEnded", "Twitch.ChatCleared", "Obs.StreamingStarted", "StreamlabsDesktop.RecordingStopped"} {
		for _, data := range []string{`{}`, `null`, `[]`, `"x"`} {
			source, kind, _ := cut(frame)
			d, _ := Normalise(frameOf(source, kind, data), testFacts())
			want(t, d.OwnVersion, true)
			conforms(t, d.Type, d.Payload)
		}
	}
}

package evening

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

type platform int

const (
	twitch platform = iota
	youTube
	kick
	trovo
)

// Roles as Streamer.bot numbers them (reference/streamerbot.md section 4.0).
const (
	roleViewer      = 1
	roleVIP         = 2
	roleModerator   = 3
	roleBroadcaster = 4
)

// viewer is one person on one platform.
type viewer struct {
	platform platform
	id       string
	login    string
	name     string
	role     int
	months   int    // months subscribed; 0 is not subscribed
	tier     string // "1000", "2000", "3000" or empty
	colour   string // "#RRGGBB", or empty as for people who never chose one
	pin      string // a badge that shows no rank, or empty
	badges   []badge
	avatar   string
	newcomer bool    // never wrote here before this evening
	chatty   float64 // how often this one speaks, relative to the others
	tongue   tongue

	history // what this channel knows of the viewer from evening to evening
	tonight // what lasts until the end of the evening
}

// history is what a viewer did in this channel, this evening and before.
type history struct {
	follower            bool
	past                int            // months subscribed in all when a subscription has lapsed
	streak              int            // months in a row, as far as they are shared
	gifted              bool           // the subscription is a gift, and lapses
	gifts               int            // subscriptions given to others, in all
	visits              int            // evenings in a row
	used                map[string]int // how often each command was used, by its id
	powerUps, customUps int
}

// tonight is what a viewer did or suffered this evening.
type tonight struct {
	silenced bool    // timed out or banned: says nothing
	spammer  bool    // is about to be banned
	paid     bool    // has subscribed or renewed
	giver    *viewer // whose gift the subscription is; nil for memberships and Kick
	streaked bool    // has told the watch streak
}

func (v *viewer) subscribed() bool { return v.months > 0 }

// subscribe begins a subscription of Twitch's tier "1000", "2000" or "3000", by oneself or as a gift.
func (v *viewer) subscribe(tier string, gift bool) {
	v.months, v.past = v.past+1, 0
	v.tier, v.streak, v.gifted, v.paid = tier, 1, gift, true
	v.wear()
}

// renew is one more month.
func (v *viewer) renew() {
	v.months++
	if v.streak > 0 {
		v.streak++
	}
	v.paid = true
	v.wear()
}

// longestSub is after how many months even the faithful stop paying, so that months stay believable
// however many evenings there are.
const longestSub = 72

// leave ends the evening for a viewer: a month passes between two of them, so gifts have lapsed.
func (v *viewer) leave(spoke bool) {
	if v.gifted || v.months > longestSub && v.role != roleBroadcaster {
		v.past, v.months, v.tier, v.gifted = v.months, 0, "", false
		v.wear()
	}
	if spoke {
		v.newcomer = false
		v.visits++
	} else {
		v.visits = 0
	}
	v.tonight = tonight{}
}

// Channel is the broadcaster's identity on each platform, as GetBroadcaster tells it.
type Channel struct {
	Login, Name                    string
	TwitchID, YouTubeID, KickID    string
	BotLogin, BotName, BotTwitchID string
	YouTubeImage, KickProfile      string
}

// Streamer is the broadcaster of every evening.
func Streamer() Channel {
	return Channel{
		Login: "mossduck", Name: "MossDuck",
		TwitchID: "815530274", YouTubeID: "UCk3Qm0ssDuckSimu1atedQw", KickID: "71000417",
		BotLogin: "mossduckbot", BotName: "MossDuckBot", BotTwitchID: "815530999",
		YouTubeImage: "https://yt3.example/mossduck=s88-c-k-c0x00ffffff-no-rj",
		KickProfile:  "https://kick-avatars.example/mossduck.webp",
	}
}

// newCast invents about sixty viewers, the broadcaster among them on Twitch and YouTube. How often
// they speak falls off as in real chats: a few say most.
func newCast(r *rand.Rand, withKick bool) []*viewer {
	me := Streamer()
	cast := []*viewer{
		{platform: twitch, id: me.TwitchID, login: me.Login, name: me.Name, role: roleBroadcaster,
			months: 36, tier: "3000", colour: "#2FA36B", chatty: 1.2,
			history: history{follower: true}},
		{platform: youTube, id: me.YouTubeID, login: me.Login, name: me.Name, role: roleBroadcaster,
			avatar: me.YouTubeImage, chatty: 0.3},
	}
	cast[0].wear()
	for i, name := range names {
		p := platformOf(i)
		v := newViewer(r, p, name)
		v.chatty = 8 / float64(1+r.IntN(30))
		if p != kick || withKick {
			cast = append(cast, v)
		}
	}
	return cast
}

// platformOf spreads the cast: of twenty people twelve are on Twitch, seven on YouTube, one on Kick.
func platformOf(i int) platform {
	switch m := i % 20; {
	case m == 19:
		return kick
	case m%3 == 1 || m == 18:
		return youTube
	default:
		return twitch
	}
}

func newViewer(r *rand.Rand, p platform, name string) *viewer {
	v := &viewer{platform: p, name: name, login: loginOf(name), role: roleViewer}
	v.newcomer = r.IntN(8) == 0
	switch x := r.IntN(20); {
	case v.newcomer:
	case x == 0:
		v.role = roleModerator
	case x <= 2:
		v.role = roleVIP
	}
	if !v.newcomer && r.IntN(3) == 0 {
		v.months = 1 + r.IntN(60)
		v.tier = []string{"1000", "1000", "1000", "2000", "3000"}[r.IntN(5)]
		v.streak = r.IntN(v.months + 1)
	}
	if r.IntN(7) != 0 {
		v.colour = "#" + strings.ToUpper(hexText(r, 6))
	}
	v.tongue = tongue(0)
	if r.IntN(5) == 0 {
		v.tongue = tongue(1 + r.IntN(int(tongues)-1))
	}
	switch p {
	case youTube:
		v.id = "UC" + urlText(r, 22)
		v.avatar = "https://yt3.example/" + urlText(r, 75) + "=s88-c-k-c0x00ffffff-no-rj"
		if r.IntN(3) == 0 {
			v.name = "@" + v.login
		}
	case kick:
		v.id = strconv.Itoa(71000500 + r.IntN(900000))
		v.avatar = "https://kick-avatars.example/" + v.login + ".webp"
	default:
		v.id = strconv.Itoa(40000000 + r.IntN(1200000000))
		if r.IntN(4) == 0 {
			v.pin = []string{"premium", "bits", "glhf-pledge", "clips-leader"}[r.IntN(4)]
		}
	}
	v.follower, v.visits = !v.newcomer, 1+r.IntN(20)
	v.wear()
	return v
}

// loginOf is the name as a login: lower case, with nothing but letters, digits and underscores; a
// name without any of those gets a made-up one, as people with CJK display names have.
func loginOf(name string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(name) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' {
			b.WriteRune(c)
		}
	}
	if b.Len() < 4 {
		for _, c := range name {
			b.WriteString(strconv.FormatInt(int64(c), 36))
		}
		return "u" + b.String()
	}
	return b.String()
}

package evening

import (
	"math/rand/v2"
	"time"
)

type broadcast struct {
	ID                   string   `json:"id"`
	ChannelID            string   `json:"channelId"`
	LiveChatID           string   `json:"liveChatId"`
	Title                string   `json:"title"`
	Description          string   `json:"description"`
	CategoryID           string   `json:"categoryId"`
	Privacy              string   `json:"privacy"`
	PublishedAt          string   `json:"publishedAt"`
	ScheduledStartTime   string   `json:"scheduledStartTime"`
	ScheduledEndTime     string   `json:"scheduledEndTime"`
	ActualStartTime      string   `json:"actualStartTime"`
	ActualEndTime        string   `json:"actualEndTime"`
	Tags                 []string `json:"tags"`
	DefaultLanguage      string   `json:"defaultLanguage,omitempty"`
	DefaultAudioLanguage string   `json:"defaultAudioLanguage,omitempty"`
	Status               string   `json:"status"`
}

type youTubeUser struct {
	ID              string `json:"id"`
	URL             string `json:"url"`
	Name            string `json:"name"`
	ProfileImageURL string `json:"profileImageUrl"`
	IsOwner         bool   `json:"isOwner"`
	IsModerator     bool   `json:"isModerator"`
	IsSponsor       bool   `json:"isSponsor"`
	IsVerified      bool   `json:"isVerified"`
}

// youTubeData is YouTube.Message; emotes, parts and broadcast are absent before 0.2.5.
type youTubeData struct {
	Message     string      `json:"message"`
	Emotes      []emote     `json:"emotes,omitzero"`
	Parts       []part      `json:"parts,omitzero"`
	Broadcast   *broadcast  `json:"broadcast,omitempty"`
	EventID     string      `json:"eventId"`
	User        youTubeUser `json:"user"`
	PublishedAt string      `json:"publishedAt"`
}

type firstWordsData struct {
	Message string         `json:"message"`
	Action  bool           `json:"action"`
	User    firstWordsUser `json:"user"`
}

type firstWordsUser struct {
	Display    string `json:"display"`
	ID         string `json:"id"`
	Name       string `json:"name"`
	Role       int    `json:"role"`
	Subscribed bool   `json:"subscribed"`
	Type       string `json:"type"`
}

// newBroadcast is the YouTube broadcast of the evening. Its scheduled and actual times are filled
// with the start of monitoring, as Streamer.bot does when it does not know them.
func newBroadcast(r *rand.Rand, start time.Time, title string) broadcast {
	channel, video := Streamer().YouTubeID, urlText(r, 11)
	monitored := utcStamp(start)
	return broadcast{
		ID: video, ChannelID: channel, LiveChatID: liveChatID(channel, video),
		Title:       title,
		Description: "We fix the lighthouse, feed the ducks and lose to the tide.\n\nRules: be kind.\nEverything else: https://mossduck.example/links\n",
		CategoryID:  "20", Privacy: "public",
		PublishedAt:        start.Add(-11 * time.Minute).UTC().Format("2006-01-02T15:04:05Z"),
		ScheduledStartTime: monitored, ScheduledEndTime: monitored,
		ActualStartTime: monitored, ActualEndTime: monitored,
		Tags:            []string{"moss harbour", "cosy games", "mossduck", "ducks"},
		DefaultLanguage: "en", DefaultAudioLanguage: "en", Status: "live",
	}
}

func (e *Evening) youTubeMessage(l *line) []byte {
	v := l.by
	// YouTube chat is polled: 1.0 to 2.7 s pass before Streamer.bot stamps a line (section 4.6).
	lag := time.Second + time.Duration(e.ids.IntN(1700))*time.Millisecond
	d := youTubeData{
		Message: plain(l.segments), EventID: l.id,
		User:        youTubeUserOf(v),
		PublishedAt: microStamp(l.at.Add(-lag)),
	}
	if l.shape != Nested {
		d.Emotes, d.Parts, d.Broadcast = youTubeEmotes(l.segments), youTubeParts(l.segments), &e.show
	}
	return e.frame("YouTube", "Message", d)
}

func youTubeUserOf(v *viewer) youTubeUser {
	return youTubeUser{
		ID: v.id, URL: "http://www.youtube.example/channel/" + v.id, Name: v.name, ProfileImageURL: v.avatar,
		IsOwner: v.role == roleBroadcaster, IsModerator: v.role == roleModerator, IsSponsor: v.subscribed(),
	}
}

func (e *Evening) youTubeFirstWords(l *line) []byte {
	v := l.by
	return e.frame("YouTube", "FirstWords", firstWordsData{
		Message: plain(l.segments),
		User: firstWordsUser{
			Display: v.name, ID: v.id, Name: v.name, Role: v.role, Subscribed: v.subscribed(), Type: "youtube",
		},
	})
}

func youTubeEmotes(segments []segment) []emote {
	list := []emote{}
	for _, p := range place(segments) {
		list = append(list, emote{
			Type: "YouTube", Name: p.name, StartIndex: p.start, EndIndex: p.end, ImageURL: emoteURL(emoteID(p.name)),
		})
	}
	return list
}

// youTubeParts are like Twitch's, but their text parts have no type (recorded).
func youTubeParts(segments []segment) []part {
	list := []part{}
	for _, s := range segments {
		if !s.emote {
			list = append(list, part{Text: s.text})
			continue
		}
		list = append(list, part{Source: "YouTube", ImageURL: emoteURL(emoteID(s.text)), Type: "emote", Text: s.text})
	}
	return list
}

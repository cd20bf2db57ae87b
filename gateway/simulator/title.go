package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"promethean/gateway/simulator/internal/evening"
)

// titleLimit is Twitch's, in UTF-16 units.
const titleLimit = 140

// channel is what Twitch says of the stream: its title and category.
type channel struct {
	mu     sync.Mutex
	title  string
	game   json.RawMessage
	banned []string
}

func newChannel(o Options) *channel {
	game := map[string]any{"id": "509658", "name": "Just Chatting"}
	if o.since("0.2.5") {
		game["box_art_url"] = "https://static-cdn.example/ttv-boxart/509658-300x300.jpg"
		game["igdb_id"] = ""
	}
	return &channel{title: o.Title, game: encode(game), banned: o.BannedWords}
}

// Title is the stream's title now: Options.Title, or what the last Twitch.StreamUpdate said.
func (s *Server) Title() string {
	s.channel.mu.Lock()
	defer s.channel.mu.Unlock()
	return s.channel.title
}

// judge says why Twitch would not take a title.
func (c *channel) judge(title string) error {
	if title == "" {
		return errors.New("the title is empty")
	}
	if n := units(title); n > titleLimit {
		return fmt.Errorf("the title has %d characters, %d are allowed", n, titleLimit)
	}
	for _, word := range c.banned {
		if strings.Contains(strings.ToLower(title), strings.ToLower(word)) {
			return errors.New("the title contains a banned word")
		}
	}
	return nil
}

// SetTitle changes the title as the streamer would on Twitch, and sends Twitch.StreamUpdate when it
// differs from the one before. Blanks around it are cut off. A title that Twitch refuses changes nothing
// and is told by a [*TitleRefused].
func (s *Server) SetTitle(ctx context.Context, title string) error {
	title = strings.TrimSpace(title)
	s.channel.mu.Lock()
	old, game, why := s.channel.title, s.channel.game, s.channel.judge(title)
	s.channel.mu.Unlock()
	if why != nil {
		return &TitleRefused{why}
	}
	if title == old {
		return nil
	}
	me := evening.Streamer()
	data := map[string]any{
		"channelId": me.TwitchID, "channel": me.Login,
		"status": title, "oldStatus": old, "game": game, "oldGame": game,
	}
	if s.opt.since("0.2.5") {
		data["is_test"] = false
	}
	return s.Emit(ctx, "Twitch", "StreamUpdate", data)
}

// TitleRefused says why Twitch would not take a title.
type TitleRefused struct{ Why error }

func (t *TitleRefused) Error() string { return "simulator: set title: " + t.Why.Error() }

// updated reads a Twitch.StreamUpdate on its way out, whoever sent it, so that the title is always the
// one that clients have heard of.
func (s *Server) updated(frame []byte) {
	var f struct {
		Data struct {
			Status *string         `json:"status"`
			Game   json.RawMessage `json:"game"`
		} `json:"data"`
	}
	if json.Unmarshal(frame, &f) != nil {
		return
	}
	s.channel.mu.Lock()
	was := s.channel.title
	if f.Data.Status != nil {
		s.channel.title = *f.Data.Status
	}
	if len(f.Data.Game) > 0 && f.Data.Game[0] == '{' {
		s.channel.game = f.Data.Game
	}
	is := s.channel.title
	s.channel.mu.Unlock()
	if is != was {
		s.tell(map[string]any{"title": is})
	}
}

// SetStreamTitle does what the real action of that name does (docs/streamerbot-setup.md): it sets the
// argument title on Twitch, titleYouTube and titleKick on those where they are given, broadcasts as
// General.Custom whether Twitch took it, and answers the official client where that waits. A refusal is no
// failure of the action, and ends it as the real one does.
func SetStreamTitle(ctx context.Context, s *Server, run *Run) error {
	title := run.Text("title")
	outcome := map[string]any{
		"titleSuccess": true, "title": title, "source": run.Text("source"), "actionName": run.Action.Name,
	}
	if id := run.Text("brainRunId"); id != "" {
		outcome["brainRunId"] = id
	}
	err := s.SetTitle(ctx, title)
	if refused := (*TitleRefused)(nil); errors.As(err, &refused) {
		outcome["titleSuccess"], outcome["reason"] = false, refused.Why.Error()
	} else if err == nil {
		err = s.setElsewhere(ctx, run)
	}
	if err != nil && outcome["titleSuccess"] == true {
		return err
	}
	if err := s.Emit(ctx, "General", "Custom", outcome); err != nil {
		return err
	}
	return s.respond(ctx, run.Args, outcome)
}

// youTubeLimit is YouTube's, in characters (reference/titles.md section 1).
const youTubeLimit = 100

// setElsewhere sets the titles of YouTube and Kick. What YouTube does not take changes nothing there.
func (s *Server) setElsewhere(ctx context.Context, run *Run) error {
	if title := strings.TrimSpace(run.Text("titleYouTube")); title != "" && len([]rune(title)) <= youTubeLimit && !strings.ContainsAny(title, "<>") {
		if err := s.Emit(ctx, "YouTube", "BroadcastUpdated", map[string]any{
			"id": "simulated-broadcast", "title": title, "description": "", "privacy": "public",
		}); err != nil {
			return err
		}
	}
	title := strings.TrimSpace(run.Text("titleKick"))
	if title == "" || !s.opt.since("1.0.0") {
		return nil
	}
	s.channel.mu.Lock()
	category := s.channel.game
	s.channel.mu.Unlock()
	return s.Emit(ctx, "Kick", "ChannelUpdate", map[string]any{"title": title, "category": category})
}

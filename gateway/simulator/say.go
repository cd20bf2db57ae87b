package simulator

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Line is something that the broadcaster or the bot account says in chat.
type Line struct {
	Platform string // twitch, youtube, kick or trovo, in any case
	Text     string
	Bot      bool   // the bot account speaks, where there is one; the broadcaster does otherwise
	Internal bool   // marked as Streamer.bot's own, as SendMessage does unless told otherwise
	ReplyID  string // the message that is answered; Twitch and Kick
}

// Say puts a line into chat: the platform's chat event goes to everybody who is subscribed to it. It
// fails for a platform that GetBroadcaster does not name as connected, and like [Server.Inject].
func (s *Server) Say(ctx context.Context, l Line) error {
	source, kind, data, err := s.spoken(l)
	if err != nil {
		return fmt.Errorf("simulator: say: %w", err)
	}
	if err := s.Emit(ctx, source, kind, data); err != nil {
		return err
	}
	s.tell(map[string]any{"said": l.Text, "platform": l.Platform, "bot": l.Bot})
	return nil
}

// spoken is the event that a line becomes.
func (s *Server) spoken(l Line) (source, kind string, data map[string]any, err error) {
	platform := strings.ToLower(l.Platform)
	switch {
	case l.Text == "":
		return "", "", nil, errors.New("the message is empty")
	case platform == "twitch":
		return "Twitch", "ChatMessage", s.twitchLine(l), nil
	case platform == "youtube":
		return "YouTube", "Message", s.youTubeLine(l), nil
	case platform == "kick" && s.opt.since("1.0.0"):
		return "Kick", "ChatMessage", kickLine(l), nil
	default:
		return "", "", nil, fmt.Errorf("platform %q is not connected", l.Platform)
	}
}

// sendMessage is the one request that needs an authenticated connection, on every server.
func (c *session) sendMessage(r request) error {
	if !c.authenticated.Load() {
		return c.refuse(r, "Authentication required to use this method")
	}
	var a struct {
		Platform, Message, ReplyID string
		Bot                        bool
		Internal                   *bool
	}
	if r.read(&a) != nil {
		return c.refuse(r, errInvalid)
	}
	line := Line{Platform: a.Platform, Text: a.Message, Bot: a.Bot, Internal: a.Internal == nil || *a.Internal, ReplyID: a.ReplyID}
	if _, _, _, err := c.server.spoken(line); err != nil {
		return c.refuse(r, err.Error())
	}
	if err := c.reply(r, nil); err != nil {
		return err
	}
	return c.server.Say(c.ctx, line)
}

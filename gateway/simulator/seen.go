package simulator

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// seenLimit bounds how many viewers, and names in each list of credits, are remembered.
const seenLimit = 500

// seen is what Streamer.bot remembers of the events that it sent: who is active, and the credits. It is
// read from the frames themselves, so that both always fit what clients saw.
type seen struct {
	mu      sync.Mutex
	viewers []viewer            // the last to speak is the last
	credits map[string][]string // names by list, each once
	// broadcast is the last that a YouTube frame carried; nil before and when it has ended.
	broadcast json.RawMessage
}

// viewer is how GetActiveViewers shows one. Role is a name here, not a number.
type viewer struct {
	ID                string   `json:"id"`
	Type              string   `json:"type"`
	Login             string   `json:"login"`
	Display           string   `json:"display"`
	Subscribed        bool     `json:"subscribed"`
	Role              string   `json:"role"`
	Groups            []string `json:"groups"`
	ChannelPointsUsed int      `json:"channelPointsUsed"`
	PreviousActive    string   `json:"previousActive"`
	Exempt            bool     `json:"exempt"`
}

// roleNames are those of the numbers 0 to 4 (reference/streamerbot.md section 4.0). "Moderator" is
// documented, the others are invented.
var roleNames = [...]string{"None", "Viewer", "VIP", "Moderator", "Broadcaster"}

// creditEvents says to which list of GetCredits an event adds somebody, or for gameupdates something.
var creditEvents = map[event]string{
	{"Twitch", "Follow"}: "follows", {"Twitch", "Cheer"}: "cheers", {"Twitch", "Sub"}: "subs",
	{"Twitch", "ReSub"}: "resubs", {"Twitch", "GiftSub"}: "giftsubs", {"Twitch", "GiftBomb"}: "giftbombs",
	{"Twitch", "Raid"}: "raided", {"Twitch", "RewardRedemption"}: "rewardredemptions",
	{"Twitch", "CommunityGoalContribution"}: "goalcontributions", {"Twitch", "PyramidSuccess"}: "pyramids",
	{"Twitch", "StreamUpdate"}: "gameupdates", {"Twitch", "HypeTrainEnd"}: "hypetrains",
}

// note remembers what a frame tells.
func (s *seen) note(e event, frame []byte) {
	if e.source == "YouTube" {
		s.monitor(e.kind, frame)
	}
	list := creditEvents[e]
	chat := e.kind == "ChatMessage" || e == event{"YouTube", "Message"}
	if list == "" && !chat {
		return
	}
	var f struct {
		TimeStamp string
		Data      map[string]any
	}
	if json.Unmarshal(frame, &f) != nil {
		return // what a client cannot read either is nobody's
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if chat {
		s.spoke(strings.ToLower(e.source), f.TimeStamp, f.Data)
		return
	}
	s.credit(list, creditedName(f.Data, list))
}

// monitor remembers which broadcast is monitored.
func (s *seen) monitor(kind string, frame []byte) {
	var f struct {
		Data struct{ Broadcast json.RawMessage }
	}
	if json.Unmarshal(frame, &f) != nil {
		return // data is no object
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case kind == "BroadcastEnded":
		s.broadcast = nil
	case f.Data.Broadcast != nil:
		s.broadcast = f.Data.Broadcast
	}
}

func (s *seen) monitored() json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.broadcast
}

// spoke reads the person of a chat frame in each of its shapes.
func (s *seen) spoke(platform, at string, data map[string]any) {
	user, ok := data["user"].(map[string]any)
	v := viewer{Type: platform, Groups: []string{}, PreviousActive: at}
	if ok {
		v.ID, v.Login, v.Display = text(user, "id"), text(user, "login"), text(user, "name")
		v.Subscribed = user["subscribed"] == true || user["isSubscribed"] == true || user["isSponsor"] == true
		v.Role = roleName(user)
	} else if old, _ := data["message"].(map[string]any); old != nil {
		v.ID, v.Login, v.Display = text(old, "userId"), text(old, "username"), text(old, "displayName")
		v.Subscribed, v.Role = old["subscriber"] == true, roleName(old)
	}
	if v.ID == "" {
		return
	}
	if v.Login == "" { // YouTube has no logins
		v.Login = v.Display
	}
	s.viewers = slices.DeleteFunc(s.viewers, func(w viewer) bool { return w.Type == v.Type && w.ID == v.ID })
	if s.viewers = append(s.viewers, v); len(s.viewers) > seenLimit {
		s.viewers = s.viewers[1:]
	}
	s.credit("users", v.Display)
	if v.Subscribed {
		s.credit("subscribers", v.Display)
	}
	if list := map[string]string{"Moderator": "moderators", "VIP": "vips"}[v.Role]; list != "" {
		s.credit(list, v.Display)
	}
}

func roleName(user map[string]any) string {
	role, _ := user["role"].(float64)
	switch {
	case user["isOwner"] == true:
		role = 4
	case user["isModerator"] == true:
		role = 3
	case user["isOwner"] == false: // YouTube, which has no numbers
		role = 1
	}
	return roleNames[min(max(int(role), 0), len(roleNames)-1)]
}

// creditedName finds a name wherever the versions of these events have it.
func creditedName(data map[string]any, list string) string {
	if list == "gameupdates" {
		game, _ := data["game"].(map[string]any)
		return text(game, "name")
	}
	for _, who := range []string{"targetUser", "user"} {
		if user, ok := data[who].(map[string]any); ok && text(user, "name") != "" {
			return text(user, "name")
		}
	}
	for _, key := range []string{"user_name", "from_broadcaster_user_name", "displayName", "userName"} {
		if name := text(data, key); name != "" {
			return name
		}
	}
	if list == "hypetrains" && data["level"] != nil {
		return fmt.Sprint("Level ", data["level"])
	}
	return ""
}

// text gives a text or number of an object; "" when it has none.
func text(m map[string]any, key string) string {
	switch v := m[key].(type) {
	case string:
		return v
	case float64:
		return fmt.Sprintf("%.0f", v)
	}
	return ""
}

func (s *seen) credit(list, name string) {
	if name == "" || len(s.credits[list]) >= seenLimit || slices.Contains(s.credits[list], name) {
		return
	}
	if s.credits == nil {
		s.credits = map[string][]string{}
	}
	s.credits[list] = append(s.credits[list], name)
}

func (c *session) getActiveViewers(r request) error {
	s := &c.server.seen
	s.mu.Lock()
	list := append([]viewer{}, s.viewers...)
	s.mu.Unlock()
	return c.reply(r, fields{"viewers": list, "count": len(list)})
}

var (
	creditEventLists = []string{"follows", "cheers", "subs", "resubs", "giftsubs", "giftbombs", "raided",
		"rewardredemptions", "goalcontributions", "gameupdates", "pyramids", "hypetrains"}
	creditUserLists = []string{"editors", "moderators", "subscribers", "vips", "groups", "users"}
)

func (c *session) getCredits(r request) error { return c.reply(r, c.server.seen.told()) }

// told is GetCredits' answer, with each list there even when it is empty.
func (s *seen) told() fields {
	s.mu.Lock()
	defer s.mu.Unlock()
	pick := func(lists []string) map[string][]string {
		m := map[string][]string{}
		for _, list := range lists {
			m[list] = append([]string{}, s.credits[list]...)
		}
		return m
	}
	return fields{
		"events": pick(creditEventLists), "users": pick(creditUserLists),
		"hypeTrain": pick([]string{"conductors", "contributors"}),
		"top":       pick([]string{"allBits", "monthBits", "weekBits", "channelRewards"}),
		"groups":    map[string]any{}, "custom": map[string]any{},
	}
}

// testCredits puts a made-up name on each list.
func (c *session) testCredits(r request) error {
	s := &c.server.seen
	s.mu.Lock()
	for _, list := range slices.Concat(creditEventLists, creditUserLists) {
		s.credit(list, "TestUser")
	}
	s.mu.Unlock()
	return c.getCredits(r)
}

func (c *session) clearCredits(r request) error {
	s := &c.server.seen
	s.mu.Lock()
	s.credits = nil
	s.mu.Unlock()
	return c.reply(r, nil)
}

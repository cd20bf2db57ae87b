package evening

import "strconv"

// badge is a chat badge. Info is absent in the old shape; ID is Kick's only and Version Twitch's.
type badge struct {
	ID       string  `json:"id,omitempty"`
	Name     string  `json:"name"`
	Version  string  `json:"version,omitempty"`
	ImageURL string  `json:"imageUrl"`
	Info     *string `json:"info,omitempty"`
}

func twitchBadge(name, version, info string) badge {
	return badge{
		Name: name, Version: version, Info: &info,
		ImageURL: "https://badges.example/v1/" + name + "-" + version + "/3",
	}
}

// wear puts on what a viewer's rank and subscription give.
func (v *viewer) wear() {
	switch v.platform {
	case twitch:
		v.badges = twitchBadges(v)
	case kick, trovo:
		v.badges = plainBadges(v)
	}
}

// twitchBadges are what a viewer wears, in Twitch's order: rank, subscription, the rest.
func twitchBadges(v *viewer) []badge {
	worn := []badge{}
	switch v.role {
	case roleBroadcaster:
		worn = append(worn, twitchBadge("broadcaster", "1", ""))
	case roleModerator:
		worn = append(worn, twitchBadge("moderator", "1", ""))
	case roleVIP:
		worn = append(worn, twitchBadge("vip", "1", ""))
	}
	if v.subscribed() {
		worn = append(worn, twitchBadge("subscriber", subVersion(v), strconv.Itoa(v.months)))
	}
	if v.gifts > 0 {
		worn = append(worn, twitchBadge("sub-gifter", gifterVersion(v.gifts), ""))
	}
	if v.pin != "" {
		worn = append(worn, twitchBadge(v.pin, "1", ""))
	}
	return worn
}

// gifterVersion is the highest milestone of gifts reached.
func gifterVersion(gifts int) string {
	milestone := 1
	for _, m := range []int{5, 10, 25, 50, 100} {
		if gifts >= m {
			milestone = m
		}
	}
	return strconv.Itoa(milestone)
}

// subVersion is the badge's version: the highest milestone reached, with 2000 or 3000 added for the
// upper tiers (recorded: 96 months at tier 3000 wear a 3-thousand version).
func subVersion(v *viewer) string {
	milestone := 0
	for _, m := range []int{2, 3, 6, 9, 12, 18, 24, 30, 36, 42, 48, 54, 60} {
		if v.months >= m {
			milestone = m
		}
	}
	switch v.tier {
	case "2000":
		milestone += 2000
	case "3000":
		milestone += 3000
	}
	return strconv.Itoa(milestone)
}

// plainBadges are Kick's and Trovo's.
func plainBadges(v *viewer) []badge {
	worn := []badge{}
	if v.subscribed() {
		info := strconv.Itoa(v.months)
		worn = append(worn, badge{ID: "subscriber", Name: "Subscriber", Info: &info, ImageURL: "https://kick-badges.example/sub.png"})
	}
	return worn
}

// withoutInfo gives the badges as servers before 0.2.5 send them.
func withoutInfo(worn []badge) []badge {
	bare := make([]badge, len(worn))
	for i, b := range worn {
		b.Info = nil
		bare[i] = b
	}
	return bare
}

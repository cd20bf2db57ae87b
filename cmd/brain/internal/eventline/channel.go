package eventline

import (
	"cmp"
	"fmt"
	"strings"

	"promethean/schema"
)

// channel describes what happens to a channel.
func channel(l *line, e schema.Envelope) bool {
	switch e.Type {
	case schema.ChannelEvent:
		return read(e, l.event)
	case schema.ChannelGoLive:
		return read(e, func(p schema.LivePayload) {
			l.paint(green, "live")
			l.text(before(": ", p.Title))
		})
	case schema.ChannelGoOffline:
		return read(e, func(p schema.LivePayload) {
			l.paint(red, "offline")
			l.text(before(": ", p.Title))
		})
	case schema.ChannelUpdated:
		return read(e, func(p schema.ChannelUpdatedPayload) {
			l.text("title ")
			l.paint(bold, p.Title)
			if p.Category != nil && p.Category.Name != "" {
				l.text(", category ")
				l.paint(bold, p.Category.Name)
			}
			if p.OldTitle != nil && *p.OldTitle != p.Title {
				l.paint(dim, before(" (was ", *p.OldTitle)+")")
			}
		})
	}
	return false
}

func (l *line) event(p schema.ChannelEventPayload) {
	said := l.community(p) || l.money(p)
	if !said {
		l.text(string(p.EventType))
		l.text(before(" ", name(p)))
	}
	if p.Message != "" {
		l.text(": " + p.Message)
	}
}

// name is who acted.
func name(p schema.ChannelEventPayload) string {
	who := cmp.Or(p.DisplayName, p.Username, p.Gifter)
	if p.IsAnonymous {
		who = cmp.Or(who, "somebody")
	}
	return who
}

// who writes who acted and what.
func (l *line) who(p schema.ChannelEventPayload, did string, args ...any) bool {
	l.paint(bold, cmp.Or(name(p), "somebody"))
	l.text(fmt.Sprintf(" "+did, args...))
	return true
}

// community describes what costs nothing, or points.
func (l *line) community(p schema.ChannelEventPayload) bool {
	switch p.EventType {
	case schema.Follow:
		return l.who(p, "follows")
	case schema.Raid:
		return l.who(p, "raids%s", counted(" with ", p.RaidViewers, " viewers"))
	case schema.Redemption:
		reward := schema.Reward{}
		if p.Reward != nil {
			reward = *p.Reward
		}
		unit := "points"
		if reward.Kind == schema.RewardPowerUp || reward.Kind == schema.RewardCustomPowerUp {
			unit = "bits"
		}
		l.who(p, "redeems %s", cmp.Or(reward.Title, "a reward"))
		if cost := cmp.Or(reward.Cost, p.Value); cost > 0 {
			l.text(fmt.Sprintf(" for %d %s", cost, unit))
		}
		return true
	case schema.HypeTrainStart, schema.HypeTrainUpdate, schema.HypeTrainLevelUp, schema.HypeTrainEnd:
		return l.hypeTrain(p)
	}
	return false
}

func (l *line) hypeTrain(p schema.ChannelEventPayload) bool {
	what := strings.ToLower(strings.ReplaceAll(string(p.EventType), "_", " "))
	l.text(what)
	if t := p.HypeTrain; t != nil {
		l.text(fmt.Sprintf(", level %d", t.Level))
		if t.Goal > 0 {
			l.text(fmt.Sprintf(" (%d of %d)", t.Progress, t.Goal))
		}
	}
	return true
}

// money describes what somebody paid for.
func (l *line) money(p schema.ChannelEventPayload) bool {
	tier := before(", ", cmp.Or(p.Level, tierName(p)))
	switch p.EventType {
	case schema.Subscription:
		return l.who(p, "subscribes%s", tier)
	case schema.Resubscription:
		return l.who(p, "subscribes again%s%s", counted(", ", p.Months, " months"), tier)
	case schema.GiftSubscription:
		return l.who(p, "gives a subscription%s%s", before(" to ", recipients(p)), tier)
	case schema.GiftBomb:
		return l.who(p, "gives%s subscriptions%s", counted(" ", p.Count, ""), tier)
	case schema.Membership:
		return l.who(p, "becomes a member%s", tier)
	case schema.MembershipMilestone:
		return l.who(p, "is a member%s%s", counted(" for ", p.Months, " months"), tier)
	case schema.MembershipGift:
		return l.who(p, "gives%s memberships%s%s", counted(" ", p.Count, ""), before(" to ", recipients(p)), tier)
	case schema.Cheer:
		return l.who(p, "cheers%s", counted(" ", p.Value, " bits"))
	case schema.SuperChat:
		return l.who(p, "sends a super chat%s", before(" of ", amount(p)))
	case schema.SuperSticker:
		return l.who(p, "sends a super sticker%s", before(" of ", amount(p)))
	case schema.Donation:
		return l.who(p, "donates%s%s", before(" ", amount(p)), before(" by ", p.Service))
	}
	return false
}

func tierName(p schema.ChannelEventPayload) string {
	switch {
	case p.IsPrime:
		return "Prime"
	case p.Tier == "":
		return ""
	}
	return "tier " + strings.TrimSuffix(p.Tier, "000")
}

func recipients(p schema.ChannelEventPayload) string {
	var names []string
	for _, r := range p.Recipients {
		names = append(names, cmp.Or(r.DisplayName, r.Username, r.UserID))
	}
	if len(names) > 3 {
		names = append(names[:3], fmt.Sprintf("%d others", len(names)-3))
	}
	return strings.Join(names, ", ")
}

func amount(p schema.ChannelEventPayload) string {
	return cmp.Or(p.AmountText, strings.TrimSpace(p.Amount+" "+p.Currency))
}

// counted is a number that is known, between two texts.
func counted(before string, n int64, after string) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf("%s%d%s", before, n, after)
}

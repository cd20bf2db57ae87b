package streamerbot

import "promethean/schema"

// contribution is one person's to a hype train.
type contribution struct {
	acting
	Type  text  `json:"type"`
	Total count `json:"total"`
}

func (c *contribution) of() schema.Contribution {
	p := c.acting.person()
	return schema.Contribution{
		UserID: p.UserID, Username: p.Username, DisplayName: p.DisplayName,
		Kind: string(c.Type), Total: most(c.Total),
	}
}

// readHypeTrain reads the state of a train at its start, at each step and at
// its end (reference: streamerbot.md 4.4).
func readHypeTrain(n *normaliser, p *schema.ChannelEventPayload) {
	var d struct {
		ID             text                  `json:"id"`
		Level          count                 `json:"level"`
		Progress       count                 `json:"progress"`
		Goal           count                 `json:"goal"`
		Total          count                 `json:"total"`
		IsGolden       boolean               `json:"isGoldenKappaTrain"`
		Type           text                  `json:"type"`
		Last           object[contribution]  `json:"lastContribution"`
		Top            objects[contribution] `json:"topContributions"`
		StartedAt      text                  `json:"startedAt"`
		ExpiresAt      text                  `json:"expiresAt"`
		EndedAt        text                  `json:"endedAt"`
		CooldownEndsAt text                  `json:"cooldownEndsAt"`
	}
	readFolded(n.data, &d)
	if d.ID == "" && d.Level == 0 && d.Total == 0 && d.Progress == 0 {
		return
	}
	h := &schema.HypeTrain{
		ID: string(d.ID), Level: most(d.Level), Progress: most(d.Progress), Goal: most(d.Goal), Total: most(d.Total),
		IsGolden:  d.IsGolden.on || d.Type == "golden_kappa",
		StartedAt: when(d.StartedAt), ExpiresAt: when(d.ExpiresAt), EndedAt: when(d.EndedAt), CooldownEndsAt: when(d.CooldownEndsAt),
	}
	if d.Last.has {
		last := d.Last.v.of()
		h.Last = &last
	}
	for i := range d.Top {
		h.Top = append(h.Top, d.Top[i].of())
	}
	p.HypeTrain = h
	switch p.EventType {
	case schema.HypeTrainStart:
		p.SentDateTime = n.sentAt(d.StartedAt)
	case schema.HypeTrainEnd:
		p.SentDateTime = n.sentAt(d.EndedAt)
	}
}

// when is a time where there is one that can be read.
func when(t text) *schema.Time {
	at := parseTime(string(t))
	if at.IsZero() {
		return nil
	}
	s := schema.NewTime(at)
	return &s
}

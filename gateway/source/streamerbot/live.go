package streamerbot

import "promethean/schema"

// liveData is a broadcast's begin or end (reference: streamerbot.md 4.4, 4.6).
type liveData struct {
	ID           text `json:"id"`
	StreamID     text `json:"streamId"`
	ChannelID    text `json:"channelId"`
	Title        text `json:"title"`
	SessionTitle text `json:"sessionTitle"`
	StartedAt    text `json:"startedAt"`

	Broadcast object[described] `json:"broadcast"`
}

// described is what YouTube's broadcast object says of itself; too long for
// [common], since every line of chat repeats it.
type described struct {
	Title       text `json:"title"`
	Description text `json:"description"`
}

// readLive reads that a broadcast began or ended, which is a fact whatever the
// frame holds besides: StreamOffline and BroadcastEnded hold nothing. YouTube's
// times of start are those of the monitoring and are left out.
func readLive(n *normaliser, as row) (fact, bool) {
	var d liveData
	readFolded(n.data, &d)
	p := schema.LivePayload{
		Title:    first(d.Title, d.SessionTitle, d.Broadcast.v.Title),
		Platform: n.platform(), IsTest: n.common.isTest(), SentDateTime: n.stampedAt(),
	}
	f := fact{becomes: as.becomes, streamID: first(d.ID, d.StreamID)}
	if n.provider == schema.YouTube {
		f.streamID = first(n.common.Broadcast.v.ID, d.ID)
		if n.common.Broadcast.v.ChannelID == "" && d.ChannelID != "" {
			c := n.youTubeChannel(d.ChannelID)
			f.channel = &c
		}
	} else if p.StartedAt = when(d.StartedAt); p.StartedAt != nil && as.becomes == schema.ChannelGoLive {
		p.SentDateTime = *p.StartedAt
	}
	if as.becomes == schema.ChannelGoLive {
		f.native = n.nativeKey()
	}
	f.payload = p
	return f, true
}

// category is {id, name}, or a name alone.
type category struct {
	ID   text `json:"id"`
	Name text `json:"name"`
}

// updatedData is a change of title or category: status, oldStatus, game,
// oldGame (Twitch), title and description (YouTube). Kick's shape is
// unpublished, so every reasonable name is looked for.
type updatedData struct {
	ID              text                   `json:"id"`
	ChannelID       text                   `json:"channelId"`
	Channel         text                   `json:"channel"`
	Status          maybe                  `json:"status"`
	Title           maybe                  `json:"title"`
	NewTitle        maybe                  `json:"newTitle"`
	StreamTitle     maybe                  `json:"streamTitle"`
	SessionTitle    maybe                  `json:"sessionTitle"`
	OldStatus       maybe                  `json:"oldStatus"`
	OldTitle        maybe                  `json:"oldTitle"`
	Game            textOrObject[category] `json:"game"`
	Category        textOrObject[category] `json:"category"`
	NewCategory     textOrObject[category] `json:"newCategory"`
	CategoryName    maybe                  `json:"categoryName"`
	CategoryID      text                   `json:"categoryId"`
	OldGame         textOrObject[category] `json:"oldGame"`
	OldCategory     textOrObject[category] `json:"oldCategory"`
	OldCategoryName maybe                  `json:"oldCategoryName"`
	OldCategoryID   text                   `json:"oldCategoryId"`
	Description     text                   `json:"description"`
	Broadcast       object[described]      `json:"broadcast"`
}

// readUpdated reads a new title or category. A frame without any title is
// passed through: an empty one would be another fact.
func readUpdated(n *normaliser, as row) (fact, bool) {
	var d updatedData
	readFolded(n.data, &d)
	b := n.common.Broadcast.v
	p := schema.ChannelUpdatedPayload{
		Description: first(d.Description, d.Broadcast.v.Description),
		Platform:    n.platform(), IsTest: n.common.isTest(), SentDateTime: n.stampedAt(),
	}
	f := fact{becomes: as.becomes}
	title := firstKnown(d.NewTitle, d.Title, d.StreamTitle, d.SessionTitle)
	if n.provider == schema.YouTube {
		// status is the broadcast's state here, e.g. "live"; a category has no name.
		title = firstKnown(title, maybe{d.Broadcast.v.Title != "", d.Broadcast.v.Title})
		f.streamID = first(b.ID, d.ID)
		if b.ChannelID == "" && d.ChannelID != "" {
			c := n.youTubeChannel(d.ChannelID)
			f.channel = &c
		}
	} else {
		title = firstKnown(title, d.Status)
		p.Category = categoryOf(maybe{d.CategoryName.known, d.CategoryName.text}, d.CategoryID, d.NewCategory, d.Category, d.Game)
		p.OldCategory = categoryOf(d.OldCategoryName, d.OldCategoryID, d.OldCategory, d.OldGame)
	}
	if !title.known {
		return fact{}, false
	}
	p.Title = string(title.text)
	if old := firstKnown(d.OldStatus, d.OldTitle); old.known {
		was := string(old.text)
		p.OldTitle = &was
	}
	if n.provider == schema.Twitch && d.ChannelID != "" && n.common.Broadcaster.v.ID == "" {
		c := named(schema.Channel{ID: string(d.ChannelID), Name: twitchLogin(d.Channel), Platform: p.Platform}, n.facts.Channels[schema.Twitch])
		f.channel = &c
	}
	f.payload = p
	return f, true
}

func firstKnown(texts ...maybe) maybe {
	for _, t := range texts {
		if t.known {
			return t
		}
	}
	return maybe{}
}

// categoryOf is the first category that is there; nil for none. One whose id
// and name are empty is there: none is set.
func categoryOf(name maybe, id text, shapes ...textOrObject[category]) *schema.Category {
	for _, c := range shapes {
		if c.has {
			return &schema.Category{ID: string(c.v.ID), Name: string(c.v.Name)}
		}
		if c.text != "" {
			return &schema.Category{ID: string(id), Name: string(c.text)}
		}
	}
	if name.known || id != "" {
		return &schema.Category{ID: string(id), Name: string(name.text)}
	}
	return nil
}

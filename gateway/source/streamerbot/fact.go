package streamerbot

import (
	"promethean/gateway/source/ignore"
	"promethean/schema"
)

// fact is what a reader makes of a frame: one event of the catalogue.
type fact struct {
	becomes schema.Type
	payload any
	// native is the id that makes it the same fact wherever it was seen; ""
	// takes the frame's.
	native string
	// provider, channel and streamID are set where they are not what the frame's
	// source and its common members say.
	provider schema.Provider
	channel  *schema.Channel
	streamID string
	// people are the names of those by whom ignoring is judged.
	people []text
}

// reader reads one frame as a row of the table says; false where the frame
// lacks what makes it that fact. It is then passed through: nothing is lost,
// and nothing is said that the frame does not say.
type reader func(n *normaliser, as row) (fact, bool)

// judged drops a fact about an ignored user, and makes a draft of any other. A
// test button may repeat the id of what really happened, so a test takes the
// frame's.
func (n *normaliser) judged(f fact) (d schema.Draft, ignored bool) {
	if f.provider == "" {
		f.provider = n.provider
	}
	if ignore.Any(n.facts.Ignored, string(f.provider), f.people...) {
		return schema.Draft{}, true
	}
	if n.common.isTest() {
		f.native = ""
	}
	return n.fact(f), false
}

// fact makes the draft of a fact. Its whole frame is kept as raw.
func (n *normaliser) fact(f fact) schema.Draft {
	if f.provider == "" {
		f.provider = n.provider
	}
	channel := n.channel(f.provider)
	if f.channel != nil {
		channel = *f.channel
	}
	d := n.draft(f.becomes, f.provider, channel)
	d.ID = n.eventID(f.provider, f.becomes, f.native)
	if f.streamID != "" {
		d.StreamID = f.streamID
	}
	d.OwnVersion = true
	d.SetRaw(n.checked)
	if err := setPayload(&d, f.payload); err != nil {
		return n.refuse(err)
	}
	return d
}

// platform is the upper-case name that payloads give the frame's source.
func (n *normaliser) platform() string { return upper(n.provider) }

// calledBy are all names of persons, to judge ignoring by.
func calledBy(people ...schema.Person) []text {
	var all []text
	for _, p := range people {
		all = append(all, text(p.Username), text(p.DisplayName))
	}
	return all
}

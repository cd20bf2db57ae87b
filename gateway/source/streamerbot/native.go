package streamerbot

import (
	"strings"

	"promethean/schema"
)

// maxNative bounds a platform's id, in bytes. A longer one is no id of a
// platform; the frame's own id is taken.
const maxNative = 256

// nativeKey reads the id that a platform gave a fact; "" where it gave none.
type nativeKey func(*common) string

func byMessage(c *common) string {
	return first(c.MessageID, c.Message.v.MsgID, c.MsgID, c.HeldID)
}

func byEventID(c *common) string { return string(c.EventID) }

func byID(c *common) string { return first(c.ID, c.RedemptionID) }

// byDeleted is the id of the message that was deleted.
func byDeleted(c *common) string { return first(c.MessageID, c.TargetMessageID) }

func byHeld(c *common) string { return string(c.HeldID) }

func byWhisper(c *common) string { return string(c.WhisperID) }

// byIDAndStatus tells the states of one redemption apart.
func byIDAndStatus(c *common) string { return withStatus(byID(c), c) }

func byHeldAndStatus(c *common) string { return withStatus(byHeld(c), c) }

func withStatus(id string, c *common) string {
	if id == "" || c.Status == "" {
		return ""
	}
	return id + " " + string(c.Status)
}

// nativeKeys lists the types whose key is platform-unique (reference:
// streamerbot.md 5.1, quality "good" and better). All others take a frame id,
// which only ever merges what is the same broadcast seen twice.
func nativeKeys(source, kind string) nativeKey {
	var memory [64]byte
	small := lowered(memory[:0], kind)
	switch provider(source) {
	case schema.Twitch:
		return twitchKey(string(small))
	case schema.YouTube:
		return byEventID
	case schema.Kick:
		switch string(small) {
		case "chatmessage", "firstwords":
			return byMessage
		}
	case schema.Trovo:
		if strings.EqualFold(kind, "ChatMessage") {
			return byMessage
		}
	}
	switch strings.ToLower(source) {
	case "streamelements", "streamlabs", "kofi":
		switch string(small) {
		case "tip", "donation", "charitydonation", "subscription", "resubscription":
			return byID
		}
	}
	return nil
}

func twitchKey(kind string) nativeKey {
	switch kind {
	case "chatmessage", "cheer", "firstword", "announcement", "sub", "resub",
		"giftsub", "giftbomb", "payitforward", "watchstreak":
		return byMessage
	case "chatmessagedeleted":
		return byDeleted
	case "automodmessageheld":
		return byHeld
	case "automodmessageupdate":
		return byHeldAndStatus
	case "rewardredemption", "automaticrewardredemption", "custompowerupredemption", "streamonline":
		return byID
	case "rewardredemptionupdated":
		return byIDAndStatus
	case "whisper", "botwhisper":
		return byWhisper
	}
	return nil
}

// nativeKey is the id that the platform gave this frame's fact; "" where it
// gave none, or what cannot be one.
func (n *normaliser) nativeKey() string {
	key := nativeKeys(n.source, n.kind)
	if key == nil {
		return ""
	}
	return key(n.common)
}

// eventID makes the draft's id: of the platform's own id where there is one,
// else of the frame. A frame without any timeStamp can't be told from another
// like it, so its place on its connection makes it one: better stored twice
// than merged with another fact.
func (n *normaliser) eventID(p schema.Provider, t schema.Type, native string) string {
	f := n.facts
	if native != "" && len(native) <= maxNative {
		return schema.NativeID(p, f.Tenant, t, native)
	}
	name := n.frame
	if !n.isWhole {
		name = n.source + "." + n.kind
	}
	if n.stamp == "" {
		return schema.FrameID(Name, name, f.Connection, n.data, int(f.N))
	}
	id := schema.FrameID(Name, name, n.stamp, n.data, 0)
	if f.Ordinal == nil {
		return id
	}
	if ordinal := f.Ordinal(id); ordinal > 0 {
		return schema.FrameID(Name, name, n.stamp, n.data, ordinal)
	}
	return id
}

// stampText is the timeStamp as it stands, unquoted.
func stampText(value []byte) string {
	if len(value) > 0 && (value[0] == '-' || value[0] >= '0' && value[0] <= '9') {
		return string(value)
	}
	return unquote(value)
}

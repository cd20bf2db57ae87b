package schema

import "fmt"

// Encode writes the payload as encoding/json would without HTML escapes, which
// would let text grow sixfold. It refuses a sentDateTime that is not [Writable].
func (p *ChatPayload) Encode() (Checked, error) {
	if !Writable(p.SentDateTime.Time) {
		return Checked{}, fmt.Errorf("sentDateTime: year %d is not of four digits", p.SentDateTime.UTC().Year())
	}
	e := encoder{b: make([]byte, 0, p.size())}
	e.open()
	e.text(`"id":`, p.ID)
	e.textIf(`"userId":`, p.UserID)
	e.text(`"username":`, p.Username)
	e.textIf(`"displayName":`, p.DisplayName)
	e.text(`"message":`, p.Message)
	e.textIf(`"language":`, p.Language)
	e.text(`"platform":`, p.Platform)
	e.boolean(`"isSubscriber":`, p.IsSubscriber)
	e.boolean(`"isVip":`, p.IsVIP)
	e.boolean(`"isModerator":`, p.IsModerator)
	e.boolean(`"isBroadcaster":`, p.IsBroadcaster)
	e.booleanIf(`"isVerified":`, p.IsVerified)
	if e.list(`"badges":`, p.Badges != nil) {
		for i := range p.Badges {
			p.Badges[i].encode(&e)
		}
		e.shut(']')
	}
	e.textIf(`"color":`, p.Color)
	if e.list(`"emotes":`, p.Emotes != nil) {
		for i := range p.Emotes {
			p.Emotes[i].encode(&e)
		}
		e.shut(']')
	}
	e.numberIf(`"bits":`, p.Bits)
	if p.IsFirstMessage != nil {
		e.boolean(`"isFirstMessage":`, *p.IsFirstMessage)
	}
	if p.ReplyTo != nil {
		e.key(`"replyTo":`)
		p.ReplyTo.encode(&e)
	}
	e.boolean(`"isTest":`, p.IsTest)
	e.time(`"sentDateTime":`, p.SentDateTime)
	e.shut('}')
	return Checked{e.b}, nil
}

// size is how many bytes the payload takes about, so that most are written
// into memory asked for once.
func (p *ChatPayload) size() int {
	n := 384 + len(p.Message) + len(p.Message)/8
	for _, b := range p.Badges {
		n += 64 + len(b.Name) + len(b.Info) + len(b.ImageURL)
	}
	for _, e := range p.Emotes {
		n += 96 + len(e.ID) + len(e.Name) + len(e.ImageURL)
	}
	if p.ReplyTo != nil {
		n += 128 + len(p.ReplyTo.Message)
	}
	return n
}

// list begins a list; where there is none it is null, and done.
func (e *encoder) list(key string, is bool) bool {
	e.key(key)
	if !is {
		e.b = append(e.b, "null"...)
		return false
	}
	e.b = append(e.b, '[')
	return true
}

func (b *Badge) encode(e *encoder) {
	e.comma()
	e.open()
	e.text(`"name":`, b.Name)
	e.textIf(`"version":`, b.Version)
	e.textIf(`"info":`, b.Info)
	e.textIf(`"imageUrl":`, b.ImageURL)
	e.shut('}')
}

func (m *Emote) encode(e *encoder) {
	e.comma()
	e.open()
	e.textIf(`"id":`, m.ID)
	e.text(`"name":`, m.Name)
	e.textIf(`"type":`, m.Type)
	e.number(`"startIndex":`, m.Start)
	e.number(`"endIndex":`, m.End)
	e.textIf(`"imageUrl":`, m.ImageURL)
	e.shut('}')
}

func (r *ReplyTo) encode(e *encoder) {
	e.open()
	e.textIf(`"id":`, r.ID)
	e.textIf(`"userId":`, r.UserID)
	e.textIf(`"username":`, r.Username)
	e.textIf(`"message":`, r.Message)
	e.shut('}')
}

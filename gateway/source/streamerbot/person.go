package streamerbot

import (
	"promethean/schema"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The structs of one family are read with [readFolded]: their member names
// match whatever the case and the underscores, so that sub_tier and subTier
// are one. userName, user_name and username are one name as well: the shown one
// beside a login, the login beside a displayName.

// flat is a person whose members stand beside the event's.
type flat struct {
	UserID      text `json:"userId"`
	UserLogin   text `json:"userLogin"`
	UserName    text `json:"userName"`
	DisplayName text `json:"displayName"`
}

func (f flat) person() schema.Person {
	return schema.Person{
		UserID:      string(f.UserID),
		Username:    first(f.UserLogin, f.UserName, f.DisplayName),
		DisplayName: first(f.DisplayName, f.UserName),
	}
}

// somebody is a person's own object: {id, login, name} on most platforms,
// {id, name, display} in commands, {userId, userName, …} on Trovo.
type somebody struct {
	flat

	ID      text `json:"id"`
	Login   text `json:"login"`
	Name    text `json:"name"`
	Display text `json:"display"`
	Type    text `json:"type"`

	MonthsSubscribed count `json:"monthsSubscribed"`
}

func (s somebody) person() schema.Person {
	f := s.flat
	return schema.Person{
		UserID:      first(s.ID, f.UserID),
		Username:    first(s.Login, f.UserLogin, s.Name, f.UserName, s.Display, f.DisplayName),
		DisplayName: first(s.Display, f.DisplayName, s.Name, f.UserName),
	}
}

// anybody is a person's object, or nothing but a name.
type anybody struct{ textOrObject[somebody] }

func (a anybody) person() schema.Person {
	if a.has {
		return a.v.person()
	}
	return schema.Person{Username: string(a.text), DisplayName: string(a.text)}
}

// isNobody reports whether nothing of a person is known.
func isNobody(p schema.Person) bool { return p == schema.Person{} }

// firstPerson is the first of whom something is known.
func firstPerson(people ...schema.Person) schema.Person {
	for _, p := range people {
		if !isNobody(p) {
			return p
		}
	}
	return schema.Person{}
}

// acting is who an event is about, as an object or beside it.
type acting struct {
	flat

	User anybody `json:"user"`
}

func (a *acting) person() schema.Person { return firstPerson(a.User.person(), a.flat.person()) }

// setPerson makes p the one who acted.
func setPerson(e *schema.ChannelEventPayload, p schema.Person) {
	e.UserID, e.Username, e.DisplayName = p.UserID, p.Username, p.DisplayName
}

// anonymity is the flag of one who does not want to be named, in its four
// spellings (reference: streamerbot.md 6). A resubscriber's gifterIsAnonymous
// is about another person, so only gifts, cheers and donations are asked.
type anonymity struct {
	Anonymous         boolean `json:"anonymous"`
	IsAnonymous       boolean `json:"isAnonymous"`
	GifterIsAnonymous boolean `json:"gifterIsAnonymous"`
}

func (a anonymity) on() bool { return a.Anonymous.on || a.IsAnonymous.on || a.GifterIsAnonymous.on }

// setGiver makes p the one who acted, unless that one is anonymous: then
// nothing of the person is told, whatever stand-in the platform names.
func setGiver(e *schema.ChannelEventPayload, p schema.Person, isAnonymous bool) {
	if e.IsAnonymous = isAnonymous; !isAnonymous {
		setPerson(e, p)
	}
}

// line is what a person wrote, in any of the shapes: text, a message that is
// text or an object, or parts.
type line struct {
	Text    text                 `json:"text"`
	Message textOrObject[within] `json:"message"`
	Parts   objects[part]        `json:"parts"`
}

type within struct {
	Message text `json:"message"`
	Text    text `json:"text"`
}

func (l *line) said() string {
	if s := first(l.Text, l.Message.text, l.Message.v.Message, l.Message.v.Text); s != "" {
		return s
	}
	return joined(l.Parts)
}

// people is a list of persons, each an object or a name.
type people []anybody

func (l *people) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	*l = nil
	if d.PeekKind() != '[' {
		return d.SkipValue()
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	for d.PeekKind() != ']' {
		var a anybody
		if err := json.UnmarshalDecode(d, &a); err != nil {
			return err
		}
		if len(*l) < maxList && !isNobody(a.person()) {
			*l = append(*l, a)
		}
	}
	_, err := d.ReadToken()
	return err
}

func (l people) persons() []schema.Person {
	var all []schema.Person
	for _, a := range l {
		all = append(all, a.person())
	}
	return all
}

package streamerbot

import (
	"slices"
	"strings"

	"promethean/schema"
)

// readCommand reads Command.Triggered, and Command.Message as it was called in
// 2023. It is a fact of the platform where it was typed, which user.type says;
// user.name is the login and user.display the name shown (reference:
// streamerbot.md 4.7). A frame without a command or without a person is passed
// through.
func readCommand(n *normaliser, as row) (fact, bool) {
	var d struct {
		acting
		line
		Name        text  `json:"name"`
		CommandName text  `json:"commandName"`
		Command     text  `json:"command"`
		Counter     count `json:"counter"`
		UserCounter count `json:"userCounter"`
	}
	readFolded(n.data, &d)
	who := d.acting.person()
	if d.Command == "" || isNobody(who) {
		return fact{}, false
	}
	var c schema.ChatPayload // only for what a chat line says of its person
	u := &n.common.User.v
	addPerson(u, &c)
	on := typedOn(n.source, u.Type)
	p := schema.ChatCommandPayload{
		CommandID: string(n.common.ID), CommandName: first(d.Name, d.CommandName),
		Command: string(d.Command), Message: d.said(), MessageID: byMessage(n.common),
		UserID: who.UserID, Username: who.Username, DisplayName: who.DisplayName,
		IsSubscriber: c.IsSubscriber || u.IsSponsor.on, IsVIP: c.IsVIP,
		IsModerator: c.IsModerator || u.IsModerator.on, IsBroadcaster: c.IsBroadcaster || u.IsOwner.on,
		Counter: most(d.Counter), UserCounter: most(d.UserCounter),
		Platform: strings.ToUpper(string(on)), IsTest: n.common.isTest(), SentDateTime: n.sentAt(),
	}
	return fact{becomes: as.becomes, payload: p, provider: on, people: calledBy(who)}, true
}

// typedOn is the platform of chat that a person's type names, else the
// source's.
func typedOn(source string, kind text) schema.Provider {
	if p := provider(string(kind)); slices.Contains(schema.ChatProviders(), p) {
		return p
	}
	return provider(source)
}

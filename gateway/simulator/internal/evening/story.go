package evening

// How long an evening is, in moments: the table's own share comes with them, so the frames are about a
// third more. The pause behind it is as long as that many frames.
const (
	shortest = 820
	longest  = 940
	pause    = 20
)

// opening is how every evening begins: what happens at which moment. Chat fills the moments between.
func opening() []planned {
	return []planned{
		{1, always(obs("Connected"))},
		{2, always(to("Starting soon"))},
		{3, always((*Evening).announceEvening)},
		{4, (*Evening).kickUpdate},
		{6, always(obs("StreamingStarted"))},
		{7, always(obs("RecordingStarted"))},
		{8, always((*Evening).broadcastStarted)},
		{9, onKick((*Evening).kickOnline)},
		{11, always((*Evening).online)},
		{12, always((*Evening).restock)},
		{13, always((*Evening).count)},
		{17, always(to("Fireside"))},
	}
}

// story is what happens between opening and ending: how often, in which part of the evening, and on
// which servers. Rows that hang together (a bomb and its gifts, a train and what feeds it, a raid and
// its raiders) are one row here and plan the rest themselves.
func story() []happening {
	return []happening{
		{"a follow", [2]int{9, 14}, [2]float64{0, .97}, allServers, nothing, (*Evening).follow},
		{"a first subscription", [2]int{2, 3}, [2]float64{.08, .95}, allServers, nothing, firstSub},
		{"a Prime subscription", [2]int{1, 3}, [2]float64{.08, .95}, allServers, nothing, primeSub},
		{"an upper tier", [2]int{1, 1}, [2]float64{.2, .9}, allServers, nothing, bigSub},
		{"another month", [2]int{4, 7}, [2]float64{.05, .95}, allServers, nothing, (*Evening).resub},
		{"a gift", [2]int{2, 3}, [2]float64{.1, .9}, allServers, nothing, (*Evening).gift},
		{"a gift bomb", [2]int{1, 1}, [2]float64{.75, .9}, allServers, nothing, smallBomb},
		{"a cheer", [2]int{3, 5}, [2]float64{.05, .95}, allServers, nothing, cheer(1, 10, 50, 100, 250)},
		{"a raid", [2]int{1, 2}, [2]float64{.2, .65}, allServers, nothing, (*Evening).raid},
		{"a hype train", [2]int{1, 1}, [2]float64{.4, .55}, allServers, nothing, (*Evening).board},

		{"a limited reward", [2]int{2, 3}, [2]float64{.05, .95}, allServers, nothing, limitedReward},
		{"a reward", [2]int{5, 8}, [2]float64{.05, .95}, allServers, nothing, anyReward},
		{"an emote for points", [2]int{1, 2}, [2]float64{.1, .9}, since025, nothing, (*Evening).automatic},
		{"a highlighted line", [2]int{1, 2}, [2]float64{.1, .9}, since025, nothing, (*Evening).highlight},
		{"a power-up", [2]int{1, 2}, [2]float64{.1, .9}, since105, nothing, (*Evening).powerUp},
		{"a custom power-up", [2]int{1, 2}, [2]float64{.1, .9}, since105, nothing, (*Evening).customPowerUp},
		{"a watch streak", [2]int{1, 3}, [2]float64{.02, .5}, since025, nothing, (*Evening).watchStreak},

		{"a deleted line", [2]int{2, 4}, [2]float64{.05, .95}, allServers, nothing, (*Evening).deleteLine},
		{"a time-out", [2]int{1, 2}, [2]float64{.1, .85}, allServers, nothing, (*Evening).timeOut},
		{"a spammer", [2]int{1, 1}, [2]float64{.15, .9}, allServers, nothing, (*Evening).spam},
		{"a cleared chat", [2]int{1, 1}, [2]float64{.6, .7}, allServers, nothing, (*Evening).clear},
		{"a held line", [2]int{1, 2}, [2]float64{.1, .9}, since025, nothing, (*Evening).hold},

		{"an announcement", [2]int{1, 2}, [2]float64{.02, .9}, allServers, nothing, (*Evening).announce},
		{"a poll", [2]int{1, 1}, [2]float64{.15, .35}, allServers, nothing, (*Evening).poll},
		{"a prediction", [2]int{1, 1}, [2]float64{.65, .8}, allServers, nothing, (*Evening).predict},
		{"a command", [2]int{2, 4}, [2]float64{.05, .95}, allServers, nothing, (*Evening).order},
		{"a count of viewers", [2]int{8, 10}, [2]float64{.02, 1}, allServers, nothing, (*Evening).count},
		{"an advertisement", [2]int{1, 2}, [2]float64{.3, .8}, allServers, nothing, (*Evening).advert},
		{"a change of title", [2]int{1, 1}, [2]float64{.45, .6}, allServers, nothing, (*Evening).turn},
		{"a change of game", [2]int{1, 1}, [2]float64{.1, .25}, allServers, nothing, (*Evening).otherCategory},
		{"a change of scene", [2]int{5, 9}, [2]float64{.05, .97}, allServers, nothing, (*Evening).otherScene},
		{"an outage", [2]int{1, 1}, [2]float64{.3, .9}, allServers, nothing, (*Evening).outage},

		{"a super chat", [2]int{2, 3}, [2]float64{.1, .95}, allServers, nothing, (*Evening).superChat},
		{"a super sticker", [2]int{1, 1}, [2]float64{.1, .95}, allServers, nothing, (*Evening).superSticker},
		{"a new member", [2]int{1, 2}, [2]float64{.1, .95}, allServers, nothing, (*Evening).sponsor},
		{"a member's milestone", [2]int{1, 2}, [2]float64{.1, .95}, allServers, nothing, (*Evening).milestone},
		{"memberships as gifts", [2]int{1, 1}, [2]float64{.2, .8}, allServers, nothing, (*Evening).memberships},
		{"jewels", [2]int{1, 1}, [2]float64{.2, .9}, since105, nothing, (*Evening).jewels},
		{"a subscriber on YouTube", [2]int{2, 4}, [2]float64{.05, .95}, allServers, nothing, (*Evening).newSubscriber},
		{"YouTube's statistics", [2]int{5, 7}, [2]float64{.02, 1}, allServers, nothing, (*Evening).statistics},
		{"a ban on YouTube", [2]int{1, 1}, [2]float64{.3, .8}, allServers, nothing, (*Evening).hide},
		{"a deleted line on YouTube", [2]int{1, 1}, [2]float64{.2, .9}, allServers, nothing, (*Evening).retract},

		{"a follow on Kick", [2]int{1, 2}, [2]float64{.05, .9}, allServers, kickToo, (*Evening).kickFollow},
		{"a subscription on Kick", [2]int{1, 1}, [2]float64{.1, .9}, allServers, kickToo, (*Evening).kickSub},
		{"another month on Kick", [2]int{1, 1}, [2]float64{.1, .9}, allServers, kickToo, (*Evening).kickResub},
		{"a gift on Kick", [2]int{1, 1}, [2]float64{.2, .9}, allServers, kickToo, (*Evening).kickGift},
		{"gifts on Kick", [2]int{1, 1}, [2]float64{.2, .9}, allServers, kickToo, (*Evening).kickGifts},
		{"viewers on Kick", [2]int{2, 3}, [2]float64{.05, 1}, allServers, kickToo, (*Evening).kickCount},
		{"a line on Trovo", [2]int{2, 3}, [2]float64{.1, .5}, allServers, nothing, (*Evening).trovoTalk},
		{"a follow on Trovo", [2]int{1, 1}, [2]float64{.5, .9}, allServers, nothing, (*Evening).trovoFollow},
		{"a spell on Trovo", [2]int{1, 1}, [2]float64{.5, .9}, allServers, nothing, (*Evening).trovoSpell},

		{"a tip", [2]int{1, 2}, [2]float64{.1, .95}, allServers, nothing, donate("StreamElements")},
		{"a donation", [2]int{1, 1}, [2]float64{.1, .95}, allServers, nothing, donate("Streamlabs")},
		{"a coffee", [2]int{1, 1}, [2]float64{.1, .95}, allServers, nothing, donate("Kofi")},
		{"a French donation", [2]int{1, 1}, [2]float64{.1, .95}, allServers, nothing, donate("TipeeeStream")},

		{"a broadcast object", [2]int{2, 4}, [2]float64{.05, .95}, allServers, nothing, (*Evening).customObject},
		{"a broadcast string", [2]int{1, 2}, [2]float64{.05, .95}, allServers, nothing, (*Evening).customString},
		{"a wrapped string", [2]int{1, 2}, [2]float64{.05, .95}, allServers, nothing, (*Evening).customWrapped},
		{"a custom event", [2]int{1, 2}, [2]float64{.05, .95}, allServers, nothing, (*Evening).customEvent},

		{"a whisper", [2]int{1, 1}, [2]float64{.2, .9}, allServers, nothing, (*Evening).whisper},
		{"an action", [2]int{1, 1}, [2]float64{.1, .9}, allServers, nothing, (*Evening).action},
		{"a variable", [2]int{1, 1}, [2]float64{.1, .9}, allServers, nothing, (*Evening).variable},
	}
}

// ending is how every evening ends; what happens how many moments after it has begun.
func ending() []planned {
	return []planned{
		{0, always(to("Ending"))},
		{4, always((*Evening).raidOut)},
		{9, always(obs("RecordingStopped"))},
		{10, always(obs("StreamingStopped"))},
		{12, always((*Evening).offline)},
		{13, always((*Evening).broadcastEnded)},
		{14, onKick((*Evening).kickOffline)},
		{16, always(obs("Disconnected"))},
		{17, (*Evening).rest},
	}
}

// always gives an act as a cue of every evening.
func always(play act) cue {
	return func(e *Evening) [][]byte { return play(e, e.shape(allServers)) }
}

// onKick leaves it out on servers without Kick.
func onKick(play act) cue {
	return func(e *Evening) [][]byte {
		if !e.opt.Kick {
			return nil
		}
		return play(e, Flat)
	}
}

// begin opens the next evening: everybody is new, the agenda is full.
func (e *Evening) begin() {
	e.goHome()
	e.number++
	e.moment = 0
	e.scenery = scenery{scene: "Black", streamID: "5" + digits(e.ids, 10)}
	e.show = newBroadcast(e.ids, e.at, e.titleOf(pick(e.what, openings)))
	e.viewers = 12 + e.what.IntN(40)
	length := shortest + e.what.IntN(longest-shortest+1)
	for _, p := range opening() {
		e.agenda.add(p.due, p.play)
	}
	e.planStory(len(opening())+8, length)
	e.agenda.add(length, (*Evening).end)
}

// goHome closes the evening before: guests leave for good.
func (e *Evening) goHome() {
	for _, v := range e.cast {
		if e.number > 0 {
			v.leave(e.spoke(v))
		}
	}
	for _, w := range e.rewards {
		w.newStream()
	}
	e.guests, e.recent, e.train = nil, nil, nil
	clear(e.began)
}

// announceEvening sets tonight's title and category before the stream starts.
func (e *Evening) announceEvening(s Shape) [][]byte {
	return [][]byte{e.retitle(s, e.show.Title, talking)}
}

// end waits for everything that is still to come, and then begins the ending.
func (e *Evening) end() [][]byte {
	if len(e.agenda) > 0 {
		e.later(2, (*Evening).end)
		return nil
	}
	for _, p := range ending() {
		e.later(p.due, p.play)
	}
	return nil
}

// rest is the pause before the next evening; a last word is said in it.
func (e *Evening) rest() [][]byte {
	frames := e.talk(false)
	e.agenda = nil
	e.pulse.rest(pause)
	return frames
}

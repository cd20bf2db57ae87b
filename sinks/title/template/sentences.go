package template

// group are sentences that are preferred alike.
type group struct {
	weight    float64
	sentences []string
}

// groups are those for what is known: the more a sentence says, the heavier.
func groups(known map[string]string) []group {
	all := []group{
		{1000, note}, {30, mood}, {12, numbers}, {8, before}, {4, talk},
		{3, byMoment[known["moment"]]}, {3, byMoment[known["weekday"]]}, {3, byMoment[known["half"]]},
		{2, categoryAndTime}, {1, category}, {0.4, timeOnly},
	}
	// Nothing is known: what is true of every stream.
	if known["when"] == "" && known["cat"] == "" && known["note"] == "" {
		all = append(all, group{0.5, always})
	}
	return all
}

var note = []string{
	"{Note}", "{Note}, live {tod}", "{Note} this {when}", "{Note}, and company is welcome", "The plan {tod} is simple, {note}",
}

var mood = []string{
	"{aMood} {when} with {cat}", "Keeping it {mood} with {cat} {tod}", "{Mood} mood, so {cat} it is {tod}", "{aMood} {part} calls for {cat}",
	"Feeling {mood}, so it's {cat} this {when}", "{aMood} {when}, and you're invited", "Keeping it {mood} in here this {when}",
	"It's going to be {amood} {part}", "Officially {amood} {day}, come on in", "{aMood} {day} deserves {cat}",
	"My {day} mood is “{feeling}”", "Today's mood is “{feeling}”, today's game is {name}", "{Cat} while feeling “{feeling}”",
	"If you ask how my {day} is going, “{feeling}”",
}

var numbers = []string{
	"{raids} raids so far, there's still room in here", "{raids} raids in one {part}, welcome all of you", "{raids} raids and counting, so welcome to {cat}",
	"A raid came in, so welcome to {cat}{raid}", "To everyone from the raid, welcome in and find a seat{raid}",
	"{subs} subs this {part}, thank you. Now, {cat}", "{subs} subs so far this {when}, thank you", "Thank you for {subs} subs this {part}",
	"{follows} new follows this {part}, hello to all of you", "{follows} new follows and {cat}, good {hail}",
	"{chatters} of us talking over {cat} {tod}", "{chatters} people in chat, room for one more", "{chatters} people in chat and {cat} on the screen",
	"Over {messages} messages in, and it's only {part}", "Over {messages} messages in, still with {cat}", "{cheers} cheers this {when}, you're too kind",
}

var before = []string{
	"Here yesterday, here again with {cat}{yesterday}", "Yesterday, today, and here we are on a {when}{yesterday}", "Yesterday was practice, {day} is for real{yesterday}",
	"Same chair as yesterday, and it's {cat} {tod}{yesterday}", "Couldn't stay away after yesterday, so it's {cat}{yesterday}",
}

// byMoment has sentences for a part of the day, a weekday, and the early or late
// half of one.
var byMoment = map[string][]string{
	"morning": {
		"Bring a coffee, it's {cat} this {day} morning", "{Cat} before lunch, why not", "Breakfast goes better with {cat}", "Easing into {day} with {cat}",
		"Good morning, it's {cat} o'clock", "{day} morning, first coffee, {cat}", "Who else is up this {day} morning?", "Good morning, {day}. Be gentle with us",
		"Coffee in hand? Then it's time for {cat}", "Toast, tea and {cat} on a {day} morning",
	},
	"afternoon": {
		"{Cat} to get us through {day} afternoon", "{day} afternoons were made for {cat}", "Skip the nap, it's {cat} this afternoon", "Afternoon tea, but it's {cat}",
		"Lunch is over, {cat} it is", "Anyone else hiding from {day} afternoon?", "The afternoon slump is no match for {cat}", "Looks like a {cat} kind of afternoon",
	},
	"evening": {
		"{day} evening, shoes off, {cat} on", "Good evening, tonight it's {cat}", "Dinner can wait, {cat} is on", "An evening in with {cat} and you lot",
		"Evening, everyone. How was your {day}?", "Blanket, snacks, {cat}, in that order", "Winding down {day} with {cat}", "{Cat} is what this {day} evening needed",
	},
	"night": {
		"Still up? There's {cat} on this {day} night", "One for the night owls, {cat} on a {day}", "The clock says bed, {cat} says stay", "Can't sleep? {Cat} might help",
		"{day} night, lights low, {cat} on", "Late enough for {cat} and honest opinions", "Who needs sleep on a {day} night anyway?", "Ending {day} the right way, with {cat}",
	},
	"late": {
		"Past midnight with {cat}, as one does", "It's past midnight and {cat} says stay", "Can't sleep? {Cat} might help, no promises", "Whatever time zone you're in, it's {cat} time",
		"For the insomniacs, {cat} after midnight", "Technically tomorrow already, still time for {cat}", "Anyone else awake at this hour? Come say hi", "Too late for coffee, never too late for {cat}",
		"Past midnight, so we whisper. Come on in",
	},
	"Monday": {
		"Mondays are easier with {cat}", "Monday again, so let's have some {cat}", "Be nice, it's Monday. Also, {cat}", "Mondays aren't so bad with company", "Proof that Mondays can be fun, {cat}",
	},
	"Monday early": {"Starting the week on the right foot with {cat}", "A soft landing into Monday with {cat}"},
	"Monday eve":   {"Monday is nearly over, {cat} to celebrate", "We made it through Monday, time for {cat}", "You survived Monday, come sit down"},
	"Tuesday": {
		"Tuesday deserves some {cat} too", "Nobody ever plans a Tuesday, so it's {cat}", "Making Tuesday worth remembering with {cat}", "There are worse Tuesdays than one with {cat}", "Sticking up for Tuesday, the quiet one",
	},
	"Wednesday": {
		"Halfway through the week, {cat} it is", "A midweek break with {cat}", "Wednesday is uphill, so here's {cat}", "Over the midweek hump with {cat}", "It's Wednesday, the week's own halfway house",
	},
	"Thursday": {
		"Almost Friday, and {cat} helps", "Thursday, or Friday's waiting room, with {cat}", "Close enough to the weekend for {cat}", "Thursday is basically Friday, so it's {cat}", "Is it Friday yet? No? Then come in",
	},
	"Friday":       {"It's finally Friday, you've earned some {cat}", "{Cat} counts as Friday plans, right?", "Friday called, it wants {cat}", "Friday at last, take a seat and breathe out"},
	"Friday early": {"{Cat} until the weekend starts", "Friday already feels like the weekend with {cat}"},
	"Friday eve":   {"The week is over, long live {cat}", "Weekend mode on, and {cat} with it", "Leave the week at the door, it's Friday"},
	"Saturday": {
		"Saturday is for {cat} and taking it easy", "Saturday has plenty of room for {cat}", "{Cat}, because Saturday said so", "Weekends are better with {cat}", "Whatever you're up to this Saturday, welcome",
	},
	"Saturday eve": {"Saturday night in, {cat} on", "Staying in this Saturday with {cat}"},
	"Sunday": {
		"Sunday and {cat}, no hurry at all", "Slippers on, it's Sunday. {Cat} time", "Monday can wait, it's {cat} time", "Lazy Sunday rules apply to {cat} too", "Sundays are for sitting down. Sit down with us",
	},
	"Sunday eve": {"One last bit of weekend, spent on {cat}", "Holding on to the weekend with {cat}", "Pretending Monday isn't next, with {cat}"},
}

var categoryAndTime = []string{
	"A {when} with {cat} and you", "{Cat} on a {when}, come on in", "{Cat}, because it's {day}", "{when} and {cat}, pull up a chair", "Hello {day}, hello {cat}",
	"If anyone asks, I'm busy with {cat} {tod}", "Grab a seat, it's {cat} {tod}", "The plan for {when} is {cat}", "Spending {when} on {cat}", "{Cat} and whatever else {day} brings",
	"Quiet company and {cat} for your {when}", "It's {day}. It's {cat}. You know the rest", "Let's see what {cat} has for us {tod}", "A bit of {cat} for your {when}",
	"Your {when} could use some {cat}", "Me, you and {cat} on a {when}", "{Cat} goes well with a {when}", "{Cat} counts as {day} plans, right?", "Don't mind me, just {cat} on a {when}",
	"How are we feeling about {cat} {tod}?", "Settling in with {cat} for {when}", "Keep me company in {name} this {when}",
	"Good {hail} to everyone here for {cat}", "Some people go out on a {when}. There's also {cat}", "Nothing on {tod}? There's {cat} right here",
}

// talk is for Just Chatting, where there is nothing else to name than the time.
var talk = []string{
	"Just chatting the {when} away with you{talk}", "What's on your mind this {when}?{talk}", "Your best story of this {day}, I'm listening{talk}", "Bring me your {day} gossip, the small kind{talk}",
	"Let's talk about nothing in particular, it's {day}{talk}", "Unpopular opinions welcome this {when}{talk}", "Questions, confessions and bad puns, it's {day}{talk}",
	"What did {day} do to you? Tell me everything{talk}", "An honest chat on a {when}{talk}", "Small talk first, big talk later this {when}{talk}", "A {when} chat with whoever drops by{talk}",
	"Let's catch up, it's {day} {part}{talk}", "Talking our way through {when}{talk}", "One topic at a time, it's only {day}{talk}", "I'll talk, you talk, that's {when} sorted{talk}",
	"Past midnight talks, the best kind there is{late}",
}

var category = []string{
	"In the mood for {cat}? Come on in", "{Cat}, snacks and good company", "Here for {cat}, staying for the company", "Ask me anything, except about {cat}",
	"Come for {cat}, stay for the nonsense", "There's always time for {cat}", "You, me and a healthy amount of {cat}", "Tell me what you like about {name}", "What would you do first in {name}?",
	"New to {name}? Come and watch", "Be honest, how good are you at {name}?",
}

var timeOnly = []string{
	"It's {when}, come in and say hello", "{when}, an open door and good company", "Whoever you are, a good {hail} to you", "Come say hi, it's {day} and there's room", "Tell me about your {day}, I'm all ears",
	"How's your {day} going? Come tell us", "Come as you are this {when}", "{when} company for whoever needs it", "Pull up a chair, it's only {day}", "There's room for one more this {when}",
	"Talkers and lurkers, good {hail} to all", "Make yourself at home this {when}", "What's everyone having this {when}?", "Half an hour of {day} with us? Come in", "Nowhere to be this {when}? Be here",
	"{day} has been long enough, come sit down", "If your {day} needs company, it's in here", "Low stakes, good company, {when}",
}

var always = []string{
	"Come in, sit down and say hello", "The door is open, stay as long as you like", "Live now, and there's room for one more", "Good company wanted, no experience needed",
	"Pull up a chair and tell me about your day", "Nothing fancy, just good company", "Say hello, I promise to say it back", "You found us, so make yourself at home", "Whatever brought you here, welcome in",
	"Come and keep me company for a bit", "Talk to me, I'm live and listening", "Lurkers and talkers both welcome here", "Come for five minutes, stay for ten", "Take any seat, they're all good ones",
	"Tell me something good that happened to you", "We could use another opinion in here", "Hello to whoever is reading this", "A quiet corner of the internet, now open", "No dress code, no cover charge, come in",
	"Here we are again, kettle on or not", "What did I miss? Come and tell me", "Bring a drink and a good story", "Your usual seat is free, in case you wondered", "Small talk welcome, big talk too",
	"Ask me how it's going and find out", "First one in gets to pick a seat", "If you can read this, you're invited", "Strangers welcome, they rarely stay strangers",
}

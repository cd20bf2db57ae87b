package evening

import "strconv"

// cheer gives an act in which somebody cheers with one of some amounts of bits. It comes as Cheer in
// place of ChatMessage.
func cheer(amounts ...int) act {
	return func(e *Evening, s Shape) [][]byte {
		by := e.talker(twitch)
		if by == nil {
			return nil
		}
		bits := amounts[e.what.IntN(len(amounts))]
		l := e.newLine(by)
		l.shape, l.bits = s, bits
		l.segments = words([]segment{{text: "Cheer" + strconv.Itoa(bits), bits: bits}, {text: pick(e.what, shouts)}})
		e.contribute(by, "bits", bits)
		return e.speak(l)
	}
}

// cheermote is how a number of bits looks: its colour and the step of the animation (recorded: 1, 100
// and 1000 bits).
func cheermote(bits int) (colour, image string) {
	step := 1
	colour = "#979797"
	for _, c := range []struct {
		from   int
		colour string
	}{{100, "#9c3ee8"}, {1000, "#1db2a5"}, {5000, "#0099fe"}, {10000, "#f43021"}} {
		if bits >= c.from {
			step, colour = c.from, c.colour
		}
	}
	return colour, "https://cheers.example/actions/cheer/dark/animated/" + strconv.Itoa(step) + "/4.gif"
}

func cheerEmotes(segments []segment) []emote {
	list := []emote{}
	for _, p := range place(segments) {
		if p.bits == 0 {
			continue
		}
		colour, image := cheermote(p.bits)
		list = append(list, emote{
			Bits: p.bits, Colour: colour, Type: "CheerEmote", Name: "Cheer",
			StartIndex: p.start, EndIndex: p.end, ImageURL: image,
		})
	}
	return list
}

// cheerPart has the name without the number, so parts of a cheer do not join to its text (recorded).
func cheerPart(bits int) part {
	colour, image := cheermote(bits)
	return part{Type: "cheer", Text: "Cheer", Bits: bits, Colour: colour, ImageURL: image}
}

package eventline

import (
	"fmt"
	"math"
	"strconv"
)

// Colours says which a terminal knows.
type Colours int

// None is no colours at all; Palette is the 256 that terminals have had for
// long; Full is any.
const (
	None Colours = iota
	Palette
	Full
)

const reset = "\x1b[0m"

// colour is one of the terminal's own, or a person's in red, green and blue.
type colour struct {
	own  string
	rgb  [3]uint8
	user bool
}

var (
	dim    = colour{own: "2"}
	bold   = colour{own: "1"}
	red    = colour{own: "31"}
	green  = colour{own: "32"}
	yellow = colour{own: "33"}
	blue   = colour{own: "34"}
	pink   = colour{own: "35"}
	cyan   = colour{own: "36"}
)

func (c colour) code(can Colours) string {
	switch {
	case can == None:
		return ""
	case !c.user:
		return "\x1b[" + c.own + "m"
	case can == Full:
		return fmt.Sprintf("\x1b[1;38;2;%d;%d;%dm", c.rgb[0], c.rgb[1], c.rgb[2])
	}
	return fmt.Sprintf("\x1b[1;38;5;%dm", c.palette())
}

// palette is the nearest colour of the 6×6×6 cube at 16.
func (c colour) palette() int {
	n := 16
	for i, share := range []int{36, 6, 1} {
		n += share * int(math.Round(float64(c.rgb[i])*5/255))
	}
	return n
}

// userColour is a person's own colour, "#RRGGBB"; bold where there is none, or
// where it could not be read on a black or on a white ground.
func userColour(text string) colour {
	if len(text) != 7 || text[0] != '#' {
		return bold
	}
	n, err := strconv.ParseUint(text[1:], 16, 32)
	if err != nil {
		return bold
	}
	c := colour{rgb: [3]uint8{uint8(n >> 16), uint8(n >> 8), uint8(n)}, user: true}
	if l := c.luminance(); (l+0.05)/0.05 < 3 || 1.05/(l+0.05) < 1.3 {
		return bold
	}
	return c
}

// luminance is WCAG 2's relative luminance, from 0 (black) to 1.
func (c colour) luminance() float64 {
	sum := 0.0
	for i, share := range []float64{0.2126, 0.7152, 0.0722} {
		v := float64(c.rgb[i]) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += share * v
	}
	return sum
}

func platformColour(provider string) colour {
	switch provider {
	case "twitch":
		return pink
	case "youtube":
		return red
	case "kick":
		return green
	case "trovo":
		return cyan
	case "obs":
		return blue
	}
	return dim
}

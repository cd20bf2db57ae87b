package status

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"promethean/cmd/brain/internal/eventline"
)

// colour is one of the terminal's own; plain is none.
type colour string

const (
	plain  colour = ""
	bold   colour = "1"
	dim    colour = "2"
	red    colour = "31"
	green  colour = "32"
	yellow colour = "33"
)

// page is what a person reads. Everything that came from outside goes through
// it, and comes out harmless.
type page struct {
	b       strings.Builder
	colours bool
}

// textMost bounds one text from outside, in runes.
const textMost = 300

// paint is text in a colour, on one line and without what acts on a terminal.
func (p *page) paint(c colour, text string) string {
	text = eventline.Safe(text)
	if utf8.RuneCountInString(text) > textMost {
		text = string([]rune(text)[:textMost]) + "…"
	}
	if !p.colours || c == plain {
		return text
	}
	return "\x1b[" + string(c) + "m" + text + "\x1b[0m"
}

func (p *page) line(parts ...string) { fmt.Fprintln(&p.b, strings.Join(parts, "")) }

// table writes rows below each other; the first is their head. Columns whose
// head begins with > are numbers.
func (p *page) table(rows [][]string) {
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			row[i] = p.cell(cell)
			width[i] = max(width[i], utf8.RuneCountInString(strings.TrimPrefix(row[i], ">")))
		}
	}
	for n, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			cell = strings.TrimPrefix(cell, ">")
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell))
			switch {
			case strings.HasPrefix(rows[0][i], ">"):
				cell = pad + cell
			case i < len(row)-1:
				cell += pad
			}
			line.WriteString("  " + cell)
		}
		c := plain
		if n == 0 {
			c = dim
		}
		// Cells are harmless already, and a line of them may be long.
		p.line(p.wrap(c, strings.TrimRight(line.String(), " ")))
	}
}

// cellMost bounds a cell, in runes.
const cellMost = 60

func (p *page) cell(text string) string {
	text = eventline.Safe(text)
	if utf8.RuneCountInString(text) > cellMost {
		text = string([]rune(text)[:cellMost-1]) + "…"
	}
	return text
}

func (p *page) wrap(c colour, line string) string {
	if !p.colours || c == plain {
		return line
	}
	return "\x1b[" + string(c) + "m" + line + "\x1b[0m"
}

// grouped writes 1204 as 1,204.
func grouped(n uint64) string {
	text := strconv.FormatUint(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// count writes a figure that came from outside.
func count(v float64) string {
	if v >= 0 && v < 1e15 {
		return grouped(uint64(v))
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

// size writes bytes as people say them.
func size(n uint64) string {
	const units = "KMGTPE"
	if n < 1024 {
		return strconv.FormatUint(n, 10) + " B"
	}
	value, unit := float64(n)/1024, 0
	for value >= 1024 && unit < len(units)-1 {
		value, unit = value/1024, unit+1
	}
	return fmt.Sprintf("%.3g %ciB", value, units[unit])
}

// span writes how long something is, in its largest unit.
func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", max(d, 0)/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", d/time.Hour)
	}
	return fmt.Sprintf("%s days", grouped(uint64(d/(24*time.Hour))))
}

// ago writes how long ago t was; never where it is not known.
func ago(now, t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return span(now.Sub(t)) + " ago"
}

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// report is all that one run of the bench says.
type report struct {
	Machine machine `json:"machine"`
	Options options `json:"options"`
	Took    string  `json:"took"`
	Tables  []table `json:"tables"`
}

// table is one question's answer.
type table struct {
	Title string   `json:"title"`
	Notes []string `json:"notes"`
	Head  []string `json:"-"`
	Rows  []row    `json:"rows"`
}

// row is one line; its cells are under the table's head.
type row struct {
	What    string            `json:"what"`
	Events  int               `json:"events"`
	Runs    int               `json:"runs"`
	Figures map[string]spread `json:"figures"`
	// Bounded rows have a number of events of their own, whatever is asked for.
	Bounded bool     `json:"-"`
	Cells   []string `json:"-"`
	Targets []target `json:"targets,omitempty"`
}

// sideHead is the head of a table whose rows are made by side.
var sideHead = []string{"what", "events/s", "of the bare loop", "CPU s per 100k", "peak MB", "target", "reached"}

// side is a row of one side's samples; ratio is the zero spread for the bare one.
func side(what string, events int, samples []sample, ratio spread, targets ...target) row {
	r := row{What: what, Events: events, Runs: len(samples), Targets: targets, Figures: map[string]spread{
		"events_per_second": over(samples, rate), "cpu_seconds_per_100k": over(samples, cpu), "peak_mb": over(samples, peak),
	}}
	if ratio != (spread{}) {
		r.Figures["ratio"] = ratio
	}
	r.Cells = []string{
		r.Figures["events_per_second"].text(0), ratio.text(2), r.Figures["cpu_seconds_per_100k"].text(2), r.Figures["peak_mb"].text(0),
	}
	return r
}

// judged are the last two cells of a row: what was to be reached, and whether.
func judged(targets []target) (want, reached string) {
	if len(targets) == 0 {
		return "", ""
	}
	var wants, answers []string
	for _, t := range targets {
		wants = append(wants, t.Text)
		answer := "yes"
		if !t.Reached {
			answer = "**no**"
		}
		answers = append(answers, answer)
	}
	return strings.Join(wants, "; "), strings.Join(answers, "; ")
}

func (r report) print(w io.Writer, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	var b strings.Builder
	r.Machine.write(&b)
	fmt.Fprintf(&b, "Command: `%s`; %s frames of %s bytes, medians of %d (least–most) unless a row says otherwise; it took %s.\n",
		r.Options.Command, number(float64(r.Options.Events), 0), number(float64(r.Options.Size), 0), r.Options.Runs, r.Took)
	if !r.Options.whole() {
		fmt.Fprintf(&b, "\n**Not the full run**: the targets are stated for %s frames of %s bytes and medians of %d.\n",
			number(fullEvents, 0), number(fullSize, 0), fullRuns)
	}
	for _, t := range r.Tables {
		t.write(&b, r.Options)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (t table) write(b *strings.Builder, o options) {
	fmt.Fprintf(b, "\n### %s\n\n| %s |\n|%s\n", t.Title, strings.Join(t.Head, " | "), strings.Repeat("---|", len(t.Head)))
	for _, r := range t.Rows {
		what := r.What
		if !r.Bounded && r.Events != o.Events {
			what += fmt.Sprintf(" [%s events]", number(float64(r.Events), 0))
		}
		want, reached := judged(r.Targets)
		cells := append(append([]string{what}, r.Cells...), want, reached)
		fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
	}
	for _, n := range t.Notes {
		fmt.Fprintf(b, "\n%s\n", n)
	}
}

package status

import (
	"cmp"
	"fmt"
	"strings"

	"promethean/bus"
	"promethean/sinks"
	"promethean/sinks/title"
)

// What a page shows at most: anybody may answer.
const (
	shownFindings = 30
	shownPrograms = 20
)

// Text is the report for a person, one page. With colours it is for a terminal.
func (r Report) Text(colours bool) string {
	p := &page{colours: colours}
	r.verdict(p)
	p.line()
	r.bus(p)
	p.line()
	r.programs(p)
	p.line()
	r.store(p)
	return p.b.String()
}

// verdict says whether all is well and, if not, what to do.
func (r Report) verdict(p *page) {
	switch {
	case r.NATS.Error != "":
		p.line(p.paint(red, "NATS cannot be reached"))
	case !r.Ready:
		p.line(p.paint(red, "not ready"))
	case len(r.Findings) > 0:
		p.line(p.paint(green, "ready"), ", with something to know")
	default:
		p.line(p.paint(green, "ready"), ": everything runs, and events are recorded and stored")
	}
	for i, f := range r.Findings {
		if i == shownFindings {
			p.line(fmt.Sprintf("  … and %d more; --json has all", len(r.Findings)-i))
			return
		}
		mark, c := "! ", yellow
		if f.Problem {
			mark, c = "✗ ", red
		}
		p.line("  ", p.paint(c, mark+f.Part), ": ", p.paint(plain, f.Text))
		if f.Do != "" {
			p.line("      → ", p.paint(plain, f.Do))
		}
	}
}

func (r Report) bus(p *page) {
	n := r.NATS
	if n.Error != "" {
		p.line(p.paint(bold, "NATS"), "  ", p.paint(plain, n.Address), "  ", p.paint(red, "not reached"))
		return
	}
	cluster := ""
	if n.Cluster != "" {
		cluster = ", cluster " + n.Cluster
	}
	p.line(p.paint(bold, "NATS"), "  ", p.paint(plain, fmt.Sprintf("%s  %s%s", n.Address, n.Version, cluster)))
	if len(n.Streams) > 0 {
		p.table(r.streamRows())
	}
	if len(n.Durable) > 0 {
		p.table(r.durableRows())
	}
	if n.DeadLetters != nil {
		p.line("  dead letters ", grouped(*n.DeadLetters))
	}
	for _, l := range n.Newest {
		from := cmp.Or(l.Sink, "gateway")
		p.line("    ", p.paint(plain, fmt.Sprintf("%s  %s  %s: %s", ago(r.At.Time, l.At.Time), from, l.Subject, l.Reason)))
	}
	if n.CommandsWaiting != nil {
		p.line("  commands waiting ", grouped(*n.CommandsWaiting))
	}
}

func (r Report) streamRows() [][]string {
	rows := [][]string{{"STREAM", ">MESSAGES", ">SIZE", ">OF", "FIRST", "LAST", "COPIES"}}
	for _, s := range r.NATS.Streams {
		if s.Missing {
			rows = append(rows, []string{s.Name, "missing", "", "", "", "", ""})
			continue
		}
		copies := fmt.Sprint(s.Replicas)
		if r.NATS.Cluster != "" && s.Leader != "" {
			copies += ", leader " + s.Leader
		}
		most := "no limit"
		if s.MaxBytes > 0 {
			most = size(uint64(s.MaxBytes))
		}
		first, last := "-", "-"
		if s.FirstAt != nil {
			first, last = ago(r.At.Time, at(s.FirstAt)), ago(r.At.Time, at(s.LastAt))
		}
		rows = append(rows, []string{s.Name, grouped(s.Messages), size(s.Bytes), most, first, last, copies})
	}
	return rows
}

func (r Report) durableRows() [][]string {
	rows := [][]string{{"SINK", ">POSITION", ">WAITING", "LAST ACTIVITY"}}
	for _, d := range r.NATS.Durable {
		name := d.Name
		if !d.Sink && !strings.HasPrefix(d.Name, title.Name+"-") {
			name += " (another service's)"
		}
		position, waiting := grouped(d.Position), grouped(d.Waiting)
		if d.Missing {
			position, waiting = "-", "all"
			if log := r.NATS.messages(bus.StreamEvents); log != nil && *log == 0 {
				waiting = "0"
			}
		}
		rows = append(rows, []string{name, position, waiting, ago(r.At.Time, at(d.LastActivity))})
	}
	return rows
}

func (r Report) programs(p *page) {
	switch {
	case r.Programs == nil:
		p.line(p.paint(bold, "programs"), "  ", p.paint(red, "not asked"))
		return
	case len(r.Programs) == 0:
		p.line(p.paint(bold, "programs"), "  ", p.paint(red, "none runs"))
		return
	}
	p.line(p.paint(bold, "programs"))
	rows := [][]string{{"PROGRAM", "INSTANCE", "READY", "UP", "TENANT", "VERSION", "FIGURES"}}
	for i, one := range r.Programs {
		if i == shownPrograms {
			rows = append(rows, []string{fmt.Sprintf("and %d more", len(r.Programs)-i), "", "", "", "", "", ""})
			break
		}
		ready := "no"
		switch {
		case one.Silent:
			ready = "no answer"
		case one.Ready:
			ready = "yes"
		}
		rows = append(rows, []string{
			one.Program, one.Instance, ready, span(r.At.Sub(one.StartedAt.Time)), cmp.Or(one.Tenant, "-"), cmp.Or(one.Version, "-"), one.inShort(),
		})
	}
	p.table(rows)
}

// inShort are the figures that matter to a person.
func (p Program) inShort() string {
	var words []string
	if n, ok := p.figure("brain_accepted_total"); ok {
		words = append(words, "in "+count(n))
	}
	if n, ok := p.figure("brain_outbox_entries"); ok {
		words = append(words, "outbox "+count(n))
	}
	words = append(words, p.sources()...)
	if n, ok := p.figure(`brain_sink_stored_total{sink="ledger"}`); ok {
		words = append(words, "stored "+count(n))
	}
	var others []string
	for _, sink := range sinks.Names() {
		if p.standsBy(sink) {
			others = append(others, sink)
		}
	}
	if len(others) > 0 {
		words = append(words, "stands by for "+strings.Join(others, " "))
	}
	return strings.Join(words, ", ")
}

// sources names the sources that are connected, and those that are not. With two
// of them the names alone have to do: a cell is narrow.
func (p Program) sources() []string {
	bot, ok := p.figure(sourceConnected)
	if !ok {
		return nil
	}
	second, both := p.figure(ailiciaConnected)
	if !both {
		return []string{map[bool]string{true: "Streamer.bot connected", false: "no Streamer.bot"}[bot == 1]}
	}
	return []string{
		map[bool]string{true: "Streamer.bot", false: "no Streamer.bot"}[bot == 1],
		map[bool]string{true: "ai_licia", false: "no ai_licia"}[second == 1],
	}
}

func (r Report) store(p *page) {
	s := r.Store
	if s.Version == "" {
		p.line(p.paint(bold, "store"), "  ", p.paint(plain, s.Address), "  ", p.paint(red, "not reached"))
		return
	}
	kind := ""
	if s.Embedded {
		kind = " (embedded, for trying out)"
	}
	p.line(p.paint(bold, "store"), "  ", p.paint(plain, fmt.Sprintf("%s  %s%s, database %s", s.Address, s.Version, kind, s.Database)))
	if len(s.Collections) > 0 {
		rows := [][]string{{"COLLECTION", ">DOCUMENTS"}}
		for _, c := range s.Collections {
			n := "not counted in time"
			if c.Documents != nil {
				n = grouped(uint64(max(*c.Documents, 0)))
			}
			rows = append(rows, []string{c.Name, n})
		}
		p.table(rows)
	}
	if s.NotStored != nil {
		p.line("  events of the log that are not stored yet ", grouped(*s.NotStored))
	}
	if s.Newest != nil {
		p.line("  newest stored event ", ago(r.At.Time, s.Newest.Time))
	}
}

package status

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"promethean/bus"
	"promethean/sinks"
)

func compare(a, b string) int { return cmp.Compare(a, b) }

// fullAt is from how full the log is worth a look.
const fullAt = 0.8

// judge says what the report means. It asks nobody.
func (r *Report) judge() {
	r.Findings = []Finding{}
	if r.NATS.Error != "" {
		r.problem("nats", r.NATS.Error, "")
	} else {
		r.judgeNATS()
		r.judgePrograms()
	}
	if r.Store.Error != "" {
		r.problem("store", r.Store.Error, "")
	}
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return cmp.Compare(rank(a), rank(b)) })
	r.Ready = len(r.Findings) == 0 || !r.Findings[0].Problem
}

func rank(f Finding) int {
	if f.Problem {
		return 0
	}
	return 1
}

func (r *Report) problem(part, text, do string) {
	r.Findings = append(r.Findings, Finding{true, part, text, do})
}

func (r *Report) notice(part, text, do string) {
	r.Findings = append(r.Findings, Finding{false, part, text, do})
}

func (r *Report) judgeNATS() {
	n := &r.NATS
	for _, u := range n.Unasked {
		do := ""
		if strings.HasPrefix(u.Why, notPermitted) {
			do = "let the user of this command ask, or name another with BRAIN_NATS_USER or BRAIN_NATS_CREDS"
		}
		r.notice("nats", fmt.Sprintf("%s: not known (%s)", u.What, u.Why), do)
	}
	var missing []string
	for _, s := range n.Streams {
		switch {
		case s.Missing:
			missing = append(missing, s.Name)
		case s.Replicas > 1 && s.Leader == "":
			r.problem("nats", s.Name+" has no leader: nothing can be written to it", "look at the servers of the cluster; most of them must run")
		case len(s.Behind) > 0:
			r.notice("nats", fmt.Sprintf("%s is not whole on %s", s.Name, strings.Join(s.Behind, ", ")), "")
		}
	}
	if len(missing) > 0 {
		r.problem("nats", "there is no stream "+strings.Join(missing, ", "), "start a gateway, which makes them")
	}
	if log, ok := n.stream(bus.StreamEvents); ok && log.MaxBytes > 0 && float64(log.Bytes) > fullAt*float64(log.MaxBytes) {
		r.notice("nats", fmt.Sprintf("the log is %d %% full; a full one takes nothing more, and events wait in the gateway's outbox", 100*log.Bytes/uint64(log.MaxBytes)),
			"make it larger with BRAIN_NATS_MAX_BYTES")
	}
	if n.DeadLetters != nil && *n.DeadLetters > 0 {
		r.notice("nats", plural(*n.DeadLetters, "dead letter")+": what could not be read or stored is kept there with its reason", "nats stream view "+bus.StreamDLQ)
	}
}

func (r *Report) judgePrograms() {
	// nil: they could not be asked.
	if r.Programs == nil {
		r.problem("programs", "they could not be asked, so nobody knows what runs", "")
		return
	}
	if !slices.ContainsFunc(r.Programs, Program.takesIn) {
		r.problem("programs", "no gateway runs: nothing is recorded", "start `gateway` or `brain up`")
	}
	silent := slices.ContainsFunc(r.Programs, func(p Program) bool { return p.Silent && p.Program != programGateway })
	var idle []string
	for _, sink := range sinks.Names() {
		switch {
		case !slices.ContainsFunc(r.Programs, func(p Program) bool { return p.runs(sink) }):
			idle = append(idle, sink)
		case !slices.ContainsFunc(r.Programs, func(p Program) bool { return p.runs(sink) && !p.standsBy(sink) }):
			r.notice("programs", "all that run the sink "+sink+" stand by: the one that was active has gone", "wait a moment: one of them takes over")
		}
	}
	if len(idle) > 0 && !silent {
		r.problem("programs", "no program runs the sinks "+strings.Join(idle, ", ")+": their events wait on the log", "start `sinks mongo`, or look at its --only")
	}
	for _, p := range r.Programs {
		r.judgeProgram(p)
	}
}

func (r *Report) judgeProgram(p Program) {
	part := p.Program + " " + p.Instance
	if p.Silent {
		r.problem(part, "it runs and does not say how it is", "look into its log")
	}
	for _, name := range slices.Sorted(maps.Keys(p.Checks)) {
		if why := p.Checks[name]; why != "" {
			r.problem(part, name+": "+why, "")
		}
	}
	if up, ok := p.figure(sourceConnected); ok && up == 0 {
		r.notice(part, "waits for Streamer.bot: nothing is recorded meanwhile", "start Streamer.bot's WebSocket server, or name it with BRAIN_STREAMERBOT_URL")
	}
	r.judgeAilicia(part, p)
	if lost := p.total("brain_sink_missing_total"); lost > 0 {
		r.notice(part, count(lost)+" sequences are missing on the log since the program started: events were lost inside NATS", "compare the log with the collection events")
	}
	if alarms := p.total("brain_sink_alarms_total"); alarms > 0 {
		r.notice(part, "sequences whose document is not what the log has: "+count(alarms)+"; store or log was changed", "look for alarm in its log")
	}
}

// judgeAilicia: one that is refused keeps nobody from recording the rest, and
// waits for a person; the log says what to do.
func (r *Report) judgeAilicia(part string, p Program) {
	for _, key := range slices.Sorted(maps.Keys(p.Figures)) {
		reason, found := strings.CutPrefix(key, `brain_source_stopped{reason="`)
		if found && p.Figures[key] != 0 {
			reason, _, _ = strings.Cut(reason, `"`)
			r.notice(part, "ai_licia refuses to be read ("+reason+"): nothing of it is recorded meanwhile", "its log says what to mend; it is tried again every few minutes")
			return
		}
	}
	if up, ok := p.figure(ailiciaConnected); ok && up == 0 {
		r.notice(part, "waits for ai_licia: nothing of it is recorded meanwhile", "look at BRAIN_AILICIA_URL and into its log")
	}
}

const ailiciaConnected = `brain_source_connected{source="ailicia"}`

const sourceConnected = `brain_source_connected{source="streamerbot"}`

func plural(n uint64, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return grouped(n) + " " + word + "s"
}

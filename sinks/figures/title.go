package figures

import "promethean/sinks/title"

// RegisterTitle adds the figures of the title worker; stats is
// [title.Worker.Stats].
func RegisterTitle(r Registry, stats func() title.Stats) error {
	for _, f := range []struct {
		name, help string
		labels     map[string]string
		value      func(title.Stats) uint64
	}{
		{"brain_title_requests_total", "how often titles were asked for", nil, func(s title.Stats) uint64 { return s.Requested }},
		{"brain_title_suggestions_total", "rounds of titles that were made", nil, func(s title.Stats) uint64 { return s.Suggested }},
		{"brain_title_fallbacks_total", "rounds that the template made in the model's place", nil, func(s title.Stats) uint64 { return s.FellBack }},
		{"brain_title_rejections_total", "texts that did not pass the gate", nil, func(s title.Stats) uint64 { return s.Rejected }},
		{"brain_title_sent_total", "titles that were handed to Streamer.bot", nil, func(s title.Stats) uint64 { return s.Sent }},
		{"brain_title_outcomes_total", "what became of them", outcome("applied"), func(s title.Stats) uint64 { return s.Applied }},
		{"brain_title_outcomes_total", "what became of them", outcome("refused"), func(s title.Stats) uint64 { return s.Refused }},
		{"brain_title_outcomes_total", "what became of them", outcome("unconfirmed"), func(s title.Stats) uint64 { return s.Unconfirmed }},
		{"brain_title_outcomes_total", "what became of them", outcome("overridden"), func(s title.Stats) uint64 { return s.Overridden }},
	} {
		if err := r.Counter(f.name, f.help, f.labels, func() float64 { return float64(f.value(stats())) }); err != nil {
			return err
		}
	}
	if err := r.Gauge("brain_title_lag", "events that the title worker has not read", nil, func() float64 { return float64(stats().Lag) }); err != nil {
		return err
	}
	return r.Gauge("brain_title_standby", "1 while another title worker of the tenant is active", nil, func() float64 {
		if stats().Standby {
			return 1
		}
		return 0
	})
}

func outcome(name string) map[string]string { return map[string]string{"outcome": name} }

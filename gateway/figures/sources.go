package figures

import (
	"promethean/gateway"
	"promethean/gateway/source/ailicia"
	"promethean/gateway/source/streamerbot"
)

// source is what there is to show of each source, by the label source.
type source struct {
	connected, blocked                        bool
	subscribed                                int
	frames, emitted, refused, ignored, strays uint64
	oversize                                  uint64
	connections, failures                     uint64
	stopped                                   ailicia.Stop
}

type sourceFigure struct {
	name, help string
	value      func(source) float64
}

// registerSources adds the figures of each source that is on: which are does not
// change while a gateway runs.
func registerSources(r Registry, stats func() gateway.Stats) error {
	if err := registerSource(r, streamerbot.Name, func() source { return ofStreamerbot(stats().Streamerbot) }); err != nil {
		return err
	}
	if stats().Ailicia == nil {
		return nil
	}
	look := func() source { return ofAilicia(*stats().Ailicia) }
	if err := registerSource(r, ailicia.Name, look); err != nil {
		return err
	}
	if err := r.Counter("brain_source_oversize_total", "frames over the limit, each a dead letter", labelled(ailicia.Name), func() float64 { return float64(look().oversize) }); err != nil {
		return err
	}
	for _, why := range ailicia.Stops() {
		labels := map[string]string{"source": ailicia.Name, "reason": string(why)}
		if err := r.Gauge("brain_source_stopped", "1 while the source is refused for that reason, until a person mends it", labels, func() float64 { return truth(look().stopped == why) }); err != nil {
			return err
		}
	}
	return nil
}

func registerSource(r Registry, name string, look func() source) error {
	for _, f := range sourceCounters {
		if err := r.Counter(f.name, f.help, labelled(name), func() float64 { return f.value(look()) }); err != nil {
			return err
		}
	}
	for _, f := range sourceGauges {
		if err := r.Gauge(f.name, f.help, labelled(name), func() float64 { return f.value(look()) }); err != nil {
			return err
		}
	}
	return nil
}

func labelled(source string) map[string]string { return map[string]string{"source": source} }

func ofStreamerbot(s streamerbot.Status) source {
	return source{
		connected: s.Connected, blocked: !s.BlockedSince.IsZero(), subscribed: s.Subscribed,
		frames: s.Frames, emitted: s.Emitted, refused: s.Refused, ignored: s.Ignored, strays: s.Strays,
		connections: s.Connections, failures: s.Failures,
	}
}

func ofAilicia(s ailicia.Status) source {
	return source{
		connected: s.Connected, blocked: !s.BlockedSince.IsZero(), subscribed: s.Subscribed,
		frames: s.Frames, emitted: s.Emitted, refused: s.Refused, ignored: s.Ignored, oversize: s.Oversize,
		connections: s.Connections, failures: s.Failures, stopped: s.Stopped,
	}
}

var sourceCounters = []sourceFigure{
	{"brain_source_frames_total", "frames that came", func(s source) float64 { return float64(s.frames) }},
	{"brain_source_emitted_total", "events made of them", func(s source) float64 { return float64(s.emitted) }},
	{"brain_source_refused_total", "frames that could not be understood", func(s source) float64 { return float64(s.refused) }},
	{"brain_source_ignored_total", "events of ignored users", func(s source) float64 { return float64(s.ignored) }},
	{"brain_source_strays_total", "answers nobody waited for", func(s source) float64 { return float64(s.strays) }},
	{"brain_source_connections_total", "connections made", func(s source) float64 { return float64(s.connections) }},
	{"brain_source_failures_total", "connections lost or not made", func(s source) float64 { return float64(s.failures) }},
}

var sourceGauges = []sourceFigure{
	{"brain_source_connected", "1 while the source is connected", func(s source) float64 { return truth(s.connected) }},
	{"brain_source_subscribed", "event types that the source agreed to send", func(s source) float64 { return float64(s.subscribed) }},
	{"brain_source_blocked", "1 while the full outbox keeps the source from being read", func(s source) float64 { return truth(s.blocked) }},
}

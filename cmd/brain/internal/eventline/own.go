package eventline

import (
	"cmp"
	"fmt"
	"time"

	"promethean/schema"
)

// own describes what this program and the streaming software say.
func own(l *line, e schema.Envelope) bool {
	switch e.Type {
	case schema.OBSSceneChanged:
		return read(e, func(p schema.SceneChangedPayload) {
			l.text("scene ")
			l.paint(bold, p.Scene)
			l.text(before(", was ", p.OldScene))
			l.software(p.Software, p.ConnectionName)
		})
	case schema.OBSStreamingStarted, schema.OBSStreamingStopped, schema.OBSRecordingStarted, schema.OBSRecordingStopped:
		return read(e, func(p schema.OutputPayload) {
			l.text(outputs[e.Type])
			l.software(p.Software, p.ConnectionName)
		})
	case schema.ActionCompleted, schema.ActionFailed:
		return read(e, l.action)
	case schema.SourceConnected:
		return read(e, func(p schema.ConnectedPayload) {
			l.paint(green, "connected")
			l.text(fmt.Sprintf(" to %s%s, %d types of events%s", p.Source, before(" ", p.Version), p.Subscribed, before(" at ", p.URL)))
		})
	case schema.SourceDisconnected:
		return read(e, func(p schema.DisconnectedPayload) {
			l.paint(red, "disconnected")
			l.text(fmt.Sprintf(" from %s after %d frames: %s", p.Source, p.Frames, p.Reason))
		})
	case schema.SourceGap:
		return read(e, l.gap)
	}
	return false
}

var outputs = map[schema.Type]string{
	schema.OBSStreamingStarted: "streaming started", schema.OBSStreamingStopped: "streaming stopped",
	schema.OBSRecordingStarted: "recording started", schema.OBSRecordingStopped: "recording stopped",
}

// software is in brackets where a reader may not expect it.
func (l *line) software(name, connection string) {
	if name == schema.SoftwareOBS {
		name = ""
	}
	if text := cmp.Or(connection, name); text != "" {
		l.paint(dim, " ("+text+")")
	}
}

func (l *line) action(p schema.ActionPayload) {
	what := string(p.Command)
	if p.Action != nil {
		what = "action " + cmp.Or(p.Action.Name, p.Action.ID)
	}
	l.text(what + " ")
	c := red
	if p.Outcome == schema.OutcomeCompleted || p.Outcome == schema.OutcomeSent {
		c = green
	}
	l.paint(c, p.Outcome)
	if p.DurationMs > 0 {
		l.text(fmt.Sprintf(" in %d ms", p.DurationMs))
	}
	l.text(before(": ", p.Reason))
}

func (l *line) gap(p schema.GapPayload) {
	l.paint(red, "blind")
	if p.Platform != "" {
		l.text(" for " + p.Platform)
	}
	from, to := p.From.In(l.style.Zone), p.To.In(l.style.Zone)
	l.text(fmt.Sprintf(" for %s, %s to %s: %s%s", to.Sub(from).Round(time.Second/10),
		from.Format(time.TimeOnly), to.Format(time.TimeOnly), p.Cause, before(", ", p.Detail)))
}

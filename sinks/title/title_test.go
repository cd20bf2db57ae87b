package title

import (
	"testing"

	"promethean/schema"
)

// TestAuto: a stream starts, and its title is set without anybody's doing.
func TestAuto(t *testing.T) {
	s := newStage(t)
	s.updated("Soon")
	s.work(quick(schema.TitleAuto))
	s.starts()
	events := s.until("requested", "suggested", "approved", "sent", "applied")
	requested := payload[schema.TitleRequestedPayload](t, events[0])
	if requested.Trigger != string(schema.OBSStreamingStarted) || string(requested.Context["category"]) != `"Moss Harbour"` ||
		string(requested.Context["title"]) != `"Soon"` || string(requested.Context["mood"]) != `"cosy"` {
		t.Errorf("requested %+v", requested)
	}
	sent, applied := payload[schema.TitleSentPayload](t, events[3]), payload[schema.TitleAppliedPayload](t, events[4])
	took := s.took()
	if len(took) != 1 || took[0].Envelope.ID != sent.CommandID || argument(took[0], "title") != sent.Title || argument(took[0], "titleYouTube") == "" {
		t.Errorf("commands %+v", took)
	}
	if applied.Title != sent.Title || applied.Platform != "TWITCH" {
		t.Errorf("applied %+v", applied)
	}
}

package document

import "encoding/json"

// SourceData is an event's data as the source sent it: the frame's data, or
// the frame where it has none; the payload, which then is the source's own,
// where no frame was kept.
func SourceData(frame, payload json.RawMessage) []byte {
	if frame == nil {
		return payload
	}
	var f struct {
		Data json.RawMessage `json:"data"`
	}
	if json.Unmarshal(frame, &f) != nil || f.Data == nil {
		return frame
	}
	return f.Data
}

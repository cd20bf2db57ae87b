package document

import (
	"bytes"
	"encoding/json"
	"slices"

	"promethean/schema"
)

// SourceData is an event's data as the source sent it: the frame's data, or
// the frame where it has none; the payload, which then is the source's own,
// where no frame was kept.
func SourceData(frame, payload json.RawMessage) []byte {
	if frame == nil {
		return payload
	}
	if found, sure := Members(frame, "data"); sure {
		if found[0] == nil {
			return frame
		}
		return found[0]
	}
	var f struct {
		Data json.RawMessage `json:"data"`
	}
	if json.Unmarshal(frame, &f) != nil || f.Data == nil {
		return frame
	}
	return f.Data
}

// Members are the values of an object's members of those names, nil for one
// that is not there, in one pass. It is sure where encoding/json gives fields of
// those names, which are to be ASCII, the same bytes; not for what is no object,
// and where a key is there twice, in another case or with escapes.
func Members(object []byte, names ...string) (values [][]byte, sure bool) {
	values, sure = make([][]byte, len(names)), len(object) > 0 && object[0] == '{'
	if !sure {
		return values, false
	}
	_, err := schema.CheckMembers(object, func(key []byte, value schema.Checked) {
		key = key[1 : len(key)-1]
		i := slices.IndexFunc(names, func(name string) bool { return string(key) == name })
		switch {
		case i >= 0 && values[i] == nil:
			values[i] = value.Bytes()
		case i >= 0, bytes.IndexByte(key, '\\') >= 0, folds(key, names):
			sure = false
		}
	})
	return values, sure && err == nil
}

// folds reports whether encoding/json would take key for one of the names.
func folds(key []byte, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		// A letter beyond ASCII that folds to one of it is longer.
		return len(key) >= len(name) && bytes.EqualFold(key, []byte(name))
	})
}

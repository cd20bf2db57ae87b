package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"promethean/schema"
)

// resumePoint is a small file with the last event of a stream that is on disk,
// for the gap of a restart to name it, and the id that a server can go on behind.
// It is written every few seconds: after a crash some events come again, and are
// known by their ids.
type resumePoint struct {
	path string
	// stream names what the id is of; on any other it means nothing.
	stream string
	// written is what the file holds, to leave it alone while nothing changes.
	written string
}

type resumeFile struct {
	Stream      string           `json:"stream"`
	LastEventID string           `json:"lastEventId"`
	LastEvent   *schema.EventRef `json:"lastEvent,omitempty"`
}

// read gives nothing where there is no file, where it is of another stream, and
// where a power cut left no JSON: an id that is not sent costs nothing that the
// gap does not tell. Errors are of the file system.
func (r *resumePoint) read() (id string, last *schema.EventRef, err error) {
	text, err := os.ReadFile(r.path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, fmt.Errorf("gateway: read resume point: %w", err)
	}
	var f resumeFile
	if json.Unmarshal(text, &f) != nil || f.Stream != r.stream {
		return "", nil, nil
	}
	r.written = string(text)
	return f.LastEventID, f.LastEvent, nil
}

// write keeps both. Before the first event there is no file. One goroutine calls
// it at a time.
func (r *resumePoint) write(id string, last *schema.EventRef) error {
	if r.written == "" && id == "" && last == nil {
		return nil
	}
	line, err := json.Marshal(resumeFile{r.stream, id, last})
	text := string(line) + "\n"
	if text == r.written {
		return nil
	}
	if err == nil {
		err = replaceFile(r.path, text)
	}
	if err != nil {
		return fmt.Errorf("gateway: write resume point: %w", err)
	}
	r.written = text
	return nil
}

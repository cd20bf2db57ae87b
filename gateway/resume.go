package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// resumePoint is a small file with the id of the last event of a stream that is
// on disk, for a server that can go on behind it. It is written every few
// seconds: after a crash some events come again, and are known by their ids.
type resumePoint struct {
	path string
	// stream names what the id is of; on any other it means nothing.
	stream string
	// written is what the file holds, to leave it alone while nothing changes.
	written string
}

type resumeFile struct {
	Stream      string `json:"stream"`
	LastEventID string `json:"lastEventId"`
}

// read gives no id where there is no file, where it is of another stream, and
// where a power cut left no JSON: an id that is not sent costs nothing that the
// gap does not tell. Errors are of the file system.
func (r *resumePoint) read() (string, error) {
	text, err := os.ReadFile(r.path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("gateway: read resume point: %w", err)
	}
	var f resumeFile
	if json.Unmarshal(text, &f) != nil || f.Stream != r.stream {
		return "", nil
	}
	r.written = f.LastEventID
	return f.LastEventID, nil
}

// write keeps id. Where the server has never sent one there is no file. One
// goroutine calls it at a time.
func (r *resumePoint) write(id string) error {
	if id == r.written {
		return nil
	}
	text, err := json.Marshal(resumeFile{r.stream, id})
	if err == nil {
		err = replaceFile(r.path, string(text)+"\n")
	}
	if err != nil {
		return fmt.Errorf("gateway: write resume point: %w", err)
	}
	r.written = id
	return nil
}

package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"

	"promethean/schema"
)

// line is one line of the journal; one member is set. On disk it is the
// CRC-32C of the JSON as eight hexadecimal digits, a space, the JSON, a
// newline.
type line struct {
	Taken   *entry                `json:"taken,omitempty"`
	Ended   *schema.ActionPayload `json:"ended,omitempty"`
	Settled string                `json:"settled,omitempty"`
}

// minCompaction is how many bytes are appended at least before the file is
// written anew.
const minCompaction = 1 << 20

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func (l line) encode() ([]byte, error) {
	text, err := json.Marshal(l)
	if err != nil {
		return nil, fmt.Errorf("gateway: write the journal of commands: %w", err)
	}
	return fmt.Appendf(nil, "%08x %s\n", crc32.Checksum(text, castagnoli), text), nil
}

// decodeLine reports whether text is a whole line.
func decodeLine(text []byte) (l line, ok bool) {
	sum, text, found := bytes.Cut(text, []byte(" "))
	if !found || string(sum) != fmt.Sprintf("%08x", crc32.Checksum(text, castagnoli)) {
		return line{}, false
	}
	return l, json.Unmarshal(text, &l) == nil
}

// replay reads lines into entries and counts those that are damaged. One that
// a crash cut off was never acted on.
func (j *journal) replay(lines []byte) (bad int) {
	for text := range bytes.SplitSeq(lines, []byte("\n")) {
		if len(text) == 0 {
			continue
		}
		l, ok := decodeLine(text)
		switch {
		case !ok:
			bad++
		case l.Taken != nil:
			j.entries[l.Taken.ID] = l.Taken
		case l.Ended != nil:
			if e := j.entries[l.Ended.CommandID]; e != nil {
				e.Outcome = l.Ended
			}
		default:
			if e := j.entries[l.Settled]; e != nil {
				e.Settled = true
			}
		}
	}
	return bad
}

// append writes one line at the end. After a failure it is unknown what stands
// there, so nothing is written any more until the next start.
func (j *journal) append(l line, sync bool) error {
	if j.failure != nil {
		return j.failure
	}
	text, err := l.encode()
	if err != nil {
		return err
	}
	if j.file == nil {
		err = os.ErrClosed
	} else if _, err = j.file.Write(text); err == nil && sync {
		err = j.file.Sync()
	}
	if err != nil {
		j.failure = fmt.Errorf("gateway: write the journal of commands: %w", err)
		return j.failure
	}
	j.size += int64(len(text))
	return nil
}

// compact drops old entries and replaces the file as a whole, so that a crash
// leaves the old one or the new.
func (j *journal) compact() error {
	if j.failure != nil {
		return j.failure
	}
	j.forget()
	var all []byte
	for _, e := range j.entries {
		short := *e
		if e.Settled {
			short = entry{ID: e.ID, TakenAt: e.TakenAt, Settled: true}
		}
		text, err := line{Taken: &short}.encode()
		if err != nil {
			return err
		}
		all = append(all, text...)
	}
	if err := j.replace(all); err != nil {
		j.failure = fmt.Errorf("gateway: write the journal of commands: %w", err)
		return j.failure
	}
	j.size, j.compacted = int64(len(all)), int64(len(all))
	return nil
}

func (j *journal) replace(all []byte) error {
	beside := j.path + ".new"
	f, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(all)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if j.file != nil { // Windows renames over no open file
		if err := j.file.Close(); err != nil {
			return err
		}
		j.file = nil
	}
	if err := os.Rename(beside, j.path); err != nil {
		return err
	}
	if err := syncFolder(filepath.Dir(j.path)); err != nil {
		return err
	}
	j.file, err = os.OpenFile(j.path, os.O_WRONLY|os.O_APPEND, 0o600)
	return err
}

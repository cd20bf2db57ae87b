package eventstream

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/r3labs/sse/v2"
)

// A frame is an event in the one spelling that the library reads right: an
// event line, which it needs to hand on empty data; data lines; a blank line; LF
// only; no id line, for ids go beside it. The event line's first letter says
// whether the event is whole, for what is over the limit goes the same way and
// so keeps its place.
const (
	letterWhole    = 'e'
	letterOversize = 'o'
)

// frameRoom is more than a frame of an event of the limit takes: each byte of
// data at most the 7 of an empty line or the 3 of U+FFFD, of a name also 3.
func frameRoom(limit int) int { return 16*limit + maxScratch }

func appendFrame(f []byte, e Event) []byte {
	f = append(f, "event: "...)
	if e.Oversize {
		f = append(f, letterOversize)
		f = strconv.AppendInt(f, e.Size, 10)
		f = append(f, ' ')
		f = hex.AppendEncode(f, e.SHA256[:])
		f = append(f, ' ')
	} else {
		f = append(f, letterWhole)
	}
	f = append(f, e.Type...)
	f = append(f, '\n')
	for line := range bytes.SplitSeq(e.Data, []byte{'\n'}) {
		f = append(f, "data: "...)
		f = append(f, line...)
		f = append(f, '\n')
	}
	return append(f, '\n')
}

// readFrame makes the event again of what the library made of its frame. An
// error means that the library is not the one that this package was written for.
func readFrame(m *sse.Event) (Event, error) {
	e := Event{Data: m.Data, ID: string(m.ID)}
	name := string(m.Event)
	if name == "" {
		return e, fmt.Errorf("eventstream: the library lost an event's name")
	}
	if name[0] == letterWhole {
		e.Type = name[1:]
		return e, nil
	}
	size, rest, _ := strings.Cut(name[1:], " ")
	sum, kind, found := strings.Cut(rest, " ")
	var err error
	if e.Size, err = strconv.ParseInt(size, 10, 64); err != nil || !found || len(sum) != 2*len(e.SHA256) {
		return e, fmt.Errorf("eventstream: the library changed an event's name")
	}
	if _, err := hex.Decode(e.SHA256[:], []byte(sum)); err != nil {
		return e, fmt.Errorf("eventstream: the library changed an event's name: %w", err)
	}
	e.Type, e.Oversize = kind, true
	return e, nil
}

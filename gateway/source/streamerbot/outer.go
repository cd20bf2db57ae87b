package streamerbot

import (
	"bytes"
	"errors"

	"promethean/schema"
)

// Why a frame that is JSON is still not an event.
var (
	errNotObject = errors.New("not a Streamer.bot frame: not a JSON object")
	errNoEvent   = errors.New("not a Streamer.bot frame: no event")
	errNoSource  = errors.New("not a Streamer.bot frame: event.source is missing or not text")
	errNoType    = errors.New("not a Streamer.bot frame: event.type is missing or not text")
)

// outer is a frame's outermost members. Streamer.bot sends events
// {timeStamp, event{source,type}, data}, answers {id, status, …} and one Hello
// {request:"Hello", …} (reference: streamerbot.md 2.1, 3.1).
type outer struct {
	// raw is the frame without the white space around it; the others alias it.
	raw []byte
	// event, data, stamp, request, id and status are the members' values, nil
	// where absent.
	event, data, stamp, request, id, status []byte
	// plain says that nothing is there but one timeStamp, event and data.
	plain bool
	// checked and checkedData are raw and data as JSON that is good.
	checked, checkedData schema.Checked
}

// readOuter checks that frame is JSON we keep and takes it apart. The error
// is the reason of a refusal; raw is set also then.
func readOuter(frame []byte) (outer, error) {
	o := outer{raw: bytes.Trim(frame, " \t\r\n"), plain: true}
	members := 0
	var err error
	o.checked, err = schema.CheckMembers(o.raw, func(key []byte, value schema.Checked) {
		members++
		if bytes.IndexByte(key, '\\') >= 0 {
			key = []byte(`"` + unquote(key) + `"`)
		}
		slot := o.slot(key)
		if slot != nil {
			*slot = value.Bytes()
		}
		if slot == &o.data {
			o.checkedData = value
		}
	})
	switch {
	case err != nil:
		return outer{raw: o.raw}, err
	case o.raw[0] != '{':
		return o, errNotObject
	}
	o.plain = members == 3 && o.event != nil && o.data != nil && o.stamp != nil
	return o, nil
}

// slot is where the value of a member goes, by its key in quotes; nil for one
// that says nothing.
func (o *outer) slot(key []byte) *[]byte {
	switch string(key[1 : len(key)-1]) {
	case "timeStamp":
		return &o.stamp
	case "event":
		return &o.event
	case "data":
		return &o.data
	case "request":
		return &o.request
	case "id":
		return &o.id
	case "status":
		return &o.status
	}
	return nil
}

// names reads event.source and event.type. plain is cleared when event holds
// more than these two.
func (o *outer) names() (source, kind string, err error) {
	if o.event == nil {
		return "", "", errNoEvent
	}
	members := 0
	if o.event[0] == '{' {
		c := cursor{json: string(o.event)}
		for name, more := c.member(); more; name, more = c.member() {
			members++
			value := c.value()
			switch name {
			case "source":
				source = unquote(value)
			case "type":
				kind = unquote(value)
			}
		}
	}
	o.plain = o.plain && members == 2
	switch {
	case source == "":
		return "", "", errNoSource
	case kind == "":
		return "", "", errNoType
	}
	return source, kind, nil
}

// unquote is a JSON string's text; empty for any other value.
func unquote[T string | []byte](value T) string {
	if len(value) == 0 || value[0] != '"' {
		return ""
	}
	c := cursor{json: string(value)}
	return c.text()
}

package eventstream

import "crypto/sha256"

// Event is one complete event.
type Event struct {
	// Type is "message" where the server named none.
	Type string
	// Data are the data lines joined by "\n", in valid UTF-8. Of an event that is
	// over the limit they are what fits.
	Data []byte
	// ID is the last event id as of this event: sticky, possibly an earlier
	// event's, possibly empty.
	ID string
	// Oversize says that Data is not all; only then are Size and SHA256 set, of all
	// data bytes as received.
	Oversize bool
	Size     int64
	SHA256   [sha256.Size]byte
}

// stage is where in a line the parser is.
type stage int

const (
	inName  stage = iota // before the colon
	atValue              // right behind it: one space is no part of the value
	inValue
	inNothing // a comment or an unknown field
)

// field is the name of the line that is being read.
type field int

const (
	fieldOther field = iota
	fieldData
	fieldEvent
	fieldID
	fieldRetry
)

// parser turns bytes into events (HTML Standard 9.2.6), however they are cut.
// Its memory is bounded: a value of a known field by the limit, anything else
// is not kept.
type parser struct {
	limit int
	// begun says that the place where a byte order mark may be is passed; bom
	// counts its bytes that have come.
	begun bool
	bom   int
	// wasCR says that a line ended with CR, so that an LF now is no other end.
	wasCR bool

	stage stage
	field field
	// empty says that the line has no byte yet.
	empty bool
	name  []byte
	// value is of a field that is kept as a whole; cut says that it was longer.
	value []byte
	cut   bool

	block block
	// endless says that an event went on and on. What there was of it is ready,
	// and nothing more is read.
	endless bool
	// id is the last event id buffer.
	id string
	// retry is the last reconnection time that was asked for, in milliseconds;
	// negative while none was.
	retry int64
	ready []Event
}

// newParser begins a stream; id is the last event id so far.
func newParser(limit int, id string) *parser {
	return &parser{limit: limit, id: id, retry: -1, empty: true, block: block{limit: limit}}
}

// byteOrderMark may stand once at the beginning.
const byteOrderMark = "\uFEFF"

// endlessFactor times the limit is more than any event has that will still end,
// its names and ids counted in.
const endlessFactor = 32

// feed takes the next bytes.
func (p *parser) feed(b []byte) {
	for len(b) > 0 && !p.begun {
		if b[0] == byteOrderMark[p.bom] {
			b = b[1:]
			p.bom++
			p.begun = p.bom == len(byteOrderMark)
			continue
		}
		p.begun = true
		p.lines([]byte(byteOrderMark[:p.bom])) // it only began like one
	}
	p.lines(b)
}

func (p *parser) lines(b []byte) {
	defer p.cutEndless()
	for len(b) > 0 && !p.endless {
		if p.wasCR && b[0] == '\n' {
			p.wasCR = false
			b = b[1:]
			continue
		}
		p.wasCR = false
		n := lineEnd(b)
		p.more(b[:n])
		if n == len(b) || p.endless {
			return
		}
		p.wasCR = b[n] == '\r'
		p.endLine()
		b = b[n+1:]
	}
}

// lineEnd is where b's first CR or LF is, or its length.
func lineEnd(b []byte) int {
	for i, c := range b {
		if c == '\n' || c == '\r' {
			return i
		}
	}
	return len(b)
}

// maxName is longer than every name that means something.
const maxName = 8

// more takes a piece of a line.
func (p *parser) more(b []byte) {
	for len(b) > 0 {
		p.empty = false
		switch p.stage {
		case inName:
			if b[0] != ':' && len(p.name) < maxName {
				p.name = append(p.name, b[0])
				b = b[1:]
				continue
			}
			if b[0] != ':' {
				p.stage = inNothing
				return
			}
			p.begin()
			b = b[1:]
		case atValue:
			p.stage = inValue
			if b[0] == ' ' {
				b = b[1:]
			}
		case inValue:
			p.take(b[:p.spend(len(b))])
			return
		default:
			return
		}
	}
}

// begin is called when the name is complete.
func (p *parser) begin() {
	p.stage = atValue
	switch string(p.name) {
	case "data":
		p.field = fieldData
		p.block.line()
	case "event":
		p.field = fieldEvent
	case "id":
		p.field = fieldID
	case "retry":
		p.field = fieldRetry
	default:
		p.stage = inNothing
		return
	}
	p.spend(len(p.name)) // lines of nothing have no end either
}

// spend counts n bytes of the event's lines, and says how many of them it may
// still have.
func (p *parser) spend(n int) int {
	room := p.limit*endlessFactor - p.block.spent
	if n > room {
		n, p.endless = room, true
	}
	p.block.spent += n
	return n
}

// cutEndless makes an event of what there was of one without end.
func (p *parser) cutEndless() {
	if p.endless {
		p.block.cut = true
		p.dispatch()
	}
}

// take adds to the value; data are not gathered here first.
func (p *parser) take(b []byte) {
	if p.field == fieldData {
		p.block.add(b)
		return
	}
	if room := p.limit - len(p.value); len(b) > room {
		b, p.cut = b[:room], true
	}
	p.value = append(p.value, b...)
}

func (p *parser) endLine() {
	if p.empty {
		p.dispatch()
		return
	}
	if p.stage == inName {
		p.begin() // no colon: the whole line is a name
	}
	switch p.field {
	case fieldEvent:
		p.block.kind = valid(p.value)
		p.block.cut = p.block.cut || p.cut
	case fieldID:
		p.block.cut = p.block.cut || p.cut
		if !p.cut && !contains(p.value, 0) {
			p.id = valid(p.value)
		}
	case fieldRetry:
		p.setRetry()
	}
	p.stage, p.field, p.empty, p.cut = inName, fieldOther, true, false
	p.name, p.value = p.name[:0], p.value[:0]
	if cap(p.value) > maxScratch {
		p.value = nil
	}
}

// maxScratch is the most memory that is kept for what may be needed again.
const maxScratch = 64 << 10

// setRetry reads a reconnection time: ASCII digits and nothing else.
func (p *parser) setRetry() {
	if len(p.value) == 0 {
		return
	}
	var n int64
	for _, c := range p.value {
		if c < '0' || c > '9' {
			return
		}
		if n < 1e12 {
			n = n*10 + int64(c-'0')
		}
	}
	p.retry = n
}

// dispatch ends a block. One without data is no event, but its id counts.
func (p *parser) dispatch() {
	if e, ok := p.block.event(); ok {
		e.ID = p.id
		p.ready = append(p.ready, e)
	}
	p.block = block{limit: p.limit}
}

// next is the next complete event.
func (p *parser) next() (Event, bool) {
	if len(p.ready) == 0 {
		return Event{}, false
	}
	e := p.ready[0]
	p.ready[0] = Event{}
	p.ready = p.ready[1:]
	return e, true
}

package streamerbot

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"promethean/schema"

	"github.com/coder/websocket"
)

var (
	errBinary = errors.New("not a Streamer.bot frame: binary, where Streamer.bot sends text")
	errCut    = errors.New("the connection ended within this frame")
	errLeft   = errors.New("this side said goodbye")
	errLong   = fmt.Errorf("frame is over the limit of %d bytes", schema.MaxFrame)
)

// closedError is the end of a connection by the server's own close frame.
type closedError struct {
	code   websocket.StatusCode
	reason string
}

func (e *closedError) Error() string {
	return fmt.Sprintf("Streamer.bot closed the connection (%d %s)", e.code, clip(e.reason))
}

// session is one connection. Its reader is one goroutine, so frames are
// emitted in the order in which they came; the handshake and the pings are
// two others.
type session struct {
	source  *Source
	conn    *websocket.Conn
	network *wire
	// id names the connection in traces and in ids of our own events.
	id       string
	life     *life
	requests requests
	// hello has the server's greeting.
	hello chan []byte
	// ended is closed after the reader; readErr is set before.
	ended   chan struct{}
	readErr error
	// failure is why this side gave the connection up.
	failOnce sync.Once
	failure  atomic.Pointer[error]

	identity   atomic.Pointer[Facts]
	subscribed int
	// authenticated says that the server took our password.
	authenticated bool
	runs          runs
	// n counts frames, owned the events of our own.
	n, owned atomic.Uint64
	// ordinal is Next of this connection's Ordinals.
	ordinal func(id string) int
	// memory is the reader's.
	memory memory
	early  early
	// moved has a token when a platform's account may have changed.
	moved chan struct{}

	// leaving says that no further frame is to be read. turn is held while a
	// frame is read, and from the goodbye on.
	leaving atomic.Bool
	turn    chan struct{}
}

func newSession(s *Source, conn *websocket.Conn, network *wire) *session {
	n := &session{
		source: s, conn: conn, network: network,
		id:    rand.Text(),
		life:  newLife(s.c.Clock),
		hello: make(chan []byte, 1),
		ended: make(chan struct{}),
		turn:  make(chan struct{}, 1),
		moved: make(chan struct{}, 1),
		runs:  newRuns(),

		ordinal: new(Ordinals).Next,
	}
	n.know(Facts{})
	return n
}

// know sets what is known of the server: it, its version, its channels.
func (s *session) know(f Facts) {
	f.Tenant, f.Connection, f.Ignored = s.source.c.Tenant, s.id, s.source.ignored
	s.identity.Store(&f)
}

func (s *session) facts() Facts { return *s.identity.Load() }

// read reads until the connection ends and leaves the cause in readErr.
func (s *session) read() {
	defer close(s.ended)
	s.readErr = errLeft
	r := frameReader{most: s.source.c.MaxRead, progress: s.life.proof, isCut: s.network.ended.Load}
	for !s.leaving.Load() {
		// Ended by cut, not by a context: one that ends would cut off the goodbye.
		kind, reader, err := s.conn.Reader(context.Background())
		if err != nil {
			s.readErr = s.cause(err)
			return
		}
		select {
		case s.turn <- struct{}{}:
		default: // the goodbye has the connection now
			return
		}
		f, err := r.read(reader)
		<-s.turn
		s.life.busy()
		s.take(kind, f, err)
		s.life.done()
		if err != nil {
			s.readErr = s.cause(err)
			s.network.cut()
			return
		}
	}
}

// take handles one frame; broken is why it could not be read to its end.
func (s *session) take(kind websocket.MessageType, got frame, broken error) {
	if broken != nil && !errors.Is(broken, errEndless) && s.leaving.Load() {
		return // cut by our own goodbye, whose event tells that sight ended
	}
	facts := s.facts()
	facts.N, facts.ReceivedAt, facts.Ordinal = s.n.Add(1), s.source.c.Clock(), s.ordinal
	facts.memory = &s.memory
	s.source.tally.frame(facts.ReceivedAt)
	reason := errBinary
	switch {
	case errors.Is(broken, errEndless):
		reason = broken
	case broken != nil:
		reason = errCut
	case !got.whole():
		reason = errLong
	case kind == websocket.MessageText:
		s.takeText(got.bytes, facts)
		return
	}
	if got.whole() {
		got.sum = sha256.Sum256(got.bytes)
	}
	s.emit(s.discreet(facts.refusal("", schema.Refusal{Reason: reason.Error(), Bytes: got.bytes, Size: got.size, SHA256: got.sum})))
}

// takeText tells the kinds of messages apart: has event: an event; has request
// "Hello": the greeting; has our id: an answer (reference: streamerbot.md 2.1).
func (s *session) takeText(frame []byte, facts Facts) {
	o, err := readOuter(frame)
	switch {
	case err != nil:
		s.emit(s.discreet(facts.refuse(o.raw, "", err)))
	case o.event == nil && unquote(o.request) == "Hello":
		select {
		case s.hello <- o.raw:
		default: // a second greeting says nothing new
		}
	case o.event == nil && s.isAnswer(o):
	case s.isCompletion(o):
	default:
		d, ignored := facts.normalise(o)
		if ignored {
			s.source.tally.ignored.Add(1)
			return
		}
		s.observe(d)
		s.noteAccount(d)
	}
}

// isAnswer hands an answer over. One that came too late is counted only.
func (s *session) isAnswer(o outer) bool {
	id := unquote(o.id)
	if id == "" {
		return false
	}
	if s.requests.deliver(id, o.raw) {
		return true
	}
	if o.status == nil {
		return false
	}
	s.source.tally.strays.Add(1)
	return true
}

// fail gives the connection up.
func (s *session) fail(reason error) {
	s.failOnce.Do(func() { s.failure.Store(&reason) })
	s.network.cut()
}

// cause says why the connection ended: our reason, the server's, the network's.
func (s *session) cause(err error) error {
	if reason := s.failure.Load(); reason != nil {
		return *reason
	}
	var closed websocket.CloseError
	if errors.As(err, &closed) {
		return &closedError{closed.Code, closed.Reason}
	}
	return fmt.Errorf("connection lost: %w", err)
}

// goodbye closes the connection politely, or at once if that takes too long.
// Half of that time is for the frame that is being read: the library's Close
// would throw the rest of it away.
func (s *session) goodbye() {
	most := s.source.c.Timings.Close
	late := time.AfterFunc(most, s.network.cut)
	defer late.Stop()
	s.leaving.Store(true)
	half := time.NewTimer(most / 2)
	defer half.Stop()
	select {
	case s.turn <- struct{}{}:
	case <-s.ended:
	case <-half.C:
	}
	// An error only says that the server did not say goodbye, too.
	_ = s.conn.Close(websocket.StatusNormalClosure, "")
}

// over reports whether the connection has ended or is about to.
func (s *session) over() bool {
	select {
	case <-s.ended:
		return true
	default:
		return s.leaving.Load()
	}
}

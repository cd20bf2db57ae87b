package schema

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// Header names of a dead letter. Its body is the bytes that could not be
// read, sealed or stored, exactly, or as many of the first as a message takes
// ([MaxEnvelope]; size and hash are of all); the headers say the rest. Bytes in headers'
// company stay as they are, where a JSON wrapper would have to encode them and
// could outgrow what the bus takes.
const (
	HeaderReason      = "Promethean-Reason"
	HeaderSubject     = "Promethean-Subject"
	HeaderSHA256      = "Promethean-Sha256"
	HeaderSize        = "Promethean-Size"
	HeaderAttempts    = "Promethean-Attempts"
	HeaderSink        = "Promethean-Sink"
	HeaderStream      = "Promethean-Stream"
	HeaderStreamSeq   = "Promethean-Stream-Seq"
	HeaderConnection  = "Promethean-Connection"
	HeaderReceivedAt  = "Promethean-Received-At"
	HeaderSourceFrame = "Promethean-Frame-Type"
	HeaderRedacted    = "Promethean-Redacted"
)

// DeadLetter is an event that a sink can never store.
type DeadLetter struct {
	Event  Recorded
	Sink   string
	Reason string
	// Attempts counts the writes that were tried.
	Attempts int
	// Keep is how many bytes of the body are kept at most; [MaxEnvelope] when zero.
	Keep int
}

// Message is the dead letter to publish. Its id is sink:stream:seq, so that a
// repeat after a crash is one letter.
func (d DeadLetter) Message() Message {
	sum := d.Event.SHA256()
	return Message{
		Subject: DeadLetterSubject(d.Event.Subject),
		ID:      fmt.Sprintf("%s:%s:%d", d.Sink, d.Event.Stream, d.Event.Seq),
		Header: []HeaderField{
			{HeaderReason, headerText(d.Reason)},
			{HeaderSubject, d.Event.Subject},
			{HeaderSHA256, hex.EncodeToString(sum[:])},
			{HeaderSize, strconv.Itoa(len(d.Event.Body))},
			{HeaderAttempts, strconv.Itoa(d.Attempts)},
			{HeaderSink, d.Sink},
			{HeaderStream, d.Event.Stream},
			{HeaderStreamSeq, strconv.FormatUint(d.Event.Seq, 10)},
		},
		Body: d.Event.Body[:min(len(d.Event.Body), cmp.Or(d.Keep, MaxEnvelope))],
	}
}

// SealRefusal makes the dead letter of a frame that could not be read. The
// draft's Refusal must be set; an id that cannot be published is replaced by
// one made of the bytes and where they came from.
func SealRefusal(d Draft) Message {
	r := d.Refusal
	if !ValidID(d.ID) {
		d.ID = refusedID(d.Trace, d.ID, r.Bytes)
	}
	m := Message{
		Subject: RefusedFrameSubject(d.Provider, d.Trace.Tenant),
		ID:      d.ID,
		Header: []HeaderField{
			{HeaderReason, headerText(r.Reason)},
			{HeaderSubject, strings.TrimPrefix(RefusedFrameSubject(d.Provider, d.Trace.Tenant), dlqRoot)},
			{HeaderSHA256, hex.EncodeToString(r.SHA256[:])},
			{HeaderSize, strconv.FormatInt(r.Size, 10)},
			{HeaderAttempts, "1"},
			{HeaderOrigin, headerText(string(d.Trace.Origin))},
			{HeaderSource, headerText(d.Trace.Source)},
			{HeaderConnection, headerText(d.Trace.Connection)},
			{HeaderReceivedAt, NewTime(d.Trace.ReceivedAt).String()},
			{HeaderSourceFrame, headerText(d.Trace.FrameType)},
		},
		Body: r.Bytes[:min(len(r.Bytes), MaxEnvelope)],
	}
	if len(d.Trace.Redacted) > 0 {
		m.Header = append(m.Header, HeaderField{HeaderRedacted, headerText(strings.Join(d.Trace.Redacted, " "))})
	}
	return m
}

// Refuse turns a draft that [Seal] refused into one that [SealRefusal] takes:
// the bytes kept are the frame where there is one, else the payload.
func Refuse(d Draft, reason error) Draft {
	kept := d.Raw
	if len(kept) == 0 {
		kept = d.Payload
	}
	d.Refusal = &Refusal{Reason: reason.Error(), Bytes: kept, Size: int64(len(kept)), SHA256: sha256.Sum256(kept)}
	if !ValidID(d.ID) {
		d.ID = refusedID(d.Trace, d.ID, kept)
	}
	return d
}

// refusedID tells the same bytes at the same place of two connections apart,
// and two bad ids that would print alike.
func refusedID(t Trace, bad string, kept []byte) string {
	h := newHash(make([]byte, 0, shortHash), "refused").text(t.Source).text(t.Connection).number(t.N)
	return h.text(bad).bytes(kept).uuid()
}

package schema

import "time"

// Draft is what a source says it saw: everything of an envelope that the
// source knows. [Seal] makes the envelope of it.
//
// A draft owns its slices: the source does not touch them after emitting.
type Draft struct {
	// ID is made by [NativeID], [FrameID] or [OwnID], or is the source's own
	// envelope id.
	ID       string
	Type     Type
	Provider Provider
	// Version is the source's own; empty means the catalogue's current one,
	// which the envelope then marks as assumed unless OwnVersion is set.
	Version Version
	// OwnVersion says that this program made the payload, so that its version
	// is known and not assumed.
	OwnVersion bool
	// Timestamp is the source's time. Zero (or a year that RFC 3339 cannot
	// write) means the source gave none that can be used: the envelope then
	// takes ReceivedAt and is marked.
	Timestamp time.Time
	Channel   Channel
	// StreamID names the broadcast; empty when unknown.
	StreamID string
	// Extra is what the source's own envelope holds beside that.
	Extra Extra
	// Payload is one JSON value.
	Payload []byte
	// Raw is the whole frame exactly as received; nil where Payload already
	// is the source's data.
	Raw []byte
	// SourceMeta is the source's own meta, a JSON object, or nil.
	SourceMeta []byte
	Trace      Trace
	// payload and raw are what Payload and Raw were set to by [Draft.SetPayload]
	// and [Draft.SetRaw]; they are believed only while they are the same bytes.
	payload, raw Checked
	// Refusal, when set, says that this is no event but a frame that could not
	// be read; ID, Provider and Trace are filled, the rest is not used.
	Refusal *Refusal
	// Done, when set, is called once: with nil when the draft is accepted (on
	// disk, fsynced), else with the reason why it never will be. It is called
	// in the order of emitting, must not block and may not emit.
	Done func(error)
}

// Extra are the members of a source's own envelope that nobody here knows, of
// its channel and of its stream, each a JSON object or nil. They stand behind
// ours. None may be spelt like one of ours in any case, for many readers of
// JSON take the last of two, and some do not tell cases apart.
type Extra struct{ Envelope, Channel, Stream []byte }

// SetPayload makes c the payload, which [Seal] then does not check again.
func (d *Draft) SetPayload(c Checked) { d.Payload, d.payload = c.b, c }

// SetRaw makes c the raw frame, which [Seal] then does not check again.
func (d *Draft) SetRaw(c Checked) { d.Raw, d.raw = c.b, c }

// Trace says by what road a fact came. It becomes the envelope's meta.gateway.
type Trace struct {
	Source        string    `json:"source"`
	SourceVersion string    `json:"sourceVersion,omitempty"`
	Tenant        string    `json:"tenant"`
	ReceivedAt    time.Time `json:"-"`
	InstanceID    string    `json:"instanceId,omitempty"`
	Connection    string    `json:"connection,omitempty"`
	// N counts frames of the connection, from 1.
	N uint64 `json:"n,omitempty"`
	// FrameType is the source's own name of the frame's type, as it spells it.
	FrameType     string   `json:"frameType,omitempty"`
	ForeignID     string   `json:"foreignId,omitempty"`
	Origin        Origin   `json:"origin"`
	CausedBy      []string `json:"causedBy,omitempty"`
	CorrelationID string   `json:"correlationId,omitempty"`
	// Redacted lists the paths whose values were removed before anything was
	// written anywhere.
	Redacted []string `json:"redacted,omitempty"`
}

// Refusal is a frame that could not be read, with what is known of it.
type Refusal struct {
	// Reason says in one sentence why.
	Reason string
	// Bytes are the frame's, or as many of its first as were kept.
	Bytes []byte
	// Size and SHA256 are of the whole frame, also where Bytes are fewer.
	Size   int64
	SHA256 [32]byte
}

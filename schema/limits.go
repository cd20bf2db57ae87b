package schema

// Limits of what enters the log, in bytes.
const (
	// MaxFrame is the most that one frame from a source may have. A larger
	// one is read past and becomes a dead letter.
	MaxFrame = 2 << 20
	// MaxEnvelope is the most that a sealed envelope may have.
	MaxEnvelope = 6 << 20
	// MaxPayload is NATS' max_payload as this project sets it: an envelope
	// and its headers fit with room to spare.
	MaxPayload = 8 << 20
	// MaxDepth is how deep JSON may nest; MongoDB stores 100 levels.
	MaxDepth = 100
)

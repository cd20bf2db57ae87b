package simulator

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"promethean/gateway/simulator/internal/evening"
)

// Emit sends an event, stamped by the clock, to every client that is subscribed to it. A C#
// WebsocketBroadcastJson is Emit(ctx, "General", "Custom", value). It returns like [Server.Inject], and
// with an error when data cannot be JSON.
func (s *Server) Emit(ctx context.Context, source, kind string, data any) error {
	body, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("simulator: emit %s.%s: %w", source, kind, err)
	}
	return s.Inject(ctx, encode(struct {
		TimeStamp string          `json:"timeStamp"`
		Event     eventName       `json:"event"`
		Data      json.RawMessage `json:"data"`
	}{evening.Stamp(s.opt.Clock()), eventName{source, kind}, body}))
}

type eventName struct {
	Source string `json:"source"`
	Type   string `json:"type"`
}

// CustomEvent sends Custom.Event, as the sub-action Trigger Custom Event does. Servers before 0.2.5 send
// it without name and arguments.
func (s *Server) CustomEvent(ctx context.Context, name string, args any) error {
	return s.customEvent(ctx, "Event", name, args)
}

func (s *Server) customEvent(ctx context.Context, kind, name string, args any) error {
	data := map[string]any{}
	if s.opt.since("0.2.5") {
		data = map[string]any{"eventName": name, "useArgs": args != nil, "args": args}
	}
	return s.Emit(ctx, "Custom", kind, data)
}

// tell passes a fact to whoever asked for facts.
func (s *Server) tell(fact map[string]any) {
	if s.opt.Facts != nil {
		s.opt.Facts(fact)
	}
}

// randomUUID is a version 4 UUID.
func randomUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return formatUUID(b)
}

// uuidOf is always the same for the same text.
func uuidOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return formatUUID([16]byte(sum[:16]))
}

func formatUUID(b [16]byte) string {
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

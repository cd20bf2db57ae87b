package schema

// Payloads of the events that say what the gateway could see and when.

// ConnectedPayload is the payload of source.connected.
type ConnectedPayload struct {
	Source     string `json:"source"`
	URL        string `json:"url"`
	InstanceID string `json:"instanceId,omitempty"`
	Version    string `json:"sourceVersion,omitempty"`
	// Subscribed counts the event types that the source agreed to send.
	Subscribed int `json:"subscribed"`
}

// DisconnectedPayload is the payload of source.disconnected.
type DisconnectedPayload struct {
	Source string `json:"source"`
	URL    string `json:"url"`
	Reason string `json:"reason"`
	// Frames counts what was received on the connection that ended.
	Frames uint64 `json:"frames"`
}

// GapPayload is the payload of source.gap: between From and To events may
// have happened that nobody can send again. Neither Streamer.bot nor ai_licia
// can replay.
type GapPayload struct {
	Source string `json:"source"`
	From   Time   `json:"from"`
	To     Time   `json:"to"`
	// Cause is one of the Gap… constants.
	Cause string `json:"cause"`
	// Platform is upper case where only that platform could not be seen; left
	// out where nothing could. Since version 2026-11-25.
	Platform string `json:"platform,omitempty"`
	Detail   string `json:"detail,omitempty"`
	// Before and After are the source's last event before it and its first one
	// after it, where they are known. Since version 2026-11-26.
	Before *EventRef `json:"before,omitempty"`
	After  *EventRef `json:"after,omitempty"`
}

// EventRef names an event on the log.
type EventRef struct {
	ID        string `json:"id"`
	Timestamp Time   `json:"timestamp"`
}

// The closed list of causes of a gap.
const (
	// GapDisconnected: the connection was lost and came back.
	GapDisconnected = "disconnected"
	// GapRestarted: the gateway itself was not running.
	GapRestarted = "gateway_stopped"
	// GapOutboxFull: the outbox was full, so nothing was read for a while.
	GapOutboxFull = "outbox_full"
	// GapPlatform: Streamer.bot itself had lost the platform (since version
	// 2026-11-25, as the next).
	GapPlatform = "platform_disconnected"
	// GapExited: Streamer.bot was closed.
	GapExited = "streamerbot_exited"
)

package schema

// Payloads of what moderators do in chat. Platform is upper case, e.g. TWITCH;
// SentDateTime is the platform's time where it gives one, else the envelope's
// timestamp.

// MessageDeletedPayload is the payload of chat.message_deleted: one line was
// taken away.
type MessageDeletedPayload struct {
	// ID is the platform's id of the line that was deleted: the id of its
	// chat.message.
	ID string `json:"id"`
	// UserID, Username and DisplayName are of who wrote the line.
	UserID      string `json:"userId,omitempty"`
	Username    string `json:"username,omitempty"`
	DisplayName string `json:"displayName,omitempty"`
	// Message is the line's text, where the source repeats it.
	Message      string  `json:"message,omitempty"`
	Moderator    *Person `json:"moderator,omitempty"`
	Platform     string  `json:"platform"`
	IsTest       bool    `json:"isTest"`
	SentDateTime Time    `json:"sentDateTime"`
}

// ChatClearedPayload is the payload of chat.cleared: the whole chat was
// emptied.
type ChatClearedPayload struct {
	Moderator    *Person `json:"moderator,omitempty"`
	Platform     string  `json:"platform"`
	IsTest       bool    `json:"isTest"`
	SentDateTime Time    `json:"sentDateTime"`
}

// UserModeratedPayload is the payload of chat.user_timed_out, chat.user_banned
// and of the two that undo them.
type UserModeratedPayload struct {
	// UserID, Username and DisplayName are of whom it was done to.
	UserID      string `json:"userId,omitempty"`
	Username    string `json:"username,omitempty"`
	DisplayName string `json:"displayName,omitempty"`
	// DurationSeconds and ExpiresAt are of a time-out only.
	DurationSeconds int64   `json:"durationSeconds,omitempty"`
	ExpiresAt       *Time   `json:"expiresAt,omitempty"`
	Reason          string  `json:"reason,omitempty"`
	Moderator       *Person `json:"moderator,omitempty"`
	Platform        string  `json:"platform"`
	IsTest          bool    `json:"isTest"`
	SentDateTime    Time    `json:"sentDateTime"`
}

// ChatCommandPayload is the payload of chat.command: Streamer.bot recognised a
// command in a line of chat. The line itself is a chat.message of its own.
type ChatCommandPayload struct {
	// CommandID and CommandName are Streamer.bot's of the command; Command is
	// what was typed, e.g. "!title", and Message what came behind it.
	CommandID   string `json:"commandId,omitempty"`
	CommandName string `json:"commandName,omitempty"`
	Command     string `json:"command"`
	Message     string `json:"message"`
	// MessageID is the line's, where the source says.
	MessageID     string `json:"messageId,omitempty"`
	UserID        string `json:"userId,omitempty"`
	Username      string `json:"username"`
	DisplayName   string `json:"displayName,omitempty"`
	IsSubscriber  bool   `json:"isSubscriber"`
	IsVIP         bool   `json:"isVip"`
	IsModerator   bool   `json:"isModerator"`
	IsBroadcaster bool   `json:"isBroadcaster"`
	// Counter and UserCounter say how often it was used, by all and by this
	// person.
	Counter     int64 `json:"counter,omitempty"`
	UserCounter int64 `json:"userCounter,omitempty"`
	// Platform is where it was typed.
	Platform     string `json:"platform"`
	IsTest       bool   `json:"isTest"`
	SentDateTime Time   `json:"sentDateTime"`
}

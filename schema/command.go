package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A command is an envelope like every other, published under
// promethean.p.<provider>.t.<tenant>.control.<name>; its type is
// control.<name>. The envelope's id is what makes it run at most once.

// DefaultDeadline is how long after its timestamp a command that names no
// deadline may still be carried out.
const DefaultDeadline = 30 * time.Second

// DoActionPayload is the payload of control.do_action: run one of Streamer.bot's
// actions.
type DoActionPayload struct {
	// Action names it by its id, or by a name that only one enabled action has.
	Action ActionRef `json:"action"`
	// Args become the action's arguments: %name% in its sub-actions.
	Args map[string]json.RawMessage `json:"args,omitempty"`
	// Deadline is after when it must not be carried out any more;
	// [DefaultDeadline] where it is left out.
	Deadline *Time `json:"deadline,omitempty"`
}

// ActionRef names an action of Streamer.bot. Names are not unique there.
type ActionRef struct {
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
}

// SendMessagePayload is the payload of control.send_message: say something in
// chat.
type SendMessagePayload struct {
	// Platform is twitch, youtube, kick or trovo, in any case.
	Platform string `json:"platform"`
	Message  string `json:"message"`
	// Bot says whether the bot account speaks; the broadcaster does otherwise.
	Bot bool `json:"bot,omitempty"`
	// ReplyID is the message that is answered (Twitch, Kick); BroadcastID the
	// broadcast where there are several (YouTube).
	ReplyID     string `json:"replyId,omitempty"`
	BroadcastID string `json:"broadcastId,omitempty"`
	Deadline    *Time  `json:"deadline,omitempty"`
}

// ActionPayload is the payload of action.completed and action.failed: how a
// command ended. Every command that was taken ends with exactly one of them.
type ActionPayload struct {
	// CommandID is the command's envelope id, Command its type.
	CommandID string `json:"commandId"`
	Command   Type   `json:"command"`
	// Outcome is one of the Outcome… constants.
	Outcome string `json:"outcome"`
	// Reason says of a failure, in one sentence, why.
	Reason string `json:"reason,omitempty"`
	// Action is the one that ran or should have; of control.do_action only.
	Action *ActionRef `json:"action,omitempty"`
	// QueuedAt, StartedAt and CompletedAt are Streamer.bot's.
	QueuedAt    *Time `json:"queuedAt,omitempty"`
	StartedAt   *Time `json:"startedAt,omitempty"`
	CompletedAt *Time `json:"completedAt,omitempty"`
	// DurationMs is how long the action ran, in milliseconds.
	DurationMs   int64 `json:"durationMs,omitempty"`
	SentDateTime Time  `json:"sentDateTime"`
}

// The closed list of outcomes. The first two are action.completed's.
const (
	// OutcomeCompleted: Streamer.bot says that the action ran to its end.
	OutcomeCompleted = "completed"
	// OutcomeSent: Streamer.bot took the message.
	OutcomeSent = "sent"
	// OutcomeFailed: the action ran and Streamer.bot says that it failed.
	OutcomeFailed = "failed"
	// OutcomeRefused: nothing was done, and why is known.
	OutcomeRefused = "refused"
	// OutcomeExpired: nothing was done, for the deadline had passed.
	OutcomeExpired = "expired"
	// OutcomeUnknown: it may or may not have been done, and it is not repeated.
	OutcomeUnknown = "unknown"
)

// Command is a command as it was taken from the control stream.
type Command struct {
	Envelope Envelope
	// Deadline is after when it must not be carried out any more.
	Deadline time.Time
	// One of these is set, as the type says.
	DoAction    *DoActionPayload
	SendMessage *SendMessagePayload
}

// ErrCommand is wrapped by every error of [ParseCommand] but those of an
// envelope.
var ErrCommand = errors.New("not a command that can be carried out")

// ParseCommand reads a command's envelope. With an [ErrCommand] the envelope is
// set all the same, so that whoever sent it can be told.
func ParseCommand(b []byte) (Command, error) {
	e, err := Parse(b)
	if err != nil {
		return Command{}, err
	}
	c := Command{Envelope: e, Deadline: e.Timestamp.Add(DefaultDeadline)}
	var deadline *Time
	switch e.Type {
	case ControlDoAction:
		c.DoAction = &DoActionPayload{}
		err = json.Unmarshal(e.Payload, c.DoAction)
		deadline = c.DoAction.Deadline
		if err == nil && c.DoAction.Action == (ActionRef{}) {
			err = errors.New("no action is named")
		}
	case ControlSendMessage:
		c.SendMessage = &SendMessagePayload{}
		err = json.Unmarshal(e.Payload, c.SendMessage)
		deadline = c.SendMessage.Deadline
		if err == nil {
			err = c.SendMessage.Check()
		}
	default:
		err = fmt.Errorf("type %.64q is not known", e.Type)
	}
	if deadline != nil {
		c.Deadline = deadline.Time
	}
	if err != nil {
		return c, fmt.Errorf("%w: %w", ErrCommand, err)
	}
	return c, nil
}

// ChatProviders are the platforms whose chat Streamer.bot reads and writes.
func ChatProviders() []Provider { return []Provider{Twitch, YouTube, Kick, Trovo} }

// Check says why nothing can be said in chat.
func (p *SendMessagePayload) Check() error {
	if !slices.Contains(ChatProviders(), Provider(strings.ToLower(p.Platform))) {
		return fmt.Errorf("platform %.32q is none of %v", p.Platform, ChatProviders())
	}
	if strings.TrimSpace(p.Message) == "" {
		return errors.New("no message to send")
	}
	return nil
}

// Action is one of Streamer.bot's actions, as an answer under
// [AskSubject] lists them.
type Action struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Group   string `json:"group"`
	Enabled bool   `json:"enabled"`
}

// ActionsAnswer is the answer to [AskActions]. Error says, for a person, why
// there is none.
type ActionsAnswer struct {
	Actions []Action `json:"actions"`
	Error   string   `json:"error,omitempty"`
}

// AskActions asks for the actions that Streamer.bot has.
const AskActions = "actions"

// MoodAnswer is the answer to [AskMood]: the value of Streamer.bot's persisted
// global variable [MoodVariable] as text, "" where there is none. Error says, for
// a person, why nobody knows.
type MoodAnswer struct {
	Mood  string `json:"mood"`
	Error string `json:"error,omitempty"`
}

// AskMood asks for the note that the streamer keeps in [MoodVariable]. No other
// variable is told: they may be private.
const (
	AskMood      = "mood"
	MoodVariable = "brain_mood"
)

package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Commands for the title worker, published under
// promethean.p.brain.t.<tenant>.control.<name>. Each ends as those of the
// gateway do, with one action.completed or action.failed (of provider brain)
// that has its id as commandId: completed means that it was followed, and what
// came of it is told by title.… events. An empty SuggestionID means the one that
// is open. Deadline is after when it must not be followed any more;
// [DefaultDeadline] where it is left out.

// TitleSuggestCommand is the payload of control.title_suggest: ask for titles
// now. The id of its title.requested is [OwnID] of the command's id, that type
// and 0.
type TitleSuggestCommand struct {
	Note     string `json:"note,omitempty"`
	Deadline *Time  `json:"deadline,omitempty"`
}

// TitleApproveCommand is the payload of control.title_approve: take a
// candidate (1 where none is named), or with Title a text of one's own, which
// goes through the gate.
type TitleApproveCommand struct {
	SuggestionID string `json:"suggestionId,omitempty"`
	Candidate    int    `json:"candidate,omitempty"`
	Title        string `json:"title,omitempty"`
	Deadline     *Time  `json:"deadline,omitempty"`
}

// TitleRejectCommand is the payload of control.title_reject.
type TitleRejectCommand struct {
	SuggestionID string `json:"suggestionId,omitempty"`
	Reason       string `json:"reason,omitempty"`
	Deadline     *Time  `json:"deadline,omitempty"`
}

// TitleRegenerateCommand is the payload of control.title_regenerate: reject
// what is open and ask for others.
type TitleRegenerateCommand struct {
	SuggestionID string `json:"suggestionId,omitempty"`
	Note         string `json:"note,omitempty"`
	Deadline     *Time  `json:"deadline,omitempty"`
}

// TitleLockCommand is the payload of control.title_lock: keep the title that
// stands until the next stream, or with Locked false no more.
type TitleLockCommand struct {
	Locked   bool  `json:"locked"`
	Deadline *Time `json:"deadline,omitempty"`
}

// TitleRollbackCommand is the payload of control.title_rollback: the title that
// stood before ours comes back.
type TitleRollbackCommand struct {
	Deadline *Time `json:"deadline,omitempty"`
}

// TitleCommand is a command for the title worker as it was taken from the
// control stream.
type TitleCommand struct {
	Envelope Envelope
	// Deadline is after when it must not be followed any more.
	Deadline time.Time
	// One of these is set, as the type says.
	Suggest    *TitleSuggestCommand
	Approve    *TitleApproveCommand
	Reject     *TitleRejectCommand
	Regenerate *TitleRegenerateCommand
	Lock       *TitleLockCommand
	Rollback   *TitleRollbackCommand
}

// ParseTitleCommand reads a command's envelope, as [ParseCommand] does: with an
// [ErrCommand] the envelope is set all the same.
func ParseTitleCommand(b []byte) (TitleCommand, error) {
	e, err := Parse(b)
	if err != nil {
		return TitleCommand{}, err
	}
	c := TitleCommand{Envelope: e, Deadline: e.Timestamp.Add(DefaultDeadline)}
	var payload any
	switch e.Type {
	case ControlTitleSuggest:
		c.Suggest = &TitleSuggestCommand{}
		payload = c.Suggest
	case ControlTitleApprove:
		c.Approve = &TitleApproveCommand{}
		payload = c.Approve
	case ControlTitleReject:
		c.Reject = &TitleRejectCommand{}
		payload = c.Reject
	case ControlTitleRegenerate:
		c.Regenerate = &TitleRegenerateCommand{}
		payload = c.Regenerate
	case ControlTitleLock:
		c.Lock = &TitleLockCommand{}
		payload = c.Lock
	case ControlTitleRollback:
		c.Rollback = &TitleRollbackCommand{}
		payload = c.Rollback
	default:
		return c, fmt.Errorf("%w: type %.64q is not known", ErrCommand, e.Type)
	}
	var common struct {
		Deadline *Time `json:"deadline"`
	}
	if err := errors.Join(json.Unmarshal(e.Payload, payload), json.Unmarshal(e.Payload, &common)); err != nil {
		return c, fmt.Errorf("%w: %w", ErrCommand, err)
	}
	if common.Deadline != nil {
		c.Deadline = common.Deadline.Time
	}
	return c, nil
}

package streamerbot

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/coder/websocket"
)

// statusUnauthenticated is the code Streamer.bot closes with after a wrong
// password (reference: streamerbot.md 1.4).
const statusUnauthenticated websocket.StatusCode = 4009

// passwordError is a wrong or missing password: nothing that trying again soon
// could mend.
type passwordError struct {
	setting string
	missing bool
}

func (e *passwordError) Error() string {
	if e.missing {
		return fmt.Sprintf("Streamer.bot wants a password: set %s to the one in Streamer.bot's WebSocket server settings and restart", e.setting)
	}
	return fmt.Sprintf("Streamer.bot refused the password: set %s to the one in Streamer.bot's WebSocket server settings and restart", e.setting)
}

type challenge struct {
	Salt      text `json:"salt"`
	Challenge text `json:"challenge"`
}

// authenticate answers the server's challenge where there was one. Without a
// password the challenge is left open: a server that does not enforce it
// serves everything this gateway needs, one that does closes the connection.
func (s *session) authenticate(ctx context.Context, c object[challenge]) error {
	if !c.has || s.source.c.Password == "" {
		return nil
	}
	_, err := s.ask(ctx, "Authenticate", map[string]any{
		"authentication": answerChallenge(s.source.c.Password, string(c.v.Salt), string(c.v.Challenge)),
	})
	if rejected(err) {
		return &passwordError{setting: s.source.c.PasswordSetting}
	}
	return err
}

// rejected reports whether an error is the server's own verdict: an answer
// that is not ok, or its close frame.
func rejected(err error) bool {
	var refused *refusedError
	var closed *closedError
	return errors.As(err, &refused) || errors.As(err, &closed) &&
		(closed.code == statusUnauthenticated || closed.code == websocket.StatusPolicyViolation)
}

// answerChallenge is obs-websocket's double hash. Salt and challenge are used
// as the text received (reference: streamerbot.md 1.4, with test vectors).
func answerChallenge(password, salt, challenge string) string {
	return hash64(hash64(password+salt) + challenge)
}

func hash64(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.StdEncoding.EncodeToString(sum[:])
}

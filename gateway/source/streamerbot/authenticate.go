package streamerbot

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/coder/websocket"
)

// passwordError is a wrong or missing password: nothing that trying again soon
// could mend. verdict is what the server did.
type passwordError struct {
	setting string
	missing bool
	verdict error
}

func (e *passwordError) Error() string {
	what := "refused the password"
	if e.missing {
		what = "wants a password"
	}
	return fmt.Sprintf("Streamer.bot %s: set %s to the one in Streamer.bot's WebSocket server settings and restart (%v)", what, e.setting, e.verdict)
}

func (e *passwordError) Unwrap() error { return e.verdict }

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
		return &passwordError{setting: s.source.c.PasswordSetting, verdict: err}
	}
	s.authenticated = err == nil
	return err
}

// rejected reports whether an error is the server's own verdict: an answer
// that is not ok, or its close frame.
func rejected(err error) bool {
	var refused *refusedError
	return errors.As(err, &refused) || shutOut(err)
}

// shutOut reports whether the server closed the connection for another reason
// than going away itself. Streamer.bot closes with 4009 after a wrong password
// (reference: streamerbot.md 1.4), but no code is promised.
func shutOut(err error) bool {
	var closed *closedError
	return errors.As(err, &closed) &&
		closed.code != websocket.StatusGoingAway && closed.code != websocket.StatusServiceRestart
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

package simulator

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"time"

	"github.com/coder/websocket"
)

// statusAuthFailed is the close code of a failed authentication (reference/streamerbot.md section 1.4).
const statusAuthFailed websocket.StatusCode = 4009

// challenge is the authentication part of Hello. Both values are used as text, never decoded.
type challenge struct {
	Salt      string `json:"salt"`
	Challenge string `json:"challenge"`
}

func newChallenge() challenge {
	return challenge{Salt: randomText(), Challenge: randomText()}
}

func randomText() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return base64.StdEncoding.EncodeToString(b[:])
}

// answer gives the authentication text a client that knows the password would send.
func (c challenge) answer(password string) string {
	return hashText(hashText(password+c.Salt) + c.Challenge)
}

func hashText(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// authenticate judges an Authenticate request. An error ends the connection.
func (c *session) authenticate(r request) error {
	var a struct {
		Authentication string `json:"authentication"`
	}
	if r.read(&a) != nil {
		return c.refuse(r, errInvalid)
	}
	o := c.server.opt
	if o.Auth == AuthOff {
		return c.refuse(r, "Authentication is not enabled")
	}
	want := c.challenge.answer(o.Password)
	if subtle.ConstantTimeCompare([]byte(want), []byte(a.Authentication)) == 1 {
		c.authenticated.Store(true)
		return c.reply(r, nil)
	}
	if o.AuthErrorAnswer {
		return c.refuse(r, "Authentication failed")
	}
	return &goodbye{statusAuthFailed, "Authentication failed"}
}

// enforce closes the connection if it is not authenticated in time. The returned stop ends the watch.
func (c *session) enforce() (stop func()) {
	if c.server.opt.Auth != AuthEnforced {
		return func() {}
	}
	t := time.AfterFunc(c.server.opt.AuthTimeout, func() {
		if !c.authenticated.Load() {
			c.close(&goodbye{statusAuthFailed, "Authentication timed out"})
		}
	})
	return func() { t.Stop() }
}

package streamerbot

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
)

// TestCloseCodesThatMeanAPassword: servers close with codes of their own where
// they want a password or another one; only the codes of a server that goes
// away say nothing of it.
func TestCloseCodesThatMeanAPassword(t *testing.T) {
	for _, tt := range []struct {
		code    websocket.StatusCode
		verdict bool
	}{
		{4009, true},
		{4001, true},
		{websocket.StatusPolicyViolation, true},
		{websocket.StatusNormalClosure, true},
		{websocket.StatusInternalError, true},
		{websocket.StatusGoingAway, false},
		{websocket.StatusServiceRestart, false},
	} {
		for _, at := range []struct{ request, password, says string }{
			{"Authenticate", "wrong", "refused the password: set BRAIN_X"},
			{"GetBroadcaster", "", "wants a password: set BRAIN_X"},
			{"Hello", "", "wants a password: set BRAIN_X"},
		} {
			t.Run(fmt.Sprintf("%d at %s", tt.code, at.request), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					b := &bot{hello: helloAuth, closes: map[string]websocket.StatusCode{at.request: tt.code}}
					s, _, stop := start(t, b, Config{Password: at.password, PasswordSetting: "BRAIN_X"})
					time.Sleep(10 * time.Minute)
					last, dials := s.Status().LastError, len(b.dialled())
					stop()
					want(t, strings.Contains(last, at.says), tt.verdict)
					want(t, dials <= 11, tt.verdict)
				})
			})
		}
	}
}

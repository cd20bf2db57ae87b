package streamerbot

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"promethean/schema"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
)

func wantTypes(t *testing.T, out *sink, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, out.types()); diff != "" {
		t.Errorf("emitted (-want +got):\n%s", diff)
	}
}

func TestHandshake(t *testing.T) {
	for _, tt := range []struct {
		name     string
		bot      *bot
		password string
		wait     time.Duration
		asked    []string
		trouble  string // part of the last error; "" is connected
	}{
		{
			name: "no authentication", bot: &bot{hello: helloPlain},
			asked: []string{"GetBroadcaster", "GetEvents", "Subscribe"},
		},
		{
			name: "password", bot: &bot{hello: helloAuth}, password: "pw",
			asked: []string{"Authenticate", "GetBroadcaster", "GetEvents", "Subscribe"},
		},
		{
			name: "password set but not wanted", bot: &bot{hello: helloPlain}, password: "pw",
			asked: []string{"GetBroadcaster", "GetEvents", "Subscribe"},
		},
		{
			name: "a server that never says Hello", bot: &bot{}, wait: 3 * time.Second,
			asked: []string{"GetInfo", "GetBroadcaster", "GetEvents", "Subscribe"},
		},
		{
			name: "Hello comes late", bot: &bot{before: map[string][]string{"GetInfo": {helloAuth}}}, password: "pw", wait: 3 * time.Second,
			asked: []string{"GetInfo", "Authenticate", "GetBroadcaster", "GetEvents", "Subscribe"},
		},
		{
			name: "wrong password, closed", bot: &bot{hello: helloAuth, closes: map[string]websocket.StatusCode{"Authenticate": 4009}}, password: "no",
			asked: []string{"Authenticate"}, trouble: "refused the password: set BRAIN_X",
		},
		{
			name: "wrong password, refused", bot: &bot{hello: helloAuth, answers: map[string]string{"Authenticate": `{"id":"%s","status":"error","error":"Authentication failed"}`}}, password: "no",
			asked: []string{"Authenticate"}, trouble: "refused the password: set BRAIN_X",
		},
		{
			name: "no password, not enforced", bot: &bot{hello: helloAuth},
			asked: []string{"GetBroadcaster", "GetEvents", "Subscribe"},
		},
		{
			name: "no password, enforced", bot: &bot{hello: helloAuth, closes: map[string]websocket.StatusCode{"GetBroadcaster": 4009}},
			asked: []string{"GetBroadcaster"}, trouble: "wants a password: set BRAIN_X",
		},
		{
			name: "no password, closed at the second request", bot: &bot{hello: helloAuth, closes: map[string]websocket.StatusCode{"GetEvents": 4001}},
			asked: []string{"GetBroadcaster", "GetEvents"}, trouble: "wants a password: set BRAIN_X",
		},
		{
			name: "no password wanted, closed", bot: &bot{hello: helloPlain, closes: map[string]websocket.StatusCode{"GetBroadcaster": 1011}},
			asked: []string{"GetBroadcaster"}, trouble: "closed the connection (1011",
		},
		{
			name: "GetBroadcaster unknown", bot: &bot{hello: helloPlain, answers: map[string]string{"GetBroadcaster": `{"id":"%s","status":"error","error":"unknown"}`}},
			asked: []string{"GetBroadcaster", "GetEvents", "Subscribe"},
		},
		{
			name: "GetBroadcaster unanswered", bot: &bot{hello: helloPlain, silent: map[string]bool{"GetBroadcaster": true}}, wait: 11 * time.Second,
			asked: []string{"GetBroadcaster", "GetEvents", "Subscribe"},
		},
		{
			name: "another service of Streamer.bot", bot: &bot{hello: strings.Replace(helloPlain, "websocketServer", "streamDeckServer", 1)},
			trouble: "streamDeckServer",
		},
		{
			name: "another server altogether", bot: &bot{answers: map[string]string{"GetInfo": `{"what":"?"}`}}, wait: 13 * time.Second,
			asked: []string{"GetInfo"}, trouble: "is it Streamer.bot",
		},
		{
			name: "GetEvents refused", bot: &bot{hello: helloPlain, answers: map[string]string{"GetEvents": `{"id":"%s","status":"error","error":"busy"}`}},
			asked: []string{"GetBroadcaster", "GetEvents"}, trouble: "refused GetEvents: busy",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, out, stop := start(t, tt.bot, Config{Password: tt.password, PasswordSetting: "BRAIN_X"})
				time.Sleep(tt.wait)
				synctest.Wait()
				st := s.Status()
				stop()
				if diff := cmp.Diff(tt.asked, tt.bot.questions()); diff != "" {
					t.Errorf("asked (-want +got):\n%s", diff)
				}
				if tt.trouble != "" {
					want(t, st.Connected, false)
					if !strings.Contains(st.LastError, tt.trouble) {
						t.Errorf("last error %q says nothing of %q", st.LastError, tt.trouble)
					}
					return
				}
				want(t, st.Connected, true)
				want(t, st.Subscribed, 2)
				wantTypes(t, out, "source.connected", "source.disconnected")
			})
		})
	}
}

func TestEventsBeforeTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bot{hello: helloPlain, before: map[string][]string{"Subscribe": {follow(1), follow(2)}}}
		_, out, _ := start(t, b, Config{})
		b.send(t, follow(3), `{"id":"gw-99","status":"ok"}`, `{"what":1}`, `{broken`, follow(4))
		synctest.Wait()
		wantTypes(t, out, "source.connected", "1", "2", "3",
			"refused: not a Streamer.bot frame: no event", "refused: not JSON: no key (at byte 1)", "4")
	})
}

func TestBinaryAndLongFrames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bot{hello: helloPlain}
		s, out, _ := start(t, b, Config{})
		if err := b.socket(0).Write(t.Context(), websocket.MessageBinary, []byte{0, 1}); err != nil {
			t.Fatal(err)
		}
		b.send(t, strings.Repeat(" ", 3<<20), follow(1))
		synctest.Wait()
		wantTypes(t, out, "source.connected", "refused: "+errBinary.Error(), "refused: "+errLong.Error(), "1")
		want(t, s.Status().Refused, 2)
	})
}

func TestEndlessFrameEndsTheConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bot{hello: helloPlain}
		s, out, _ := start(t, b, Config{MaxRead: 4 << 20})
		_ = b.socket(0).Write(t.Context(), websocket.MessageText, bytes.Repeat([]byte(" "), 6<<20))
		time.Sleep(5 * time.Second)
		synctest.Wait()
		want(t, s.Status().Connections, 2)
		wantTypes(t, out, "source.connected", "refused: a frame went on without end: over 4194304 bytes",
			"source.disconnected", "source.connected", "source.gap")
	})
}

func TestReconnectAndGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		b := &bot{hello: helloPlain}
		s, out, stop := start(t, b, Config{LastSeen: began.Add(-time.Hour)})
		time.Sleep(3 * time.Second)
		b.send(t, follow(1))
		synctest.Wait()
		seen := time.Now()
		time.Sleep(2 * time.Second)
		_ = b.network(0).Close()
		synctest.Wait()
		want(t, s.Status().Connected, false)
		time.Sleep(time.Second) // the first pause is at most 0.75 s
		synctest.Wait()
		want(t, s.Status().Connected, true)
		b.send(t, follow(1))
		stop()
		wantTypes(t, out, "source.connected", "source.gap", "1", "source.disconnected",
			"source.connected", "source.gap", "1", "source.disconnected")
		gaps := out.gaps(t)
		want(t, gaps[0].Cause, schema.GapRestarted)
		want(t, gaps[0].From, schema.NewTime(began.Add(-time.Hour)))
		want(t, gaps[0].To, schema.NewTime(began))
		want(t, gaps[1].Cause, schema.GapDisconnected)
		want(t, gaps[1].From, schema.NewTime(seen))
		if back := gaps[1].To.Sub(seen); back < 2250*time.Millisecond || back > 2750*time.Millisecond {
			t.Errorf("the gap lasts %v", back)
		}
		ids := map[string]bool{}
		for _, d := range out.drafts {
			if d.Type != "streamerbot.twitch.follow" {
				ids[d.ID] = true
			}
			mustSeal(t, d)
		}
		want(t, len(ids), 6)
		want(t, out.drafts[2].ID, out.drafts[6].ID) // the same broadcast seen twice
	})
}

func TestDeadPeerIsNoticed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bot{hello: helloPlain}
		s, out, _ := start(t, b, Config{})
		time.Sleep(55 * time.Second)
		synctest.Wait()
		want(t, s.Status().Connections, 1) // pongs keep it alive
		last := s.Status().LastSeen
		close(b.network(0).stall)
		time.Sleep(30 * time.Second)
		synctest.Wait()
		want(t, s.Status().Connections, 2)
		gap := out.gaps(t)[0]
		want(t, gap.From, schema.NewTime(last))
		want(t, gap.Detail, errSilent.Error())
	})
}

func TestFullOutboxIsNoDeadPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bot{hello: helloPlain}
		s, out, _ := start(t, b, Config{})
		release := out.hold()
		b.send(t, follow(1))
		began := time.Now()
		time.Sleep(5 * time.Minute)
		want(t, s.Status().BlockedSince, began)
		release()
		synctest.Wait()
		b.send(t, follow(2))
		synctest.Wait()
		want(t, s.Status().BlockedSince, time.Time{})
		want(t, s.Status().Connections, 1)
		wantTypes(t, out, "source.connected", "1", "source.gap", "2")
		gap := out.gaps(t)[0]
		want(t, gap.Cause, schema.GapOutboxFull)
		want(t, gap.To.Sub(gap.From.Time), 5*time.Minute)
	})
}

// TestHeldUpRequestIsGivenItsTimeAndNoMore: what the outbox held up is added,
// and not rounded up to another whole wait.
func TestHeldUpRequestIsGivenItsTimeAndNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bot{hello: helloPlain, silent: map[string]bool{"GetActions": true}}
		s, out, _ := start(t, b, Config{})
		began, took := time.Now(), make(chan time.Duration, 1)
		go func() {
			_, err := s.Actions(t.Context())
			want(t, errors.Is(err, errUnanswered), true)
			took <- time.Since(began)
		}()
		synctest.Wait()
		release := out.hold()
		b.send(t, follow(1))
		time.Sleep(time.Second)
		release()
		want(t, <-took, 11*time.Second)
	})
}

// TestFramesProveLifeToo: a pong may come late or never behind many frames.
func TestFramesProveLifeToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bot{hello: helloPlain, mute: true}
		s, out, _ := start(t, b, Config{})
		for range 40 {
			time.Sleep(3 * time.Second)
			b.send(t, follow(1))
		}
		synctest.Wait()
		want(t, s.Status().Connections, 1)
		time.Sleep(30 * time.Second)
		synctest.Wait()
		want(t, len(out.gaps(t)), 1)
	})
}

// TestFullOutboxDuringTheHandshake: the answer to Subscribe waits behind an
// event that the outbox does not take.
func TestFullOutboxDuringTheHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bot{hello: helloPlain, before: map[string][]string{"Subscribe": {follow(1)}}}
		out := newSink()
		release := out.hold()
		s, _ := startInto(t, out, b, Config{})
		time.Sleep(time.Minute)
		want(t, s.Status().BlockedSince.IsZero(), false)
		release()
		synctest.Wait()
		want(t, s.Status().Connected, true)
		want(t, len(b.dialled()), 1)
		wantTypes(t, out, "source.connected", "source.gap", "1")
	})
}

// TestSilentServerIsGivenUp: a request without an answer ends the try.
func TestSilentServerIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bot{hello: helloPlain, answers: map[string]string{"Subscribe": `{"id":"of another","status":"ok"}`}}
		s, out, _ := start(t, b, Config{})
		time.Sleep(10*time.Second + time.Millisecond)
		synctest.Wait()
		want(t, s.Status().LastError, "no answer to Subscribe within 10s")
		want(t, s.Status().Strays, 1)
		wantTypes(t, out)
	})
}

func TestWrongPasswordDoesNotHammer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		b := &bot{hello: helloAuth, closes: map[string]websocket.StatusCode{"Authenticate": 4009}}
		_, out, stop := start(t, b, Config{Password: "no", PasswordSetting: "BRAIN_X", Log: zerolog.New(&log)})
		time.Sleep(time.Hour)
		stop()
		dials := b.dialled()
		if len(dials) < 45 || len(dials) > 61 {
			t.Errorf("%d tries in an hour", len(dials))
		}
		for i := range dials[1:] {
			if pause := dials[i+1].Sub(dials[i]); pause < time.Minute {
				t.Errorf("tried again after %v", pause)
			}
		}
		want(t, strings.Count(log.String(), "\n"), 1)
		want(t, strings.Contains(log.String(), "BRAIN_X"), true)
		wantTypes(t, out)
	})
}

func TestNobodyThereIsSaidOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		b := &bot{hello: helloPlain, down: true}
		s, out, stop := start(t, b, Config{Log: zerolog.New(&log).Level(zerolog.InfoLevel)})
		time.Sleep(time.Hour)
		dials := b.dialled()
		if len(dials) < 120 || len(dials) > 400 {
			t.Errorf("%d tries in an hour", len(dials))
		}
		for i := range dials[1:] {
			if pause := dials[i+1].Sub(dials[i]); pause > 30*time.Second+time.Millisecond {
				t.Errorf("waited %v", pause)
			}
		}
		want(t, strings.Count(log.String(), "\n"), 1)
		b.mu.Lock()
		b.down = false
		b.mu.Unlock()
		time.Sleep(31 * time.Second)
		synctest.Wait()
		want(t, s.Status().Connected, true)
		stop()
		wantTypes(t, out, "source.connected", "source.disconnected")
		want(t, strings.Count(log.String(), "\n"), 2)
	})
}

// TestBackoffGoesOnWithoutHandshake: a port that takes connections and says
// nothing good must not be tried twice a second.
func TestBackoffGoesOnWithoutHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bot{hello: `{"request":"Hello"}`}
		_, _, stop := start(t, b, Config{})
		time.Sleep(time.Hour)
		stop()
		if n := len(b.dialled()); n > 400 {
			t.Errorf("%d tries in an hour", n)
		}
	})
}

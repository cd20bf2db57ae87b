package streamerbot

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"promethean/schema"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
)

// says is a frame without anything in it; its timeStamp is of another clock.
func says(source, kind string) string {
	return fmt.Sprintf(`{"timeStamp":"2031-03-04T19:21:44+01:00","event":{"source":%q,"type":%q},"data":{}}`, source, kind)
}

// after is a frame and how many seconds pass before it.
type after struct {
	seconds      int
	source, kind string
}

// told is a gap with its ends in seconds since the start.
type told struct {
	From, To        int
	Cause, Platform string
}

func allTold(t *testing.T, out *sink, began time.Time) []told {
	t.Helper()
	var all []told
	for _, g := range out.gaps(t) {
		all = append(all, told{
			int(g.From.Sub(began) / time.Second), int(g.To.Sub(began) / time.Second), g.Cause, g.Platform,
		})
	}
	return all
}

func TestStreamerbotTellsItsBlindness(t *testing.T) {
	const platform = schema.GapPlatform
	for _, tt := range []struct {
		name   string
		frames []after
		want   []told
	}{
		{
			"chat lost and back", []after{{3, "Twitch", "BroadcasterChatDisconnected"}, {5, "Twitch", "BroadcasterChatConnected"}},
			[]told{{3, 8, platform, "TWITCH"}},
		},
		{
			"lost twice begins with the first", []after{
				{3, "Kick", "BroadcasterChatDisconnected"}, {2, "Kick", "BroadcasterChatDisconnected"}, {1, "Kick", "BroadcasterChatConnected"},
			},
			[]told{{3, 6, platform, "KICK"}},
		},
		{
			"two subsystems overlap", []after{
				{1, "Twitch", "BroadcasterChatDisconnected"}, {1, "Twitch", "BroadcasterEventSubDisconnected"},
				{1, "Twitch", "BroadcasterChatConnected"}, {1, "Twitch", "BroadcasterEventSubConnected"},
			},
			[]told{{1, 3, platform, "TWITCH"}, {2, 4, platform, "TWITCH"}},
		},
		{
			"two platforms", []after{
				{1, "Trovo", "BroadcasterChatDisconnected"}, {1, "Twitch", "BroadcasterChatDisconnected"},
				{1, "Trovo", "BroadcasterChatConnected"}, {1, "Twitch", "BroadcasterChatConnected"},
			},
			[]told{{1, 3, platform, "TROVO"}, {2, 4, platform, "TWITCH"}},
		},
		{
			"old spelling, old subsystem", []after{{1, "twitch", "broadcasterPubSubDisconnected"}, {1, "Twitch", "BroadcasterPubSubConnected"}},
			[]told{{1, 2, platform, "TWITCH"}},
		},
		{"back without having been lost", []after{{1, "Twitch", "BroadcasterChatConnected"}}, nil},
		{"the other subsystem is back", []after{{1, "Twitch", "BroadcasterChatDisconnected"}, {1, "Twitch", "BroadcasterEventSubConnected"}}, nil},
		{"the bot's own account", []after{{1, "Twitch", "BotEventSubDisconnected"}, {1, "Twitch", "BotEventSubConnected"}}, nil},
		{"a broadcast that ends", []after{{1, "YouTube", "BroadcastMonitoringEnded"}, {1, "YouTube", "BroadcastMonitoringStarted"}}, nil},
		{"another program", []after{{1, "Obs", "Disconnected"}, {1, "Obs", "Connected"}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				b := &bot{hello: helloPlain}
				_, out, _ := start(t, b, Config{})
				for _, f := range tt.frames {
					time.Sleep(time.Duration(f.seconds) * time.Second)
					b.send(t, says(f.source, f.kind))
					synctest.Wait()
				}
				if diff := cmp.Diff(tt.want, allTold(t, out, began)); diff != "" {
					t.Errorf("gaps (-want +got):\n%s", diff)
				}
				for _, d := range out.drafts {
					mustSeal(t, d)
				}
			})
		})
	}
}

// TestGapStandsBehindTheEvent: the event by which sight is back passes through,
// and its gap comes next.
func TestGapStandsBehindTheEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bot{hello: helloPlain}
		_, out, _ := start(t, b, Config{})
		b.send(t, says("Twitch", "BroadcasterChatDisconnected"), follow(1), says("Twitch", "BroadcasterChatConnected"), follow(2))
		synctest.Wait()
		wantTypes(t, out, "source.connected", "streamerbot.twitch.broadcaster_chat_disconnected", "1",
			"streamerbot.twitch.broadcaster_chat_connected", "source.gap", "2")
	})
}

// TestTestButtonTakesNoSight: nothing was lost where a test button was pressed.
func TestTestButtonTakesNoSight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bot{hello: helloPlain}
		s, out, _ := start(t, b, Config{})
		for _, f := range []string{says("Twitch", "BroadcasterChatDisconnected"), says("Misc", "StreamerbotExiting")} {
			b.send(t, strings.Replace(f, `"data":{}`, `"data":{"isTest":true}`, 1))
		}
		synctest.Wait()
		seen := time.Now()
		_ = b.network(0).Close()
		time.Sleep(time.Second)
		synctest.Wait()
		want(t, s.Status().Connections, 2)
		gap := out.gaps(t)
		want(t, len(gap), 1)
		want(t, gap[0].Cause, schema.GapDisconnected)
		want(t, gap[0].From, schema.NewTime(seen))
	})
}

// TestExitBeginsTheGap: one gap, from the farewell to the new connection.
func TestExitBeginsTheGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &bot{hello: helloPlain}
		s, out, _ := start(t, b, Config{})
		time.Sleep(3 * time.Second)
		b.send(t, says("Misc", "StreamerbotExiting"))
		synctest.Wait()
		exit := time.Now()
		time.Sleep(4 * time.Second)
		b.send(t, follow(1)) // it still says things while it ends
		synctest.Wait()
		want(t, s.Status().LastSeen, exit)
		_ = b.network(0).Close()
		time.Sleep(time.Second)
		synctest.Wait()
		gaps := out.gaps(t)
		want(t, len(gaps), 1)
		want(t, gaps[0].Cause, schema.GapExited)
		want(t, gaps[0].Platform, "")
		want(t, gaps[0].From, schema.NewTime(exit))

		time.Sleep(time.Minute)
		if seen := s.Status().LastSeen; seen.Before(exit.Add(time.Minute)) {
			t.Errorf("last seen %v, although all is told", seen)
		}

		// The next loss is one of its own.
		seen := time.Now()
		_ = b.network(1).Close()
		time.Sleep(2 * time.Second)
		synctest.Wait()
		gaps = out.gaps(t)
		want(t, len(gaps), 2)
		want(t, gaps[1].Cause, schema.GapDisconnected)
		if gaps[1].From.Time.Before(exit.Add(time.Second)) || gaps[1].From.Time.After(seen) {
			t.Errorf("the next gap begins at %v", gaps[1].From)
		}
	})
}

// TestConnectionLostWhileAPlatformIs: its blindness is told at the reconnect,
// and where it goes on after it, up to its end.
func TestConnectionLostWhileAPlatformIs(t *testing.T) {
	for _, tt := range []struct {
		name string
		then []string // what Twitch's chat does after the reconnect, 10 s each
		want []told
	}{
		{"nothing is said any more", nil, nil},
		{"it comes back later", []string{"Connected"}, []told{{-1, 15, schema.GapPlatform, "TWITCH"}}},
		{"it was back and is lost again", []string{"Disconnected", "Connected"}, []told{{15, 25, schema.GapPlatform, "TWITCH"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				b := &bot{hello: helloPlain}
				s, out, _ := start(t, b, Config{})
				time.Sleep(2 * time.Second)
				b.send(t, says("Twitch", "BroadcasterChatDisconnected"))
				time.Sleep(2500 * time.Millisecond)
				b.send(t, follow(1))
				synctest.Wait()
				want(t, s.Status().LastSeen, began.Add(2*time.Second))
				_ = b.network(0).Close()
				time.Sleep(time.Second)
				synctest.Wait()
				want(t, s.Status().Connections, 2)
				gaps := out.gaps(t)
				want(t, len(gaps), 2)
				want(t, gaps[0].Platform, "TWITCH")
				want(t, gaps[0].From, schema.NewTime(began.Add(2*time.Second)))
				want(t, gaps[1].Cause, schema.GapDisconnected)
				want(t, gaps[1].From, schema.NewTime(began.Add(4500*time.Millisecond)))
				want(t, gaps[0].To, gaps[1].To)
				back := int(gaps[0].To.Sub(began) / time.Second)
				for i, kind := range tt.then {
					time.Sleep(time.Until(began.Add(time.Duration(15+10*i) * time.Second)))
					b.send(t, says("Twitch", "BroadcasterChat"+kind))
					synctest.Wait()
				}
				time.Sleep(time.Minute)
				if seen := s.Status().LastSeen; seen.Before(gaps[0].To.Add(time.Minute)) {
					t.Errorf("last seen %v, although all is told", seen)
				}
				wanted := append([]told{{2, back, schema.GapPlatform, "TWITCH"}, {4, back, schema.GapDisconnected, ""}}, tt.want...)
				for i := range wanted {
					if wanted[i].From < 0 {
						wanted[i].From = back // goes on where the first was told to
					}
				}
				if diff := cmp.Diff(wanted, allTold(t, out, began)); diff != "" {
					t.Errorf("gaps (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestLostBeforeTheAnswerToSubscribe: what a new connection says itself is not
// in doubt.
func TestLostBeforeTheAnswerToSubscribe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		b := &bot{hello: helloPlain, before: map[string][]string{"Subscribe": {says("Kick", "BroadcasterChatDisconnected")}}}
		s, out, _ := start(t, b, Config{LastSeen: began.Add(-time.Minute)})
		time.Sleep(3 * time.Second)
		want(t, s.Status().LastSeen, began)
		b.send(t, says("Kick", "BroadcasterChatConnected"))
		synctest.Wait()
		want(t, cmp.Diff([]told{{-60, 0, schema.GapRestarted, ""}, {0, 3, schema.GapPlatform, "KICK"}}, allTold(t, out, began)), "")
	})
}

// TestLastSeenKeepsWhatIsNotTold: whatever ends this program while somebody is
// blind, or while the gap is not on disk, the next start tells of it.
func TestLastSeenKeepsWhatIsNotTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before := time.Now().Add(-time.Hour)
		b := &bot{hello: helloPlain}
		out := newSink()
		out.undecided = true
		s, stop := startInto(t, out, b, Config{LastSeen: before})
		accept := func(err error) {
			t.Helper()
			if len(out.pending) != 1 {
				t.Fatalf("%d gaps wait", len(out.pending))
			}
			out.pending[0](err)
			out.pending = nil
		}
		want(t, s.Status().LastSeen, before)
		accept(nil)
		want(t, s.Status().LastSeen, time.Now())

		time.Sleep(2 * time.Second)
		lost := time.Now()
		b.send(t, says("Twitch", "BroadcasterEventSubDisconnected"))
		time.Sleep(time.Minute)
		synctest.Wait()
		want(t, s.Status().LastSeen, lost)
		b.send(t, says("Twitch", "BroadcasterEventSubConnected"))
		synctest.Wait()
		want(t, s.Status().LastSeen, lost)
		accept(nil)
		want(t, s.Status().LastSeen, time.Now())

		lost = time.Now()
		b.send(t, says("Twitch", "BroadcasterChatDisconnected"), says("Twitch", "BroadcasterChatConnected"))
		synctest.Wait()
		accept(errors.New("the outbox is broken"))
		time.Sleep(time.Minute)
		want(t, s.Status().LastSeen, lost)
		stop()
		want(t, s.Status().LastSeen, lost)
	})
}

// TestStoppedWhileAPlatformIsLost: the next start begins where it was lost.
func TestStoppedWhileAPlatformIsLost(t *testing.T) {
	for _, frame := range []string{says("Trovo", "BroadcasterChatDisconnected"), says("Misc", "StreamerbotExiting")} {
		synctest.Test(t, func(t *testing.T) {
			b := &bot{hello: helloPlain}
			s, _, stop := start(t, b, Config{})
			time.Sleep(2 * time.Second)
			b.send(t, frame)
			synctest.Wait()
			lost := time.Now()
			time.Sleep(time.Hour)
			stop()
			want(t, s.Status().LastSeen, lost)
		})
	}
}

// TestManySubsystems: a server that invents them takes no more memory.
func TestManySubsystems(t *testing.T) {
	var v sight
	for i := range 10 * maxSubsystems {
		v.lose(subsystem{"TWITCH", fmt.Sprint(i)}, blindness{from: time.Now()})
	}
	want(t, len(v.open), maxSubsystems)
}

// TestUnwatchedIsSaid: an allow-list without the farewells hides them.
func TestUnwatchedIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		b := &bot{hello: helloPlain, answers: map[string]string{
			"GetEvents": `{"id":"%s","status":"ok","events":{"Twitch":["ChatMessage","BroadcasterChatDisconnected"],"Kick":["BroadcasterChatDisconnected"],"Misc":["StreamerbotExiting"]}}`,
		}}
		start(t, b, Config{Events: []string{"Twitch.ChatMessage"}, Log: zerolog.New(&log)})
		want(t, strings.Contains(log.String(), `"events":["Misc.StreamerbotExiting","Twitch.BroadcasterChatDisconnected"]`), true)
	})
}

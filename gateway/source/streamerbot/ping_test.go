package streamerbot

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestHeldUpReaderProvesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLife(time.Now)
		time.Sleep(9 * time.Second)
		want(t, l.silentFor(10*time.Second), false)
		l.busy()
		time.Sleep(time.Minute)
		want(t, l.silentFor(10*time.Second), false)
		l.done()
		want(t, l.silentFor(10*time.Second), false)
		want(t, l.heldUp(), time.Minute)
		time.Sleep(10 * time.Second)
		want(t, l.silentFor(10*time.Second), true)
		l.proof()
		want(t, l.silentFor(10*time.Second), false)
		want(t, l.last(), time.Now())
	})
}

package storetest

import (
	"runtime"
	"testing"
	"testing/synctest"
)

// Bubble is synctest.Test on one processor: under the race detector two
// processors that run timers of one bubble at once crash the runtime
// (https://github.com/golang/go/issues/78156), and a driver beside a server has
// many timers. What races is found on one processor, too.
func Bubble(t *testing.T, f func(*testing.T)) {
	t.Helper()
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	synctest.Test(t, f)
}

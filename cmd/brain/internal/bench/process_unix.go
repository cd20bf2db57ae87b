//go:build unix

package main

import (
	"os/exec"
	"syscall"
	"time"
)

// apart keeps Ctrl-C from reaching a child: the bench ends its children itself,
// in its own order.
func apart(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// ownCPU is the user and system time that this process has taken so far.
func ownCPU() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

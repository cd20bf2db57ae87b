//go:build !unix

package main

import (
	"os/exec"
	"time"
)

// apart has nothing to do where there are no process groups.
func apart(*exec.Cmd) {}

// ownCPU is not known here.
func ownCPU() time.Duration { return 0 }

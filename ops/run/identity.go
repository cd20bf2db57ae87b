package run

import (
	"fmt"
	"os"
	"runtime/debug"
)

// Instance tells processes apart: host/process. In a container the host is the
// container.
func Instance() string {
	host, err := os.Hostname()
	if err != nil || len(host) > 100 {
		host = "unknown"
	}
	return fmt.Sprintf("%s/%d", host, os.Getpid())
}

// Version is the program's, as the compiler noted it.
func Version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "unknown"
}

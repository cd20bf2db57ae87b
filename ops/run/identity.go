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

// version is set by the linker, for images: they are built where the compiler
// cannot see the history.
var version string

// Version is the program's: what the linker was told, or else what the compiler
// noted.
func Version() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "unknown"
}

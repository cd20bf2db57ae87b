// Command brain is the Promethean event gateway in one process, and the
// operator's commands.
//
// A tour: root.go has the commands, one file each (up.go, config.go,
// schema.go, version.go). `brain up` takes the data directory (lock.go), starts
// the embedded servers that no setting replaces (servers.go), opens gateway and
// sinks (node.go), says what runs where (overview.go), shows a live line
// below the log (live.go, screen.go) and stops in order (serve.go).
//
// `brain healthy` (healthy.go) asks a running one how it is; `brain status`
// (status.go, internal/status) asks everybody.
//
// The other commands connect to NATS alone (natsconn.go). `brain tail` (tail.go)
// makes subjects of words (filter.go), reads the log without losing its place
// (follow.go, follow_last.go) and writes lines (internal/eventline). `brain emit` (emit.go) makes
// a payload (payload.go), checks it (describe.go) and publishes it. `brain
// action` (action.go, action_ls.go, action_run.go) and `brain say` (say.go) reach
// a running gateway (client.go) and wait for how their command ends (order.go).
package main

import (
	"context"
	"os"

	"promethean/ops/run"
)

func main() {
	os.Exit(run.Main("brain", os.Stderr, func(ctx context.Context) error {
		return execute(ctx, os.Args[1:], surroundings{os.Environ(), os.Stdout, os.Stderr})
	}))
}

package main

import (
	"fmt"
	"runtime/debug"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/spf13/cobra"

	"promethean/ops/run"
)

// build is what `brain version` says.
type build struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"`
	Modified bool   `json:"modified,omitempty"`
	Go       string `json:"go"`
	NATS     string `json:"nats"`
	FerretDB string `json:"ferretdb"`
}

func versionCommand(p surroundings) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "version",
		Short: "print the versions of brain and of its embedded servers",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			b := readBuild()
			if asJSON {
				return failed(printJSON(p.stdout, b))
			}
			revision := b.Revision
			if b.Modified {
				revision += " (modified)"
			}
			_, err := fmt.Fprintf(p.stdout, "brain     %s %s\nGo        %s\nNATS      %s\nFerretDB  %s\n", b.Version, revision, b.Go, b.NATS, b.FerretDB)
			return failed(err)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

// readBuild reads what the compiler noted; a binary built outside a checkout
// has no revision.
func readBuild() build {
	b := build{Version: "unknown", Go: "unknown", NATS: natsserver.VERSION, FerretDB: "unknown"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.Version, b.Go = run.Version(), info.GoVersion
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	for _, m := range info.Deps {
		if m.Path == "github.com/FerretDB/FerretDB" {
			b.FerretDB = m.Version
		}
	}
	return b
}

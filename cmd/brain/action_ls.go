package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"promethean/cmd/brain/internal/eventline"
	"promethean/ops/settings"
	"promethean/schema"
)

func actionListCommand(p surroundings) *cobra.Command {
	asJSON := false
	loader := settings.New(clientSettings(), nil, p.environ)
	cmd := &cobra.Command{
		Use:     "ls",
		Short:   "list the actions that Streamer.bot has",
		Example: "  brain action ls\n  brain action ls --json\n  BRAIN_TENANT=duck brain action ls",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := loader.Load()
			if err != nil {
				return err
			}
			c, err := connectClient(s)
			if err != nil {
				return failed(err)
			}
			defer c.close()
			actions, err := c.actions(cmd.Context())
			if err != nil {
				return failed(err)
			}
			if asJSON {
				return failed(printJSON(p.stdout, actions))
			}
			return failed(printActions(p, actions))
		},
	}
	loader.Flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

func printActions(p surroundings, actions []schema.Action) error {
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tGROUP\tENABLED\tID")
	for _, a := range actions {
		enabled := "yes"
		if !a.Enabled {
			enabled = "no"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", eventline.Safe(a.Name), eventline.Safe(a.Group), enabled, eventline.Safe(a.ID))
	}
	return w.Flush()
}

package main

import (
	"github.com/spf13/cobra"

	"promethean/sinks/collections"
)

func schemaCommand(p surroundings) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:     "schema",
		Short:   "print what each collection holds, in a form made for a prompt",
		Example: "  brain schema\n  brain schema --json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return failed(collections.JSON(p.stdout))
			}
			return failed(collections.Prompt(p.stdout))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

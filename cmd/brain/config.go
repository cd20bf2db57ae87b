package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"promethean/ops/settings"
)

func configCommand(p surroundings) *cobra.Command {
	asJSON := false
	loader := settings.New(settings.Brain(), nil, p.environ)
	cmd := &cobra.Command{
		Use:     "config",
		Short:   "show every setting, its value and where it came from",
		Example: "  brain config\n  brain config --json\n  BRAIN_TENANT=duck brain config",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if _, err := loader.Load(); err != nil {
				return err
			}
			values := loader.Describe()
			if asJSON {
				return failed(printJSON(p.stdout, values))
			}
			return failed(printValues(p, values))
		},
	}
	loader.Flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

func printValues(p surroundings, values []settings.Value) error {
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SETTING\tVALUE\tFROM\tENVIRONMENT")
	for _, v := range values {
		value := v.Value
		if value == "" {
			value = "-"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", v.Name, value, v.From, v.Env)
	}
	return w.Flush()
}

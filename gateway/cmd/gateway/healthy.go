package main

import (
	"github.com/spf13/cobra"

	"promethean/ops/healthy"
	"promethean/ops/settings"
)

// healthyCommand asks a running gateway of the same settings how it is.
func healthyCommand(environ []string, ran *bool) *cobra.Command {
	live := false
	loader := settings.New([]string{"http.addr"}, defaults, environ)
	cmd := &cobra.Command{
		Use:   "healthy",
		Short: "ask the gateway that runs here whether it is ready, for a container's health check",
		Long: "Asks the gateway whose health pages are at http.addr whether it is ready.\n" +
			"Exit code 0: it is; 1: it is not, and each check that fails is printed; 3: nobody answers.",
		Example: "  gateway healthy\n  gateway healthy --live",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := loader.Load()
			if err != nil {
				return err
			}
			*ran = true
			return healthy.Program(cmd.Context(), s.HTTP.Addr, live)
		},
	}
	loader.Flags(cmd.Flags())
	cmd.Flags().BoolVar(&live, "live", false, "ask only whether it lives, not whether it is ready")
	return cmd
}

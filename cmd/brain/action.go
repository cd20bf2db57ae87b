package main

import "github.com/spf13/cobra"

func actionCommand(p surroundings) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "action",
		Short:   "list and run Streamer.bot's actions, by way of a running gateway",
		Example: "  brain action ls\n  brain action run 'Set Stream Title' --arg title='Pond life'",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(actionListCommand(p), actionRunCommand(p))
	return cmd
}

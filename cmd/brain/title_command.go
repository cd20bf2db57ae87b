package main

import "github.com/spf13/cobra"

func titleCommand(p surroundings) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "title",
		Short: "ask for stream titles, decide about them, and see what they were made from",
		Example: "  brain title suggest --note 'about soup'\n  brain title ls\n  brain title approve 2\n" +
			"  brain title why",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(titleListCommand(p), titleShowCommand(p), titleWhyCommand(p))
	cmd.AddCommand(titleOrders(p)...)
	cmd.AddCommand(titlePromptCommand(p))
	return cmd
}

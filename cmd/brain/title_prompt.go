package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"promethean/sinks/title/facts"
	"promethean/sinks/title/prompt"
)

func titlePromptCommand(p surroundings) *cobra.Command {
	cmd := &cobra.Command{
		Use: "prompt", Short: "check and show the prompt that a model is asked with", Args: cobra.NoArgs,
		Example: "  brain title prompt check prompts/title.tmpl\n  brain title prompt show --dir prompts",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(promptCheckCommand(p), promptShowCommand(p))
	return cmd
}

func promptCheckCommand(p surroundings) *cobra.Command {
	return &cobra.Command{
		Use: "check FILE", Short: "read a prompt file and say every problem in it, with its line", Args: cobra.ExactArgs(1),
		Example: "  brain title prompt check prompts/title.tmpl",
		RunE: func(_ *cobra.Command, args []string) error {
			if err := prompt.Check(args[0]); err != nil {
				return failed(err)
			}
			_, err := fmt.Fprintf(p.stdout, "%s: no problem found\n", args[0])
			return failed(err)
		},
	}
}

func promptShowCommand(p surroundings) *cobra.Command {
	var dir, from string
	asJSON := false
	cmd := &cobra.Command{
		Use: "show", Short: "show what a model would see for a context", Args: cobra.NoArgs,
		Long: "Renders the prompt. The context is an example, or that of a request as\n" +
			"brain title why --json has it under context.",
		Example: "  brain title prompt show\n  brain title prompt show --dir prompts --facts facts.json",
		RunE: func(*cobra.Command, []string) error {
			f, err := readFacts(from)
			if err != nil {
				return failed(err)
			}
			set, err := prompt.New(prompt.Options{Dir: dir, Log: zerolog.New(p.stderr)})
			if err != nil {
				return failed(err)
			}
			seen, err := set.Render(f)
			if err != nil {
				return failed(err)
			}
			if asJSON {
				return failed(printJSON(p.stdout, seen))
			}
			_, err = fmt.Fprintf(p.stdout, "prompt %s\n\n--- system\n%s\n--- user\n%s\n", seen.Hash, seen.System, seen.User)
			return failed(err)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "the folder of prompts (BRAIN_TITLE_PROMPTS); empty is the built-in prompt")
	cmd.Flags().StringVar(&from, "facts", "", "a file with a request's context as JSON")
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

// readFacts reads a context; without a file it is the example.
func readFacts(file string) (f facts.Facts, err error) {
	if file == "" {
		return prompt.Example(), nil
	}
	body, err := os.ReadFile(file)
	if err != nil {
		return f, err
	}
	if err := json.Unmarshal(body, &f); err != nil {
		return f, fmt.Errorf("%s holds no context of a request: %w; brain title why --json shows one under context", file, err)
	}
	return f, nil
}

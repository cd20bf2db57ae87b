package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"promethean/ops/run"
	"promethean/ops/settings"
	"promethean/sinks/title"
	"promethean/sinks/title/facts"
	"promethean/sinks/title/prompt"
)

func titlePromptCommand(p surroundings) *cobra.Command {
	cmd := &cobra.Command{
		Use: "prompt", Short: "check and show the prompt that a model is asked with", Args: cobra.NoArgs,
		Example: "  brain title prompt check prompts/title.tmpl\n  brain title prompt show --title-prompts prompts",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(promptCheckCommand(p), promptShowCommand(p))
	return cmd
}

func promptCheckCommand(p surroundings) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use: "check FILE", Short: "read a prompt file and say every problem in it, with its line", Args: cobra.ExactArgs(1),
		Long:    "Read a prompt file and say every problem in it, with its line.\n\nExit codes: 0 no problem found, 1 there are some.",
		Example: "  brain title prompt check prompts/title.tmpl\n  brain title prompt check prompts/title.tmpl --json",
		RunE: func(_ *cobra.Command, args []string) error {
			err := prompt.Check(args[0])
			if asJSON {
				return failed(printProblems(p, args[0], err))
			}
			if err == nil {
				_, err = fmt.Fprintf(p.stdout, "%s: no problem found\n", args[0])
			}
			return failed(err)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

// printProblems prints what is wrong with a prompt file as JSON; the exit code
// tells it, too.
func printProblems(p surroundings, file string, wrong error) error {
	problems := []string{}
	if wrong != nil {
		problems = strings.Split(wrong.Error(), "\n")
	}
	err := printJSON(p.stdout, map[string]any{"file": file, "problems": problems})
	if err == nil && wrong != nil {
		err = &run.ExitError{Code: run.Failed}
	}
	return err
}

func promptShowCommand(p surroundings) *cobra.Command {
	var from string
	var example, asJSON bool
	names := append(clientSettings(), "title.mood", "title.chat_lines", "title.platforms", "title.prompts", "timezone")
	loader := settings.New(names, nil, p.environ)
	cmd := &cobra.Command{
		Use: "show", Short: "show what a model would see if titles were asked for now", Args: cobra.NoArgs,
		Long: "Show what a model would see if titles were asked for now.\n\n" +
			"Renders the prompt in use with what the log says now. Other contexts are an\n" +
			"example, or that of an earlier request, as brain title why --json has it under\n" +
			"context; they need no NATS.\n\nExit codes: 0 shown, 1 the prompt cannot be rendered, 3 no NATS or no log there.",
		Example: "  brain title prompt show\n  brain title prompt show --example --title-prompts prompts\n  brain title prompt show --facts facts.json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := loader.Load()
			if err != nil {
				return err
			}
			var f facts.Facts
			switch {
			case from != "":
				f, err = readFacts(from)
			case example:
				f = prompt.Example()
			default:
				f, err = factsOfNow(cmd.Context(), s)
			}
			if err != nil {
				return failed(err)
			}
			set, err := prompt.New(prompt.Options{Dir: s.Title.Prompts, Log: zerolog.New(p.stderr)})
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
			_, err = fmt.Fprintf(p.stdout, "prompt %s of %s\n\n--- system\n%s\n--- user\n%s\n", seen.Hash, seen.From, seen.System, seen.User)
			return failed(err)
		},
	}
	loader.Flags(cmd.Flags())
	cmd.Flags().StringVar(&from, "facts", "", "a file with a request's context as JSON")
	cmd.Flags().BoolVar(&example, "example", false, "an example in place of what the log says")
	cmd.MarkFlagsMutuallyExclusive("facts", "example")
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

// factsOfNow is the context that the title worker would make now.
func factsOfNow(ctx context.Context, s *settings.Settings) (facts.Facts, error) {
	c, err := connectClient(s) // which says best why there is none
	if err != nil {
		return facts.Facts{}, err
	}
	c.close()
	o, err := titleOptions(s, busPlace{url: natsAddress(s), creds: s.NATS}.options("brain", zerolog.Nop()), zerolog.Nop())
	if err != nil {
		return facts.Facts{}, err
	}
	f, err := title.Now(ctx, o)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return f, unreachable("there is no log yet: the gateway makes it as soon as it runs (%w)", err)
	}
	return f, err
}

// readFacts reads a request's context.
func readFacts(file string) (f facts.Facts, err error) {
	body, err := os.ReadFile(file)
	if err != nil {
		return f, err
	}
	if err := json.Unmarshal(body, &f); err != nil {
		return f, fmt.Errorf("%s holds no context of a request: %w; brain title why --json shows one under context", file, err)
	}
	return f, nil
}

package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"promethean/ops/settings"
	"promethean/schema"
)

// titleOrder is one command to the title worker.
type titleOrder struct {
	use, short, example string
	args                cobra.PositionalArgs
	kind                schema.Type
	// note names the flag for a word with it, suggestion has the flag
	// --suggestion; "" and false have none.
	note       string
	suggestion bool
	// payload makes the payload.
	payload func(args []string, w titleWords) (any, error)
}

// titleWords are what the flags of a command to the title worker say.
type titleWords struct {
	note, suggestion string
	deadline         *schema.Time
}

// titleOrders are the commands that change something.
func titleOrders(p surroundings) []*cobra.Command {
	var all []*cobra.Command
	for _, t := range []titleOrder{
		{
			use: "suggest", short: "ask for titles now", example: "  brain title suggest --note 'about soup'",
			args: cobra.NoArgs, kind: schema.ControlTitleSuggest, note: "note",
			payload: func(_ []string, w titleWords) (any, error) {
				return schema.TitleSuggestCommand{Note: w.note, Deadline: w.deadline}, nil
			},
		},
		{
			use: "approve [N]", short: "take a candidate of the open suggestion, the first where none is named",
			example: "  brain title approve\n  brain title approve 2",
			args:    cobra.MaximumNArgs(1), kind: schema.ControlTitleApprove, suggestion: true, payload: approval,
		},
		{
			use: "edit TITLE", short: "take a text of your own in the open suggestion's place; it must pass the gate",
			example: "  brain title edit 'Soup, slowly'",
			args:    cobra.ExactArgs(1), kind: schema.ControlTitleApprove, suggestion: true,
			payload: func(args []string, w titleWords) (any, error) {
				if strings.TrimSpace(args[0]) == "" {
					return nil, fmt.Errorf("the title is empty; give one, such as 'Soup, slowly'")
				}
				return schema.TitleApproveCommand{SuggestionID: w.suggestion, Title: args[0], Deadline: w.deadline}, nil
			},
		},
		{
			use: "reject", short: "take none of the open suggestion", example: "  brain title reject --reason 'too loud'",
			args: cobra.NoArgs, kind: schema.ControlTitleReject, note: "reason", suggestion: true,
			payload: func(_ []string, w titleWords) (any, error) {
				return schema.TitleRejectCommand{SuggestionID: w.suggestion, Reason: w.note, Deadline: w.deadline}, nil
			},
		},
		{
			use: "regenerate", short: "take none of the open suggestion and ask for others", example: "  brain title regenerate --note 'shorter'",
			args: cobra.NoArgs, kind: schema.ControlTitleRegenerate, note: "note", suggestion: true,
			payload: func(_ []string, w titleWords) (any, error) {
				return schema.TitleRegenerateCommand{SuggestionID: w.suggestion, Note: w.note, Deadline: w.deadline}, nil
			},
		},
		{
			use: "rollback", short: "set the title again that stood before ours", example: "  brain title rollback",
			args: cobra.NoArgs, kind: schema.ControlTitleRollback,
			payload: func(_ []string, w titleWords) (any, error) {
				return schema.TitleRollbackCommand{Deadline: w.deadline}, nil
			},
		},
		{
			use: "lock", short: "keep the title that stands until the next stream", example: "  brain title lock",
			args: cobra.NoArgs, kind: schema.ControlTitleLock, payload: locking(true),
		},
		{
			use: "unlock", short: "let titles be changed again", example: "  brain title unlock",
			args: cobra.NoArgs, kind: schema.ControlTitleLock, payload: locking(false),
		},
	} {
		all = append(all, t.command(p))
	}
	return all
}

func locking(locked bool) func([]string, titleWords) (any, error) {
	return func(_ []string, w titleWords) (any, error) {
		return schema.TitleLockCommand{Locked: locked, Deadline: w.deadline}, nil
	}
}

func approval(args []string, w titleWords) (any, error) {
	c := schema.TitleApproveCommand{SuggestionID: w.suggestion, Candidate: 1, Deadline: w.deadline}
	if len(args) == 0 {
		return c, nil
	}
	n, err := strconv.Atoi(args[0])
	if err != nil || n < 1 {
		return nil, fmt.Errorf("%.64q is no candidate's number; they count from 1 (brain title show), and a text of your own is given by brain title edit", args[0])
	}
	c.Candidate = n
	return c, nil
}

func (t titleOrder) command(p surroundings) *cobra.Command {
	o := order{title: true}
	var w titleWords
	loader := settings.New(clientSettings(), nil, p.environ)
	cmd := &cobra.Command{
		Use: t.use, Short: t.short, Example: t.example, Args: t.args,
		Long: strings.ToUpper(t.short[:1]) + t.short[1:] + ".\n\nThe title worker says whether it follows, and what comes of it is told within --wait\n(with --json only whether it follows); brain title show tells it at any time.\n\n" +
			"Exit codes: 0 done, 1 refused or nothing came of it, 3 no NATS there, 4 unknown (no word of it within --wait).",
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := loader.Load()
			if err != nil {
				return err
			}
			w.deadline = o.deadline(time.Now())
			payload, err := t.payload(args, w)
			if err != nil {
				return err
			}
			return failed(o.send(cmd.Context(), s, p, t.kind, payload))
		},
	}
	loader.Flags(cmd.Flags())
	o.flags(cmd.Flags())
	if t.note != "" {
		cmd.Flags().StringVar(&w.note, t.note, "", "a word with it")
	}
	if t.suggestion {
		cmd.Flags().StringVar(&w.suggestion, "suggestion", "", "id of the suggestion that is meant (default the open one)")
	}
	return cmd
}

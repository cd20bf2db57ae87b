package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"promethean/cmd/brain/internal/eventline"
	"promethean/ops/settings"
	"promethean/schema"
	"promethean/sinks/titles"
)

func titleListCommand(p surroundings) *cobra.Command {
	last := 20
	return titleReader(p, &cobra.Command{
		Use: "ls", Short: "list the requests for titles and what became of them, the newest first", Args: cobra.NoArgs,
		Example: "  brain title ls\n  brain title ls --last 5 --json",
	}, func(cmd *cobra.Command) {
		cmd.Flags().IntVar(&last, "last", last, "that many of the newest; 0 all")
	}, func(all []titles.Title, _ []string) (any, func(io.Writer) error, error) {
		if last > 0 && len(all) > last {
			all = all[:last]
		}
		if all == nil {
			all = []titles.Title{} // an empty list, not null
		}
		return all, func(w io.Writer) error { return printTitles(w, all) }, nil
	})
}

func titleShowCommand(p surroundings) *cobra.Command {
	return titleReader(p, &cobra.Command{
		Use: "show [ID]", Short: "show one request: its candidates and its state; the newest where none is named", Args: cobra.MaximumNArgs(1),
		Example: "  brain title show\n  brain title show 8d0b6c1e",
	}, nil, func(all []titles.Title, words []string) (any, func(io.Writer) error, error) {
		t, err := titleNamed(all, words)
		return t, func(w io.Writer) error { return printTitle(w, t, false) }, err
	})
}

func titleWhyCommand(p surroundings) *cobra.Command {
	return titleReader(p, &cobra.Command{
		Use: "why [ID]", Short: "show what a title was made from: events, context, prompt, decision", Args: cobra.MaximumNArgs(1),
		Example: "  brain title why\n  brain title why 8d0b6c1e --json",
	}, nil, func(all []titles.Title, words []string) (any, func(io.Writer) error, error) {
		t, err := titleNamed(all, words)
		return t, func(w io.Writer) error { return printTitle(w, t, true) }, err
	})
}

// titleReader is a command that shows something of the titles on the log.
func titleReader(p surroundings, cmd *cobra.Command, flags func(*cobra.Command), pick func([]titles.Title, []string) (any, func(io.Writer) error, error)) *cobra.Command {
	asJSON := false
	loader := settings.New(clientSettings(), nil, p.environ)
	cmd.Long = strings.ToUpper(cmd.Short[:1]) + cmd.Short[1:] + ".\n\nReads the log of the tenant; neither a MongoDB nor a running gateway is needed.\n\nExit codes: 0 shown, 1 nothing has that id, 3 no NATS or no log there."
	cmd.RunE = func(cmd *cobra.Command, words []string) error {
		s, err := loader.Load()
		if err != nil {
			return err
		}
		all, err := readTitles(cmd.Context(), s, p)
		if err != nil {
			return failed(err)
		}
		v, text, err := pick(all, words)
		switch {
		case err != nil:
			return failed(err)
		case asJSON:
			return failed(printJSON(p.stdout, v))
		}
		return failed(text(p.stdout))
	}
	loader.Flags(cmd.Flags())
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	if flags != nil {
		flags(cmd)
	}
	return cmd
}

func printTitles(out io.Writer, all []titles.Title) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TIME\tSTATE\tBY\tTRIGGER\tTITLE\tID")
	for _, t := range all {
		by := "-"
		if t.DecidedBy != nil {
			by = cmp.Or(t.DecidedBy.Username, t.DecidedBy.Kind)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", t.Timestamp.UTC().Format(time.RFC3339), eventline.Safe(t.State), eventline.Safe(by),
			eventline.Safe(t.Trigger), eventline.Safe(cmp.Or(t.Title, "-")), eventline.Safe(t.ID))
	}
	return w.Flush()
}

func printTitle(w io.Writer, t titles.Title, why bool) error {
	none := "(none)"
	if t.State == "requested" || t.State == "suggested" {
		none = "(none yet)"
	}
	fmt.Fprintf(w, "%s: %s\nrequest %s, asked for by %s\n", eventline.Safe(t.State), eventline.Safe(cmp.Or(t.Title, none)), eventline.Safe(t.ID), eventline.Safe(t.Trigger))
	if t.Tainted {
		fmt.Fprintln(w, "tainted: a line of chat that it was drawn from was taken away")
	}
	for _, s := range t.Steps {
		if why {
			fmt.Fprintf(w, "\n%s  %s  (event %s, %d on the log)\n", s.At.Format(time.RFC3339), eventline.Safe(string(s.Type)), eventline.Safe(s.EventID), s.Seq)
		}
		for _, line := range stepLines(s, why) {
			if _, err := fmt.Fprintln(w, "  "+eventline.Safe(line)); err != nil {
				return err
			}
		}
	}
	return nil
}

// stepLines say what a step holds; with why also where it came from.
func stepLines(s titles.Step, why bool) (lines []string) {
	for _, c := range s.Candidates {
		lines = append(lines, fmt.Sprintf("%d  %s", c.N, c.Title))
	}
	for _, r := range s.Rejected {
		lines = append(lines, fmt.Sprintf("-  %s  (%s: %s)", r.Title, r.Rule, r.Detail))
	}
	switch {
	case s.Type == schema.TitleOverridden:
		lines = append(lines, "set by hand: "+s.Title)
	case s.Again:
		lines = append(lines, "none of these; others are asked for")
	case s.Reason != "" && s.Title != "":
		lines = append(lines, s.Title+"  ("+s.Reason+")")
	case s.Reason != "":
		lines = append(lines, s.Reason)
	}
	if why {
		lines = append(append(lines, madeLines(s)...), doneLines(s)...)
	}
	return lines
}

// madeLines say what a step was made from.
func madeLines(s titles.Step) (lines []string) {
	for _, id := range s.CausedBy {
		lines = append(lines, "because of event "+id)
	}
	if s.By != nil {
		lines = append(lines, words("by", s.By.Kind, s.By.Username, "via", s.By.Via))
	}
	if s.Note != "" {
		lines = append(lines, "note "+s.Note)
	}
	if s.ContextHash != "" {
		lines = append(lines, "context "+s.ContextHash)
	}
	if len(s.Context) > 0 {
		lines = append(lines, string(s.Context))
	}
	for _, l := range s.DrawnFrom {
		lines = append(lines, "drawn from line "+l.MessageID+" of "+l.Platform)
	}
	if s.Line != nil {
		lines = append(lines, "line "+s.Line.MessageID+" of "+s.Line.Platform+" was taken away by "+s.Cause)
	}
	if s.Source == "" {
		return lines
	}
	made := words("made by", s.Source, s.Model) + ", prompt " + cmp.Or(s.PromptHash, "none")
	if s.LatencyMs != nil {
		made += ", in " + (time.Duration(*s.LatencyMs) * time.Millisecond).String()
	}
	lines = append(lines, made)
	if s.Fallback != "" {
		lines = append(lines, "no title of the model: "+s.Fallback)
	}
	return lines
}

// doneLines say what was decided and done.
func doneLines(s titles.Step) (lines []string) {
	switch {
	case s.Type == schema.TitleApproved && s.Edited:
		lines = append(lines, "a text of one's own: "+s.Title)
	case s.Type == schema.TitleApproved && s.Candidate != nil:
		lines = append(lines, fmt.Sprintf("candidate %d: %s", *s.Candidate, s.Title))
	case s.Type == schema.TitleSent:
		lines = append(lines, fmt.Sprintf("attempt %d: %s", s.Attempt, s.Title))
	}
	if s.Action != nil {
		lines = append(lines, words("to action", s.Action.Name, s.Action.ID))
	}
	if s.CommandID != "" {
		lines = append(lines, "sent as command "+s.CommandID)
	}
	if s.Type == schema.TitleRefused {
		lines = append(lines, "kind "+s.Kind)
	}
	if s.Platform != "" {
		lines = append(lines, "on "+s.Platform)
	}
	return lines
}

// words are those that there are, with a space between.
func words(all ...string) string {
	return strings.Join(slices.DeleteFunc(all, func(w string) bool { return w == "" }), " ")
}

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"promethean/ops/settings"
	"promethean/schema"
)

func actionRunCommand(p surroundings) *cobra.Command {
	var o order
	var pairs []string
	var object string
	loader := settings.New(clientSettings(), nil, p.environ)
	cmd := &cobra.Command{
		Use:   "run NAME|ID",
		Short: "run one of Streamer.bot's actions and wait for its end",
		Long: "Runs an action, at most once, and says how it ended. Names are not unique in\n" +
			"Streamer.bot: one that several enabled actions have is refused, and an id is not.\n\n" +
			orderCodes("done"),
		Example: "  brain action run 'Set Stream Title' --arg title='Pond life'\n" +
			"  brain action run 0a5b1c62-3d74-4e85-8f96-a7b8c9dae0f1 --args-json '{\"seconds\":3}' --wait 2m\n" +
			"  brain action run 'Lights On' --json",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, names []string) error {
			s, err := loader.Load()
			if err != nil {
				return err
			}
			args, err := arguments(pairs, object)
			if err != nil {
				return err
			}
			payload := schema.DoActionPayload{Action: actionRef(names[0]), Args: args, Deadline: o.deadline(time.Now())}
			if payload.Action == (schema.ActionRef{}) {
				return errors.New("no action is named")
			}
			return failed(o.send(cmd.Context(), s, p, schema.ControlDoAction, payload))
		},
	}
	loader.Flags(cmd.Flags())
	o.flags(cmd.Flags())
	cmd.Flags().StringArrayVar(&pairs, "arg", nil, "an argument, name=text; it may be given several times")
	cmd.Flags().StringVar(&object, "args-json", "", "arguments as a JSON object")
	return cmd
}

var guid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// actionRef takes what has the form of Streamer.bot's ids for one.
func actionRef(text string) schema.ActionRef {
	if guid.MatchString(text) {
		return schema.ActionRef{ID: text}
	}
	return schema.ActionRef{Name: text}
}

// arguments are those of a JSON object and of pairs, which are texts.
func arguments(pairs []string, object string) (map[string]json.RawMessage, error) {
	args := map[string]json.RawMessage{}
	if object != "" {
		if err := json.Unmarshal([]byte(object), &args); err != nil || args == nil {
			return nil, fmt.Errorf("--args-json wants a JSON object such as {\"title\":\"Pond life\"}, not %.64q", object)
		}
	}
	for _, pair := range pairs {
		name, text, found := strings.Cut(pair, "=")
		if !found || name == "" {
			return nil, fmt.Errorf("--arg wants name=text, not %.64q", pair)
		}
		if _, twice := args[name]; twice {
			return nil, fmt.Errorf("the argument %q is given twice", name)
		}
		value, err := json.Marshal(text)
		if err != nil {
			return nil, err
		}
		args[name] = value
	}
	return args, nil
}

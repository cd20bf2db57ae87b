package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"promethean/ops/settings"
	"promethean/schema"
)

func sayCommand(p surroundings) *cobra.Command {
	var o order
	m := schema.SendMessagePayload{}
	loader := settings.New(clientSettings(), nil, p.environ)
	cmd := &cobra.Command{
		Use:   "say MESSAGE...",
		Short: "say something in chat, by way of a running gateway",
		Long: "Says something in chat, at most once, as the broadcaster or as the bot account.\n" +
			"Streamer.bot takes messages only from a connection with a password: turn on\n" +
			"Authentication in its WebSocket server settings, and set BRAIN_STREAMERBOT_PASSWORD\n" +
			"for the gateway.\n\n" +
			orderCodes("sent"),
		Example: "  brain say good evening\n  brain say --bot 'back in five minutes'\n  brain say --platform youtube hello -- --with a dash",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, words []string) error {
			s, err := loader.Load()
			if err != nil {
				return err
			}
			m.Message, m.Deadline = strings.Join(words, " "), o.deadline(time.Now())
			if err := m.Check(); err != nil {
				return err
			}
			return failed(o.send(cmd.Context(), s, p, schema.ControlSendMessage, m))
		},
	}
	loader.Flags(cmd.Flags())
	o.flags(cmd.Flags())
	cmd.Flags().StringVar(&m.Platform, "platform", "twitch", fmt.Sprintf("one of %v", schema.ChatProviders()))
	cmd.Flags().BoolVar(&m.Bot, "bot", false, "as the bot account, not as the broadcaster")
	return cmd
}

package main

import (
	"errors"
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
	loader := settings.New(settings.Client(), nil, p.environ)
	cmd := &cobra.Command{
		Use:   "say MESSAGE...",
		Short: "say something in chat, by way of a running gateway",
		Long: "Says something in chat, at most once, as the broadcaster or as the bot account.\n" +
			"Streamer.bot takes messages only from a connection with a password: turn on\n" +
			"Authentication in its WebSocket server settings, and set BRAIN_STREAMERBOT_PASSWORD\n" +
			"for the gateway.\n\n" +
			"Exit codes: 0 sent, 1 failed or refused, 3 no NATS or no gateway there, 4 unknown.",
		Example: "  brain say good evening\n  brain say --bot 'back in five minutes'\n  brain say --platform youtube hello -- --with a dash",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, words []string) error {
			s, err := loader.Load()
			if err != nil {
				return err
			}
			m.Message, m.Deadline = strings.Join(words, " "), o.deadline(time.Now())
			if strings.TrimSpace(m.Message) == "" {
				return errors.New("no message to send")
			}
			switch schema.Provider(strings.ToLower(m.Platform)) {
			case schema.Twitch, schema.YouTube, schema.Kick, schema.Trovo:
			default:
				return fmt.Errorf("--platform is twitch, youtube, kick or trovo, not %.32q", m.Platform)
			}
			return failed(o.send(cmd.Context(), s, p, schema.ControlSendMessage, m))
		},
	}
	loader.Flags(cmd.Flags())
	o.flags(cmd.Flags())
	cmd.Flags().StringVar(&m.Platform, "platform", "twitch", "twitch, youtube, kick or trovo")
	cmd.Flags().BoolVar(&m.Bot, "bot", false, "as the bot account, not as the broadcaster")
	return cmd
}

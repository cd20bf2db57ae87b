package main

import (
	"time"

	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/ops/settings"
	"promethean/sinks/title"
	"promethean/sinks/title/facts"
	"promethean/sinks/title/gate"
	"promethean/sinks/title/life"
	"promethean/sinks/title/model"
	"promethean/sinks/title/prompt"
)

// openTitle makes the title worker; nothing runs yet.
func (n *node) openTitle() error {
	o, err := titleOptions(n.s, n.bus.options("promethean-title", n.log), n.log)
	if err != nil {
		return err
	}
	n.title, err = title.Open(o)
	return err
}

func titleOptions(s *settings.Settings, b bus.Options, log zerolog.Logger) (title.Options, error) {
	zone := time.Local
	if s.Timezone != "" {
		var err error
		if zone, err = time.LoadLocation(s.Timezone); err != nil {
			return title.Options{}, err
		}
	}
	words, err := gate.Load(s.Title.Words)
	return title.Options{
		Bus:    b,
		Tenant: s.Tenant, Action: s.Title.Action, Ask: s.Title.AskAction, Mood: s.Title.Mood, Log: log,
		Life:    life.Config{Mode: s.Title.Mode, Every: s.Title.Every, EveryMessages: s.Title.EveryMessages},
		Facts:   facts.Options{Zone: zone, Platforms: s.Title.Platforms, Lines: s.Title.ChatLines},
		Gate:    gate.Options{Emoji: s.Title.Emoji, Scripts: s.Title.Scripts, Words: words},
		Model:   modelOptions(s.LLM),
		Prompts: prompt.Options{Dir: s.Title.Prompts, Log: log},
	}, err
}

func modelOptions(s settings.LLM) model.Options {
	return model.Options{
		URL: s.URL, Model: s.Model, Key: s.Key, Timeout: s.Timeout, Temperature: s.Temperature,
		MaxTokens: s.MaxTokens, MaxTokensField: s.MaxTokensField, Extra: s.Extra,
	}
}

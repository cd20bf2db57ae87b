package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const anyEvent = "promethean.p.*.t.*.events.>"

func TestFilter(t *testing.T) {
	for _, tt := range []struct {
		name, tenant string
		words        []string
		subjects     []string
		yes, no      []string
	}{
		{"nothing", "", nil, []string{anyEvent}, []string{"promethean.p.twitch.t.a.events.x.y"}, nil},
		{"one tenant", "duck", nil, []string{"promethean.p.*.t.duck.events.>"}, []string{"promethean.p.twitch.t.duck.events.x"}, []string{"promethean.p.twitch.t.b.events.x"}},
		{
			"how types begin", "", []string{"chat"},
			[]string{"promethean.p.*.t.*.events.chat", "promethean.p.*.t.*.events.chat.>"},
			[]string{"promethean.p.kick.t.a.events.chat.message", "promethean.p.kick.t.a.events.chat"},
			[]string{"promethean.p.kick.t.a.events.chatter.x", "promethean.p.kick.t.a.events.x.chat"},
		},
		{
			"a type, in another spelling", "", []string{"Chat.Message.>"},
			[]string{"promethean.p.*.t.*.events.chat.message", "promethean.p.*.t.*.events.chat.message.>"},
			[]string{"promethean.p.kick.t.a.events.chat.message"}, []string{"promethean.p.kick.t.a.events.chat.message_deleted"},
		},
		{
			"a provider", "duck", []string{"twitch"}, []string{"promethean.p.twitch.t.duck.events.>"},
			[]string{"promethean.p.twitch.t.duck.events.chat.message"}, []string{"promethean.p.kick.t.duck.events.chat.message"},
		},
		{
			"a provider by which types begin, too", "", []string{"obs"}, []string{anyEvent},
			[]string{"promethean.p.obs.t.a.events.x", "promethean.p.streamerbot.t.a.events.obs.scene_changed"},
			[]string{"promethean.p.twitch.t.a.events.chat.message"},
		},
		{
			"what another covers", "", []string{"chat.message", "chat", "chat"},
			[]string{"promethean.p.*.t.*.events.chat", "promethean.p.*.t.*.events.chat.>"}, nil, nil,
		},
		{
			"two that overlap", "", []string{"twitch", "chat"}, []string{anyEvent},
			[]string{"promethean.p.twitch.t.a.events.x", "promethean.p.kick.t.a.events.chat.message"},
			[]string{"promethean.p.kick.t.a.events.x"},
		},
		{
			"two that do not", "", []string{"twitch", "kick"},
			[]string{"promethean.p.twitch.t.*.events.>", "promethean.p.kick.t.*.events.>"}, nil, nil,
		},
		{
			"a subject", "", []string{"promethean.p.*.t.duck.events.*.message"}, []string{"promethean.p.*.t.duck.events.*.message"},
			[]string{"promethean.p.kick.t.duck.events.chat.message"}, []string{"promethean.p.kick.t.duck.events.message"},
		},
		{"a subject, narrowed", "duck", []string{anyEvent}, []string{"promethean.p.*.t.duck.events.>"}, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := newFilter(tt.words, tt.tenant)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.subjects, f.subjects); diff != "" {
				t.Errorf("asked for (-want +got):\n%s", diff)
			}
			for _, s := range tt.yes {
				if !f.matches(s) {
					t.Errorf("%s is not shown", s)
				}
			}
			for _, s := range tt.no {
				if f.matches(s) {
					t.Errorf("%s is shown", s)
				}
			}
		})
	}
}

func TestFilterRefuses(t *testing.T) {
	for _, tt := range []struct{ name, word, tenant, says string }{
		{"no type", "chat message", "", "is no filter"},
		{"empty", "", "", "is no filter"},
		{"an empty part", "chat..x", "", "is no filter"},
		{"everything there is", "promethean.>", "", "too short"},
		{"a control subject", "promethean.p.streamerbot.t.duck.control.do_action", "", `"control" stands where "events" belongs`},
		{"a wildcard too early", "promethean.p.>.t.a.events.x", "", `">" can be no part`},
		{"another tenant", "promethean.p.*.t.a.events.x", "b", "names tenant a"},
		{"a tenant that is none", "chat", "a.b", "--tenant"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := newFilter([]string{tt.word}, tt.tenant)
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("the error is %v, want one that says %q", err, tt.says)
			}
		})
	}
}

package settings_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/spf13/pflag"

	"promethean/ops/settings"
)

// load reads settings in an empty directory, with file as brain.yaml where it
// is not empty.
func load(t *testing.T, names []string, file string, env []string, args ...string) (*settings.Settings, *settings.Loader, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	if file != "" {
		if err := os.WriteFile("brain.yaml", []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l := settings.New(names, nil, env)
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	l.Flags(fs)
	if err := fs.Parse(args); err != nil {
		t.Fatal(err)
	}
	s, err := l.Load()
	return s, l, err
}

func TestPrecedence(t *testing.T) {
	file := "nats:\n  listen: 127.0.0.1:1\n"
	env := []string{"BRAIN_NATS_LISTEN=127.0.0.1:2"}
	for _, c := range []struct {
		name, file string
		env, args  []string
		want, from string
	}{
		{"default", "", nil, nil, "127.0.0.1:4222", "default"},
		{"file over default", file, nil, nil, "127.0.0.1:1", "file brain.yaml"},
		{"dotted key in the file", "nats.listen: 127.0.0.1:1\n", nil, nil, "127.0.0.1:1", "file brain.yaml"},
		{"environment over file", file, env, nil, "127.0.0.1:2", "environment BRAIN_NATS_LISTEN"},
		{"flag over all", file, env, []string{"--nats-listen", "127.0.0.1:3"}, "127.0.0.1:3", "flag --nats-listen"},
		{"the default's own text is asked for", "", []string{"BRAIN_NATS_LISTEN=127.0.0.1:4222"}, nil, "127.0.0.1:4222", "environment BRAIN_NATS_LISTEN"},
		{"an empty variable asks for the default", file, []string{"BRAIN_NATS_LISTEN="}, nil, "127.0.0.1:4222", "default"},
		{"an empty flag too", file, env, []string{"--nats-listen="}, "127.0.0.1:4222", "default"},
		{"a key without a value is not set", "nats:\n  listen:\n", nil, nil, "127.0.0.1:4222", "default"},
		{"a group without values", "nats:\n", nil, nil, "127.0.0.1:4222", "default"},
		{"an empty file", "# nothing yet\n", nil, nil, "127.0.0.1:4222", "default"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, l, err := load(t, settings.Brain(), c.file, c.env, c.args...)
			if err != nil {
				t.Fatal(err)
			}
			if s.NATS.Listen != c.want || s.Origin("nats.listen") != c.from || s.Asked("nats.listen") != (c.from != "default") {
				t.Errorf("%s from %s", s.NATS.Listen, s.Origin("nats.listen"))
			}
			for _, v := range l.Describe() {
				if v.Name == "nats.listen" && (v.Value != c.want || v.From != c.from) {
					t.Errorf("described as %s from %s", v.Value, v.From)
				}
			}
		})
	}
}

func TestWhereTheFileIs(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, tenant := range map[string]string{"brain.yaml": "default", "env.yaml": "env", "flag.yaml": "flag"} {
		if err := os.WriteFile(name, []byte("tenant: "+tenant+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name         string
		env, args    []string
		tenant, from string
	}{
		{"here", nil, nil, "default", "file brain.yaml"},
		{"BRAIN_CONFIG", []string{"BRAIN_CONFIG=env.yaml"}, nil, "env", "file env.yaml"},
		{"--config", []string{"BRAIN_CONFIG=env.yaml"}, []string{"--config", "flag.yaml"}, "flag", "file flag.yaml"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := settings.New(settings.Brain(), nil, c.env)
			fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
			l.Flags(fs)
			if err := fs.Parse(c.args); err != nil {
				t.Fatal(err)
			}
			s, err := l.Load()
			if err != nil {
				t.Fatal(err)
			}
			if s.Tenant != c.tenant || s.Origin("tenant") != c.from {
				t.Errorf("%s from %s", s.Tenant, s.Origin("tenant"))
			}
		})
	}
}

func TestDefaultsOfEverything(t *testing.T) {
	want := &settings.Settings{
		Tenant:      "main",
		NATS:        settings.NATS{Listen: "127.0.0.1:4222", Replicas: 1, DuplicateWindow: 2 * time.Minute},
		Mongo:       settings.Mongo{DB: "promethean"},
		LLM:         settings.LLM{Timeout: 20 * time.Second, Temperature: 0.8, MaxTokens: 1024, MaxTokensField: "max_tokens"},
		Title:       settings.Title{Mode: "auto", Action: "Set Stream Title", Platforms: []string{}, Emoji: 1, Scripts: []string{}},
		StoreListen: "127.0.0.1:27017",
		Streamerbot: settings.Streamerbot{URL: "ws://127.0.0.1:8080/", Events: []string{}, Private: []string{}, Actions: []string{}},
		Ailicia:     settings.Ailicia{URL: "https://api.getailicia.com", Types: []string{}},
		IgnoreUsers: []string{"restream", "restreambot"},
		DataDir:     "./data",
		HTTP:        settings.HTTP{Addr: "127.0.0.1:8420"},
		Sim:         settings.Sim{Listen: "127.0.0.1:8430", AiliciaListen: "127.0.0.1:8431", Rate: 5, Seed: 1},
		OutboxMax:   1 << 30,
		Log:         settings.Log{Level: "info", Format: "auto"},
	}
	got, _, err := load(t, settings.Brain(), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(settings.Settings{})); diff != "" {
		t.Error(diff)
	}
}

func TestTenantIsTheAgentsName(t *testing.T) {
	for _, c := range []struct {
		name, file string
		env        []string
		want, from string
	}{
		{"agent", "", []string{"AGENT_NAME=duck"}, "duck", "environment AGENT_NAME"},
		{"file over agent", "tenant: owl\n", []string{"AGENT_NAME=duck"}, "owl", "file brain.yaml"},
		{"empty", "", []string{"AGENT_NAME="}, "main", "default"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _, err := load(t, settings.Gateway(), c.file, c.env)
			if err != nil {
				t.Fatal(err)
			}
			if s.Tenant != c.want || s.Origin("tenant") != c.from {
				t.Errorf("%s from %s", s.Tenant, s.Origin("tenant"))
			}
		})
	}
	// Another tenant than was meant would be in every event's id for ever.
	if _, _, err := load(t, settings.Gateway(), "", []string{"AGENT_NAME=Agent Duck"}); err == nil ||
		!strings.Contains(err.Error(), `tenant (from environment AGENT_NAME): "Agent Duck" is not possible`) {
		t.Errorf("a name that is no token: %v", err)
	}
	if _, _, err := load(t, settings.Sinks(), "", []string{"AGENT_NAME=Agent Duck"}); err != nil {
		t.Errorf("the sinks have no tenant: %v", err)
	}
}

func TestAProgramsOwnDefaults(t *testing.T) {
	l := settings.New(settings.Gateway(), map[string]string{"http.addr": "127.0.0.1:8421"}, nil)
	s, err := l.Load()
	if err != nil {
		t.Fatal(err)
	}
	if s.HTTP.Addr != "127.0.0.1:8421" || s.Asked("http.addr") {
		t.Errorf("%s, asked for: %v", s.HTTP.Addr, s.Asked("http.addr"))
	}
}

// Every program shows its own settings, and what belongs to another is no
// mistake.
func TestPrograms(t *testing.T) {
	for _, c := range []struct {
		name  string
		names []string
		lacks []string
	}{
		{"brain", settings.Brain(), []string{"only"}},
		{"gateway", settings.Gateway(), []string{"mongo-uri", "only", "sim-rate", "nats-listen"}},
		{"sinks", settings.Sinks(), []string{"streamerbot-url", "data-dir", "sim-rate"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if n := len(settings.New(c.names, nil, nil).Describe()); n != len(c.names) {
				t.Errorf("%d names, %d settings", len(c.names), n)
			}
			fs := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
			settings.New(c.names, nil, nil).Flags(fs)
			for _, flag := range c.lacks {
				if fs.Lookup(flag) != nil {
					t.Errorf("it has --%s", flag)
				}
			}
			if fs.Lookup("nats-url") == nil || fs.Lookup("config") == nil {
				t.Error("it lacks flags")
			}
		})
	}
	if _, _, err := load(t, settings.Sinks(), "streamerbot:\n  url: ws://x/\n", []string{"BRAIN_SIM_RATE=3"}); err != nil {
		t.Error(err)
	}
}

func TestOnly(t *testing.T) {
	for _, c := range []struct {
		name, file string
		env, args  []string
		want       []string
	}{
		{"all", "", nil, nil, []string{}},
		{"file", "only: [ledger, chat]\n", nil, nil, []string{"ledger", "chat"}},
		{"environment", "only: ledger\n", []string{"BRAIN_ONLY=chat, channel"}, nil, []string{"chat", "channel"}},
		{"empty is all", "only: ledger\n", []string{"BRAIN_ONLY="}, nil, []string{}},
		{"flag", "", []string{"BRAIN_ONLY=chat"}, []string{"--only", "ledger"}, []string{"ledger"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _, err := load(t, settings.Sinks(), c.file, c.env, c.args...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, s.Only); diff != "" {
				t.Error(diff)
			}
		})
	}
}

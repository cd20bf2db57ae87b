package settings_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"promethean/ops/settings"
)

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
	for _, c := range []struct {
		name, file string
		env, args  []string
		want, from string
	}{
		{"default", "", nil, nil, "127.0.0.1:4222", "default"},
		{"file over default", file, nil, nil, "127.0.0.1:1", "file"},
		{"dotted key in the file", "nats.listen: 127.0.0.1:1\n", nil, nil, "127.0.0.1:1", "file"},
		{"environment over file", file, []string{"BRAIN_NATS_LISTEN=127.0.0.1:2"}, nil, "127.0.0.1:2", "environment BRAIN_NATS_LISTEN"},
		{"flag over all", file, []string{"BRAIN_NATS_LISTEN=127.0.0.1:2"}, []string{"--nats-listen", "127.0.0.1:3"}, "127.0.0.1:3", "flag --nats-listen"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _, err := load(t, settings.Brain(), c.file, c.env, c.args...)
			if err != nil {
				t.Fatal(err)
			}
			if s.NATS.Listen != c.want || s.Origin("nats.listen") != c.from || s.Asked("nats.listen") != (c.from != "default") {
				t.Errorf("%s from %s", s.NATS.Listen, s.Origin("nats.listen"))
			}
		})
	}
}

func TestDefaultsOfEverything(t *testing.T) {
	s, _, err := load(t, settings.Brain(), "", []string{"AGENT_NAME=duck"})
	if err != nil {
		t.Fatal(err)
	}
	if s.Tenant != "duck" || s.Mongo.DB != "promethean" || s.OutboxMax != 1<<30 || s.NATS.DuplicateWindow != 2*time.Minute ||
		s.Sim.Rate != 5 || !cmp.Equal(s.IgnoreUsers, []string{"restream", "restreambot"}) || len(s.Streamerbot.Events) != 0 {
		t.Errorf("%+v", s)
	}
	if s, _, _ := load(t, settings.Brain(), "", []string{"AGENT_NAME=no token"}); s.Tenant != "main" {
		t.Errorf("tenant is %q", s.Tenant)
	}
}

func TestEveryProblemIsTold(t *testing.T) {
	_, _, err := load(t, settings.Brain(), "nats:\n  lisen: x\ntenant: 'a b'\n",
		[]string{"BRAIN_MONGO_URL=x", "BRAIN_SIM_RATE=fast", "BRAIN_LOG_LEVEL=loud", "OTHER=1"}, "--nats-max-bytes", "10 apples")
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"nats.lisen is not a setting; the nearest is nats.listen",
		`tenant (from file): "a b" is not possible`,
		"environment BRAIN_MONGO_URL is not a setting; the nearest is BRAIN_MONGO_URI",
		`sim.rate (from environment BRAIN_SIM_RATE): "fast"`,
		"log.level", "nats.max_bytes (from flag --nats-max-bytes)",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
	if strings.Contains(err.Error(), "OTHER") {
		t.Error("foreign variables are none of our business")
	}
}

func TestAnotherProgramsSettingIsNoError(t *testing.T) {
	if _, _, err := load(t, settings.Sinks(), "streamerbot:\n  url: ws://x/\n", []string{"BRAIN_SIM_RATE=3"}); err != nil {
		t.Error(err)
	}
}

func TestSecretsNeverShow(t *testing.T) {
	const canary = "c4n4ry-secret"
	path := filepath.Join(t.TempDir(), "pw")
	if err := os.WriteFile(path, []byte(canary+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, l, err := load(t, settings.Brain(), "", []string{
		"BRAIN_STREAMERBOT_PASSWORD_FILE=" + path, "BRAIN_HTTP_TOKEN=" + canary,
		"BRAIN_MONGO_URI=mongodb://joe:" + canary + "@a:1,b:2/x?replicaSet=r", "BRAIN_NATS_URL=nats://joe:" + canary + "@h:4222",
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.Streamerbot.Password != canary || s.HTTP.Token != canary {
		t.Errorf("secrets read as %q, %q", s.Streamerbot.Password, s.HTTP.Token)
	}
	if text := fmt.Sprintf("%+v", l.Describe()); strings.Contains(text, canary) || !strings.Contains(text, "mongodb://joe:***@a:1,b:2/x?replicaSet=r") {
		t.Errorf("shown: %s", text)
	}
	if _, _, err := load(t, settings.Brain(), "", []string{"BRAIN_STREAMERBOT_PASSWORD_FILE=/nowhere/" + canary}); err == nil {
		t.Error("a missing secret file is no error")
	}
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	settings.New(settings.Brain(), nil, nil).Flags(fs)
	for _, name := range []string{"streamerbot-password", "http-token", "nats-password"} {
		if fs.Lookup(name) != nil {
			t.Errorf("secret %s has a flag", name)
		}
	}
}

func TestSizes(t *testing.T) {
	for _, c := range []struct {
		text string
		want int64
	}{{"0", 0}, {"1000000", 1_000_000}, {"512MiB", 512 << 20}, {"10GiB", 10 << 30}, {"5GB", 5_000_000_000}, {"2k", -1}, {"-1", -1}, {"99999999999TiB", -1}, {"1.5GiB", -1}, {"", -1}} {
		t.Run(c.text, func(t *testing.T) {
			s, _, err := load(t, settings.Gateway(), "", []string{"BRAIN_NATS_MAX_BYTES=" + c.text})
			if (err != nil) != (c.want < 0) || err == nil && s.NATS.MaxBytes != c.want {
				t.Errorf("%v, %v", s, err)
			}
		})
	}
}

func TestMissingConfigFileThatWasAskedFor(t *testing.T) {
	if _, _, err := load(t, settings.Brain(), "", nil, "--config", "nowhere.yaml"); err == nil {
		t.Error("no error")
	}
	if _, _, err := load(t, settings.Brain(), "- a\n- b\n", nil); err == nil {
		t.Error("a list is no settings file, and no error")
	}
}

package settings_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"promethean/ops/settings"
)

func TestEveryProblemIsTold(t *testing.T) {
	_, _, err := load(t, settings.Brain(), "nats:\n  lisen: x\ntenant: 'a b'\n",
		[]string{"BRAIN_MONGO_URL=x", "BRAIN_SIM_RATE=fast", "BRAIN_LOG_LEVEL=loud", "OTHER=1"}, "--nats-max-bytes", "10 apples")
	if err == nil {
		t.Fatal("no error")
	}
	want := []string{
		"settings file brain.yaml, line 2: nats.lisen is not a setting; the nearest is nats.listen",
		"environment BRAIN_MONGO_URL is not a setting; the nearest is BRAIN_MONGO_URI",
		`tenant (from file brain.yaml): "a b" is not possible: allowed are 1 to 64 of A-Z a-z 0-9 _ -`,
		`nats.max_bytes (from flag --nats-max-bytes): "10 apples" is not possible: allowed is a number of bytes from 0, e.g. 1000000, 512MiB or 10GiB`,
		`sim.rate (from environment BRAIN_SIM_RATE): "fast" is not possible: allowed is a number from 0 to 100000`,
		`log.level (from environment BRAIN_LOG_LEVEL): "loud" is not possible: allowed are debug, info, warn, error`,
	}
	if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
		t.Error(diff)
	}
}

func TestFileProblems(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"no YAML", "tenant: [", "brain.yaml: yaml"},
		{"a list", "- a\n- b\n", "line 1: it must hold names and values"},
		{"a word", "duck\n", "line 1: it must hold names and values"},
		{"two documents", "tenant: a\n---\ntenant: b\n", "more than one document"},
		{"the same name twice", "tenant: a\ntenant: b\n", "line 2: tenant is there twice"},
		{"twice in two spellings", "nats.url: nats://a\nnats:\n  url: nats://b\n", "line 3: nats.url is there twice"},
		{"a group as a value", "nats: 5\n", "line 1: nats takes no value of its own; its settings are nats.creds, "},
		{"a value as a group", "tenant:\n  name: a\n", "line 2: tenant takes plain values only"},
		{"an unknown group", "mongodb:\n  uri: x\n", "line 2: mongodb.uri is not a setting; the nearest is mongo.uri"},
		{"an unknown name without a value", "tenent:\n", "line 1: tenent is not a setting; the nearest is tenant"},
		{"a list for one value", "tenant: [a]\n", "line 1: tenant takes one value, not a list"},
		{"a list of lists", "ignore:\n  users: [[a], b]\n", "line 2: ignore.users takes plain values only"},
		{"a circular alias", "nats: &a\n  url: *a\n", "line 2: nats.url: aliases are not possible"},
		{"a name that is a list", "? [a, b]\n: c\n", "line 1: a name must be plain text"},
		{"a secret", "http:\n  token: c4n4ry\n", "line 2: http.token is a secret: write it into a file of its own and name that with http.token_file, or set BRAIN_HTTP_TOKEN"},
		{"a secret's file that is not there", "http:\n  token_file: nowhere\n", "http.token (from file brain.yaml http.token_file): the file it names cannot be read: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := load(t, settings.Brain(), c.file, nil)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
	if _, _, err := load(t, settings.Brain(), "", nil, "--config", "nowhere.yaml"); err == nil || strings.Count(err.Error(), "nowhere.yaml") != 1 {
		t.Errorf("a file that was asked for is not there: %v", err)
	}
}

func TestFlagError(t *testing.T) {
	for _, c := range []struct{ name, arg, want string }{
		{"misspelt", "--nats-lisen=x", "unknown flag: --nats-lisen; the nearest is --nats-listen"},
		{"a secret", "--http-token=c4n4ry", "unknown flag: --http-token; a secret would be seen there: set BRAIN_HTTP_TOKEN or BRAIN_HTTP_TOKEN_FILE"},
		{"without its value", "--nats-listen", "flag needs an argument: --nats-listen"},
		{"one letter", "-x", "unknown shorthand flag: 'x' in -x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
			fs.SetOutput(new(strings.Builder))
			settings.New(settings.Brain(), nil, nil).Flags(fs)
			err := fs.Parse([]string{c.arg})
			if err == nil {
				t.Fatal("no error")
			}
			if got := settings.FlagError(fs, err); got.Error() != c.want || !errors.Is(got, err) {
				t.Errorf("%q", got)
			}
		})
	}
}

func TestLists(t *testing.T) {
	for _, c := range []struct {
		name, file string
		env        []string
		want       []string
	}{
		{"default", "", nil, []string{"restream", "restreambot"}},
		{"with commas", "", []string{"BRAIN_IGNORE_USERS= nightbot , twitch:duck,"}, []string{"nightbot", "twitch:duck"}},
		{"nobody, by the environment", "ignore:\n  users: [a]\n", []string{"BRAIN_IGNORE_USERS="}, []string{}},
		{"nobody, by the file", "ignore:\n  users: []\n", nil, []string{}},
		{"a list in the file", "ignore:\n  users:\n    - a\n    - kick:b c\n", nil, []string{"a", "kick:b c"}},
		{"text in the file", "ignore:\n  users: a,b\n", nil, []string{"a", "b"}},
		{"no value in the file", "ignore:\n  users:\n", nil, []string{"restream", "restreambot"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _, err := load(t, settings.Brain(), c.file, c.env)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, s.IgnoreUsers); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAllowed(t *testing.T) {
	for _, c := range []struct{ env, good, bad string }{
		{"BRAIN_TENANT", "a_B-9", "a.b"},
		{"BRAIN_TENANT", strings.Repeat("a", 64), strings.Repeat("a", 65)},
		{"BRAIN_TENANT", "main", "main\n"},
		{"BRAIN_MONGO_DB", strings.Repeat("a", 63), strings.Repeat("a", 64)},
		{"BRAIN_MONGO_URI", "mongodb://a:1,b:2/?replicaSet=r", "a:27017"},
		{"BRAIN_MONGO_URI", "mongodb+srv://cluster.example/", "http://cluster.example/"},
		{"BRAIN_NATS_URL", "nats://a:4222,nats://b:4222", "nats://a, nats://b"},
		{"BRAIN_NATS_URL", "tls://a", "nats://"},
		{"BRAIN_STREAMERBOT_URL", "wss://bot.lan/", "bot.lan:8080"},
		{"BRAIN_STREAMERBOT_EVENTS", "Twitch.*,YouTube.Message", "Twitch"},
		{"BRAIN_STREAMERBOT_EVENTS", "Custom.Event", "*.ChatMessage"},
		{"BRAIN_STREAMERBOT_PRIVATE", "Inputs.InputHotKeyEvent", "Inputs.*"},
		{"BRAIN_IGNORE_USERS", "x,twitch:a b", "twitch:"},
		{"BRAIN_NATS_LISTEN", "[::1]:0", "127.0.0.1"},
		{"BRAIN_HTTP_ADDR", ":8420", "127.0.0.1:70000"},
		{"BRAIN_NATS_REPLICAS", "5", "6"},
		{"BRAIN_NATS_REPLICAS", "1", "0"},
		{"BRAIN_NATS_DUPLICATE_WINDOW", "90s", "120"},
		{"BRAIN_NATS_DUPLICATE_WINDOW", "100ms", "99ms"},
		{"BRAIN_OUTBOX_MAX_BYTES", "64MiB", "0"},
		{"BRAIN_HTTP_TOKEN", "s3cr~t!", "two words"},
		{"BRAIN_SIM_RATE", "0.5", "NaN"},
		{"BRAIN_SIM_RATE", "0", "-1"},
		{"BRAIN_SIM_SEED", "18446744073709551615", "1.5"},
		{"BRAIN_LLM_URL", "http://127.0.0.1:11434/v1", "127.0.0.1:11434"},
		{"BRAIN_LLM_TEMPERATURE", "0", "2.1"},
		{"BRAIN_LLM_TEMPERATURE", "2", "NaN"},
		{"BRAIN_LLM_MAX_TOKENS", "16", "0"},
		{"BRAIN_LLM_MAX_TOKENS_FIELD", "max_completion_tokens", "num_predict"},
		{"BRAIN_LLM_EXTRA", `{"keep_alive":"30m","seed":null}`, "[1]"},
		{"BRAIN_LLM_EXTRA", `{}`, "null"},
		{"BRAIN_TITLE_MODE", "suggest", "on"},
		{"BRAIN_TITLE_EVERY", "0", "30s"},
		{"BRAIN_TITLE_EVERY", "45m", "45"},
		{"BRAIN_TITLE_EVERY_MESSAGES", "500", "-1"},
		{"BRAIN_TITLE_CHAT_LINES", "true", "some"},
		{"BRAIN_TITLE_PLATFORMS", "twitch,kick", "tiktok"},
		{"BRAIN_TITLE_EMOJI", "0", "11"},
		{"BRAIN_TIMEZONE", "Europe/Paris", "Paris"},
		{"BRAIN_LOG_FORMAT", "console", "Console"},
	} {
		t.Run(c.env+" "+c.good, func(t *testing.T) {
			if _, _, err := load(t, settings.Brain(), "", []string{c.env + "=" + c.good}); err != nil {
				t.Error(err)
			}
			_, _, err := load(t, settings.Brain(), "", []string{c.env + "=" + c.bad})
			if err == nil || !strings.Contains(err.Error(), c.env) || !strings.Contains(err.Error(), "allowed") {
				t.Errorf("%q: %v", c.bad, err)
			}
		})
	}
}

func TestSizes(t *testing.T) {
	for _, c := range []struct {
		text string
		want int64
	}{
		{"0", 0}, {"1000000", 1_000_000}, {"1000B", 1000}, {"512MiB", 512 << 20}, {"512 MiB", 512 << 20}, {"10GiB", 10 << 30},
		{"10Gi", 10 << 30}, {"5GB", 5_000_000_000}, {"2K", 2000}, {"8388607TiB", 8388607 << 40},
		{"8388608TiB", -1}, {"99999999999999999999", -1}, {"2k", -1}, {"-1", -1}, {"1.5GiB", -1}, {"10iB", -1}, {"GiB", -1}, {"1e6", -1},
	} {
		t.Run(c.text, func(t *testing.T) {
			s, _, err := load(t, settings.Gateway(), "", []string{"BRAIN_NATS_MAX_BYTES=" + c.text})
			if (err != nil) != (c.want < 0) || err == nil && s.NATS.MaxBytes != c.want {
				t.Errorf("%d, %v", s.NATS.MaxBytes, err)
			}
		})
	}
}

func TestProfilesAreForThisMachineAlone(t *testing.T) {
	for _, c := range []struct {
		name, addr string
		ok         bool
	}{
		{"off", "", true},
		{"loopback", "127.0.0.1:6060", true},
		{"loopback of IPv6", "[::1]:0", true},
		{"by name", "localhost:6060", true},
		{"every address", "0.0.0.0:6060", false},
		{"every address of IPv6", "[::]:6060", false},
		{"every address, unsaid", ":6060", false},
		{"another machine", "192.0.2.7:6060", false},
		{"another name", "gateway:6060", false},
		{"no port", "127.0.0.1", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, names := range [][]string{settings.Brain(), settings.Gateway(), settings.Sinks()} {
				s, _, err := load(t, names, "", nil, "--pprof-addr", c.addr)
				switch {
				case (err == nil) != c.ok:
					t.Errorf("error %v", err)
				case err != nil && !strings.Contains(err.Error(), "pprof.addr (from flag --pprof-addr): ") || err == nil && s.PprofAddr != c.addr:
					t.Errorf("%q, error %v", c.addr, err)
				}
			}
		})
	}
	s, _, err := load(t, settings.Gateway(), "", nil)
	if err != nil || s.PprofAddr != "" {
		t.Errorf("by default: %q, %v", s.PprofAddr, err)
	}
}

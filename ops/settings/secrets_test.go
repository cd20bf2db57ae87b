package settings_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rs/zerolog"
	"github.com/spf13/pflag"

	"promethean/ops/settings"
)

const canary = "c4n4ry-secret"

func secretFile(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSecretsFromFiles(t *testing.T) {
	for _, c := range []struct{ name, content, want string }{
		{"a line end is cut", canary + "\n", canary},
		{"and a Windows one", canary + "\r\n", canary},
		{"one only", canary + "\n\n", canary + "\n"},
		{"blanks are part of it", " " + canary + " ", " " + canary + " "},
		{"the mark that Windows puts before UTF-8 is not", "\ufeff" + canary + "\r\n", canary},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := secretFile(t, c.content)
			s, _, err := load(t, settings.Gateway(), "", []string{"BRAIN_STREAMERBOT_PASSWORD_FILE=" + path})
			if err != nil || s.Streamerbot.Password != c.want {
				t.Errorf("by the environment: %v", err)
			}
			s, _, err = load(t, settings.Gateway(), "streamerbot:\n  password_file: "+filepath.ToSlash(path)+"\n", nil)
			if err != nil || s.Streamerbot.Password != c.want {
				t.Errorf("by the settings file: %v", err)
			}
		})
	}
	both := []string{"BRAIN_HTTP_TOKEN=" + canary}
	s, _, err := load(t, settings.Gateway(), "http:\n  token_file: "+filepath.ToSlash(secretFile(t, "other"))+"\n", both)
	if err != nil || s.HTTP.Token != canary {
		t.Errorf("the environment goes before the settings file: %v", err)
	}
}

func TestSecretsThatCannotBe(t *testing.T) {
	for _, c := range []struct {
		name string
		env  []string
		want string
	}{
		{"the secret where its file belongs", []string{"BRAIN_HTTP_TOKEN_FILE=" + canary}, "http.token (from environment BRAIN_HTTP_TOKEN_FILE): the file it names cannot be read"},
		{"an empty file would mean no guard", []string{"BRAIN_HTTP_TOKEN_FILE=" + secretFile(t, "\n")}, "is empty"},
		{"a directory", []string{"BRAIN_HTTP_TOKEN_FILE=" + t.TempDir()}, "cannot be read"},
		{"a large file", []string{"BRAIN_HTTP_TOKEN_FILE=" + secretFile(t, strings.Repeat(canary, 10_000))}, "more than 16384 bytes"},
		{"UTF-16, as PowerShell's > writes it", []string{"BRAIN_HTTP_TOKEN_FILE=" + secretFile(t, "\xff\xfes\x00\r\x00\n\x00")}, "is not UTF-8 text: save it as UTF-8"},
		{"UTF-16 of the other order", []string{"BRAIN_HTTP_TOKEN_FILE=" + secretFile(t, "\xfe\xff\x00s\x00\n")}, "is not UTF-8 text: save it as UTF-8"},
		{"both", []string{"BRAIN_HTTP_TOKEN=" + canary, "BRAIN_HTTP_TOKEN_FILE=" + secretFile(t, canary)}, "http.token (from environment BRAIN_HTTP_TOKEN): BRAIN_HTTP_TOKEN_FILE is set too"},
		{"no header can carry it", []string{"BRAIN_HTTP_TOKEN=" + canary + " "}, "http.token (from environment BRAIN_HTTP_TOKEN): its value is not possible"},
		{"a file for what is no secret", []string{"BRAIN_NATS_URL_FILE=x"}, "BRAIN_NATS_URL_FILE is not a setting; the nearest is BRAIN_NATS_URL"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, l, err := load(t, settings.Gateway(), "", c.env)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
			if text := fmt.Sprintf("%v %+v", err, l.Describe()); strings.Contains(text, canary) {
				t.Errorf("the secret is seen: %s", text)
			}
		})
	}
}

// Everything that a program can show of its settings, with a secret in every
// place that can hold one.
func TestSecretsNeverShow(t *testing.T) {
	s, l, err := load(t, settings.Brain(), "", []string{
		"BRAIN_STREAMERBOT_PASSWORD=" + canary, "BRAIN_HTTP_TOKEN=" + canary, "BRAIN_NATS_PASSWORD=" + canary,
		"BRAIN_AILICIA_API_KEY=" + canary, "BRAIN_AILICIA_URL=https://joe:" + canary + "@h/",
		"BRAIN_MONGO_URI=mongodb://joe:" + canary + "@a:1,b:2/x?replicaSet=r", "BRAIN_NATS_URL=nats://" + canary + "@h:4222",
		"BRAIN_STREAMERBOT_URL=ws://joe:" + canary + "@h/",
		"BRAIN_LLM_API_KEY=" + canary, "BRAIN_LLM_URL=http://joe:" + canary + "@h/v1",
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.Streamerbot.Password != canary || s.HTTP.Token != canary || s.NATS.Password != canary || s.Ailicia.APIKey != canary || s.LLM.Key != canary {
		t.Error("a secret was not read")
	}
	var out bytes.Buffer
	for _, v := range []any{l.Describe(), s, *s, s.NATS, s.Mongo, s.Streamerbot, s.Ailicia, s.HTTP, s.LLM} {
		fmt.Fprintf(&out, "%v %+v %#v %s\n", v, v, v, v)
	}
	log := zerolog.New(&out)
	log.Info().Interface("settings", s).Any("described", l.Describe()).Str("nats", settings.Redacted(s.NATS.URL)).Send()
	if text := out.String(); strings.Contains(text, canary) || !strings.Contains(text, "mongodb://joe:***@a:1,b:2/x?replicaSet=r") {
		t.Errorf("shown: %s", text)
	}
	fs := pflag.NewFlagSet("test", pflag.ContinueOnError)
	l.Flags(fs)
	for _, v := range l.Describe() {
		flag := strings.NewReplacer(".", "-", "_", "-").Replace(v.Name)
		if secret := v.Value == "(set)"; secret != (v.Flag == "") || secret != (fs.Lookup(flag) == nil) {
			t.Errorf("%s: flag %q", v.Name, v.Flag)
		}
	}
}

// A value that is refused is told, and it may hold a password.
func TestRefusedValuesAreRedacted(t *testing.T) {
	for _, env := range []string{
		"BRAIN_MONGO_URI=mongo://joe:" + canary + "@h/", "BRAIN_MONGO_URI=joe:" + canary + "@h", "BRAIN_NATS_URL=nat://" + canary + "@h",
		"BRAIN_NATS_URL=nats://joe:" + canary + "@h ", "BRAIN_STREAMERBOT_URL=http://joe:" + canary + "@h/",
		"BRAIN_LLM_URL=ftp://joe:" + canary + "@h/", "BRAIN_LLM_API_KEY=" + canary + " ",
	} {
		t.Run(env, func(t *testing.T) {
			_, l, err := load(t, settings.Brain(), "", []string{env})
			if err == nil {
				t.Fatal("no error")
			}
			if text := fmt.Sprintf("%v %+v", err, l.Describe()); strings.Contains(text, canary) {
				t.Errorf("the secret is seen: %s", text)
			}
		})
	}
}

func TestRedacted(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"nothing", "", ""},
		{"no user", "mongodb://a:1,b:2/x", "mongodb://a:1,b:2/x"},
		{"user and password", "nats://joe:pw@h:4222", "nats://joe:***@h:4222"},
		{"a password with a colon", "nats://joe:p:w@h", "nats://joe:***@h"},
		{"a token", "nats://t0k3n@h:4222", "nats://***@h:4222"},
		{"an empty user", "nats://:pw@h", "nats://***@h"},
		{"several", "nats://a:pw@h,nats://a:pw@i", "(set)"},
		{"in the second only", "nats://h,nats://a:pw@i", "(set)"},
		{"an @ in the password", "mongodb://joe:p@w@h", "(set)"},
		{"a slash in the password", "mongodb://joe:p/w@h", "(set)"},
		{"no scheme", "joe:pw@h", "(set)"},
		{"in the query", "mongodb://h/?tls=true&tlsCertificateKeyFilePassword=pw", "(set)"},
		{"and a user", "mongodb://joe:pw@h/?authMechanismProperties=AWS_SESSION_TOKEN:x", "(set)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := settings.Redacted(c.value); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// FuzzRedacted holds that a password never survives, whatever is around it.
func FuzzRedacted(f *testing.F) {
	for _, around := range [][2]string{{"mongodb://joe:", "@h"}, {"nats://", "@h,nats://b:c@d"}, {"joe:", "@h"}, {"://:", "@"}, {"a://b/:", "@c"}} {
		f.Add(around[0], around[1])
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		if !strings.HasPrefix(after, "@") || strings.Contains(before, canary) || strings.Contains(after, canary) {
			return // no case: the secret would stand outside its place
		}
		if got := settings.Redacted(before + canary + after); strings.Contains(got, canary) {
			t.Errorf("%q gives %q", before+canary+after, got)
		}
	})
}

// A key in a file can be mended while a program runs.
func TestKeyAgain(t *testing.T) {
	path := secretFile(t, "wrong\n")
	for _, c := range []struct {
		name string
		env  []string
		want string
	}{
		{"a file of its own", []string{"BRAIN_AILICIA_API_KEY_FILE=" + path}, "mended"},
		{"the environment", []string{"BRAIN_AILICIA_API_KEY=wrong"}, ""},
		{"not set", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := os.WriteFile(path, []byte("wrong\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			s, _, err := load(t, settings.Gateway(), "", c.env)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte("mended\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			again := s.KeyAgain("ailicia.api_key")
			if again == nil {
				if c.want != "" {
					t.Error("the file is not read again")
				}
				return
			}
			if value, err := again(); value != c.want || err != nil {
				t.Errorf("again = %q, %v", value, err)
			}
		})
	}
}

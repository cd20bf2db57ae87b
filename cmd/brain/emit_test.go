package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"promethean/bus"
	"promethean/bus/bustest"
	"promethean/ops/run"
	"promethean/schema"
)

// runEmit runs the command in this process.
func runEmit(t *testing.T, url string, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	p := surroundings{environ: []string{"BRAIN_NATS_URL=" + url, "BRAIN_TENANT=duck"}, stdout: &out, stderr: &out}
	err := execute(t.Context(), append([]string{"emit"}, args...), p)
	return out.String(), err
}

const nobody = "nats://127.0.0.1:1"

// dryRun gives the envelope.
func dryRun(t *testing.T, args ...string) schema.Envelope {
	t.Helper()
	out, err := runEmit(t, nobody, append(args, "--dry-run")...)
	if err != nil {
		t.Fatal(err)
	}
	e, err := schema.Parse([]byte(out))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestEmitEveryType: each type's sample passes its own schema, is a test and of
// now.
func TestEmitEveryType(t *testing.T) {
	for _, entry := range emittable() {
		t.Run(string(entry.Type), func(t *testing.T) {
			e := dryRun(t, string(entry.Type))
			meta, err := schema.ParseMeta(e.Meta)
			if err != nil {
				t.Fatal(err)
			}
			if meta.Gateway.Origin != schema.Test || meta.Gateway.Tenant != "duck" || meta.Gateway.VersionAssumed {
				t.Errorf("came as %+v", meta.Gateway)
			}
			if age := time.Since(e.Timestamp.Time); age < 0 || age > time.Minute {
				t.Errorf("is of %v", e.Timestamp)
			}
			payload := object(e.Payload)
			described, err := describedBy(entry.Type)
			if err != nil {
				t.Fatal(err)
			}
			if described.has("isTest") && payload["isTest"] != true {
				t.Errorf("looks live: %s", e.Payload)
			}
			eachTime(payload, func(at time.Time) time.Time {
				if at.Before(time.Now().Add(-24*time.Hour)) || at.After(time.Now().Add(24*time.Hour)) {
					t.Errorf("a time of the sample is left: %v in %s", at, e.Payload)
				}
				return at
			})
		})
	}
}

func TestEmitBuildsThePayload(t *testing.T) {
	file := filepath.Join(t.TempDir(), "p.json")
	if err := os.WriteFile(file, []byte(`{"moderator":{"username":"bob"},"platform":"KICK"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name             string
		args             []string
		has              members // nil is: left out
		provider, inName string
	}{
		{"the sample", []string{"chat.message"}, members{"username": "ada", "platform": "TWITCH"}, "TWITCH", "duck"},
		{"a text that looks like a number", []string{"chat.message", "--set", "message=5"}, members{"message": "5"}, "TWITCH", "duck"},
		{"a number", []string{"chat.message", "--set", "bits=5"}, members{"bits": json.Number("5")}, "TWITCH", "duck"},
		{"a text with =", []string{"chat.message", "--set", "message=a=b"}, members{"message": "a=b"}, "TWITCH", "duck"},
		{"a member of a member", []string{"channel.event", "--set", "reward.title=Hydrate"}, members{"reward.title": "Hydrate"}, "TWITCH", "duck"},
		{"another platform", []string{"chat.message", "--platform", "Kick", "--channel", "pond"}, members{"platform": "KICK"}, "KICK", "pond"},
		{"the payload's own platform", []string{"chat.cleared", "--payload", `{"platform":"TROVO"}`}, members{"platform": "TROVO", "moderator": nil}, "TROVO", "duck"},
		{"a platform said twice", []string{"chat.cleared", "--platform", "Trovo", "--payload", `{"platform":"TROVO"}`}, members{"platform": "TROVO"}, "TROVO", "duck"},
		{"what one source could not see of another", []string{"source.gap", "--platform", "streamerbot", "--set", "platform=TWITCH"}, members{"platform": "TWITCH"}, "STREAMERBOT", "duck"},
		{"a file", []string{"chat.cleared", "--payload-file", file}, members{"platform": "KICK", "moderator.username": "bob"}, "KICK", "duck"},
		{"no platform", []string{"obs.scene_changed"}, members{"platform": nil}, "BRAIN", "duck"},
		{"a time and an id of one's own", []string{"chat.message", "--set", "sentDateTime=2025-01-01T00:00:00.000Z", "--set", "id=x"}, members{"sentDateTime": "2025-01-01T00:00:00.000Z", "id": "x"}, "TWITCH", "duck"},
		{"it cannot be made to look live", []string{"chat.message", "--set", "isTest=false"}, members{"isTest": true}, "TWITCH", "duck"},
		{"a digit too many for a float", []string{"channel.event", "--set", "count=9007199254740993"}, members{"count": json.Number("9007199254740993")}, "TWITCH", "duck"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := dryRun(t, tt.args...)
			if e.Channel.Platform != tt.provider || e.Channel.Name != tt.inName {
				t.Errorf("happened in %+v", e.Channel)
			}
			for path, want := range tt.has {
				var got any = object(e.Payload)
				for _, name := range strings.Split(path, ".") {
					m, _ := got.(members)
					got = m[name]
				}
				if !cmp.Equal(want, got) {
					t.Errorf("%s is %v, want %v", path, got, want)
				}
			}
		})
	}
	if a, b := dryRun(t, "chat.message"), dryRun(t, "chat.message"); a.ID == b.ID || object(a.Payload)["id"] == object(b.Payload)["id"] {
		t.Errorf("two events have one id: %s and %s", a.Payload, b.Payload)
	}
}

func TestEmitRefuses(t *testing.T) {
	large := filepath.Join(t.TempDir(), "large.json")
	if err := os.WriteFile(large, make([]byte, schema.MaxFrame+1), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		args []string
		says string
	}{
		{"no type", nil, "--list"},
		{"an unknown type", []string{"chat.mesage"}, "the nearest is chat.message, and `brain emit --list`"},
		{"an action", []string{"control.do_action"}, "`brain action run`"},
		{"a message to chat", []string{"control.send_message"}, "`brain say`"},
		{"a wrong type of member", []string{"chat.message", "--set", "bits=many"}, "payload.bits: got string"},
		{"a member missing", []string{"chat.message", "--payload", `{"platform":"TWITCH"}`}, "missing properties 'username'"},
		{"a time that is none", []string{"chat.message", "--set", "sentDateTime=2025-13-45T00:00:00.000Z"}, "payload.sentDateTime"},
		{"deep inside", []string{"channel.event", "--set", "hypeTrain.level=x"}, "payload.hypeTrain.level"},
		{"no such member", []string{"chat.message", "--set", "mesage=x"}, "the nearest is message"},
		{"no value", []string{"chat.message", "--set", "message"}, "member=value"},
		{"no object", []string{"chat.message", "--payload", `[1]`}, "JSON object"},
		{"no JSON", []string{"chat.message", "--payload", `{"a":`}, "--payload: not JSON"},
		{"an empty payload", []string{"chat.message", "--payload", ""}, "--payload: not JSON"},
		{"a file without name", []string{"chat.message", "--payload-file", ""}, "--payload-file: open"},
		{"a file that is too large", []string{"chat.message", "--payload-file", large}, "is over 2097152 bytes"},
		{"two platforms", []string{"chat.cleared", "--platform", "kick", "--payload", `{"platform":"TWITCH"}`}, "leave one out"},
		{"two platforms, one of them set", []string{"chat.message", "--platform", "kick", "--set", "platform=TWITCH"}, "leave one out"},
		{"no file", []string{"chat.message", "--payload-file", "nowhere.json"}, "nowhere.json"},
		{"two payloads", []string{"chat.message", "--payload", "{}", "--payload-file", "x"}, "none of the others can be"},
		{"no platform of ours", []string{"chat.message", "--platform", "vine"}, `platform "vine" is none of twitch`},
		{"an id that is none", []string{"chat.message", "--id", ""}, "id is empty"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, err := runEmit(t, nobody, tt.args...)
			exit, ok := errors.AsType[*run.ExitError](err)
			if !ok || exit.Code != run.Usage || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v, want exit code 2 and %q; out %s", err, tt.says, out)
			}
		})
	}
}

// TestEmitPublishes: what is said is where it is, and once.
func TestEmitPublishes(t *testing.T) {
	server := bustest.Start(t)
	if _, err := runEmit(t, server.URL(), "chat.message"); exitCode(err) != run.Unreachable || !strings.Contains(err.Error(), "no log on this NATS yet") {
		t.Errorf("without a stream: %v", err)
	}
	log := newLog(t, server)
	var first, again emitted
	for _, e := range []*emitted{&first, &again} {
		out, err := runEmit(t, server.URL(), "chat.message", "--id", "fact-1", "--json")
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(out), e); err != nil {
			t.Fatal(err)
		}
	}
	want := emitted{ID: "fact-1", Subject: "promethean.p.twitch.t.duck.events.chat.message", Sequence: 1}
	if diff := cmp.Diff(want, first); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if want.Duplicate = true; !cmp.Equal(want, again) {
		t.Errorf("again: %+v", again)
	}
	s, err := log.js.Stream(t.Context(), bus.StreamEvents)
	if err != nil {
		t.Fatal(err)
	}
	m, err := s.GetMsg(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if origin := m.Header.Get(schema.HeaderOrigin); origin != "test" || m.Subject != want.Subject {
		t.Errorf("origin %q under %s", origin, m.Subject)
	}
	server.Stop()
	if _, err := runEmit(t, server.URL(), "chat.message"); exitCode(err) != run.Unreachable {
		t.Errorf("with nobody there: %v", err)
	}
}

func exitCode(err error) int {
	if exit, ok := errors.AsType[*run.ExitError](err); ok {
		return exit.Code
	}
	return -1
}

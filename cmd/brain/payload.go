package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"promethean/ops/settings"
	"promethean/schema"
)

// members is a JSON object; numbers are kept as they are written.
type members = map[string]any

// given is what a person said about a payload.
type given struct {
	// payload is the person's own; nil means the type's sample.
	payload members
	sets    []string
	// platform is a provider's name; empty leaves it to the payload.
	platform string
}

// given reads the payload that was given, if any.
func (f *emitFlags) given(cmd *cobra.Command) (given, error) {
	g := given{sets: f.sets, platform: strings.ToLower(f.platform)}
	text, from, err := f.text(cmd)
	if err != nil || from == "" {
		return g, err
	}
	if len(text) > schema.MaxFrame {
		return g, fmt.Errorf("%s: the payload is over %d bytes", from, schema.MaxFrame)
	}
	if err := schema.CheckJSON(bytes.TrimSpace(text)); err != nil {
		return g, fmt.Errorf("%s: %w", from, err)
	}
	if g.payload = object(text); g.payload == nil {
		return g, fmt.Errorf("%s: a payload is a JSON object, {…}", from)
	}
	return g, nil
}

// text is the payload as it was given, one byte over the limit at most, and where
// it came from: "" where none was.
func (f *emitFlags) text(cmd *cobra.Command) (text []byte, from string, err error) {
	switch {
	case cmd.Flags().Changed("payload"):
		return []byte(f.payload), "--payload", nil
	case !cmd.Flags().Changed("payload-file"):
		return nil, "", nil
	case f.file == "-":
		text, err = io.ReadAll(io.LimitReader(cmd.InOrStdin(), schema.MaxFrame+1))
		return text, "standard input", err
	}
	file, err := os.Open(f.file)
	if err != nil {
		return nil, "", fmt.Errorf("--payload-file: %w", err)
	}
	defer file.Close()
	text, err = io.ReadAll(io.LimitReader(file, schema.MaxFrame+1))
	return text, f.file, err
}

// object reads a JSON object; nil for anything else.
func object(text []byte) members {
	var m members
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(&m) != nil {
		return nil
	}
	return m
}

// build makes the payload of t and says on which platform it happened. The
// error names the member that is wrong.
func (g given) build(t schema.Type, now time.Time) ([]byte, schema.Provider, error) {
	described, err := describedBy(t)
	if err != nil {
		return nil, "", err
	}
	payload := g.payload
	if payload == nil {
		sample, _ := schema.Sample(t, schema.CurrentVersion(t)) // every type has one
		payload = object(sample)
		shift(payload, now)
		delete(payload, "sentDateTime")
		if t == schema.ChatMessage {
			delete(payload, "id")
		}
		if g.platform != "" {
			delete(payload, "platform")
		}
	}
	for _, set := range g.sets {
		if err := described.set(payload, set); err != nil {
			return nil, "", err
		}
	}
	provider, err := g.fill(t, payload, described, now)
	if err != nil {
		return nil, "", err
	}
	b, err := json.Marshal(payload)
	if err != nil {
		return nil, "", err
	}
	return b, provider, described.check(b)
}

// fill sets what was not given, and that this is a test whatever was given.
func (g given) fill(t schema.Type, payload members, described *description, now time.Time) (schema.Provider, error) {
	add := func(name string, value any) {
		if _, is := payload[name]; !is && described.has(name) {
			payload[name] = value
		}
	}
	add("sentDateTime", schema.NewTime(now).String())
	if t == schema.ChatMessage {
		add("id", rand.Text())
	}
	if described.has("isTest") {
		payload["isTest"] = true
	}
	named := g.platform
	text, _ := payload["platform"].(string)
	switch {
	case named == "":
		named = strings.ToLower(text)
	case text != "" && !strings.EqualFold(named, text) && t != schema.SourceGap: // a gap's is what could not be seen
		return "", fmt.Errorf("--platform is %s and the payload's platform %s: leave one out", named, text)
	}
	if named == "" {
		return schema.Brain, nil
	}
	if !slices.Contains(schema.Providers(), schema.Provider(named)) {
		return "", fmt.Errorf("platform %q is none of %s", named, providerNames())
	}
	add("platform", strings.ToUpper(named))
	return schema.Provider(named), nil
}

// shift moves every time in a sample by the same length, so that the last one
// is now.
func shift(v any, now time.Time) {
	var last time.Time
	eachTime(v, func(t time.Time) time.Time {
		if t.After(last) {
			last = t
		}
		return t
	})
	by := now.Sub(last)
	eachTime(v, func(t time.Time) time.Time { return t.Add(by) })
}

// eachTime puts what change gives in the place of each time in v.
func eachTime(v any, change func(time.Time) time.Time) any {
	switch v := v.(type) {
	case string:
		if t, err := time.Parse(time.RFC3339, v); err == nil {
			return schema.NewTime(change(t)).String()
		}
	case []any:
		for i := range v {
			v[i] = eachTime(v[i], change)
		}
	case members:
		for name := range v {
			v[name] = eachTime(v[name], change)
		}
	}
	return v
}

// set carries out member=value. The value is JSON where the member is no text.
func (d *description) set(payload members, text string) error {
	path, value, found := strings.Cut(text, "=")
	if !found || path == "" {
		return fmt.Errorf("--set %q is not of the form member=value", text)
	}
	names := strings.Split(path, ".")
	at, where := payload, d.schema
	for i, name := range names {
		properties, _ := where["properties"].(members)
		next, ok := properties[name].(members)
		if !ok && properties != nil {
			return fmt.Errorf("--set %s: there is no such member; the nearest is %s", path, settings.Nearest(name, sortedNames(properties)))
		}
		where = next
		if i == len(names)-1 {
			at[name] = valueOf(value, where["type"])
			return nil
		}
		inner, ok := at[name].(members)
		if !ok {
			inner = members{}
			at[name] = inner
		}
		at = inner
	}
	return errors.New("nothing to set")
}

// valueOf is a text where the schema says so, or where it is no JSON.
func valueOf(text string, kind any) any {
	var v any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if kind == "string" || d.Decode(&v) != nil || d.More() {
		return text
	}
	return v
}

func sortedNames(m members) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

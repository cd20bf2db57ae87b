package logging_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"promethean/ops/logging"
)

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		name, format string
		asJSON       bool
	}{{"auto away from a terminal", "auto", true}, {"json", "json", true}, {"console", "console", false}} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			log := logging.New(&out, "info", c.format).With().Str("component", "outbox").Logger()
			log.Info().Int("entries", 3).Msg("opened")
			var line map[string]any
			err := json.Unmarshal(out.Bytes(), &line)
			if (err == nil) != c.asJSON || strings.Contains(out.String(), "\x1b") {
				t.Errorf("%s", out.String())
			}
			if c.asJSON && (line["component"] != "outbox" || line["level"] != "info" || line["entries"] != 3.0 || line["message"] != "opened" || line["time"] == nil) {
				t.Errorf("%v", line)
			}
			if !c.asJSON && (!strings.Contains(out.String(), "INF opened") || !strings.Contains(out.String(), "component=outbox")) {
				t.Errorf("%s", out.String())
			}
		})
	}
}

func TestLevels(t *testing.T) {
	for _, c := range []struct {
		level string
		lines int
	}{{"debug", 4}, {"info", 3}, {"warn", 2}, {"error", 1}} {
		t.Run(c.level, func(t *testing.T) {
			var out bytes.Buffer
			log := logging.New(&out, c.level, "json")
			log.Debug().Msg("")
			log.Info().Msg("")
			log.Warn().Msg("")
			log.Error().Msg("")
			if got := strings.Count(out.String(), "\n"); got != c.lines {
				t.Errorf("%d lines, want %d", got, c.lines)
			}
		})
	}
}

// The null device is a character device, as terminals are, and nobody reads it.
func TestWhatIsNoTerminal(t *testing.T) {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	if logging.IsTerminal(null) || logging.IsTerminal(&bytes.Buffer{}) {
		t.Error("taken for a terminal")
	}
}

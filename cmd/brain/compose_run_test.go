package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// TestComposeServicesAsProcesses starts what docker-compose.yml says, in its
// order of health, as processes: the commands, environments and health checks
// of the file, NATS from nats.conf. Only host names become ports of the
// loopback, volumes become directories, and the embedded store is MongoDB. A
// line of chat has to reach the store, and `brain status` has to be content.
func TestComposeServicesAsProcesses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name          string
		up            []string
		store, status string
	}{
		// The simulator is in Streamer.bot's place.
		{"real", []string{"simulator", "sinks", "titles"}, "mongo", "brain"},
		{"simulation", []string{"sinks-sim", "titles-sim"}, "mongo-sim", "brain-sim"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newContainers(t)
			for _, name := range tt.up {
				c.up(name)
			}
			db, closeDB, err := database("mongodb://" + c.address(tt.store, "27017"))
			if err != nil {
				t.Fatal(err)
			}
			defer closeDB()
			eventually(t, "a line of chat", func() error {
				n, err := db.Collection("twitch_chat_messages").CountDocuments(t.Context(), bson.D{})
				if err == nil && n == 0 {
					err = fmt.Errorf("there is none")
				}
				return err
			})
			s := c.file.Services[tt.status]
			eventually(t, "brain status to be content", func() error {
				return c.run(tt.status, slices.Concat(entrypoint(t, s), s.Command))
			})
		})
	}
}

// containers are services of docker-compose.yml as processes.
type containers struct {
	t     *testing.T
	file  composeFile
	p     *processes
	ports map[string]string
}

func newContainers(t *testing.T) *containers {
	c := &containers{t: t, file: readCompose(t), p: &processes{dir: t.TempDir()}, ports: map[string]string{}}
	t.Cleanup(c.p.killAll)
	return c
}

// address is where a port of a service is on this machine.
func (c *containers) address(service, port string) string {
	key := service + ":" + port
	if c.ports[key] == "" {
		c.ports[key] = freeAddr(c.t)
	}
	return c.ports[key]
}

// up starts a service once all that it depends on are healthy, and returns
// when it is healthy too.
func (c *containers) up(name string) {
	c.t.Helper()
	if c.p.get(name) != nil {
		return
	}
	s, ok := c.file.Services[name]
	if !ok {
		c.t.Fatalf("there is no service %s", name)
	}
	for _, need := range slices.Sorted(maps.Keys(s.DependsOn)) {
		c.up(need)
	}
	dir := filepath.Join(c.p.dir, name)
	if err := os.MkdirAll(filepath.Join(dir, "data"), 0o700); err != nil {
		c.t.Fatal(err)
	}
	if s.Build.Target == "" {
		store := []string{"servers", "store", "--dir", dir, "--listen", c.address(name, "27017"), "--index", "promethean"}
		c.start(name, store)
		return
	}
	command := slices.Concat(entrypoint(c.t, s), s.Command)
	if command[0] != "/nats-server" {
		c.start(name, c.translate(name, command))
	} else {
		c.start(name, slices.Concat([]string{"servers", "nats", "--dir", filepath.Join(dir, "data"), "--listen", c.address(name, "4222")},
			c.translate(name, command[1:])))
	}
	eventually(c.t, name+" to be healthy", func() error { return c.run(name, s.Healthcheck.Test[1:]) })
}

// start starts a server's process; servers say when they are ready.
func (c *containers) start(name string, command []string) {
	c.t.Helper()
	run, err := c.p.start(name, c.environment(name), command...)
	if err != nil {
		c.t.Fatal(err)
	}
	if command[0] != "servers" {
		return
	}
	if err := run.waitOutput(regexp.MustCompile(`(?m)^ready`)); err != nil {
		c.t.Fatalf("%s: %v", name, err)
	}
}

// run runs a command as if it were in the service's container.
func (c *containers) run(name string, command []string) error {
	words := c.translate(name, command)
	ctx, cancel := context.WithTimeout(c.t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(binDir, words[0]), words[1:]...)
	cmd.Env, cmd.Dir = c.environment(name), c.p.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%q: %w\n%s", words, err, out)
	}
	return nil
}

func (c *containers) environment(name string) []string {
	env := []string{"HOME=" + c.p.dir}
	for variable, value := range c.file.Services[name].Environment {
		if value != nil {
			env = append(env, variable+"="+c.translate(name, []string{*value})[0])
		}
	}
	return env
}

var (
	itself = regexp.MustCompile(`(?:0\.0\.0\.0|127\.0\.0\.1):(\d+)`)
	other  = regexp.MustCompile(`\b([a-z][a-z.-]*[a-z]):(\d+)`)
)

// translate puts this machine's addresses and files in the place of the
// containers'.
func (c *containers) translate(name string, words []string) []string {
	var done []string
	for _, word := range words {
		word = unset(word)
		switch word {
		case "/data":
			word = filepath.Join(c.p.dir, name, "data")
		case "/nats.conf":
			word = c.natsConf()
		case "/brain", "/gateway", "/sinks", "/simulator":
			word = strings.TrimPrefix(word, "/")
		}
		word = other.ReplaceAllStringFunc(word, func(text string) string {
			host, port, _ := strings.Cut(text, ":")
			if host == "host.docker.internal" {
				// Nothing listens in the model server's place.
				if port == "11434" {
					return "\x00" + c.address(host, port)
				}
				host, port = "simulator", "8430"
			}
			if _, ok := c.file.Services[host]; !ok {
				c.t.Errorf("%s is sent to %s, which is no service", name, text)
			}
			return "\x00" + c.address(host, port)
		})
		word = itself.ReplaceAllStringFunc(word, func(text string) string {
			_, port, _ := strings.Cut(text, ":")
			if strings.Contains(word, "\x00"+text) {
				return text
			}
			return c.address(name, port)
		})
		done = append(done, strings.ReplaceAll(word, "\x00", ""))
	}
	return done
}

func (c *containers) natsConf() string {
	path, err := filepath.Abs("../../nats.conf")
	if err != nil {
		c.t.Fatal(err)
	}
	return path
}

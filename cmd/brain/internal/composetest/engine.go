package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"time"
)

// patience bounds every wait for a fact.
const patience = 5 * time.Minute

// simulation is what the test brings up, in the order in which it may be killed.
var simulation = []string{"nats-sim", "mongo-sim", "simulator", "gateway-sim", "sinks-sim", "titles-sim"}

// engine is one project of a Docker engine.
type engine struct {
	compose       []string
	project, file string
	env           []string
	addr          struct{ nats, store, gateway, sinks, control string }
}

// newEngine finds Compose and an engine that answers; a skip says what is missing.
func newEngine(ctx context.Context, file string) (*engine, error) {
	if _, err := os.Stat(file); err != nil {
		return nil, err
	}
	e := &engine{file: file, project: fmt.Sprintf("promethean-test-%d", os.Getpid())}
	switch {
	case exec.CommandContext(ctx, "docker", "compose", "version").Run() == nil:
		e.compose = []string{"docker", "compose"}
	case exec.CommandContext(ctx, "docker-compose", "version").Run() == nil:
		e.compose = []string{"docker-compose"}
	default:
		return nil, skip("neither `docker compose` nor `docker-compose` is there")
	}
	if out, err := exec.CommandContext(ctx, "docker", "version", "--format", "{{.Server.Version}}").CombinedOutput(); err != nil {
		return nil, skip("no Docker engine answers: " + cmp.Or(firstLine(out), err.Error()))
	}
	return e, e.choosePorts()
}

// choosePorts gives every port that the simulation publishes a free one.
func (e *engine) choosePorts() error {
	e.env = append(os.Environ(), "BRAIN_SIM_RATE=20")
	var bot, second, titles string
	for _, p := range []struct {
		name string
		addr *string
	}{
		{"SIM_NATS_LISTEN", &e.addr.nats}, {"SIM_STORE_LISTEN", &e.addr.store}, {"SIM_GATEWAY_HTTP_ADDR", &e.addr.gateway},
		{"SIM_SINKS_HTTP_ADDR", &e.addr.sinks}, {"SIM_CONTROL_ADDR", &e.addr.control}, {"BRAIN_SIM_STREAMERBOT_LISTEN", &bot}, {"BRAIN_SIM_AILICIA_LISTEN", &second}, {"SIM_TITLES_HTTP_ADDR", &titles},
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		// Held until all are chosen, so that no two are the same.
		defer l.Close()
		*p.addr = l.Addr().String()
		e.env = append(e.env, p.name+"="+*p.addr)
	}
	return nil
}

// do runs Compose for the project; the error has what it wrote.
func (e *engine) do(ctx context.Context, args ...string) error {
	words := append(append([]string{}, e.compose...), "-p", e.project, "-f", e.file, "--profile", "sim")
	return e.command(ctx, append(words, args...)...)
}

func (e *engine) command(ctx context.Context, words ...string) error {
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	var out bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr = e.env, &out, &out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(words, " "), err, out.Bytes())
	}
	return nil
}

// up returns when all services are healthy. The older Compose has no --wait.
func (e *engine) up(ctx context.Context) error {
	if err := e.do(ctx, append([]string{"up", "-d", "--build"}, simulation...)...); err != nil {
		return err
	}
	for _, service := range simulation {
		if err := e.healthy(ctx, service); err != nil {
			return err
		}
	}
	return nil
}

// healthy waits until a service's container is.
func (e *engine) healthy(ctx context.Context, service string) error {
	return eventually(ctx, service+" to be healthy", func(ctx context.Context) error {
		id, err := e.container(ctx, service)
		if err != nil {
			return err
		}
		out, err := exec.CommandContext(ctx, "docker", "inspect", "--format", "{{.State.Status}} {{.State.Health.Status}}", id).CombinedOutput()
		if got := firstLine(out); err != nil || got != "running healthy" {
			return fmt.Errorf("it is %s", got)
		}
		return nil
	})
}

// container is the id of a service's container.
func (e *engine) container(ctx context.Context, service string) (string, error) {
	out, err := exec.CommandContext(ctx, "docker", "ps", "-aq", "--filter", "label=com.docker.compose.project="+e.project,
		"--filter", "label=com.docker.compose.service="+service).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("docker ps: %w: %s", err, firstLine(out))
	}
	id := firstLine(out)
	if id == "" {
		return "", errors.New("it has no container")
	}
	return id, nil
}

// kill ends a service as a power cut would, and starts it again: an engine does
// not restart by itself what was killed through it.
func (e *engine) kill(ctx context.Context, service string) error {
	id, err := e.container(ctx, service)
	if err != nil {
		return err
	}
	if err := e.command(ctx, "docker", "kill", id); err != nil {
		return err
	}
	return e.command(ctx, "docker", "start", id)
}

func (e *engine) status(ctx context.Context) error {
	// Its image is not among those that `up` builds: an old one would do.
	if err := e.do(ctx, "build", "brain-sim"); err != nil {
		return err
	}
	return eventually(ctx, "brain status to be content", func(ctx context.Context) error {
		return e.do(ctx, "run", "--rm", "brain-sim", "status")
	})
}

// remove takes away the containers, networks and volumes of the project.
func (e *engine) remove(ctx context.Context) error {
	return e.do(ctx, "down", "-v", "--remove-orphans", "-t", "30")
}

// eventually waits for a fact that nothing announces.
func eventually(ctx context.Context, what string, fact func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		err := fact(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("waited in vain for %s: %w", what, err)
		}
	}
}

func firstLine(out []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	return line
}

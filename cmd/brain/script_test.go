package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// programs are what the scripts run, built as a user gets them: without the
// race detector.
var programs = map[string]string{
	"brain":     "promethean/cmd/brain",
	"gateway":   "promethean/gateway/cmd/gateway",
	"sinks":     "promethean/sinks/cmd/sinks",
	"simulator": "promethean/gateway/cmd/simulator",
	"servers":   "promethean/cmd/brain/internal/servers",
}

var binDir string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "brain-bin-*")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		binDir = dir
		build := exec.Command("go", slices.AppendSeq([]string{"build", "-o", dir + string(os.PathSeparator)}, maps.Values(programs))...)
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build the programs: %v\n%s", err, out)
			return 1
		}
		return m.Run()
	}())
}

// TestScripts runs testdata/script/*.txtar: whole programs, real sockets, real
// servers. The commands that scripts have beside testscript's own are in
// process_test.go and store_test.go.
func TestScripts(t *testing.T) {
	t.Parallel() // waits for its programs most of the time, as do the others that are
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", binDir+string(os.PathListSeparator)+os.Getenv("PATH"))
			e.Setenv("HOME", e.WorkDir)
			p := &processes{dir: e.WorkDir}
			e.Values[processKey{}] = p
			e.Defer(p.killAll)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"freeport":  cmdFreePort,
			"start":     cmdStart,
			"ready":     cmdReady,
			"kill9":     cmdKill9,
			"interrupt": cmdInterrupt,
			"get":       cmdGet,
			"until":     cmdUntil,
			"says":      cmdSays,
			"order":     cmdOrder,
			"docs":      cmdDocs,
			"document":  cmdDocument,
			"inorder":   cmdInOrder,
			"letters":   cmdLetters,
			"publish":   cmdPublish,
		},
	})
}

// freeport NAME...: sets each to 127.0.0.1:<a port that is free>.
func cmdFreePort(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: freeport NAME...")
	}
	for _, name := range args {
		ts.Setenv(name, freeAddr(ts))
	}
}

type fataler interface{ Fatalf(string, ...any) }

// nextPort counts through ports below the range from which the system takes
// those of outgoing connections: one of these could otherwise have the port
// before the program that it was meant for.
var nextPort = func() *atomic.Uint32 {
	var port atomic.Uint32
	port.Store(20_000 + rand.Uint32N(8_000))
	return &port
}()

func freeAddr(t fataler) string {
	for range 1000 {
		addr := fmt.Sprintf("127.0.0.1:%d", 20_000+nextPort.Add(1)%12_000)
		l, err := net.Listen("tcp", addr)
		if err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			t.Fatalf("%v", err)
		}
		return addr
	}
	t.Fatalf("no free port")
	return ""
}

// get URL STATUS: waits until the page answers with that status; its body goes
// to the file "body". With ! any other status is waited for.
func cmdGet(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: get URL STATUS")
	}
	eventually(ts, fmt.Sprintf("%s to answer %s", args[0], args[1]), func() error {
		status, body, err := page(args[0])
		if err != nil {
			return err
		}
		if (status == args[1]) == neg {
			return fmt.Errorf("status %s: %s", status, body)
		}
		return os.WriteFile(ts.MkAbs("body"), body, 0o600)
	})
}

// order URL LINE: has the simulator there carry an order out.
func cmdOrder(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: order URL LINE")
	}
	eventually(ts, args[0]+" to do "+args[1], func() error {
		resp, err := http.Post(args[0], "text/plain", strings.NewReader(args[1]))
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		if body, _ := readAll(resp.Body); resp.StatusCode != http.StatusOK {
			ts.Fatalf("order %s: %s %s", args[1], resp.Status, body)
		}
		return nil
	})
}

// says URL REGEXP: waits until a line of the page matches.
func cmdSays(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: says URL REGEXP")
	}
	match := regexp.MustCompile("(?m)" + args[1])
	eventually(ts, fmt.Sprintf("%s to say %s", args[0], args[1]), func() error {
		_, body, err := page(args[0])
		if err != nil || match.Match(body) {
			return err
		}
		return fmt.Errorf("it says\n%s", body)
	})
}

func page(url string) (status string, body []byte, err error) {
	resp, err := http.Get(url)
	if err != nil {
		return "", nil, err
	}
	defer resp.Body.Close()
	body, err = readAll(resp.Body)
	return fmt.Sprint(resp.StatusCode), body, err
}

// Package healthy is the question of a container's health check, asked by a
// second process of the same program: an image without a shell has nothing else
// that could ask.
package healthy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"promethean/ops/run"
)

const (
	// within bounds the question; a round of checks takes up to 2 s.
	within = 4 * time.Second
	// answerMax bounds what is read of the answer, in bytes.
	answerMax = 64 << 10
)

// Program asks the program whose pages are at addr (host:port, as it listens)
// whether it is ready or, with live, whether it lives. The error is a
// [run.ExitError]: [run.Failed] with a line for each check that fails, or
// [run.Unreachable] where nobody answers in four seconds.
func Program(ctx context.Context, addr string, live bool) error {
	path, problem := "/readyz?json", "not ready"
	if live {
		path, problem = "/livez", "broken"
	}
	status, body, err := get(ctx, addr, path)
	switch {
	case err != nil:
		return nobody(addr, err)
	case status == http.StatusOK:
		return nil
	case status != http.StatusServiceUnavailable:
		return nobody(addr, fmt.Errorf("what answers there is another program: status %d", status))
	case live:
		return &run.ExitError{Code: run.Failed, Err: fmt.Errorf("%s: %s", problem, clean(string(body)))}
	}
	return &run.ExitError{Code: run.Failed, Err: errors.New(problem + failing(body))}
}

// Answers asks whether an HTTP server is at addr, whatever it says.
func Answers(ctx context.Context, addr string) error {
	if _, _, err := get(ctx, addr, "/"); err != nil {
		return nobody(addr, err)
	}
	return nil
}

func nobody(addr string, err error) error {
	return &run.ExitError{Code: run.Unreachable, Err: fmt.Errorf("nobody answers at %s: %w", addr, err)}
}

// failing are the checks of /readyz?json that fail, each on a line.
func failing(body []byte) string {
	var report struct {
		Checks map[string]struct {
			OK  bool   `json:"ok"`
			Why string `json:"why"`
		} `json:"checks"`
	}
	if err := json.Unmarshal(body, &report); err != nil {
		return ": " + clean(string(body))
	}
	text := ""
	for _, name := range slices.Sorted(maps.Keys(report.Checks)) {
		if c := report.Checks[name]; !c.OK {
			text += "\n  " + clean(name) + ": " + clean(c.Why)
		}
	}
	return text
}

// clean is a text on one line without what acts on a terminal.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, strings.Join(strings.Fields(text), " "))
}

// get asks once, never by a proxy and never elsewhere.
func get(ctx context.Context, addr, path string) (status int, body []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	client := http.Client{
		Transport:     &http.Transport{DialContext: dial, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+host(addr)+path, nil)
	if err != nil {
		return 0, nil, err
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, cause(err)
	}
	defer response.Body.Close()
	body, err = io.ReadAll(io.LimitReader(response.Body, answerMax))
	return response.StatusCode, body, err
}

// everywhere is the host name that stands for every address of this machine;
// it goes into the Host header, where loopback servers look for it.
const everywhere = "localhost"

// host is where a program that listens at addr is asked: on loopback where it
// listens on every address.
func host(addr string) string {
	name, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(name); name == "" || ip != nil && ip.IsUnspecified() {
		name = everywhere
	}
	return net.JoinHostPort(name, port)
}

// dial does not look localhost up: an image need not have a list of hosts.
func dial(ctx context.Context, network, addr string) (net.Conn, error) {
	var d net.Dialer
	name, port, err := net.SplitHostPort(addr)
	if err != nil || name != everywhere {
		return d.DialContext(ctx, network, addr)
	}
	c, err := d.DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		if c, err6 := d.DialContext(ctx, network, net.JoinHostPort("::1", port)); err6 == nil {
			return c, nil
		}
	}
	return c, err
}

// cause is an error of a request without its URL, which the message has already.
func cause(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("no answer within %s", within)
	}
	return err
}

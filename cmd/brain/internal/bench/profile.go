package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// profileTime is how long the CPU is looked at.
const profileTime = 4 * time.Second

// profileAddr chooses where a program is to show its profiles; empty, which
// leaves them off, where none are asked for.
func (b *bench) profileAddr() (string, error) {
	if b.profile == "" {
		return "", nil
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a port for profiles: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// watch takes profiles of a program that shows them at addr, the first time
// that it runs under this name in a scenario. The process is not stopped before
// they are taken.
func (b *bench) watch(ctx context.Context, p *process, name, addr string) {
	if addr == "" {
		return
	}
	path := filepath.Join(b.profile, strings.ReplaceAll(b.scenario+"-"+name, " ", "-"))
	if _, err := os.Stat(path + ".cpu.pprof"); !errors.Is(err, fs.ErrNotExist) {
		return
	}
	taken := make(chan struct{})
	p.profiled = taken
	go func() {
		defer close(taken)
		page := "http://" + addr + "/debug/pprof/"
		err := errors.Join(
			fetch(ctx, fmt.Sprintf("%sprofile?seconds=%.0f", page, profileTime.Seconds()), path+".cpu.pprof"),
			fetch(ctx, page+"allocs", path+".allocs.pprof"))
		if err != nil {
			b.say("no whole profile of %s: %v", name, err)
		}
	}()
}

// fetch writes a page into a file, as soon as somebody answers.
func fetch(ctx context.Context, url, path string) error {
	var answer *http.Response
	wait, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	err := until(wait, func() (bool, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return false, err
		}
		if answer, err = http.DefaultClient.Do(r); err != nil {
			return false, nil // not listening yet
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", url, answer.Status)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	return os.WriteFile(path, body, 0o644)
}

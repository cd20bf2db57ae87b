package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	sqlite "modernc.org/sqlite"
)

func start(t *testing.T, dir string) *Server {
	t.Helper()
	s, err := Start(t.Context(), Options{Dir: dir, Listen: "127.0.0.1:0", Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func database(t *testing.T, s *Server) *mongo.Database {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(s.URI()).SetTimeout(30 * time.Second))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Disconnect(context.WithoutCancel(t.Context())) })
	return client.Database("promethean")
}

func documents(from, n, size int) []any {
	docs := make([]any, n)
	for i := range docs {
		docs[i] = bson.D{{Key: "_id", Value: fmt.Sprintf("id-%06d", from+i)}, {Key: "n", Value: int64(from + i)}, {Key: "text", Value: strings.Repeat("x", size)}}
	}
	return docs
}

func TestKeepsDataAndDirectory(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "a dir with (odd) + näme's & $signs")
	s := start(t, dir)
	db := database(t, s)
	if _, err := db.Collection("c").InsertMany(t.Context(), documents(0, 99, 10)); err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	s = start(t, dir)
	n, err := database(t, s).Collection("c").CountDocuments(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	if n != 99 {
		t.Errorf("%d documents after a restart, want 99", n)
	}
	entries, err := os.ReadDir(parent)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 {
		t.Errorf("the store wrote beside its directory: %v", entries)
	}
	if _, err := os.Stat(filepath.Join(dir, "promethean.sqlite")); err != nil {
		t.Error(err)
	}
}

// A directory that FerretDB cannot name is opened from the working directory.
func TestOddWorkingDirectory(t *testing.T) {
	cwd := filepath.Join(t.TempDir(), "[work] 100%")
	if err := os.Mkdir(cwd, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Chdir(cwd)
	for want := range 2 {
		s := start(t, "data")
		c := database(t, s).Collection("c")
		n, err := c.CountDocuments(t.Context(), bson.D{})
		if err != nil {
			t.Fatal(err)
		}
		if n != int64(want) {
			t.Errorf("start %d finds %d documents", want, n)
		}
		if _, err := c.InsertOne(t.Context(), bson.D{{Key: "_id", Value: want}}); err != nil {
			t.Fatal(err)
		}
		if err := s.IndexIDs(t.Context(), "promethean"); err != nil {
			t.Fatal(err)
		}
		if err := s.Stop(); err != nil {
			t.Fatal(err)
		}
	}
}

// The drivers of other programs hold connections open for as long as they run.
func TestStopWithClientsConnected(t *testing.T) {
	s := start(t, t.TempDir())
	db := database(t, s)
	for range 3 {
		if err := database(t, s).RunCommand(t.Context(), bson.D{{Key: "ping", Value: 1}}).Err(); err != nil {
			t.Fatal(err)
		}
	}
	stopped := make(chan error, 1)
	go func() { stopped <- s.Stop() }()
	select {
	case err := <-stopped:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(2 * stopWithin):
		t.Fatal("Stop hangs")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if err := db.RunCommand(ctx, bson.D{{Key: "ping", Value: 1}}).Err(); err == nil {
		t.Error("a stopped store answers")
	}
	if err := s.Stop(); err != nil {
		t.Errorf("second stop: %v", err)
	}
}

func TestStopUnderLoadLosesNothing(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir)
	c := database(t, s).Collection("c")
	first := make(chan struct{})
	var acked int
	var wg sync.WaitGroup
	wg.Go(func() {
		for ; ; acked++ {
			if _, err := c.InsertOne(t.Context(), documents(acked, 1, 100)[0]); err != nil {
				return
			}
			if acked == 20 {
				close(first)
			}
		}
	})
	<-first
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	s = start(t, dir)
	n, err := database(t, s).Collection("c").CountDocuments(t.Context(), bson.D{})
	if err != nil {
		t.Fatal(err)
	}
	if n < int64(acked) || n > int64(acked)+1 {
		t.Errorf("%d documents acknowledged, %d found (one more may be, unacknowledged)", acked, n)
	}
}

func TestStartErrors(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "notes.sqlite"), []byte(strings.Repeat("not a database\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		o    Options
		want string
		is   error
	}{
		{"port taken", Options{Dir: t.TempDir(), Listen: taken.Addr().String()}, "listen on " + taken.Addr().String(), syscall.EADDRINUSE},
		{"no directory", Options{Listen: "127.0.0.1:0"}, "no data directory", nil},
		{"directory is a file", Options{Dir: file, Listen: "127.0.0.1:0"}, "make the data directory", nil},
		{"percent in the path", Options{Dir: t.TempDir() + "/100%", Listen: "127.0.0.1:0"}, "choose another path", nil},
		{"bracket in the path", Options{Dir: t.TempDir() + "/[a]", Listen: "127.0.0.1:0"}, "choose another path", nil},
		{"no port", Options{Dir: t.TempDir(), Listen: "127.0.0.1"}, "listen on 127.0.0.1", nil},
		{"not SQLite", Options{Dir: foreign, Listen: "127.0.0.1:0"}, "notes.sqlite", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.o.Log = zerolog.Nop()
			s, err := Start(t.Context(), tt.o)
			if err == nil {
				_ = s.Stop()
				t.Fatal("started")
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q does not say %q", err, tt.want)
			}
			if tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("error %q is not %q", err, tt.is)
			}
			// FerretDB's finalisers panic for what was opened and not closed.
			runtime.GC()
			runtime.GC()
		})
	}
}

// What every one of FerretDB's own connections has in force, asked on them.
func TestPragmasInForce(t *testing.T) {
	dir := t.TempDir()
	var mu sync.Mutex
	seen := map[string]int{}
	var failed error
	sqlite.RegisterConnectionHook(func(conn sqlite.ExecQuerierContext, dsn string) error {
		if !strings.Contains(dsn, filepath.ToSlash(dir)) {
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		text, err := pragmasOf(conn)
		failed = errors.Join(failed, err)
		seen[text]++
		return nil
	})
	s := start(t, dir)
	db := database(t, s)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			if _, err := db.Collection("c").InsertMany(t.Context(), documents(i*50, 50, 100)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	mu.Lock()
	defer mu.Unlock()
	if failed != nil {
		t.Fatal(failed)
	}
	n := seen["journal_mode=wal synchronous=2 busy_timeout=10000"]
	if n == 0 || len(seen) != 1 {
		t.Errorf("connections have %v, want WAL, synchronous 2 (full) and a busy timeout on each", seen)
	}
}

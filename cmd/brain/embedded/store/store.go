// Package store runs a MongoDB-compatible server inside this process: FerretDB
// v1 on SQLite.
//
// It is for the first run and for development, so that nothing has to be
// installed; MongoDB is for keeps. Its rules: every acknowledged write has been
// fsynced; nothing is written outside its directory; the port is its own
// listener, so that Stop ends every client at once (FerretDB waits 3 s for
// them) and a port in use is a plain error (in FerretDB it is a finaliser's
// panic some time later).
//
// What this store cannot do, and the sinks therefore never ask of it, is held
// by the tests in limits_test.go. Two of them are fatal: a command with 100
// updates hangs the database, and a backslash in a key at the top of a document
// makes its collection unreadable.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/FerretDB/FerretDB/ferretdb"
	"github.com/rs/zerolog"
)

const (
	// MaxBatch is how many documents one insert or update command may carry
	// here: FerretDB commits inserts every 100, and 100 updates that match take
	// all its SQLite connections and hang. Commands at once add up.
	MaxBatch = 99

	stopWithin = time.Second
	// busyTimeout is how long SQLite waits for another writer, in ms.
	busyTimeout = 10_000
)

// Options say where the store keeps its data and where it listens.
type Options struct {
	// Dir holds one SQLite file a database; it is created when it is not there.
	// Its path may not contain ? # % * or [. One store a directory: the caller
	// sees to that.
	Dir string
	// Listen is host:port for MongoDB drivers; port 0 takes a free one.
	Listen string
	Log    zerolog.Logger
}

// Server is a running store.
type Server struct {
	dir  string
	door *door
	// ran is closed when FerretDB has closed its databases.
	ran  <-chan struct{}
	stop func() error
}

// Start returns when the store takes connections. ctx bounds the start only.
// What a kill left half made is repaired first. The error says which address or
// file is at fault; an address in use satisfies
// errors.Is(err, syscall.EADDRINUSE).
func Start(ctx context.Context, o Options) (*Server, error) {
	dir, err := prepareDir(o.Dir)
	if err != nil {
		return nil, err
	}
	log := o.Log.With().Str("component", "store").Logger()
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.Listen)
	if err != nil {
		return nil, fmt.Errorf("store: listen on %s: %w", o.Listen, err)
	}
	if err := repairAll(ctx, dir, log); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	db, back, err := openFerretDB(dir, log)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	s := &Server{dir: dir}
	runCtx, cancel := context.WithCancel(context.Background())
	ran := make(chan struct{})
	go func() {
		defer close(ran)
		// Run's error is always nil.
		_ = db.Run(runCtx)
	}()
	s.ran = ran
	s.door = openDoor(listener, back, log)
	s.stop = sync.OnceValue(func() error {
		s.door.close()
		cancel()
		return s.waitStopped()
	})
	if host, _, err := net.SplitHostPort(o.Listen); err == nil && !loopback(host) {
		log.Warn().Str("listen", o.Listen).Msg("the store listens beyond this machine without a password: anyone who reaches the port can read and write")
	}
	return s, nil
}

// openFerretDB gives FerretDB, not yet running, and its own address.
func openFerretDB(dir string, log zerolog.Logger) (_ *ferretdb.FerretDB, back string, err error) {
	db, err := ferretdb.New(&ferretdb.Config{
		// A free port on the loopback is never taken, see door.
		Listener:  ferretdb.ListenerConfig{TCP: "127.0.0.1:0"},
		Logger:    slog.New(&bridge{log: log}),
		Handler:   "sqlite",
		SQLiteURL: "file:" + filepath.ToSlash(dir) + "/?" + pragmas().Encode(),
	})
	if err != nil {
		return nil, "", fmt.Errorf("store: open %s: %w", dir, err)
	}
	uri, err := url.Parse(db.MongoDBURI())
	if err != nil {
		return nil, "", fmt.Errorf("store: start: %w", err)
	}
	return db, uri.Host, nil
}

func (s *Server) waitStopped() error {
	timer := time.NewTimer(stopWithin)
	defer timer.Stop()
	select {
	case <-s.ran:
		return nil
	case <-timer.C:
		return fmt.Errorf("store: stop: a command is still running after %s; what was acknowledged is on disk", stopWithin)
	}
}

// URI is the connection string for a MongoDB driver on this machine.
func (s *Server) URI() string {
	addr := s.door.addr()
	if addr.IP.IsUnspecified() {
		return "mongodb://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(addr.Port)) + "/"
	}
	return "mongodb://" + addr.String() + "/"
}

// Stop ends all connections and closes the databases. It returns within a second,
// with an error when a command is still running then. A second call returns
// what the first did. After a clean stop another Start on the same directory
// may follow in this process.
func (s *Server) Stop() error { return s.stop() }

func prepareDir(dir string) (string, error) {
	if dir == "" {
		return "", errors.New("store: no data directory given")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("store: make the data directory: %w", err)
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("store: data directory %s: %w", dir, err)
	}
	if openable(abs) {
		return abs, nil
	}
	// What is odd may be above the working directory.
	if cwd, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(cwd, abs); err == nil && openable(rel) {
			return rel, nil
		}
	}
	return "", fmt.Errorf("store: the path of the data directory %s contains one of %s, which the embedded store cannot open: choose another path, or set BRAIN_MONGO_URI to a MongoDB", abs, oddCharacters)
}

// oddCharacters may not be in the path: FerretDB and SQLite read it as part of
// an URI, and FerretDB looks for its files with it as a pattern. Where the
// pattern misses a file, FerretDB makes a new database and deletes the old.
const oddCharacters = "? # % * ["

func openable(path string) bool {
	return !strings.ContainsAny(path, "?#%*[") && (os.PathSeparator == '\\' || !strings.Contains(path, `\`))
}

// pragmas are those of every connection, FerretDB's and ours. The busy timeout
// comes first, so that switching to WAL waits for another writer too.
func pragmas() url.Values {
	return url.Values{"_pragma": {
		fmt.Sprintf("busy_timeout(%d)", busyTimeout), "journal_mode(wal)", "synchronous(full)",
	}}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

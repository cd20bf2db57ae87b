package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// tapRole stands between the sinks and a store and carries their bytes. It
// notes when the store acknowledged each line's document: that is when the
// event is stored. Every wire message is carried as soon as it is whole. At the
// end it prints what it noted.
func tapRole(ctx context.Context, args []string, stdout io.Writer) error {
	fs := flag.NewFlagSet("child-tap", flag.ContinueOnError)
	to := fs.String("to", "", "host:port of the store")
	if err := fs.Parse(args); err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("tap: %w", err)
	}
	t := tap{stored: map[string]map[int]time.Time{}}
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	fmt.Fprintln(stdout, "ready", l.Addr())
	var serving sync.WaitGroup
	for {
		c, err := l.Accept()
		if err != nil {
			break // closed: the run is over
		}
		serving.Go(func() { t.serve(ctx, c, *to) })
	}
	serving.Wait()
	text, err := json.Marshal(t.stored)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "result %s\n", text)
	return nil
}

// tap is what has been seen.
type tap struct {
	mu sync.Mutex
	// stored says for each collection when each line was acknowledged, for the
	// first time.
	stored map[string]map[int]time.Time
}

// inserted are the lines of one insert command that has no answer yet.
type inserted struct {
	collection string
	lines      []int
}

// wire is one connection; asked holds its inserts by request id.
type wire struct {
	mu    sync.Mutex
	asked map[uint32]inserted
}

func (t *tap) serve(ctx context.Context, client net.Conn, to string) {
	defer client.Close()
	server, err := net.Dial("tcp", to)
	if err != nil {
		return // the client sees it
	}
	defer server.Close()
	stop := context.AfterFunc(ctx, func() { _ = client.Close() })
	defer stop()
	w := wire{asked: map[uint32]inserted{}}
	var both sync.WaitGroup
	both.Go(func() { carry(server, client, w.ask) })
	both.Go(func() { carry(client, server, func(m []byte) { t.answered(&w, m) }) })
	both.Wait()
}

// The wire protocol's sizes (mongodb.com, "MongoDB Wire Protocol"): a message
// begins with length, request id, response to and code; OP_MSG goes on with
// flags and sections.
const (
	headBytes = 16
	opMessage = 2013
	mostWire  = 64 << 20
)

// carry takes messages from one end to the other until one of them closes, and
// shows each before it goes on.
func carry(to, from net.Conn, show func([]byte)) {
	defer to.Close()
	defer from.Close()
	r := bufio.NewReaderSize(from, 1<<20)
	for {
		head, err := r.Peek(4)
		if err != nil {
			return
		}
		size := binary.LittleEndian.Uint32(head)
		if size < headBytes || size > mostWire {
			return
		}
		m := make([]byte, size)
		if _, err := io.ReadFull(r, m); err != nil {
			return
		}
		show(m)
		if _, err := to.Write(m); err != nil {
			return
		}
	}
}

// ask notes an insert.
func (w *wire) ask(m []byte) {
	in, err := readInsert(m)
	if err != nil || len(in.lines) == 0 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked[binary.LittleEndian.Uint32(m[4:])] = in
}

// answered notes when the lines of an insert were acknowledged.
func (t *tap) answered(w *wire, m []byte) {
	at := time.Now()
	w.mu.Lock()
	id := binary.LittleEndian.Uint32(m[8:])
	in, ok := w.asked[id]
	delete(w.asked, id)
	w.mu.Unlock()
	if !ok || !bytes.Contains(m, []byte("\x01ok\x00")) || bytes.Contains(m, []byte("writeErrors\x00")) || bytes.Contains(m, []byte("writeConcernError\x00")) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := t.stored[in.collection]
	if lines == nil {
		lines = map[int]time.Time{}
		t.stored[in.collection] = lines
	}
	for _, n := range in.lines {
		if _, again := lines[n]; !again {
			lines[n] = at
		}
	}
}

var errNoInsert = errors.New("no insert")

// readInsert reads an insert command: section 0 is its body, which may hold the
// documents, else section 1 does.
func readInsert(m []byte) (in inserted, err error) {
	if len(m) < headBytes+5 || binary.LittleEndian.Uint32(m[12:]) != opMessage {
		return in, errNoInsert
	}
	rest := m[headBytes+4:]
	for len(rest) > 5 {
		section, size := rest[0], binary.LittleEndian.Uint32(rest[1:])
		if size < 5 || uint64(size)+1 > uint64(len(rest)) {
			return in, errNoInsert
		}
		part := rest[1 : 1+size]
		rest = rest[1+size:]
		switch section {
		case 0:
			name, ok := bson.Raw(part).Lookup("insert").StringValueOK()
			if !ok {
				return in, errNoInsert
			}
			in.collection = name
			in.lines = append(in.lines, linesWithin(bson.Raw(part).Lookup("documents"))...)
		case 1:
			in.lines = append(in.lines, linesIn(part[4:])...)
		}
	}
	return in, nil
}

// linesWithin reads which lines a command's own array of documents holds.
func linesWithin(documents bson.RawValue) (lines []int) {
	array, _ := documents.ArrayOK()
	values, err := array.Values()
	if err != nil {
		return nil
	}
	for _, v := range values {
		if doc, ok := v.DocumentOK(); ok {
			if n, ok := numberIn(doc); ok {
				lines = append(lines, n)
			}
		}
	}
	return lines
}

// linesIn reads which lines a sequence of documents holds: the identifier's
// name, then one document after the other.
func linesIn(sequence []byte) (lines []int) {
	_, docs, _ := bytes.Cut(sequence, []byte{0})
	for len(docs) > 4 {
		size := binary.LittleEndian.Uint32(docs)
		if size < 5 || uint64(size) > uint64(len(docs)) {
			return lines
		}
		if n, ok := numberIn(docs[:size]); ok {
			lines = append(lines, n)
		}
		docs = docs[size:]
	}
	return lines
}

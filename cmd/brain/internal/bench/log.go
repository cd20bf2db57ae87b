package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"promethean/bus"
	"promethean/schema"
)

// chatSubject is where the lines of a run are on the log.
var chatSubject = "promethean.p.twitch.t.main.events." + string(schema.ChatMessage)

// lastLine is the number of the last line on the log, 0 without any.
func (n *natsServer) lastLine(ctx context.Context) (int, error) {
	stream, err := n.bus.JetStream().Stream(ctx, bus.StreamEvents)
	if err != nil {
		return 0, fmt.Errorf("look at the log: %w", err)
	}
	m, err := stream.GetLastMsgForSubject(ctx, chatSubject)
	if err != nil {
		return 0, nil // none yet, or slow: it is asked again
	}
	number, _ := numberIn(m.Data)
	return number, nil
}

// check reads the whole log and fails unless it holds every line from first on,
// once, in order. With a writer it is told every line.
func (n *natsServer) check(ctx context.Context, first, lines int, tell func(jetstream.Msg) error) error {
	js := n.bus.JetStream()
	stream, err := js.Stream(ctx, bus.StreamEvents)
	if err != nil {
		return fmt.Errorf("read the log: %w", err)
	}
	reader, err := js.OrderedConsumer(ctx, bus.StreamEvents, jetstream.OrderedConsumerConfig{FilterSubjects: []string{schema.AllEvents}})
	if err != nil {
		return fmt.Errorf("read the log: %w", err)
	}
	messages, err := reader.Messages(jetstream.PullMaxMessages(2000))
	if err != nil {
		return fmt.Errorf("read the log: %w", err)
	}
	defer messages.Stop()
	due := first
	for range stream.CachedInfo().State.Msgs {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return fmt.Errorf("read the log: %w", err)
		}
		number, ok := numberIn(m.Data())
		switch {
		case !ok:
			continue
		case number != due:
			return fmt.Errorf("the log is wrong: line %d came where line %d was due: missing, twice or out of order", number, due)
		}
		due++
		if tell != nil {
			if err := tell(m); err != nil {
				return err
			}
		}
	}
	if due != first+lines {
		return fmt.Errorf("the log is wrong: it ends with line %d of %d", due-1, first+lines-1)
	}
	return nil
}

// A file of messages is, for each: subject, number of header fields, their
// names and values, and the body, every text with its length (unsigned varint)
// before it.

// capture writes the lines of the log into a file, as they are.
func (n *natsServer) capture(ctx context.Context, path string, first, lines int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	err = n.check(ctx, first, lines, func(m jetstream.Msg) error {
		_, err := w.Write(encode(m))
		return err
	})
	if err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

// encode leaves out the headers of the atomic batch in which a message came: a
// loop that sends one by one has none.
func encode(m jetstream.Msg) []byte {
	var names []string
	for name := range m.Headers() {
		if !strings.HasPrefix(name, "Nats-Batch-") {
			names = append(names, name)
		}
	}
	b := appendField(nil, m.Subject())
	b = binary.AppendUvarint(b, uint64(len(names)))
	for _, name := range names {
		b = appendField(appendField(b, name), m.Headers().Get(name))
	}
	return appendField(b, string(m.Data()))
}

func appendField(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// readMessages reads a file of messages back.
func readMessages(path string) ([]*nats.Msg, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 1<<20)
	var all []*nats.Msg
	for {
		m, err := readMessage(r)
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		all = append(all, m)
	}
}

func readMessage(r *bufio.Reader) (*nats.Msg, error) {
	subject, err := readText(r)
	if err != nil {
		return nil, err
	}
	m := nats.NewMsg(string(subject))
	fields, err := binary.ReadUvarint(r)
	for range fields {
		var name, value []byte
		if name, err = readText(r); err == nil {
			value, err = readText(r)
		}
		if err != nil {
			break
		}
		m.Header[string(name)] = []string{string(value)}
	}
	if err == nil {
		m.Data, err = readText(r)
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return m, err
}

func readText(r *bufio.Reader) ([]byte, error) {
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return nil, err
	}
	b := make([]byte, n)
	_, err = io.ReadFull(r, b)
	return b, err
}

// patience bounds every run; one that needs it has failed.
const patience = 15 * time.Minute

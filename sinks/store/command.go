package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

const (
	// commandBytes bounds the documents of an insert command that is built here:
	// MongoDB takes a command of 16 MiB. A document over it goes with InsertMany,
	// which sends documents beside the command.
	commandBytes = 15 << 20
	// headBytes are enough for the command but for its documents, and elementBytes
	// for what the array has beside each.
	headBytes, elementBytes = 512, 8
	// keptBytes bounds the buffer that is kept for the next command.
	keptBytes = 4 << 20
	// retries is how often a command that failed on the way is sent again at once;
	// after that it is the caller's.
	retries = 2
	// firstNumber is beyond what the driver has counted in a session that it hands
	// out again: the server refuses a number that is not above the last.
	firstNumber = 1 << 40
)

// commands sends insert commands to one collection of MongoDB. The driver's
// InsertMany encodes and decodes each document, which takes longer than making
// it; here the documents, which are BSON already, are copied into one command.
//
// The rules are InsertMany's: unordered, the write concern, and on a replica set
// retryable (mongodb.com, "Retryable Writes"): a session of its own numbers the
// commands, so that the server tells one that comes again, and answers as it did.
type commands struct {
	mu      sync.Mutex
	session *mongo.Session
	number  int64
	buffer  []byte
}

// insertCommand inserts documents of at most [commandBytes] together. The error
// is as the server's answer to an insert is.
func (s *Store) insertCommand(ctx context.Context, collection string, docs []bson.Raw) error {
	c := s.commandsTo(collection)
	c.mu.Lock()
	defer c.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	numbered := s.numbered.Load()
	if numbered {
		if err := c.begin(s.client); err != nil {
			return err
		}
		ctx = mongo.NewSessionContext(ctx, c.session)
	}
	command := c.build(collection, docs, numbered)
	for tries := 0; ; tries++ {
		err := s.db.RunCommand(ctx, command).Err()
		if !numbered || tries == retries || ctx.Err() != nil || !again(err) {
			return err
		}
	}
}

// begin takes the next number, in the session that numbers are counted in.
func (c *commands) begin(client *mongo.Client) error {
	if c.session != nil {
		c.number++
		return nil
	}
	session, err := client.StartSession()
	if err != nil {
		return fmt.Errorf("start a session: %w", err)
	}
	c.session, c.number = session, firstNumber
	return nil
}

// again reports whether the same command may help: the connection broke, or the
// server says so.
func again(err error) bool {
	var labeled mongo.LabeledError
	return mongo.IsNetworkError(err) || errors.As(err, &labeled) && labeled.HasErrorLabel("RetryableWriteError")
}

// build writes the command; it is valid until the next one is built.
func (c *commands) build(collection string, docs []bson.Raw, numbered bool) bson.Raw {
	size := headBytes
	for _, d := range docs {
		size += len(d) + elementBytes
	}
	at, b := bsoncore.AppendDocumentStart(slices.Grow(c.buffer[:0], size))
	b = bsoncore.AppendStringElement(b, "insert", collection)
	b = bsoncore.AppendBooleanElement(b, "ordered", false)
	concern, b := bsoncore.AppendDocumentElementStart(b, "writeConcern")
	b = bsoncore.AppendStringElement(b, "w", "majority")
	b = bsoncore.AppendBooleanElement(b, "j", true)
	b, _ = bsoncore.AppendDocumentEnd(b, concern)
	if numbered {
		b = bsoncore.AppendInt64Element(b, "txnNumber", c.number)
	}
	array, b := bsoncore.AppendArrayElementStart(b, "documents")
	for i, d := range docs {
		b = append(b, byte(bsoncore.TypeEmbeddedDocument))
		b = append(strconv.AppendInt(b, int64(i), 10), 0)
		b = append(b, d...)
	}
	b, _ = bsoncore.AppendArrayEnd(b, array)
	b, _ = bsoncore.AppendDocumentEnd(b, at)
	if c.buffer = b; cap(b) > keptBytes {
		c.buffer = nil
	}
	return b
}

func (s *Store) commandsTo(collection string) *commands {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.commands[collection]
	if !ok {
		c = &commands{}
		s.commands[collection] = c
	}
	return c
}

// endSessions ends those of all collections.
func (s *Store) endSessions(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.commands {
		if c.session != nil {
			c.session.EndSession(ctx)
		}
	}
}

package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/bus"
	"promethean/schema"
	"promethean/sinks/chat"
	"promethean/sinks/ledger"
)

// kind is a sink that a scenario measures: its name, where it stores, and how
// it makes a document.
type kind struct {
	sink, collection string
	document         func(schema.Recorded) (bson.Raw, error)
}

var kinds = []kind{
	{"ledger", ledger.Collection, ledger.Document},
	{"chat", "twitch_chat_messages", chat.Document},
}

// documents makes, once, for each collection the file of the documents that its
// sink makes of the messages.
func (b *bench) documents(ctx context.Context) (dir string, err error) {
	dir = filepath.Join(b.dir, "documents")
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	path, err := b.messages(ctx)
	if err != nil {
		return "", err
	}
	b.say("preparing the documents, for the bare loops")
	messages, err := readMessages(path)
	if err != nil {
		return "", err
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", err
	}
	for _, k := range kinds {
		f, err := os.Create(filepath.Join(dir, k.collection))
		if err != nil {
			return "", err
		}
		w := bufio.NewWriterSize(f, 1<<20)
		for i, m := range messages {
			doc, err := prepared(k, m.Subject, m.Data, uint64(i+1))
			if err != nil {
				return "", fmt.Errorf("document of line %d for %s: %w", i+1, k.collection, err)
			}
			if _, err := w.Write(doc); err != nil {
				return "", err
			}
		}
		if err := w.Flush(); err != nil {
			return "", err
		}
		if err := f.Close(); err != nil {
			return "", err
		}
	}
	return dir, nil
}

func prepared(k kind, subject string, body []byte, seq uint64) (bson.Raw, error) {
	e, err := schema.Parse(body)
	if err != nil {
		return nil, err
	}
	return k.document(schema.Recorded{Envelope: e, Body: body, Subject: subject, Stream: bus.StreamEvents, Seq: seq})
}

// readDocuments reads the first documents of a file; 0 is all. A document
// begins with its own length.
func readDocuments(path string, most int) ([]bson.Raw, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 1<<20)
	var all []bson.Raw
	for most == 0 || len(all) < most {
		head, err := r.Peek(4)
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		doc := make([]byte, binary.LittleEndian.Uint32(head))
		if _, err := io.ReadFull(r, doc); err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		all = append(all, doc)
	}
	return all, nil
}

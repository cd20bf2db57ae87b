package bus

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"promethean/schema"
)

// The headers of an atomic batch, as the server's documentation of
// `allow_atomic` gives them: every message has the batch's id and its own number
// from 1 on, the last one also the commit, and only that one is answered.
const (
	headerBatchID     = "Nats-Batch-Id"
	headerBatchSeq    = "Nats-Batch-Sequence"
	headerBatchCommit = "Nats-Batch-Commit"
)

// errBatchAck: the answer to a commit is not the acknowledgement of this batch.
var errBatchAck = errors.New("bus: not the acknowledgement of the batch that was sent")

// batchSender sends atomic batches. The connection copies what it is given, so
// one message and one set of headers serve all; one goroutine uses it.
type batchSender struct {
	nc     *nats.Conn
	header nats.Header
	// values are the headers' values; each is a slice of one in the map.
	values []string
}

func newBatchSender(nc *nats.Conn) batchSender {
	return batchSender{nc: nc, header: nats.Header{}}
}

// batch sends messages, two at least, and returns nil when all are stored. An
// error is a *[jetstream.APIError] when the server has refused them all;
// after any other it is unknown whether they are stored: all or none.
func (s *batchSender) batch(ctx context.Context, messages []schema.Message) error {
	// A new one each time: the server may still hold the beginning of a try that
	// was cut off.
	id := rand.Text()
	last := len(messages) - 1
	for i := range messages[:last] {
		if err := s.nc.PublishMsg(s.message(&messages[i], id, i+1)); err != nil {
			return fmt.Errorf("bus: publish a batch: %w", err)
		}
	}
	commit := s.message(&messages[last], id, last+1)
	s.set(headerBatchCommit, "1")
	answer, err := s.nc.RequestMsgWithContext(ctx, commit)
	if err != nil {
		return fmt.Errorf("bus: publish a batch: %w", err)
	}
	return checkBatchAck(answer.Data, id, len(messages))
}

// message is m as number n of a batch, valid until the next call.
func (s *batchSender) message(m *schema.Message, id string, n int) *nats.Msg {
	clear(s.header)
	s.values = s.values[:0]
	for i := range m.Header {
		s.set(m.Header[i].Name, m.Header[i].Value)
	}
	s.set(schema.HeaderMessageID, m.ID)
	s.set(headerBatchID, id)
	s.set(headerBatchSeq, strconv.Itoa(n))
	return &nats.Msg{Subject: m.Subject, Header: s.header, Data: m.Body}
}

func (s *batchSender) set(name, value string) {
	n := len(s.values)
	s.values = append(s.values, value)
	s.header[name] = s.values[n : n+1 : n+1]
}

func checkBatchAck(answer []byte, id string, count int) error {
	var ack struct {
		Error  *jetstream.APIError `json:"error"`
		Stream string              `json:"stream"`
		Batch  string              `json:"batch"`
		Count  int                 `json:"count"`
	}
	if err := json.Unmarshal(answer, &ack); err != nil {
		return fmt.Errorf("%w: %w", errBatchAck, err)
	}
	if ack.Error != nil {
		return ack.Error
	}
	if ack.Stream == "" || ack.Batch != id || ack.Count != count {
		return fmt.Errorf("%w: stream %q, %d messages", errBatchAck, ack.Stream, ack.Count)
	}
	return nil
}

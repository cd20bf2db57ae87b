package mongostub

import (
	"bufio"
	"io"
	"net"
	"slices"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// readAhead is how much of a message is taken on trust: its memory grows with
// what has come, not with what its header promises.
const readAhead = 1 << 20

// conn is one client's connection. Its buffers are used again for each message.
type conn struct {
	server    *Server
	net       net.Conn
	id        int64
	message   []byte
	sequences []sequence
	docs      []bsoncore.Document
	out       []byte
}

// serve answers messages until the client leaves, sends what is none, or a
// fault cuts it off.
func (c *conn) serve() {
	in := bufio.NewReaderSize(c.net, 64<<10)
	for c.read(in) == nil {
		r, err := decode(c.message, c.sequences)
		if err != nil {
			return
		}
		c.sequences = r.sequences[:0]
		answer, cut := c.answer(r)
		if cut {
			return
		}
		if answer == nil || r.silent {
			continue
		}
		c.out = encode(c.out[:0], r, answer)
		if _, err := c.net.Write(c.out); err != nil {
			return
		}
	}
}

func (c *conn) read(in io.Reader) error {
	c.message = slices.Grow(c.message[:0], headerLen)[:headerLen]
	if _, err := io.ReadFull(in, c.message); err != nil {
		return err
	}
	h, err := decodeHeader(c.message)
	if err != nil {
		return err
	}
	for have := headerLen; have < int(h.length); have = len(c.message) {
		n := min(int(h.length)-have, readAhead)
		c.message = slices.Grow(c.message, n)[:have+n]
		if _, err := io.ReadFull(in, c.message[have:]); err != nil {
			return err
		}
	}
	return nil
}

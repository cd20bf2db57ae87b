package mongostub

import (
	"slices"
	"sync"

	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// mostLogged is how many commands the log holds; the oldest go first.
const mostLogged = 4096

// Command is one that came, whatever became of it.
type Command struct {
	Name, Database, Collection string
	// Documents counts those in sequences of their own: the statements of a
	// write as drivers send it. Bytes is the whole message's.
	Documents, Bytes int
	// Txn is the number of a write that may be repeated, 0 for others.
	Txn int64
}

type commandLog struct {
	mu     sync.Mutex
	last   []Command
	counts map[string]int
}

func (l *commandLog) add(c Command) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.counts == nil {
		l.counts = map[string]int{}
	}
	l.counts[c.Name]++
	if len(l.last) == mostLogged {
		l.last = slices.Delete(l.last, 0, mostLogged/2)
	}
	l.last = append(l.last, c)
}

// Commands are the last commands of the names, of all where none is given, in
// the order in which they came.
func (s *Server) Commands(names ...string) []Command {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.log.last), func(c Command) bool {
		return len(names) > 0 && !slices.Contains(names, c.Name)
	})
}

// Count is how many commands of a name have come.
func (s *Server) Count(name string) int {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return s.log.counts[name]
}

// Len is how many documents a collection holds.
func (s *Server) Len(database, collection string) int {
	c := s.data.get(database, collection, false)
	if c == nil {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.live
}

func (k *call) logged() Command {
	c := Command{Name: k.name, Database: k.database, Collection: k.collection, Bytes: len(k.conn.message)}
	for _, s := range k.request.sequences {
		for left := s.docs; len(left) > 0; c.Documents++ {
			n, _, _ := bsoncore.ReadLength(left)
			left = left[n:]
		}
	}
	if v, ok := lookup(k.body, "txnNumber"); ok {
		c.Txn, _ = v.Int64OK()
	}
	return c
}

package mongostub

import (
	"encoding/binary"
	"hash/crc32"
	"io"
	"net"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// message is an OP_MSG with sections as they are given.
func message(flags uint32, sections ...[]byte) []byte {
	b := make([]byte, headerLen)
	b[4], b[12], b[13] = 7, 0xDD, 0x07
	b = binary.LittleEndian.AppendUint32(b, flags)
	for _, s := range sections {
		b = append(b, s...)
	}
	n := len(b)
	if flags&flagChecksum != 0 {
		n += 4
	}
	binary.LittleEndian.PutUint32(b, uint32(n))
	if flags&flagChecksum != 0 {
		b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
	}
	return b
}

func body(tb testing.TB, fields bson.D) []byte {
	tb.Helper()
	doc, err := bson.Marshal(fields)
	if err != nil {
		tb.Fatal(err)
	}
	return append([]byte{0}, doc...)
}

func sequenceOf(tb testing.TB, name string, docs ...bson.D) []byte {
	tb.Helper()
	b := append(append([]byte{1, 0, 0, 0, 0}, name...), 0)
	for _, d := range docs {
		doc, err := bson.Marshal(d)
		if err != nil {
			tb.Fatal(err)
		}
		b = append(b, doc...)
	}
	binary.LittleEndian.PutUint32(b[1:], uint32(len(b)-1))
	return b
}

func opQueryOf(tb testing.TB, fields bson.D) []byte {
	b := make([]byte, headerLen, 100)
	b[12], b[13] = 0xD4, 0x07
	b = append(b, 0, 0, 0, 0)
	b = append(b, "admin.$cmd\x00\x00\x00\x00\x00\xff\xff\xff\xff"...)
	b = append(b, body(tb, fields)[1:]...)
	binary.LittleEndian.PutUint32(b, uint32(len(b)))
	return b
}

func TestDecode(t *testing.T) {
	ping, one := body(t, bson.D{{Key: "ping", Value: 1}}), sequenceOf(t, "documents", bson.D{{Key: "_id", Value: 1}})
	broken := func(b []byte, at int, to byte) []byte {
		b = append([]byte(nil), b...)
		b[at] = to
		return b
	}
	whole := message(0, ping, one)
	for _, tt := range []struct {
		name    string
		message []byte
		ok      bool
		silent  bool
		names   []string
	}{
		{"a body", message(0, ping), true, false, nil},
		{"a sequence behind", whole, true, false, []string{"documents"}},
		{"a sequence before, and another", message(0, one, ping, sequenceOf(t, "empty")), true, false, []string{"documents", "empty"}},
		{"with a checksum", message(flagChecksum, ping), true, false, nil},
		{"no answer wanted", message(flagMoreToCome, ping), true, true, nil},
		{"an optional flag", message(1<<16, ping), true, false, nil},
		{"the old handshake", opQueryOf(t, bson.D{{Key: "isMaster", Value: 1}}), true, false, nil},

		{"nothing", nil, false, false, nil},
		{"a header alone", message(0)[:headerLen], false, false, nil},
		{"no sections", message(0), false, false, nil},
		{"no body", message(0, one), false, false, nil},
		{"two bodies", message(0, ping, ping), false, false, nil},
		{"a required flag that nobody knows", message(4, ping), false, false, nil},
		{"a wrong checksum", broken(message(flagChecksum, ping), 30, 'x'), false, false, nil},
		{"a section of kind 2", message(0, ping, []byte{2, 5, 0, 0, 0, 0}), false, false, nil},
		{"a length that is not the message's", append(whole, 0), false, false, nil},
		{"another opcode", broken(whole, 12, 1), false, false, nil},
		{"a body that is cut off", broken(message(0, ping), headerLen+5, 200), false, false, nil},
		{"a sequence longer than the message", broken(whole, headerLen+4+len(ping)+1, 200), false, false, nil},
		{"a document longer than its sequence", broken(whole, headerLen+4+len(ping)+5+len("documents")+1, 200), false, false, nil},
		{"a query that is cut off", opQueryOf(t, bson.D{})[:30], false, false, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := decode(tt.message, nil)
			if (err == nil) != tt.ok || r.silent != tt.silent {
				t.Fatalf("%+v, %v", r, err)
			}
			var names []string
			for _, s := range r.sequences {
				names = append(names, s.name)
			}
			if diff := cmp.Diff(tt.names, names); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestHostileClients: what is no message ends the connection and nothing else;
// a header's promise costs no memory.
func TestHostileClients(t *testing.T) {
	s, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, tt := range []struct {
		name string
		send []byte
	}{
		{"another protocol", []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")},
		{"a negative length", []byte{0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0xDD, 7, 0, 0}},
		{"over 48 MB", []byte{0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 0, 0, 0xDD, 7, 0, 0}},
		{"no section", message(0)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := net.Dial("tcp", s.Addr())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if _, err := c.Write(tt.send); err != nil {
				t.Fatal(err)
			}
			if b, err := io.ReadAll(c); len(b) != 0 {
				t.Errorf("answered %q, %v", b, err)
			}
		})
	}
	c := &conn{}
	header := binary.LittleEndian.AppendUint32(nil, maxMessage)
	in, out := net.Pipe()
	go func() {
		_, _ = out.Write(append(header, make([]byte, 12)...))
		_ = out.Close()
	}()
	if err := c.read(in); err == nil || cap(c.message) > 4*readAhead {
		t.Errorf("%d bytes for a promise, %v", cap(c.message), err)
	}
}

// FuzzAnswer: whatever comes, it does not panic, and the answer, if there is
// one, is a valid document.
func FuzzAnswer(f *testing.F) {
	d := func(name string, v any) bson.D { return bson.D{{Key: name, Value: v}, {Key: "$db", Value: "db"}} }
	doc := bson.D{{Key: "_id", Value: "a"}, {Key: "n", Value: bson.D{{Key: "m", Value: bson.A{1, "x"}}}}}
	change := bson.D{{Key: "q", Value: bson.D{{Key: "n.m", Value: "x"}}}, {Key: "u", Value: bson.D{{Key: "$set", Value: bson.D{{Key: "n.k", Value: 1}}}}}, {Key: "upsert", Value: true}}
	f.Add(opQueryOf(f, d("isMaster", 1)))
	f.Add(message(0, body(f, d("insert", "c")), sequenceOf(f, "documents", doc, doc)))
	f.Add(message(flagChecksum, body(f, d("update", "c")), sequenceOf(f, "updates", change)))
	f.Add(message(0, body(f, d("delete", "c")), sequenceOf(f, "deletes", bson.D{{Key: "q", Value: doc}, {Key: "limit", Value: 1}})))
	f.Add(message(0, body(f, append(d("find", "c"), bson.E{Key: "filter", Value: bson.D{{Key: "$or", Value: bson.A{doc, bson.D{{Key: "n.m", Value: bson.D{{Key: "$gte", Value: 1}}}}}}}}, bson.E{Key: "projection", Value: bson.D{{Key: "n.m", Value: 1}}}, bson.E{Key: "sort", Value: bson.D{{Key: "n", Value: -1}}}))))
	f.Add(message(0, body(f, append(d("aggregate", "c"), bson.E{Key: "pipeline", Value: bson.A{bson.D{{Key: "$match", Value: doc}}, bson.D{{Key: "$limit", Value: 1}}}}))))
	f.Add(message(0, body(f, append(d("createIndexes", "c"), bson.E{Key: "indexes", Value: bson.A{bson.D{{Key: "name", Value: "x"}}}}))))
	f.Add(message(0, body(f, append(d("insert", "c"), bson.E{Key: "txnNumber", Value: int64(1)}, bson.E{Key: "lsid", Value: doc})), sequenceOf(f, "documents", doc)))
	f.Add(message(0, body(f, append(d("configureFailPoint", "failCommand"), bson.E{Key: "mode", Value: "alwaysOn"}, bson.E{Key: "data", Value: bson.D{{Key: "failCommands", Value: bson.A{"ping"}}, {Key: "errorCode", Value: 1}}}))))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := decode(b, nil)
		if err != nil {
			return
		}
		s := &Server{listener: nowhere{}, stop: make(chan struct{})}
		close(s.stop) // nothing waits
		c := &conn{server: s, message: b}
		stored, _ := bson.Marshal(doc)
		id, _ := lookup(stored, "_id")
		s.data.get("db", "c", true).insert(stored, id)
		answer, cut := c.answer(r)
		if cut || answer == nil {
			return
		}
		if err := bsoncore.Document(answer).Validate(); err != nil {
			t.Errorf("%v: %x", err, answer)
		}
		if h, err := decodeHeader(encode(nil, r, answer)); err != nil || h.length < headerLen {
			t.Error(h, err)
		}
	})
}

// nowhere is a listener of which only the address is asked.
type nowhere struct{ net.Listener }

func (nowhere) Addr() net.Addr { return &net.TCPAddr{} }

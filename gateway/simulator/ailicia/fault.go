package ailicia

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// answer is a wrong answer to a request.
type answer struct {
	status               int
	location, retryAfter string
	isLogin, isSilent    bool
	times                int           // how often still; negative is until heal
	healed               chan struct{} // closed by heal
}

// faults is what goes wrong on purpose now.
type faults struct {
	stall gate

	mu      sync.Mutex
	key     string
	answers []*answer
	healed  chan struct{}
	doubles int
	hasIDs  bool
	newline string
	size    int
	pauses  time.Duration
}

func (f *faults) init(o Options) {
	f.key, f.newline, f.healed = o.Key, "\n", make(chan struct{})
}

func (f *faults) currentKey() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.key
}

// set changes faults under their lock.
func (f *faults) set(change func(*faults)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

func (f *faults) add(a answer) {
	f.set(func(f *faults) {
		a.healed = f.healed
		f.answers = append(f.answers, &a)
	})
}

// heal ends everything that lasts; the key stays.
func (f *faults) heal() {
	f.stall.set(false)
	f.set(func(f *faults) {
		close(f.healed)
		f.healed = make(chan struct{})
		f.answers, f.doubles, f.hasIDs, f.newline, f.size, f.pauses = nil, 0, false, "\n", 0, 0
	})
}

// nextAnswer takes the wrong answer that is in force, if there is one.
func (f *faults) nextAnswer() (answer, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.answers) == 0 {
		return answer{}, false
	}
	a := f.answers[0]
	if a.times > 0 {
		if a.times--; a.times == 0 {
			f.answers = f.answers[1:]
		}
	}
	return *a, true
}

// copies says how often the next event goes out.
func (f *faults) copies() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.doubles == 0 {
		return 1
	}
	f.doubles--
	return 2
}

func (f *faults) pace() (size int, pause time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.size, f.pauses
}

// frame writes an event as the stream has it.
func (f *faults) frame(e event) []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	var b bytes.Buffer
	if f.hasIDs {
		b.WriteString("id: " + e.id + f.newline)
	}
	fmt.Fprintf(&b, "event: %s%sdata: %s%s%s", e.name, f.newline, e.data, f.newline, f.newline)
	return b.Bytes()
}

// garbage are events that a client can only survive, by name, as they are on the stream.
func garbage() map[string]string {
	good := `{"id":"evt_garbage","type":"chat.message","timestamp":"2026-03-04T19:20:00Z","channel":{"id":"ch_51d0","name":"mossduck","platform":"TWITCH"},"payload":`
	chat := func(data string) string { return "event: chat.message\ndata: " + data + "\n\n" }
	return map[string]string{
		"text":      chat("ai_licia is thinking…"),
		"truncated": chat(good + `{"message":"hal`),
		"null":      chat("null"),
		"array":     chat("[]"),
		"bare":      chat(`{"id":"evt_garbage"}`), // no type, no time, no channel, no payload
		"utf8":      chat(good + "{\"message\":\"\xff\xfe\"}}"),
		"deep":      chat(good + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "}"),
		"empty":     "event: chat.message\ndata:\n\n",
		"field":     "nonsense\nfoo: bar\n: a comment\n\n", // nothing to dispatch
	}
}

// mismatch is an event whose name is not its envelope's type.
func mismatch(id string) string {
	return "event: ai.thoughts\ndata: " + `{"id":` + strconv.Quote(id) + `,"type":"chat.message","timestamp":"2026-03-04T19:20:00Z","channel":{"id":"ch_51d0","name":"mossduck","platform":"TWITCH"},"payload":{}}` + "\n\n"
}

// oversize is an event with so many bytes of data.
func oversize(size int) string {
	const head = `{"id":"evt_oversize","type":"api.event","timestamp":"2026-03-04T19:20:00Z","channel":{"id":"ch_51d0","name":"mossduck","platform":"TWITCH"},"payload":{"eventType":"GAME_EVENT","content":"`
	const tail = `","shouldGenerate":false}}`
	return "event: api.event\ndata: " + head + strings.Repeat("x", max(0, size-len(head)-len(tail))) + tail + "\n\n"
}

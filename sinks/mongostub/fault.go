package mongostub

import (
	"context"
	"slices"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"
)

// Action is what a fault does. The zero value is none of them.
type Action uint8

const (
	// RefuseDocuments: the statements that Match picks are not carried out and
	// have Code in the answer, each under its index. A command of which it picks
	// none does not count.
	RefuseDocuments Action = iota + 1
	// FailCommand: nothing is carried out, the command has Code.
	FailCommand
	// FailConcern: all is carried out, the answer has a write-concern error.
	FailConcern
	// DropBefore and DropAfter close the connection: before the command is
	// carried out, or after it and before the answer.
	DropBefore
	DropAfter
	// HangBefore and HangAfter never answer, and leave the connection open.
	HangBefore
	HangAfter
	// Delay waits before the command is carried out.
	Delay
)

// Fault is something that goes wrong, on request. Faults of one command come
// together, as far as they can.
type Fault struct {
	Do Action
	// Commands and Collection say where, by name; empty is any. The handshake is
	// "hello" or "isMaster".
	Commands   []string
	Collection string
	// Times is how often; 0 is until it is lifted.
	Times int
	// Code, Name (10107 is NotWritablePrimary), Message and Labels of an error. A
	// replica set labels what may be repeated RetryableWriteError; without the
	// label the driver does not repeat.
	Code          int32
	Name, Message string
	Labels        []string
	// Match picks statements by index and content: of an insert the document, of
	// an update the change, {q, u}. nil picks all.
	Match func(i int, doc bson.Raw) bool
	// For is how long a Delay is.
	For time.Duration
}

// Injected is a fault in effect.
type Injected struct {
	Fault
	in    *faults
	fired int
	// ordered: by a fail point, which the next one replaces.
	ordered bool
	// next is closed when it is done to a command, and another takes its place.
	next chan struct{}
}

type faults struct {
	mu  sync.Mutex
	all []*Injected
}

// Inject puts a fault into effect.
func (s *Server) Inject(f Fault) *Injected {
	one := &Injected{Fault: f, in: &s.faults, next: make(chan struct{})}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.all = append(s.faults.all, one)
	return one
}

// Lift ends a fault. What hangs goes on hanging until its connection closes.
func (i *Injected) Lift() {
	i.in.mu.Lock()
	defer i.in.mu.Unlock()
	i.in.all = slices.DeleteFunc(i.in.all, func(o *Injected) bool { return o == i })
}

// Fired counts the commands that it was done to.
func (i *Injected) Fired() int {
	i.in.mu.Lock()
	defer i.in.mu.Unlock()
	return i.fired
}

// Wait returns when it has been done to so many commands, or with ctx's error.
func (i *Injected) Wait(ctx context.Context, times int) error {
	for {
		i.in.mu.Lock()
		enough, next := i.fired >= times, i.next
		i.in.mu.Unlock()
		if enough {
			return nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// use counts one command; false when it has been done often enough.
func (i *Injected) use() bool {
	i.in.mu.Lock()
	defer i.in.mu.Unlock()
	if i.Times > 0 && i.fired >= i.Times || !slices.Contains(i.in.all, i) {
		return false
	}
	i.fired++
	close(i.next)
	i.next = make(chan struct{})
	return true
}

// of are the faults of a command. One that refuses statements counts only when
// it has refused some.
func (f *faults) of(k *call) (mine []*Injected) {
	f.mu.Lock()
	for _, one := range f.all {
		if (len(one.Commands) == 0 || slices.Contains(one.Commands, k.name)) && (one.Collection == "" || one.Collection == k.collection) {
			mine = append(mine, one)
		}
	}
	f.mu.Unlock()
	return slices.DeleteFunc(mine, func(one *Injected) bool { return one.Do != RefuseDocuments && !one.use() })
}

// reached is where faults have brought a command.
type reached struct {
	cut, silent bool
	err         error
}

func (k *call) before(stop <-chan struct{}) reached {
	for _, f := range k.faults {
		switch f.Do {
		case Delay:
			select {
			case <-time.After(f.For):
			case <-stop:
				return reached{cut: true}
			}
		case DropBefore:
			return reached{cut: true}
		case HangBefore:
			return reached{silent: true}
		case FailCommand:
			return reached{err: &refusal{code: f.Code, name: f.Name, message: f.message(), labels: f.Labels}}
		}
	}
	return reached{}
}

func (k *call) after() reached {
	for _, f := range k.faults {
		switch f.Do {
		case DropAfter:
			return reached{cut: true}
		case HangAfter:
			return reached{silent: true}
		}
	}
	return reached{}
}

// refused is the error that a fault gives one statement.
func (k *call) refused(i int, doc bsoncore.Document) writeError {
	for _, f := range k.faults {
		if f.Do != RefuseDocuments || f.Match != nil && !f.Match(i, bson.Raw(doc)) {
			continue
		}
		if !slices.Contains(k.refusing, f) {
			if !f.use() {
				continue
			}
			k.refusing = append(k.refusing, f)
		}
		return writeError{code: f.Code, message: f.message()}
	}
	return writeError{}
}

// concern adds the write-concern error that a fault gives.
func (k *call) concern(fields bson.D) bson.D {
	for _, f := range k.faults {
		if f.Do != FailConcern {
			continue
		}
		fields = append(fields, bson.E{Key: "writeConcernError", Value: bson.D{
			{Key: "code", Value: f.Code}, {Key: "codeName", Value: f.Name}, {Key: "errmsg", Value: f.message()},
		}})
		if len(f.Labels) > 0 {
			fields = append(fields, bson.E{Key: "errorLabels", Value: f.Labels})
		}
	}
	return fields
}

func (f Fault) message() string {
	if f.Message == "" {
		return "a fault that was asked for"
	}
	return f.Message
}

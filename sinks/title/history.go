package title

import (
	"context"
	"fmt"
	"slices"
	"time"

	"promethean/schema"
	"promethean/sinks/title/facts"
	"promethean/sinks/title/gate"
	"promethean/sinks/title/life"
)

// memory is what is known of the log. It is made anew when deliveries begin
// anew: another worker may have been active in between.
type memory struct {
	loaded bool
	state  *life.State
	facts  *facts.Fold
	quotes *gate.Quotes
	names  *gate.Names
	// session is the stream that chat is remembered of.
	session string
	// seq is up to where the log is folded, ahead the sequences of own events
	// that were folded when they were published.
	seq   uint64
	ahead map[uint64]bool
}

const (
	// loadTime bounds reading the log.
	loadTime = 2 * time.Minute
	// sessionMost is from how long ago chat may still be of the stream that is on.
	sessionMost = 24 * time.Hour
)

// lasting are the types of which all that is on the log counts, sessional those
// of which only the stream that is on does.
func lasting() []schema.Type {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(life.Types(), facts.Types()))))
}

func sessional() []schema.Type {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(facts.ChatTypes(), life.CustomTypes(), []schema.Type{schema.ChatCommand}))))
}

func (w *Worker) filters() []string { return w.filtersOf(slices.Concat(lasting(), sessional())) }

func (w *Worker) filtersOf(types []schema.Type) (filters []string) {
	for _, t := range types {
		filters = append(filters, schema.TenantType(w.o.Tenant, t))
	}
	return filters
}

// Forget says that deliveries begin anew.
func (w *Worker) Forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.loaded = false
	w.rouse()
}

func (w *Worker) begin() memory {
	c := w.o.Life
	c.Ask = w.o.Ask != ""
	m := memory{facts: facts.NewFold(w.o.Facts), quotes: gate.NewQuotes(), names: gate.NewNames(), ahead: map[uint64]bool{}}
	c.Pass = func(text string, f facts.Facts) (string, error) {
		title, err := w.gate.Pass(text, f, gate.Against{Quotes: w.quotes, Names: w.names})
		return title, err
	}
	m.state = life.New(c)
	return m
}

// load reads the log, without doing anything: first what lasts, by which it is
// known when the stream that is on began, then all from then on. The lock is
// held.
func (w *Worker) load(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, loadTime)
	defer cancel()
	var old []schema.Recorded
	look := life.New(w.o.Life)
	_, err := w.bus.History(ctx, w.filtersOf(lasting()), time.Time{}, func(r schema.Recorded) {
		old = append(old, r)
		look.Add(life.Read(r))
	})
	if err != nil {
		return fmt.Errorf("title: %w", err)
	}
	since := w.now().Add(-recently)
	if _, began := look.Session(); !began.IsZero() && began.Before(since) {
		since = began
	}
	if far := w.now().Add(-sessionMost); since.Before(far) {
		since = far
	}
	w.memory = w.begin()
	first := uint64(0)
	fold := func(r schema.Recorded) {
		for ; first < uint64(len(old)) && old[first].Seq < r.Seq; first++ {
			w.fold(old[first])
		}
		if first < uint64(len(old)) && old[first].Seq == r.Seq {
			first++
		}
		w.fold(r)
	}
	upTo, err := w.bus.History(ctx, w.filters(), since, fold)
	if err != nil {
		return fmt.Errorf("title: %w", err)
	}
	for ; first < uint64(len(old)); first++ {
		w.fold(old[first])
	}
	w.seq = max(w.seq, upTo)
	w.loaded = true
	return nil
}

// recently is how old what asks for titles may be.
const recently = 10 * time.Minute

package main

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// The targets of scenario b, on the stub.
const (
	storingRatio = 0.6
	storingCPU   = 3
	storingPeak  = 80
)

// shares are what is measured on each store: each sink by itself, and both.
var shares = []struct {
	name  string
	kinds []kind
}{
	{"ledger alone", kinds[:1]},
	{"chat alone", kinds[1:]},
	{"ledger and chat", kinds},
}

// storing is scenario b: the way from the log into a store, against InsertMany
// of the very documents that the sinks make.
func (b *bench) storing(ctx context.Context) ([]table, error) {
	documents, err := b.documents(ctx)
	if err != nil {
		return nil, err
	}
	var tables []table
	for _, k := range b.stores() {
		t := table{Title: "b: JetStream → sinks → store (" + k.name + ")", Head: sideHead, Notes: []string{fmt.Sprintf(
			"The clock runs from the first sink's consumer until everything is acknowledged; then the documents are counted and their order looked at. "+
				"An event stored by both sinks is two documents. The bare loops insert the sinks' documents, %d at once, with the sinks' write concern and indexes, one loop for each collection.", k.batch)}}
		rows, err := b.storingInto(ctx, k, documents)
		if err != nil {
			return nil, err
		}
		t.Rows = rows
		tables = append(tables, t)
	}
	return tables, nil
}

func (b *bench) storingInto(ctx context.Context, k storeKind, documents string) (rows []row, err error) {
	events := min(b.Events, k.most)
	n, err := b.filled(ctx, events)
	if err != nil {
		return nil, err
	}
	for _, a := range shares {
		var ours, bare, server []sample
		for i := range b.Runs {
			s, err := b.storeOurs(ctx, n, k, a.kinds)
			if err != nil {
				return nil, fmt.Errorf("b, %s, %s, run %d: %w", k.name, a.name, i+1, err)
			}
			ours = append(ours, s)
			s, u, err := b.storeBare(ctx, k, a.kinds, documents, events)
			if err != nil {
				return nil, fmt.Errorf("b, %s, %s, bare run %d: %w", k.name, a.name, i+1, err)
			}
			bare, server = append(bare, s), append(server, u)
			b.say("b, %s, %s, run %d: sinks %s/s and %.2f CPU s per 100k, bare %s/s", k.name, a.name, i+1, number(ours[i].Rate, 0), ours[i].CPU, number(bare[i].Rate, 0))
		}
		ratio := ratios(ours, bare)
		var wants []target
		if k == stub {
			wants = []target{
				atLeast("of the bare loop", storingRatio, ratio.Median),
				atMost("CPU s", storingCPU, over(ours, cpu).Median),
				atMost("MB", storingPeak, over(ours, peak).Median),
			}
		}
		rows = append(rows,
			side("sinks, "+a.name, events, ours, ratio, wants...),
			side("InsertMany of ready BSON, "+a.name, events, bare, spread{}),
			side("its store", events, server, spread{}))
	}
	_, err = n.stop()
	return rows, err
}

// filled is a server whose log holds the first messages, as the product runs
// one: fsync always.
func (b *bench) filled(ctx context.Context, events int) (*natsServer, error) {
	messages, err := b.messages(ctx)
	if err != nil {
		return nil, err
	}
	n, err := b.startNATS(ctx, true)
	if err != nil {
		return nil, err
	}
	c, _, err := b.child(ctx, "child-publish", "--nats", n.url, "--messages", messages, fmt.Sprintf("--most=%d", events), "--batch=1000")
	if err != nil {
		return nil, err
	}
	var l loop
	if err := c.result(ctx, &l); err != nil {
		return nil, err
	}
	_, err = c.stop()
	return n, err
}

// storeOurs is one run of the sinks on an empty store.
func (b *bench) storeOurs(ctx context.Context, n *natsServer, k storeKind, which []kind) (sample, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := n.forget(ctx); err != nil {
		return sample{}, err
	}
	last, err := n.lastSeq(ctx)
	if err != nil {
		return sample{}, err
	}
	s, err := b.startStore(ctx, k)
	if err != nil {
		return sample{}, err
	}
	names := sinkNames(which)
	p, err := b.startSinks(ctx, n.url, s.uri, names...)
	if err != nil {
		return sample{}, err
	}
	since, err := n.awaitSettled(ctx, last, names, p, s.process)
	if err != nil {
		return sample{}, err
	}
	took := time.Since(since)
	used, err := p.stop()
	if err != nil {
		return sample{}, err
	}
	if err := s.check(ctx, int(last), collectionNames(which)...); err != nil {
		return sample{}, err
	}
	_, err = s.stop()
	return newSample(int(last), took, used), err
}

// storeBare is one run of the bare loops on an empty store, and what the store
// took for it.
func (b *bench) storeBare(ctx context.Context, k storeKind, which []kind, documents string, events int) (bare, server sample, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	s, err := b.startStore(ctx, k)
	if err != nil {
		return bare, server, err
	}
	names := collectionNames(which)
	c, _, err := b.child(ctx, "child-insert", "--store", s.uri, "--documents", documents, "--into", strings.Join(names, ","),
		fmt.Sprintf("--most=%d", events), fmt.Sprintf("--batch=%d", k.batch))
	if err != nil {
		return bare, server, err
	}
	var l loop
	if err := c.result(ctx, &l); err != nil {
		return bare, server, err
	}
	used, err := c.stop()
	if err != nil {
		return bare, server, err
	}
	used.CPU = l.CPU
	bare = newSample(events, l.Took, used)
	server = newSample(events, l.Took, s.soFar())
	if err := s.check(ctx, events, names...); err != nil {
		return bare, server, err
	}
	_, err = s.stop()
	return bare, server, err
}

func sinkNames(which []kind) (names []string) {
	for _, k := range which {
		names = append(names, k.sink)
	}
	return names
}

func collectionNames(which []kind) (names []string) {
	for _, k := range which {
		names = append(names, k.collection)
	}
	return names
}

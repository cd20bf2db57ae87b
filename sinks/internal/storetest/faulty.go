package storetest

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"promethean/sinks/mongostub"
	"promethean/sinks/store"
)

// ErrUnsure is joined to what a call gives that a fault fell upon: it may have
// been carried out.
var ErrUnsure = errors.New("the answer was lost")

// Faulty is a store on a server that goes wrong at random, in every way that the
// stub knows, as long as some of its faults are left.
type Faulty struct {
	Stub Stub
	Rand *rand.Rand
	// Left faults are still to come.
	Left int
	// Fired counts those that came.
	Fired map[mongostub.Action]int
}

// call makes one call while the server may go wrong once.
func (f *Faulty) call(do func() error) error {
	if f.Left == 0 || f.Rand.IntN(4) > 0 {
		return do()
	}
	f.Left--
	fault := mongostub.Fault{
		Do: mongostub.Action(1 + f.Rand.IntN(int(mongostub.Delay))), Commands: []string{"insert", "update", "find", "getMore"}, Times: 1,
		Code: []int32{64, 91, 10107, 11600}[f.Rand.IntN(4)], For: time.Minute,
	}
	if f.Rand.IntN(2) == 0 {
		fault.Labels = []string{"RetryableWriteError"}
	}
	if fault.Do == mongostub.RefuseDocuments {
		at := f.Rand.IntN(3)
		fault.Match = func(i int, _ bson.Raw) bool { return i == at }
	}
	injected := f.Stub.Inject(fault)
	err := do()
	injected.Lift()
	f.Fired[fault.Do] += injected.Fired()
	if err != nil {
		return errors.Join(ErrUnsure, err)
	}
	return nil
}

// Insert is [store.Store.Insert].
func (f *Faulty) Insert(ctx context.Context, collection string, docs []bson.Raw) (outcomes []store.Outcome, err error) {
	err = f.call(func() error { outcomes, err = f.Stub.Store.Insert(ctx, collection, docs); return err })
	return outcomes, err
}

// Update is [store.Store.Update].
func (f *Faulty) Update(ctx context.Context, collection string, changes []store.Change) (changed store.Changed, err error) {
	err = f.call(func() error { changed, err = f.Stub.Store.Update(ctx, collection, changes); return err })
	return changed, err
}

// Find is [store.Store.Find].
func (f *Faulty) Find(ctx context.Context, collection, id string, fields ...string) (doc bson.Raw, found bool, err error) {
	err = f.call(func() error { doc, found, err = f.Stub.Store.Find(ctx, collection, id, fields...); return err })
	return doc, found, err
}

// Each is [store.Store.Each].
func (f *Faulty) Each(ctx context.Context, collection string, q store.Query, see func(bson.Raw)) error {
	return f.call(func() error { return f.Stub.Store.Each(ctx, collection, q, see) })
}

// Replace is [store.Store.Replace].
func (f *Faulty) Replace(ctx context.Context, collection string, docs []bson.D) error {
	return f.call(func() error { return f.Stub.Store.Replace(ctx, collection, docs) })
}

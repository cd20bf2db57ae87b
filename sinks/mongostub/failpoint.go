package mongostub

import (
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// failPoint is the order by which another process asks for faults, as MongoDB's
// own test command takes it (the driver specifications,
// source/transactions/tests/README.md, "Server Fail Point"). closeAfter,
// neverAnswer and writeErrors are the stub's own.
type failPoint struct {
	Name string        `bson:"configureFailPoint"`
	Mode bson.RawValue `bson:"mode"`
	Data struct {
		Commands    []string    `bson:"failCommands"`
		Namespace   string      `bson:"namespace"`
		Close       bool        `bson:"closeConnection"`
		CloseAfter  bool        `bson:"closeAfter"`
		NeverAnswer bool        `bson:"neverAnswer"`
		Block       bool        `bson:"blockConnection"`
		BlockMS     int64       `bson:"blockTimeMS"`
		Code        int32       `bson:"errorCode"`
		Labels      []string    `bson:"errorLabels"`
		Concern     orderedFail `bson:"writeConcernError"`
		// WriteErrors are statements by their index, each with a code.
		WriteErrors []orderedFail `bson:"writeErrors"`
	} `bson:"data"`
}

type orderedFail struct {
	Index   int    `bson:"index"`
	Code    int32  `bson:"code"`
	Name    string `bson:"codeName"`
	Message string `bson:"errmsg"`
}

// configureFailPoint takes the place of the one before; what Go code injected
// stays.
func configureFailPoint(k *call) (bson.D, error) {
	var p failPoint
	if err := bson.Unmarshal(k.body, &p); err != nil {
		return nil, refuse(9, "FailedToParse", "%v", err)
	}
	if p.Name != "failCommand" {
		return nil, refuse(2, "BadValue", "the stub knows the fail point failCommand alone")
	}
	times, known := p.times()
	ordered := p.faults(times)
	if off, _ := p.Mode.StringValueOK(); off == "off" {
		ordered = nil
	} else if !known || len(p.Data.Commands) == 0 || len(ordered) == 0 {
		return nil, refuse(2, "BadValue", "failCommand needs a mode (alwaysOn, off or times), failCommands, and something to go wrong")
	}
	k.server.faults.order(ordered)
	return nil, nil
}

// times is how often, 0 until it is off; known is false of any other mode.
func (p failPoint) times() (times int, known bool) {
	if word, ok := p.Mode.StringValueOK(); ok {
		return 0, word == "alwaysOn"
	}
	mode, _ := p.Mode.DocumentOK()
	n, _ := mode.Lookup("times").AsInt64OK()
	return int(n), n > 0
}

func (p failPoint) faults(times int) (all []Fault) {
	d := p.Data
	_, collection, _ := strings.Cut(d.Namespace, ".")
	add := func(f Fault) {
		f.Commands, f.Collection, f.Times = d.Commands, collection, times
		all = append(all, f)
	}
	if d.Block {
		add(Fault{Do: Delay, For: time.Duration(d.BlockMS) * time.Millisecond})
	}
	for _, w := range d.WriteErrors {
		add(Fault{Do: RefuseDocuments, Code: w.Code, Message: w.Message, Match: func(i int, _ bson.Raw) bool { return i == w.Index }})
	}
	switch {
	case d.Close:
		add(Fault{Do: DropBefore})
	case d.CloseAfter:
		add(Fault{Do: DropAfter})
	case d.NeverAnswer:
		add(Fault{Do: HangAfter})
	case d.Code != 0:
		add(Fault{Do: FailCommand, Code: d.Code, Labels: d.Labels})
	case d.Concern.Code != 0:
		add(Fault{Do: FailConcern, Code: d.Concern.Code, Name: d.Concern.Name, Message: d.Concern.Message, Labels: d.Labels})
	}
	return all
}

// order puts these in the place of those that were ordered before.
func (f *faults) order(ordered []Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all = slices.DeleteFunc(f.all, func(i *Injected) bool { return i.ordered })
	for _, one := range ordered {
		f.all = append(f.all, &Injected{Fault: one, in: f, ordered: true, next: make(chan struct{})})
	}
}

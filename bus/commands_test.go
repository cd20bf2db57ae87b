package bus_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/nats-io/nats.go/jetstream"

	"promethean/bus"
	"promethean/bus/bustest"
	"promethean/schema"
)

const commandSubject = "promethean.p.streamerbot.t.duck.control.do_action"

func commandsOf(b *bus.Bus, tenant string) *bus.Commands {
	return &bus.Commands{Name: "gateway-" + tenant, Filter: schema.ControlFilter(schema.StreamerBot, tenant), Bus: b, AckWait: 6 * time.Second}
}

func next(t *testing.T, c *bus.Commands) *bus.Delivery {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	d, err := c.Next(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestCommandsComeInOrderAndOnce(t *testing.T) {
	b := bustest.Start(t).Connect(bus.StreamOptions{})
	for i := range 3 {
		if _, err := b.JetStream().Publish(t.Context(), commandSubject, fmt.Appendf(nil, "%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	for _, other := range []string{"promethean.p.streamerbot.t.goose.control.do_action", "promethean.p.brain.t.duck.control.title"} {
		if _, err := b.JetStream().Publish(t.Context(), other, []byte("other")); err != nil {
			t.Fatal(err)
		}
	}
	c := commandsOf(b, "duck")
	first := next(t, c)
	if string(first.Body) != "0" || first.Subject != commandSubject || first.Seq != 1 || first.Stream != bus.StreamControl {
		t.Errorf("first came %+v", first.Recorded)
	}
	// Not acknowledged, it holds back the others, and comes again itself.
	again := next(t, c)
	if string(again.Body) != "0" {
		t.Fatalf("%q came before the first was acknowledged", again.Body)
	}
	if err := first.Confirm(t.Context()); !errors.Is(err, bus.ErrLease) {
		t.Errorf("confirmed after it was given out again: %v", err)
	}
	if err := again.Confirm(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1", "2"} {
		d := next(t, c)
		if string(d.Body) != want {
			t.Errorf("%q came, %q was due", d.Body, want)
		}
		if err := d.Confirm(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	stream, err := b.JetStream().Stream(t.Context(), bus.StreamControl)
	if err != nil {
		t.Fatal(err)
	}
	if left := stream.CachedInfo().State.Msgs; left != 2 {
		t.Errorf("%d commands are left, want the other tenant's and the other provider's", left)
	}
}

// A command that was taken and is sent again under its id must not reach
// another gateway, whose journal does not know it.
func TestCommandSentAgainIsNotGivenOutTwice(t *testing.T) {
	b := bustest.Start(t).Connect(bus.StreamOptions{DuplicateWindow: time.Minute})
	send := func() *jetstream.PubAck {
		t.Helper()
		ack, err := b.JetStream().Publish(t.Context(), commandSubject, []byte("0"), jetstream.WithMsgID("c-1"))
		if err != nil {
			t.Fatal(err)
		}
		return ack
	}
	send()
	if err := next(t, commandsOf(b, "duck")).Confirm(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !send().Duplicate {
		t.Error("the server took it as a new command")
	}
	stream, err := b.JetStream().Stream(t.Context(), bus.StreamControl)
	if err != nil {
		t.Fatal(err)
	}
	if c := stream.CachedInfo().Config; c.Duplicates != c.MaxAge || c.MaxAge != time.Hour {
		t.Errorf("ids are remembered for %v, commands kept for %v", c.Duplicates, c.MaxAge)
	}
}

func TestConfirmOverAServerRestart(t *testing.T) {
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{})
	if _, err := b.JetStream().Publish(t.Context(), commandSubject, []byte("0")); err != nil {
		t.Fatal(err)
	}
	c := commandsOf(b, "duck")
	c.AckWait = time.Minute
	d := next(t, c)
	server.Stop()
	confirmed := make(chan error, 1)
	go func() { confirmed <- d.Confirm(t.Context()) }()
	server.Restart()
	if err := <-confirmed; err != nil {
		t.Errorf("not confirmed after the restart: %v", err)
	}
}

// All who ask while an answer is made share the next one, up to a bound.
func TestAnswer(t *testing.T) {
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{})
	subject := schema.AskSubject(schema.StreamerBot, "duck", schema.AskActions)
	calls := make(chan struct{}, 1000)
	hold := make(chan chan struct{}, 1)
	background(t, func(ctx context.Context) error {
		return b.Answer(ctx, subject, "gateway", func(context.Context) []byte {
			calls <- struct{}{}
			select {
			case released := <-hold:
				<-released
			default:
			}
			return []byte(`{"actions":[]}`)
		})
	})
	nc, err := nats.Connect(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	until(t, "an answer", func() bool {
		m, err := nc.Request(subject, nil, 20*time.Second)
		return err == nil && json.Unmarshal(m.Data, &schema.ActionsAnswer{}) == nil
	})
	answers, err := nc.SubscribeSync("answers")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ asked, answered int }{{20, 20}, {100, 64}} {
		<-calls
		release := make(chan struct{})
		hold <- release
		ask := func(n int) {
			for range n {
				if err := nc.PublishRequest(subject, "answers", nil); err != nil {
					t.Fatal(err)
				}
			}
			// Then they are at the server, and then they are with Answer.
			if err := errors.Join(nc.Flush(), b.JetStream().Conn().Flush()); err != nil {
				t.Fatal(err)
			}
		}
		ask(1)
		until(t, "an answer to be begun", func() bool { return len(calls) == 1 })
		ask(tt.asked)
		close(release)
		for i := range 1 + tt.answered {
			if _, err := answers.NextMsg(20 * time.Second); err != nil {
				t.Fatalf("%d of %d were answered: %v", i, tt.answered, err)
			}
		}
		<-calls
		if got := len(calls); got != 1 {
			t.Errorf("%d answers were made for %d who asked, want one", got, tt.asked)
		}
	}
	if m, err := answers.NextMsg(50 * time.Millisecond); err == nil {
		t.Errorf("more than 64 were answered: %s", m.Data)
	}
}

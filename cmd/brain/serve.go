package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"promethean/ops/httpserver"
	"promethean/ops/run"
	"promethean/schema"
)

// catchUpTime, from a stop's beginning, is how long the sinks have to store what is
// on the log; what is left is stored at the next start.
const catchUpTime = 700 * time.Millisecond

// member runs f in a goroutine of its own. It lives on when ctx ends, until
// stop, which waits for it and gives f's error. failed, when set, is told an
// error at once.
func member(ctx context.Context, f func(context.Context) error, failed chan<- error) (stop func() error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err = f(ctx); err != nil && failed != nil {
			failed <- err
		}
	}()
	return sync.OnceValue(func() error {
		cancel()
		<-done
		return err
	})
}

// serve runs gateway, sinks, title worker, pages and the live line until ctx
// ends or one of them fails. Then, in this order: no title is sent any more, the
// gateway stops its source and publishes, the sinks store what was published,
// and the rest ends.
func (n *node) serve(ctx context.Context) error {
	// Room for every member: nobody reads after the first.
	failed := make(chan error, 7)
	stopPages := member(ctx, n.pages, failed)
	stopProfiles := member(ctx, func(ctx context.Context) error { return n.profiles.Serve(ctx, n.log) }, failed)
	stopSinks := member(ctx, n.sinks.Run, failed)
	stopTitle := member(ctx, n.title.Run, failed)
	stopGateway := member(ctx, n.gateway.Run, failed)
	stopLive := member(ctx, n.showLive, failed)
	stopStatus := member(ctx, n.answerStatus, failed)

	select {
	case <-ctx.Done():
		n.screen.say("stopping: what was accepted is published and stored")
	case err := <-failed:
		n.health.Break(err)
		n.log.Error().Err(err).Msg("cannot go on; everything is stopped")
	}
	err := errors.Join(stopLive(), stopStatus(), stopTitle())
	err = errors.Join(err, n.stopRoad(ctx, stopGateway, stopSinks), stopPages(), stopProfiles())
	n.screen.say(n.farewell())
	return err
}

// stopRoad ends the gateway, then the sinks. These store what it has just
// published, unless that takes too long: in a flood both end at the same time.
func (n *node) stopRoad(ctx context.Context, stopGateway, stopSinks func() error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), catchUpTime)
	defer cancel()
	published := make(chan struct{})
	go func() {
		defer close(published)
		_ = stopGateway() // its error is asked for below
	}()
	select {
	case <-published:
		if err := n.sinks.CatchUp(ctx); err != nil {
			n.log.Debug().Err(err).Msg("stopped before everything was stored")
		}
	case <-ctx.Done():
	}
	return errors.Join(stopSinks(), stopGateway())
}

func (n *node) pages(ctx context.Context) error {
	return httpserver.Serve(ctx, n.http, httpserver.Options{
		Token: n.s.HTTP.Token, Live: n.health.Live, Ready: n.health.Ready, Metrics: n.registry.Handler(), Log: n.log,
	})
}

// answerStatus tells `brain status` how everything here is.
func (n *node) answerStatus(ctx context.Context) error {
	who := schema.ProgramStatus{
		Program: "brain", Instance: run.Instance(), Version: run.Version(), StartedAt: schema.NewTime(time.Now()), Tenant: n.s.Tenant,
	}
	return n.gateway.AnswerStatus(ctx, who, func(ctx context.Context) (map[string]string, map[string]float64) {
		return n.health.Results(ctx), n.registry.Figures()
	})
}

func (n *node) farewell() string {
	t := n.totals()
	text := fmt.Sprintf("stopped: %s events in, %s stored", grouped(t.in), grouped(t.stored))
	if t.dead > 0 {
		text += fmt.Sprintf(", %s dead letters", grouped(t.dead))
	}
	if t.lag > 0 {
		text += fmt.Sprintf("; %s wait on the log and are stored at the next start", grouped(t.lag))
	}
	if t.outbox > 0 {
		text += fmt.Sprintf("; %s wait in the outbox and go on at the next start", grouped(t.outbox))
	}
	return text
}

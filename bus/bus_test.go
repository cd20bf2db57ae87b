package bus_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/rs/zerolog"

	"promethean/bus"
	"promethean/bus/bustest"
	"promethean/bus/outbox"
	"promethean/schema"
)

func draft(n int) schema.Draft {
	return schema.Draft{
		ID: schema.FrameID("test", "Test.Line", "", fmt.Appendf(nil, "%d", n), 0), Type: schema.ChatMessage, Provider: schema.Twitch,
		Timestamp: time.UnixMilli(1_700_000_000_000), Channel: schema.Channel{ID: "1", Name: "duck", Platform: "TWITCH"},
		Payload: fmt.Appendf(nil, `{"n":%d}`, n),
		Trace:   schema.Trace{Source: "test", Tenant: "main", Origin: schema.Live, ReceivedAt: time.UnixMilli(1_700_000_000_000)},
	}
}

func payload(n int) string { return fmt.Sprintf(`{"n":%d}`, n) }

func payloads(n int) []string {
	want := make([]string, n)
	for i := range want {
		want[i] = payload(i)
	}
	return want
}

func openBox(t *testing.T, dir string) *outbox.Outbox {
	t.Helper()
	box, err := outbox.Open(dir, outbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	return box
}

// background runs f until stop is called, which waits for it.
func background(t *testing.T, f func(context.Context) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- f(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("stopped with %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// recorder is a sink that keeps what it is given, and fails as told.
type recorder struct {
	mu     sync.Mutex
	events []schema.Recorded
	writes int
	fail   func(write int, batch []schema.Recorded) error
	grew   chan struct{}
}

func newRecorder() *recorder { return &recorder{grew: make(chan struct{}, 1)} }

func (r *recorder) Write(_ context.Context, batch []schema.Recorded) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer func() {
		select {
		case r.grew <- struct{}{}:
		default:
		}
	}()
	r.writes++
	if r.fail != nil {
		if err := r.fail(r.writes, batch); err != nil {
			return err
		}
	}
	for _, e := range batch {
		e.Body = slices.Clone(e.Body)
		r.events = append(r.events, e)
	}
	return nil
}

func (r *recorder) payloads() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var got []string
	for _, e := range r.events {
		got = append(got, string(e.Envelope.Payload))
	}
	return got
}

// distinct drops repeats, which a crash may cause, and keeps the order.
func distinct(list []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

func (r *recorder) waitFor(t *testing.T, n int) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for len(distinct(r.payloads())) < n {
		select {
		case <-r.grew:
		case <-deadline:
			t.Fatalf("only %d of %d events came", len(distinct(r.payloads())), n)
		}
	}
}

// until waits for a fact that nothing announces.
func until(t *testing.T, what string, fact func() bool) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !fact() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func worker(b *bus.Bus, s bus.Sink) *bus.Worker {
	return &bus.Worker{Name: "ledger", Filters: []string{schema.AllEvents}, Sink: s, Bus: b, Log: zerolog.Nop()}
}

func emit(t *testing.T, a *bus.Acceptor, from, to int) {
	t.Helper()
	var wait sync.WaitGroup
	for n := from; n < to; n++ {
		d := draft(n)
		wait.Add(1)
		d.Done = func(err error) {
			if err != nil {
				t.Errorf("draft %d: %v", n, err)
			}
			wait.Done()
		}
		a.Emit(t.Context(), d)
	}
	wait.Wait()
}

func drain(t *testing.T, p *bus.Publisher) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := p.Drain(ctx); err != nil {
		t.Fatal(err)
	}
}

// filled is a bus whose log holds events from 0 to n-1.
func filled(t *testing.T, n int) *bus.Bus {
	t.Helper()
	b := bustest.Start(t).Connect(bus.StreamOptions{})
	box := openBox(t, t.TempDir())
	p := bus.NewPublisher(b, box, zerolog.Nop())
	background(t, p.Run)
	emit(t, bus.NewAcceptor(box, zerolog.Nop()), 0, n)
	drain(t, p)
	return b
}

func TestRoadKeepsOrder(t *testing.T) {
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{})
	box := openBox(t, t.TempDir())
	p := bus.NewPublisher(b, box, zerolog.Nop())
	background(t, p.Run)
	sink := newRecorder()
	background(t, worker(b, sink).Run)

	const n = 3000
	emit(t, bus.NewAcceptor(box, zerolog.Nop()), 0, n)
	sink.waitFor(t, n)
	if diff := cmp.Diff(payloads(n), sink.payloads()); diff != "" {
		t.Error(diff)
	}
	for i, e := range sink.events {
		if e.Seq != uint64(i+1) {
			t.Fatalf("event %d has seq %d", i, e.Seq)
		}
	}
}

// Without the message id (Nats-Msg-Id) the events that a crash makes the
// outbox hand out again would be twice in the log.
func TestRepublishedAfterCrashIsStoredOnce(t *testing.T) {
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{})
	accept := func(dir string) {
		box, err := outbox.Open(dir, outbox.Options{})
		if err != nil {
			t.Fatal(err)
		}
		p := bus.NewPublisher(b, box, zerolog.Nop())
		stop := background(t, p.Run)
		emit(t, bus.NewAcceptor(box, zerolog.Nop()), 0, 600)
		drain(t, p)
		stop()
		if err := box.Close(); err != nil {
			t.Fatal(err)
		}
	}
	accept(t.TempDir())
	// The same events from an outbox that knows nothing of the first run, as
	// after a crash before the trim was written, with new ones behind.
	accept(t.TempDir())
	box := openBox(t, t.TempDir())
	p := bus.NewPublisher(b, box, zerolog.Nop())
	background(t, p.Run)
	emit(t, bus.NewAcceptor(box, zerolog.Nop()), 590, 700)
	drain(t, p)

	if got := messages(t, b, bus.StreamEvents); got != 700 {
		t.Errorf("the log has %d messages, want 700", got)
	}
	if p.Duplicates() != 10 {
		t.Errorf("%d duplicates counted, want 10", p.Duplicates())
	}
	sink := newRecorder()
	background(t, worker(b, sink).Run)
	sink.waitFor(t, 700)
	if diff := cmp.Diff(payloads(700), sink.payloads()); diff != "" {
		t.Error(diff)
	}
}

func messages(t *testing.T, b *bus.Bus, stream string) uint64 {
	t.Helper()
	s, err := b.JetStream().Stream(t.Context(), stream)
	if err != nil {
		t.Fatal(err)
	}
	return s.CachedInfo().State.Msgs
}

func TestServerDownHoldsAndGoesOnInOrder(t *testing.T) {
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{})
	box := openBox(t, t.TempDir())
	p := bus.NewPublisher(b, box, zerolog.Nop())
	background(t, p.Run)
	sink := newRecorder()
	background(t, worker(b, sink).Run)
	a := bus.NewAcceptor(box, zerolog.Nop())

	emit(t, a, 0, 500)
	sink.waitFor(t, 500)
	server.Stop()
	emit(t, a, 500, 2500)
	until(t, "the publisher to say that it is held", func() bool { since, why := p.Held(); return !since.IsZero() && why != "" })
	server.Restart()
	sink.waitFor(t, 2500)
	if diff := cmp.Diff(payloads(2500), distinct(sink.payloads())); diff != "" {
		t.Error(diff)
	}
	drain(t, p)
	if since, _ := p.Held(); !since.IsZero() {
		t.Error("still held after the server came back")
	}
}

func TestFullLogPushesBackAndRecovers(t *testing.T) {
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{MaxBytes: 64 << 10})
	box := openBox(t, t.TempDir())
	p := bus.NewPublisher(b, box, zerolog.Nop())
	background(t, p.Run)
	emit(t, bus.NewAcceptor(box, zerolog.Nop()), 0, 1000)
	until(t, "the publisher to be held", func() bool { _, why := p.Held(); return why != "" })
	if got := messages(t, b, bus.StreamEvents); got >= 1000 {
		t.Fatalf("log took %d messages: the test means it to be full", got)
	}
	if err := b.EnsureStreams(t.Context(), bus.StreamOptions{MaxBytes: 64 << 20}); err != nil {
		t.Fatal(err)
	}
	drain(t, p)
	sink := newRecorder()
	background(t, worker(b, sink).Run)
	sink.waitFor(t, 1000)
	if diff := cmp.Diff(payloads(1000), sink.payloads()); diff != "" {
		t.Error(diff)
	}
}

// With settling out of order, or before the write, the events of the first
// stretch would not come again after the crash.
func TestCrashBeforeWriteDeliversAgainInOrder(t *testing.T) {
	b := filled(t, 1500)

	down := errors.New("store is down")
	first := newRecorder()
	first.fail = func(write int, _ []schema.Recorded) error {
		if write > 1 {
			return down
		}
		return nil
	}
	w := worker(b, first)
	stop := background(t, w.Run)
	until(t, "the worker to be held", func() bool { _, why := w.Held(); return why == down.Error() })
	stop()
	written := first.payloads()
	if len(written) == 0 || len(written) == 1500 {
		t.Fatalf("%d events written before the crash: the test means some", len(written))
	}

	second := newRecorder()
	background(t, worker(b, second).Run)
	second.waitFor(t, 1500-len(written))
	if diff := cmp.Diff(payloads(1500), distinct(append(written, second.payloads()...))); diff != "" {
		t.Error(diff)
	}
	if got := second.payloads()[0]; got != payload(len(written)) {
		t.Errorf("went on with %s, want %s", got, payload(len(written)))
	}
}

func TestPermanentFailureBecomesDeadLetter(t *testing.T) {
	b := filled(t, 1000)

	sink := newRecorder()
	sink.fail = func(_ int, batch []schema.Recorded) error {
		for i, e := range batch {
			if string(e.Envelope.Payload) == payload(321) {
				sink.events = append(sink.events, append(slices.Clone(batch[:i]), batch[i+1:]...)...)
				return &bus.BatchError{Permanent: map[int]error{i: errors.New("the store refuses it\nfor ever")}}
			}
		}
		return nil
	}
	w := worker(b, sink)
	background(t, w.Run)
	until(t, "a dead letter and the rest stored", func() bool { return w.Dead() == 1 && w.Stored() == 999 })
	want := slices.DeleteFunc(payloads(1000), func(s string) bool { return s == payload(321) })
	got := sink.payloads()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	letter, err := b.JetStream().Stream(t.Context(), bus.StreamDLQ)
	if err != nil {
		t.Fatal(err)
	}
	m, err := letter.GetMsg(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	head := map[string]string{
		schema.HeaderReason: "the store refuses it?for ever", schema.HeaderSubject: "promethean.p.twitch.t.main.events.chat.message",
		schema.HeaderAttempts: "1", schema.HeaderStreamSeq: "322", schema.HeaderMessageID: "ledger:PROM_EVENTS:322",
	}
	for name, value := range head {
		if got := m.Header.Get(name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
	if e, err := schema.Parse(m.Data); err != nil || string(e.Payload) != payload(321) {
		t.Errorf("letter holds %s (%v)", m.Data, err)
	}
}

func TestForeignMessageBecomesDeadLetter(t *testing.T) {
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{})
	subject := schema.EventSubject(schema.Twitch, "main", schema.ChatMessage)
	if _, err := b.JetStream().Publish(t.Context(), subject, []byte("not an envelope")); err != nil {
		t.Fatal(err)
	}
	m, err := schema.Seal(draft(0))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.JetStream().Publish(t.Context(), subject, m.Body); err != nil {
		t.Fatal(err)
	}
	sink := newRecorder()
	w := worker(b, sink)
	background(t, w.Run)
	until(t, "a dead letter", func() bool { return w.Dead() == 1 && w.Stored() == 1 })
	if got := messages(t, b, bus.StreamDLQ); got != 1 {
		t.Errorf("%d dead letters, want 1", got)
	}
}

func TestRefusedDraftBecomesDeadLetter(t *testing.T) {
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{})
	box := openBox(t, t.TempDir())
	p := bus.NewPublisher(b, box, zerolog.Nop())
	background(t, p.Run)
	a := bus.NewAcceptor(box, zerolog.Nop())
	bad := draft(1)
	bad.Payload = []byte(`{"n":`)
	a.Emit(t.Context(), draft(0))
	a.Emit(t.Context(), bad)
	emit(t, a, 2, 3)
	drain(t, p)
	if got := messages(t, b, bus.StreamEvents); got != 2 {
		t.Errorf("%d events, want 2", got)
	}
	stream, err := b.JetStream().Stream(t.Context(), bus.StreamDLQ)
	if err != nil {
		t.Fatal(err)
	}
	m, err := stream.GetLastMsgForSubject(t.Context(), "dlq.promethean.p.twitch.t.main.frame")
	if err != nil {
		t.Fatal(err)
	}
	if string(m.Data) != `{"n":` || m.Header.Get(schema.HeaderReason) == "" {
		t.Errorf("letter is %q with reason %q", m.Data, m.Header.Get(schema.HeaderReason))
	}
	if a.Accepted() != 2 || a.Refused() != 1 {
		t.Errorf("accepted %d, refused %d", a.Accepted(), a.Refused())
	}
	if p.Published() != 2 || p.DeadLetters() != 1 {
		t.Errorf("published %d events and %d dead letters, want 2 and 1", p.Published(), p.DeadLetters())
	}
}

func TestStreamsAreCreatedUpdatedNeverRecreated(t *testing.T) {
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{})
	if _, err := b.JetStream().Publish(t.Context(), "promethean.p.twitch.t.main.events.chat.message", []byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := b.EnsureStreams(t.Context(), bus.StreamOptions{MaxBytes: 2 << 30, DuplicateWindow: time.Minute}); err != nil {
		t.Fatal(err)
	}
	s, err := b.JetStream().Stream(t.Context(), bus.StreamEvents)
	if err != nil {
		t.Fatal(err)
	}
	c := s.CachedInfo().Config
	if c.MaxBytes != 2<<30 || c.Duplicates != time.Minute || c.Discard != jetstream.DiscardNew || !c.AllowAtomicPublish || s.CachedInfo().State.Msgs != 1 {
		t.Errorf("stream is %+v with %d messages", c, s.CachedInfo().State.Msgs)
	}
	if _, err := b.JetStream().KeyValue(t.Context(), "PROM_SEATS"); err != nil {
		t.Errorf("the bucket of the seats: %v", err)
	}
	// Another retention cannot be applied by any server: refused, untouched.
	if _, err := b.JetStream().UpdateStream(t.Context(), jetstream.StreamConfig{Name: bus.StreamCanary, Subjects: []string{"promethean.canary"}, MaxMsgs: 1, MaxBytes: 1 << 20, Discard: jetstream.DiscardOld, Duplicates: time.Minute, AllowDirect: true}); err != nil {
		t.Fatal(err)
	}
	if err := b.Canary(t.Context()); err != nil {
		t.Error(err)
	}
	if err := b.EnsureStreams(t.Context(), bus.StreamOptions{MaxBytes: 2 << 30, DuplicateWindow: time.Minute, Replicas: 3}); err == nil {
		t.Error("three replicas on one server were not refused")
	}
	if got := messages(t, b, bus.StreamEvents); got != 1 {
		t.Errorf("%d messages after the refusal, want 1", got)
	}
}

func TestMissingSequencesRaiseTheAlarm(t *testing.T) {
	b := filled(t, 20)
	stream, err := b.JetStream().Stream(t.Context(), bus.StreamEvents)
	if err != nil {
		t.Fatal(err)
	}
	for _, seq := range []uint64{5, 7, 8} {
		if err := stream.DeleteMsg(t.Context(), seq); err != nil {
			t.Fatal(err)
		}
	}
	w := worker(b, newRecorder())
	background(t, w.Run)
	until(t, "17 events", func() bool { return w.Stored() == 17 })
	if got := w.Missing(); got != 3 {
		t.Errorf("%d missing sequences counted, want 3", got)
	}
}

// fill publishes events as another program would.
func fill(t *testing.T, b *bus.Bus, from, to int) {
	t.Helper()
	for n := from; n < to; n++ {
		m, err := schema.Seal(draft(n))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.JetStream().Publish(t.Context(), m.Subject, m.Body); err != nil {
			t.Fatal(err)
		}
	}
}

// forgetful counts how often it was told to forget.
type forgetful struct {
	*recorder
	forgot atomic.Uint64
}

func (f *forgetful) Forget() { f.forgot.Add(1) }

// Two workers of one name that are both active, since the server's clock jumps
// and the seat is forgotten over and over, disturb each other but lose nothing:
// what the one was given and could not write must not be acknowledged by the other. Each time
// its deliveries begin anew a sink is told to forget.
func TestTwoWorkersOfOneNameLoseNothing(t *testing.T) {
	server := bustest.Start(t)
	b, b2 := server.Connect(bus.StreamOptions{}), server.Connect(bus.StreamOptions{})
	broken, good := newRecorder(), &forgetful{recorder: newRecorder()}
	broken.fail = func(int, []schema.Recorded) error { return errors.New("this one's store is down") }
	w1, w2 := worker(b, broken), worker(b2, good)
	w1.AckWait, w2.AckWait = time.Second, time.Second
	stop := background(t, w1.Run)
	fill(t, b, 0, 5)
	until(t, "the first worker to hold what it was given", func() bool { _, why := w1.Held(); return why != "" })
	stopJumping := background(t, forgetSeats(t, b))
	background(t, w2.Run)
	fill(t, b, 5, 40)
	until(t, "the second worker to break off", func() bool { return w2.Resets() > 1 })
	stop()
	stopJumping()
	good.waitFor(t, 40)
	if diff := cmp.Diff(payloads(40), distinct(good.payloads())); diff != "" {
		t.Error(diff)
	}
	if n := good.forgot.Load(); n < 2 {
		t.Errorf("told %d times to forget", n)
	}
	if w2.Missing() != 0 {
		t.Errorf("false alarm: %d sequences missing", w2.Missing())
	}
}

// What the server delivers again during a long hold must not be written out of
// order.
func TestOrderHoldsOverALongHold(t *testing.T) {
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{})
	fill(t, b, 0, 1500)
	sink := newRecorder()
	until := time.Now().Add(1500 * time.Millisecond)
	sink.fail = func(int, []schema.Recorded) error {
		if time.Now().Before(until) {
			return errors.New("store is down")
		}
		return nil
	}
	w := worker(b, sink)
	w.AckWait = 500 * time.Millisecond
	background(t, w.Run)
	sink.waitFor(t, 1500)
	for i, e := range sink.events {
		if i > 0 && e.Seq <= sink.events[i-1].Seq {
			t.Fatalf("sequence %d was written after %d", e.Seq, sink.events[i-1].Seq)
		}
	}
}

func TestHugeForeignMessageStopsNothing(t *testing.T) {
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{})
	huge := make([]byte, schema.MaxPayload-100)
	if _, err := b.JetStream().Publish(t.Context(), schema.EventSubject(schema.Twitch, "main", schema.ChatMessage), huge); err != nil {
		t.Fatal(err)
	}
	fill(t, b, 0, 3)
	w := worker(b, newRecorder())
	background(t, w.Run)
	until(t, "three events and a dead letter", func() bool { return w.Stored() == 3 && w.Dead() == 1 })
}

func TestLagIsTrueWhileNothingIsStored(t *testing.T) {
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{})
	sink := newRecorder()
	sink.fail = func(int, []schema.Recorded) error { return errors.New("store is down") }
	w := worker(b, sink)
	background(t, w.Run)
	fill(t, b, 0, 30)
	until(t, "a lag of 30", func() bool { return w.Lag() == 30 })
}

// A login that is refused is said in words that name the settings, and tried
// again until the operator has mended it.
func TestRefusedLoginIsNamedAndMends(t *testing.T) {
	server := bustest.Start(t)
	server.Stop()
	server.Login("gateway", "right")
	var log lockedBuffer
	b, err := bus.Connect(bus.Options{URL: server.URL(), User: "gateway", Password: "wrong", Log: zerolog.New(&log)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	until(t, "the settings to be named", func() bool { return strings.Contains(log.String(), "BRAIN_NATS_PASSWORD") })
	// By itself the client gives up for good at the second refusal.
	until(t, "a fourth try", func() bool { return server.Attempts() >= 4 })
	server.Stop()
	server.Login("gateway", "wrong")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := b.Wait(ctx); err != nil {
		t.Error(err)
	}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// The server counts an event for a consumer a moment after it acknowledged the
// publish: catching up must not take that moment for the end.
func TestCatchUpCountsWhatWasJustPublished(t *testing.T) {
	server := bustest.Start(t)
	b := server.Connect(bus.StreamOptions{})
	w := worker(b, newRecorder())
	background(t, w.Run)
	for n := range 400 {
		fill(t, b, n, n+1)
		if err := w.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := w.Stored(); got != uint64(n+1) {
			t.Fatalf("caught up with %d events of %d", got, n+1)
		}
	}
}

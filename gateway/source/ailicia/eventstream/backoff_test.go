package eventstream

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestBackOff(t *testing.T) {
	const first, most = time.Second, 8 * time.Second
	for _, c := range []struct {
		name string
		// before each wait this is done.
		do   []func(b *backOff)
		want []time.Duration
	}{
		{"doubles up to the most", []func(*backOff){nil, nil, nil, nil, nil, nil}, []time.Duration{1, 2, 4, 8, 8, 8}},
		{"an event begins anew", []func(*backOff){nil, nil, func(b *backOff) { b.open(); b.event() }, nil}, []time.Duration{1, 2, 1, 2}},
		{"dropped at once", []func(*backOff){lived(0), lived(0), lived(time.Second), lived(0), lived(0)}, []time.Duration{1, 2, 4, 8, 8}},
		{"one that outlives the wait begins anew", []func(*backOff){nil, nil, lived(3 * time.Second), nil}, []time.Duration{1, 2, 1, 2}},
		{"one that lived counts once", []func(*backOff){lived(time.Minute), func(*backOff) { time.Sleep(time.Hour) }, nil}, []time.Duration{1, 2, 4}},
		{"a floor for once", []func(*backOff){func(b *backOff) { b.atLeast(20 * time.Second) }, nil}, []time.Duration{20, 2}},
		{"a low floor is none", []func(*backOff){nil, nil, func(b *backOff) { b.atLeast(time.Second) }}, []time.Duration{1, 2, 4}},
		{"the stream's own time stays", []func(*backOff){func(b *backOff) { b.ask(3000) }, nil, func(b *backOff) { b.ask(-1); b.open(); b.event() }}, []time.Duration{3, 6, 3}},
		{"over the most", []func(*backOff){func(b *backOff) { b.ask(20_000) }, nil}, []time.Duration{20, 20}},
		{"not for ever", []func(*backOff){func(b *backOff) { b.ask(1e12) }}, []time.Duration{300}},
		{"never under the first", []func(*backOff){func(b *backOff) { b.ask(1) }}, []time.Duration{1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &backOff{first: first, most: most}
				for i, do := range c.do {
					if do != nil {
						do(b)
					}
					want := c.want[i] * time.Second
					if got := b.NextBackOff(); got < want || got > want+want/10+1 {
						t.Errorf("wait %d is %v, want %v and up to a tenth more", i, got, want)
					}
				}
			})
		})
	}
}

// lived is a stream that stood so long and gave nothing.
func lived(d time.Duration) func(*backOff) {
	return func(b *backOff) {
		b.open()
		time.Sleep(d)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 4, 19, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		value string
		want  time.Duration
	}{
		{"", 0}, {"2", 2 * time.Second}, {" 2 ", 2 * time.Second}, {"0", 0}, {"-2", 0}, {"1.5", 0}, {"soon", 0},
		{"99999999999999999999", time.Hour}, {"86400", time.Hour},
		{now.Add(90 * time.Second).Format(http.TimeFormat), 90 * time.Second},
		{now.Add(-time.Hour).Format(http.TimeFormat), 0},
		{now.Add(48 * time.Hour).Format(http.TimeFormat), time.Hour},
		{now.Add(90 * time.Second).Format(time.ANSIC), 90 * time.Second},
	} {
		t.Run(c.value, func(t *testing.T) {
			if got := retryAfter(c.value, now); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

func TestSameHost(t *testing.T) {
	for _, c := range []struct {
		name, from, to string
		want           bool
	}{
		{"another path", "https://h/a", "https://h/b", true},
		{"any case", "https://h/a", "https://H/b", true},
		{"to TLS", "http://h/", "https://h/", true},
		{"another port", "http://h:1/", "http://h:2/", true},
		{"away from TLS", "https://h/", "http://h/", false},
		{"another host", "https://h/", "https://i/", false},
		{"a host below", "https://h.org/", "https://a.h.org/", false},
		{"a password in it", "https://h/", "https://u:p@h/", false},
		{"another scheme", "http://h/", "ftp://h/", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			from, _ := http.NewRequest(http.MethodGet, c.from, nil)
			to, _ := http.NewRequest(http.MethodGet, c.to, nil)
			if got := sameHost(to, []*http.Request{from}) == nil; got != c.want {
				t.Errorf("followed: %v", got)
			}
		})
	}
}

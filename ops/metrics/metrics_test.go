package metrics_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"promethean/ops/metrics"
)

func scrape(r *metrics.Registry) string {
	w := httptest.NewRecorder()
	r.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return w.Body.String()
}

func TestFiguresAreReadAtEachScrape(t *testing.T) {
	r := metrics.New()
	stored := 41.0
	if err := r.Counter("brain_sink_stored_total", "events stored", metrics.Labels{"sink": "ledger"}, func() float64 { return stored }); err != nil {
		t.Fatal(err)
	}
	if err := r.Gauge("brain_sink_lag", "events not yet stored", metrics.Labels{"sink": "ledger"}, func() float64 { return 7 }); err != nil {
		t.Fatal(err)
	}
	scrape(r)
	stored++
	page := scrape(r)
	for _, want := range []string{
		"# TYPE brain_sink_stored_total counter", `brain_sink_stored_total{sink="ledger"} 42`,
		"# TYPE brain_sink_lag gauge", `brain_sink_lag{sink="ledger"} 7`, "go_goroutines ",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestMistakesAreReported(t *testing.T) {
	one := func() float64 { return 1 }
	ledger := metrics.Labels{"sink": "ledger"}
	for _, c := range []struct {
		name, figure string
		labels       metrics.Labels
		ok           bool
	}{
		{"the same twice", "brain_sink_lag", ledger, false},
		{"other labels", "brain_sink_lag", metrics.Labels{"sink": "chat"}, true},
		{"a foreign name", "sink_lag", ledger, false},
		{"no name", "brain_sink lag", ledger, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := metrics.New()
			if err := r.Gauge("brain_sink_lag", "lag", ledger, one); err != nil {
				t.Fatal(err)
			}
			if err := r.Gauge(c.figure, "lag", c.labels, one); (err == nil) != c.ok {
				t.Errorf("%v", err)
			}
		})
	}
}

// The figures by themselves are those of the page, by the same names.
func TestFigures(t *testing.T) {
	r := metrics.New()
	if err := r.Gauge("brain_sink_lag", "lag", metrics.Labels{"sink": "ledger", "a": "b"}, func() float64 { return 7 }); err != nil {
		t.Fatal(err)
	}
	if err := r.Counter("brain_accepted_total", "events", nil, func() float64 { return 2 }); err != nil {
		t.Fatal(err)
	}
	figures, page := r.Figures(), scrape(r)
	if len(figures) != 2 {
		t.Errorf("%v", figures)
	}
	for name, value := range figures {
		if !strings.Contains(page, fmt.Sprintf("\n%s %g\n", name, value)) {
			t.Errorf("the page lacks %s %g:\n%s", name, value, page)
		}
	}
}

// Two registries in one process share nothing.
func TestRegistriesAreApart(t *testing.T) {
	a, b := metrics.New(), metrics.New()
	if err := a.Gauge("brain_outbox_bytes", "bytes", nil, func() float64 { return 1 }); err != nil {
		t.Fatal(err)
	}
	if err := b.Gauge("brain_outbox_bytes", "bytes", nil, func() float64 { return 2 }); err != nil {
		t.Fatal(err)
	}
	if page := scrape(a); !strings.Contains(page, "brain_outbox_bytes 1") {
		t.Error(page)
	}
}

// Package metrics is the programs' Prometheus registry: an own one, not the
// global. Names begin with brain_, labels come from closed lists.
package metrics

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Registry collects figures that the program already keeps.
type Registry struct {
	r *prometheus.Registry

	mu      sync.Mutex
	figures map[string]func() float64
}

// New has the Go runtime's and the process' figures.
func New() *Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return &Registry{r: r, figures: map[string]func() float64{}}
}

// Labels of a figure, from a closed list.
type Labels = map[string]string

// names of our own, so that they are found among others'.
var names = regexp.MustCompile(`^brain_[a-z0-9_]+$`)

// Counter adds a figure that only grows. A name without brain_, or one that
// exists already with these labels, is the caller's mistake and reported.
func (r *Registry) Counter(name, help string, labels Labels, value func() float64) error {
	figure := prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help, ConstLabels: labels}, value)
	return r.add(key(name, labels), figure, value)
}

// Gauge adds a figure that goes up and down; it refuses what Counter does.
func (r *Registry) Gauge(name, help string, labels Labels, value func() float64) error {
	figure := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, value)
	return r.add(key(name, labels), figure, value)
}

// key is a figure as /metrics has it: name{label="value"}.
func key(name string, labels Labels) string {
	var pairs []string
	for _, label := range slices.Sorted(maps.Keys(labels)) {
		pairs = append(pairs, fmt.Sprintf("%s=%q", label, labels[label]))
	}
	if len(pairs) == 0 {
		return name
	}
	return name + "{" + strings.Join(pairs, ",") + "}"
}

func (r *Registry) add(key string, figure prometheus.Collector, value func() float64) error {
	name, _, _ := strings.Cut(key, "{")
	if !names.MatchString(name) {
		return fmt.Errorf("metrics: %q is not of the form %s", name, names)
	}
	if err := r.r.Register(figure); err != nil {
		return fmt.Errorf("metrics: %s: %w", name, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.figures[key] = value
	return nil
}

// Figures are the values of now, without those of the Go runtime and the
// process, by the name that they have on /metrics: brain_sink_lag{sink="ledger"}.
func (r *Registry) Figures() map[string]float64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	values := make(map[string]float64, len(r.figures))
	for key, value := range r.figures {
		values[key] = value()
	}
	return values
}

// Handler answers /metrics.
func (r *Registry) Handler() http.Handler { return promhttp.HandlerFor(r.r, promhttp.HandlerOpts{}) }

// Package metrics is the programs' Prometheus registry: an own one, not the
// global. Names begin with brain_, labels come from closed lists.
package metrics

import (
	"fmt"
	"net/http"
	"regexp"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Registry collects figures that the program already keeps.
type Registry struct{ r *prometheus.Registry }

// New has the Go runtime's and the process' figures.
func New() *Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return &Registry{r}
}

// Labels of a figure, from a closed list.
type Labels = map[string]string

// names of our own, so that they are found among others'.
var names = regexp.MustCompile(`^brain_[a-z0-9_]+$`)

// Counter adds a figure that only grows. A name without brain_, or one that
// exists already with these labels, is the caller's mistake and reported.
func (r *Registry) Counter(name, help string, labels Labels, value func() float64) error {
	return r.add(name, prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help, ConstLabels: labels}, value))
}

// Gauge adds a figure that goes up and down; it refuses what Counter does.
func (r *Registry) Gauge(name, help string, labels Labels, value func() float64) error {
	return r.add(name, prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, value))
}

func (r *Registry) add(name string, figure prometheus.Collector) error {
	if !names.MatchString(name) {
		return fmt.Errorf("metrics: %q is not of the form %s", name, names)
	}
	if err := r.r.Register(figure); err != nil {
		return fmt.Errorf("metrics: %s: %w", name, err)
	}
	return nil
}

// Handler answers /metrics.
func (r *Registry) Handler() http.Handler { return promhttp.HandlerFor(r.r, promhttp.HandlerOpts{}) }

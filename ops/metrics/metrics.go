// Package metrics is the programs' Prometheus registry: an own one, not the
// global. Names begin with brain_, labels come from closed lists.
package metrics

import (
	"net/http"

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

// Counter adds a figure that only grows. A name and labels that exist already
// are the caller's mistake and reported.
func (r *Registry) Counter(name, help string, labels Labels, value func() float64) error {
	return r.r.Register(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help, ConstLabels: labels}, value))
}

// Gauge adds a figure that goes up and down.
func (r *Registry) Gauge(name, help string, labels Labels, value func() float64) error {
	return r.r.Register(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, value))
}

// Handler answers /metrics.
func (r *Registry) Handler() http.Handler { return promhttp.HandlerFor(r.r, promhttp.HandlerOpts{}) }

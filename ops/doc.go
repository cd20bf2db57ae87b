// Package ops has what the three programs share and only their mains import.
// Each part is a package of its own, in the order a main meets them: run gives
// the context, the exit code and the process's name, settings what a person asked
// for, logging the log, listen the ports, health and metrics what /livez, /readyz
// and /metrics say, httpserver the server that says it, healthy the question to
// it from a container's health check, profiling where the time goes.
package ops

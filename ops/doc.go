// Package ops has what the three programs share and only their mains import:
// settings, logging, health, metrics, the HTTP server, the rule for ports and
// the life of a process. Each is a package of its own in this folder.
package ops

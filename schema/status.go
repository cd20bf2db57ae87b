package schema

import (
	"encoding/json"
	"errors"
	"fmt"
)

// StatusSubject is where all running programs are asked how they are: a NATS
// request without a body, which no stream keeps and which changes nothing. Each
// program answers twice with a [ProgramStatus]: at once with who it is, and when
// its health checks have come back, within about two seconds, with these.
const StatusSubject = "promethean.status"

// ProgramStatus is what a running program says of itself.
type ProgramStatus struct {
	// Program is gateway, sinks or brain, which is both.
	Program string `json:"program"`
	// Instance tells programs of one name apart: host and process.
	Instance  string `json:"instance"`
	Version   string `json:"version"`
	StartedAt Time   `json:"startedAt"`
	// Tenant is left out by programs that serve every one.
	Tenant string `json:"tenant,omitempty"`
	// Ready: every check passes.
	Ready bool `json:"ready"`
	// Checks are the checks of /readyz by name: empty, or why it does not pass.
	// null in the first of the two answers.
	Checks map[string]string `json:"checks"`
	// Figures are those of /metrics that are ours, by the name that they have
	// there: brain_sink_lag{sink="ledger"}.
	Figures map[string]float64 `json:"figures,omitempty"`
}

// Bounds of a [ProgramStatus]; ours are far below.
const (
	maxStatus      = 64 << 10
	maxStatusName  = 200
	maxStatusItems = 256
)

// ErrStatus is wrapped by every error of [ParseStatus].
var ErrStatus = errors.New("not the status of a program")

// ParseStatus reads an answer on [StatusSubject]. Texts in it are what the
// program wrote: whoever shows them makes them harmless.
func ParseStatus(b []byte) (ProgramStatus, error) {
	if len(b) > maxStatus {
		return ProgramStatus{}, fmt.Errorf("%w: %d bytes, at most %d", ErrStatus, len(b), maxStatus)
	}
	var s ProgramStatus
	if err := json.Unmarshal(b, &s); err != nil {
		return ProgramStatus{}, fmt.Errorf("%w: %w", ErrStatus, err)
	}
	switch {
	case s.Program == "" || s.Instance == "":
		return ProgramStatus{}, fmt.Errorf("%w: it names no program or no instance", ErrStatus)
	case max(len(s.Program), len(s.Instance), len(s.Version), len(s.Tenant)) > maxStatusName:
		return ProgramStatus{}, fmt.Errorf("%w: a name is longer than %d bytes", ErrStatus, maxStatusName)
	case max(len(s.Checks), len(s.Figures)) > maxStatusItems:
		return ProgramStatus{}, fmt.Errorf("%w: more than %d checks or figures", ErrStatus, maxStatusItems)
	}
	// It may not call itself ready against its own checks.
	s.Ready = s.Checks != nil
	for _, why := range s.Checks {
		s.Ready = s.Ready && why == ""
	}
	return s, nil
}

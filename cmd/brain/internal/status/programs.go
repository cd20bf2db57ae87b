package status

import (
	"context"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go"

	"promethean/bus"
)

// askPrograms asks the running programs. None is an empty list, no error.
func askPrograms(ctx context.Context, nc *nats.Conn) ([]Program, error) {
	answers, err := bus.AskStatus(ctx, nc)
	if err != nil {
		return nil, err
	}
	programs := []Program{}
	for _, s := range answers.Programs {
		programs = append(programs, Program{ProgramStatus: s, Silent: s.Checks == nil})
	}
	if answers.Refused > 0 {
		err = fmt.Errorf("%d answers on the subject of status cannot be read: another program answers there", answers.Refused)
	}
	return programs, err
}

// The names of the programs that take events in.
const (
	programGateway = "gateway"
	programBrain   = "brain"
)

// sinkCheck begins the name of each sink's own check.
const sinkCheck = "sink "

// runs reports whether a program runs a sink.
func (p Program) runs(sink string) bool {
	_, ok := p.Checks[sinkCheck+sink]
	return ok
}

// standsBy reports whether a program leaves a sink to another one.
func (p Program) standsBy(sink string) bool {
	v, ok := p.figure(fmt.Sprintf("brain_sink_standby{sink=%q}", sink))
	return ok && v == 1
}

// takesIn reports whether a program is a gateway.
func (p Program) takesIn() bool { return p.Program == programGateway || p.Program == programBrain }

// figure is one of the program's own, by its name on /metrics.
func (p Program) figure(name string) (float64, bool) {
	v, ok := p.Figures[name]
	return v, ok
}

// total adds the figures of a name whatever their labels say.
func (p Program) total(name string) float64 {
	sum := 0.0
	for key, v := range p.Figures {
		if key == name || strings.HasPrefix(key, name+"{") {
			sum += v
		}
	}
	return sum
}

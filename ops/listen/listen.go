// Package listen is the programs' rule for ports: a default that is taken
// moves to the next free one, one that was asked for is an error that names
// its setting.
package listen

import (
	"errors"
	"fmt"
	"net"
	"strconv"
)

// tries is how many ports after a default are tried.
const tries = 20

// TCP listens at addr (host:port). asked says that a person set it; setting is
// its name in the environment, for the error. moved says that addr was taken
// and another port has been chosen: the caller says so.
func TCP(addr string, asked bool, setting string) (l net.Listener, moved bool, err error) {
	l, err = net.Listen("tcp", addr)
	if err == nil {
		return l, false, nil
	}
	host, text, splitErr := net.SplitHostPort(addr)
	port, portErr := strconv.Atoi(text)
	if asked || splitErr != nil || portErr != nil || port == 0 {
		return nil, false, fmt.Errorf("cannot listen on %s: %w; set %s to another address, or stop what has it", addr, cause(err), setting)
	}
	for next := port + 1; next <= min(port+tries, 65535); next++ {
		if l, nextErr := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(next))); nextErr == nil {
			return l, true, nil
		}
	}
	return nil, false, fmt.Errorf("cannot listen on %s nor on the %d ports after it: %w; set %s to another address", addr, tries, cause(err), setting)
}

// Free finds an address by the same rule for a server that binds it itself. It
// was free a moment ago: somebody else may be faster.
func Free(addr string, asked bool, setting string) (free string, moved bool, err error) {
	l, moved, err := TCP(addr, asked, setting)
	if err != nil {
		return "", false, err
	}
	free = l.Addr().String()
	return free, moved, l.Close()
}

// cause is a network error without the address, which the message has already.
func cause(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Err
	}
	return err
}

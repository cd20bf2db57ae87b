// Package listen is the programs' rule for ports: a default that is taken
// moves to the next free one, one that was asked for is an error that names
// its setting.
package listen

import (
	"fmt"
	"net"
	"strconv"
)

// tries is how many ports after a default are tried.
const tries = 20

// TCP listens at addr (host:port). asked says that a person set it; setting is
// its name for the error. moved says that another port was taken.
func TCP(addr string, asked bool, setting string) (l net.Listener, moved bool, err error) {
	l, err = net.Listen("tcp", addr)
	if err == nil {
		return l, false, nil
	}
	host, text, splitErr := net.SplitHostPort(addr)
	port, portErr := strconv.Atoi(text)
	if asked || splitErr != nil || portErr != nil || port == 0 {
		return nil, false, fmt.Errorf("cannot listen on %s: %w; set %s to another address, or stop what has it", addr, err, setting)
	}
	for next := port + 1; next <= min(port+tries, 65535); next++ {
		if l, nextErr := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(next))); nextErr == nil {
			return l, true, nil
		}
	}
	return nil, false, fmt.Errorf("cannot listen on %s nor on the %d ports after it: %w; set %s", addr, tries, err, setting)
}

// Free finds an address by the same rule for a server that binds it itself.
func Free(addr string, asked bool, setting string) (free string, moved bool, err error) {
	l, moved, err := TCP(addr, asked, setting)
	if err != nil {
		return "", false, err
	}
	free = l.Addr().String()
	return free, moved, l.Close()
}

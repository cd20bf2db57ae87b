package settings

import (
	"errors"
	"fmt"
	"math"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// parser reads a value's text into its place; the error says what is allowed.
type parser func(string) error

func text(to *string) parser {
	return func(v string) error { *to = v; return nil }
}

var tokenPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func token(to *string) parser {
	return func(v string) error {
		if !tokenPattern.MatchString(v) {
			return errors.New("allowed are 1 to 64 of A-Z a-z 0-9 _ -")
		}
		*to = v
		return nil
	}
}

func list(to *[]string) parser {
	return func(v string) error {
		*to = []string{}
		for item := range strings.SplitSeq(v, ",") {
			if item = strings.TrimSpace(item); item != "" {
				*to = append(*to, item)
			}
		}
		return nil
	}
}

func address(to *string) parser {
	return func(v string) error {
		_, port, err := net.SplitHostPort(v)
		if err == nil {
			_, err = strconv.ParseUint(port, 10, 16)
		}
		if err != nil {
			return errors.New("allowed is host:port, e.g. 127.0.0.1:4222")
		}
		*to = v
		return nil
	}
}

func number(to *int, least, most int) parser {
	return func(v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < least || n > most {
			return fmt.Errorf("allowed is a whole number from %d to %d", least, most)
		}
		*to = n
		return nil
	}
}

func rate(to *float64) parser {
	return func(v string) error {
		f, err := strconv.ParseFloat(v, 64)
		if err != nil || math.IsNaN(f) || f < 0 || f > 100_000 {
			return errors.New("allowed is a number from 0 to 100000")
		}
		*to = f
		return nil
	}
}

func seed(to *uint64) parser {
	return func(v string) error {
		n, err := strconv.ParseUint(v, 10, 64)
		if err != nil {
			return errors.New("allowed is a whole number from 0")
		}
		*to = n
		return nil
	}
}

func duration(to *time.Duration) parser {
	return func(v string) error {
		d, err := time.ParseDuration(v)
		if err != nil || d < 100*time.Millisecond {
			return errors.New("allowed is a time of at least 100ms, e.g. 2m or 90s")
		}
		*to = d
		return nil
	}
}

var sizePattern = regexp.MustCompile(`^([0-9]+)\s*([KMGT]?)(i?B)?$`)

// size reads bytes: 1000000, 512MiB, 10GiB, 5GB. K, M, G, T without i are
// powers of 1000.
func size(to *int64, least int64) parser {
	return func(v string) error {
		allowed := fmt.Errorf("allowed is a number of bytes from %d, e.g. 1000000, 512MiB or 10GiB", least)
		m := sizePattern.FindStringSubmatch(strings.TrimSpace(v))
		if m == nil {
			return allowed
		}
		n, err := strconv.ParseInt(m[1], 10, 64)
		if err != nil {
			return allowed
		}
		base := int64(1000)
		if strings.HasPrefix(m[3], "i") {
			base = 1024
		}
		for range strings.Index("KMGT", m[2]) + min(len(m[2]), 1) {
			if n > math.MaxInt64/base {
				return allowed
			}
			n *= base
		}
		if n != 0 && n < least {
			return allowed
		}
		*to = n
		return nil
	}
}

func oneOf(to *string, allowed ...string) parser {
	return func(v string) error {
		if !slices.Contains(allowed, v) {
			return fmt.Errorf("allowed are %s", strings.Join(allowed, ", "))
		}
		*to = v
		return nil
	}
}

package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // containers and Windows have no time zones of their own
)

// parser reads a value's text into its place; the error says what is allowed.
type parser func(string) error

func text(to *string) parser {
	return func(v string) error { *to = v; return nil }
}

var tokenPattern = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// token is a name that is the same in subjects, files and databases.
func token(to *string, most int) parser {
	return func(v string) error {
		if len(v) > most || !tokenPattern.MatchString(v) {
			return fmt.Errorf("allowed are 1 to %d of A-Z a-z 0-9 _ -", most)
		}
		*to = v
		return nil
	}
}

var bearerPattern = regexp.MustCompile(`^[!-~]*$`)

// bearer is what an Authorization header can carry.
func bearer(to *string) parser {
	return func(v string) error {
		if !bearerPattern.MatchString(v) {
			return errors.New("allowed are visible ASCII characters without spaces")
		}
		*to = v
		return nil
	}
}

var (
	eventPattern   = regexp.MustCompile(`^[^.*\s]+\.(\*|[^*\s]+)$`)
	privatePattern = regexp.MustCompile(`^[^.*\s]+\.[^*\s]+$`)
	actionPattern  = regexp.MustCompile(`^\S(.*\S)?$`)
	typePattern    = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)
	sinkPattern    = tokenPattern
	userPattern    = regexp.MustCompile(`^[^:].*[^:]$|^[^:]$`)
)

// list reads items with commas; allowed describes the pattern.
func list(to *[]string, pattern *regexp.Regexp, allowed string) parser {
	return func(v string) error {
		*to = []string{}
		for item := range strings.SplitSeq(v, ",") {
			item = strings.TrimSpace(item)
			switch {
			case item == "":
			case !pattern.MatchString(item):
				return fmt.Errorf("%q is wrong, allowed is %s", item, allowed)
			default:
				*to = append(*to, item)
			}
		}
		return nil
	}
}

// address is one URL, or nothing. Only what is before the host is read: a
// MongoDB URI is no URL by the standard, its host part lists several.
func address(to *string, schemes ...string) parser {
	return func(v string) error {
		if v != "" && !hasScheme(v, schemes) {
			return fmt.Errorf("allowed is an address that begins with %s://", strings.Join(schemes, ":// or "))
		}
		*to = v
		return nil
	}
}

// addresses are URLs with commas, or nothing. NATS takes the scheme of the
// first for granted in the others.
func addresses(to *string, schemes ...string) parser {
	first := address(to, schemes...)
	return func(v string) error {
		if strings.ContainsAny(v, " \t") || strings.HasSuffix(v, ",") {
			return errors.New("allowed are addresses with commas and without spaces")
		}
		return first(v)
	}
}

func hasScheme(v string, schemes []string) bool {
	scheme, rest, ok := strings.Cut(v, "://")
	return ok && slices.Contains(schemes, strings.ToLower(scheme)) && rest != "" && !strings.ContainsAny(rest[:1], "/?#")
}

// hostPort is an address to listen at; port 0 is any free one.
func hostPort(to *string) parser {
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

// loopback is a host:port that only this machine reaches, or nothing.
func loopback(to *string) parser {
	return func(v string) error {
		host, port, err := net.SplitHostPort(v)
		if err == nil {
			_, err = strconv.ParseUint(port, 10, 16)
		}
		ip := net.ParseIP(host)
		if v != "" && (err != nil || !strings.EqualFold(host, "localhost") && (ip == nil || !ip.IsLoopback())) {
			return errors.New("allowed is host:port of this machine alone, e.g. 127.0.0.1:6060, or nothing")
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

func temperature(to *float64) parser {
	return func(v string) error {
		f, err := strconv.ParseFloat(v, 64)
		if err != nil || math.IsNaN(f) || f < 0 || f > 2 {
			return errors.New("allowed is a number from 0 to 2")
		}
		*to = f
		return nil
	}
}

// object is a JSON object, or nothing.
func object(to *map[string]any) parser {
	return func(v string) error {
		*to = nil
		if v == "" {
			return nil
		}
		if err := json.Unmarshal([]byte(v), to); err != nil || *to == nil {
			return errors.New(`allowed is a JSON object, e.g. {"keep_alive":"30m"}`)
		}
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

// interval is 0 for never, or a time of at least least.
func interval(to *time.Duration, least time.Duration) parser {
	return func(v string) error {
		d, err := time.ParseDuration(v)
		if err != nil || d != 0 && d < least {
			return fmt.Errorf("allowed is 0 for never, or a time of at least %s, e.g. 45m", least)
		}
		*to = d
		return nil
	}
}

func yes(to *bool) parser {
	return func(v string) error {
		b, err := strconv.ParseBool(v)
		if err != nil {
			return errors.New("allowed is true or false")
		}
		*to = b
		return nil
	}
}

// zone is a time zone by its IANA name, or nothing.
func zone(to *string) parser {
	return func(v string) error {
		if _, err := time.LoadLocation(v); err != nil {
			return errors.New("allowed is the name of a time zone, e.g. Europe/Paris or UTC")
		}
		*to = v
		return nil
	}
}

var platformPattern = regexp.MustCompile(`^(twitch|youtube|kick)$`)

var sizePattern = regexp.MustCompile(`^([0-9]+) ?(?:([KMGT])(i?))?B?$`)

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
		if m[3] == "i" {
			base = 1024
		}
		for range strings.Index("KMGT", m[2]) + min(len(m[2]), 1) {
			if n > math.MaxInt64/base {
				return allowed
			}
			n *= base
		}
		if n < least {
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

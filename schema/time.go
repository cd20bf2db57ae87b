package schema

import (
	"fmt"
	"time"
)

// Time is a UTC time cut to milliseconds, written as
// "2025-02-18T21:15:22.123Z".
type Time struct{ time.Time }

// TimeFormat is how every time of ours is written.
const TimeFormat = "2006-01-02T15:04:05.000Z"

// NewTime cuts t to UTC milliseconds.
func NewTime(t time.Time) Time { return Time{t.UTC().Truncate(time.Millisecond)} }

// String writes t by [TimeFormat].
func (t Time) String() string { return t.UTC().Format(TimeFormat) }

// MarshalJSON writes t by [TimeFormat]. It refuses a year that RFC 3339
// cannot write, for nobody could read it back.
func (t Time) MarshalJSON() ([]byte, error) {
	if !Writable(t.Time) {
		return nil, fmt.Errorf("year %d is not of four digits", t.UTC().Year())
	}
	return t.UTC().AppendFormat(make([]byte, 0, 26), `"`+TimeFormat+`"`), nil
}

// UnmarshalJSON reads any RFC 3339 time whose year in UTC is [Writable].
func (t *Time) UnmarshalJSON(b []byte) error {
	var parsed time.Time
	if err := parsed.UnmarshalJSON(b); err != nil {
		return err
	}
	if !Writable(parsed) {
		return fmt.Errorf("%s is not of the years 1 to 9999 in UTC", b)
	}
	*t = NewTime(parsed)
	return nil
}

// Writable reports whether t has a four-digit year in UTC, which is what an
// envelope's timestamp and every reader of RFC 3339 can hold.
func Writable(t time.Time) bool {
	year := t.UTC().Year()
	return year >= 1 && year <= 9999
}

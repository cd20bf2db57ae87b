package schema

import (
	"encoding/json"
	"testing"
	"time"
)

func TestTimeWrites(t *testing.T) {
	berlin := time.FixedZone("CEST", 2*3600)
	tests := []struct {
		name string
		in   time.Time
		want string
	}{
		{"cut, not rounded", time.Date(2025, 2, 18, 21, 15, 22, 123_999_999, time.UTC), "2025-02-18T21:15:22.123Z"},
		{"whole second keeps its zeros", time.Date(2025, 2, 18, 21, 15, 22, 0, time.UTC), "2025-02-18T21:15:22.000Z"},
		{"another zone", time.Date(2025, 7, 1, 0, 30, 0, 0, berlin), "2025-06-30T22:30:00.000Z"},
		{"before 1970", time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC), "1969-12-31T23:59:59.999Z"},
		{"zero", time.Time{}, "0001-01-01T00:00:00.000Z"},
		{"last", time.Date(9999, 12, 31, 23, 59, 59, 999_000_000, time.UTC), "9999-12-31T23:59:59.999Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := NewTime(tt.in)
			b, err := json.Marshal(got)
			if err != nil || string(b) != `"`+tt.want+`"` || got.String() != tt.want {
				t.Errorf("got %s and %s, %v; want %s", b, got, err, tt.want)
			}
			var back Time
			if err := json.Unmarshal(b, &back); err != nil || !back.Equal(got.Time) || back.Location() != time.UTC {
				t.Errorf("read back %v, %v", back, err)
			}
		})
	}
}

func TestTimeReads(t *testing.T) {
	tests := []struct {
		name, in, want string
		ok             bool
	}{
		{"no fraction", `"2025-02-18T21:15:22Z"`, "2025-02-18T21:15:22.000Z", true},
		{"seven digits and an offset", `"2025-02-18T22:15:22.1239999+01:00"`, "2025-02-18T21:15:22.123Z", true},
		{"no offset", `"2025-02-18T21:15:22"`, "", false},
		{"date", `"2025-02-18"`, "", false},
		{"number", `1700000000`, "", false},
		{"day that is none", `"2025-02-30T00:00:00Z"`, "", false},
		{"year of five digits", `"10000-01-01T00:00:00Z"`, "", false},
		{"year 10000 in UTC", `"9999-12-31T23:30:00-01:00"`, "", false},
		{"year 0 in UTC", `"0001-01-01T00:30:00+01:00"`, "", false},
		{"empty", `""`, "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got Time
			err := json.Unmarshal([]byte(tt.in), &got)
			if (err == nil) != tt.ok || tt.ok && got.String() != tt.want {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func TestWritable(t *testing.T) {
	tests := []struct {
		name string
		in   time.Time
		want bool
	}{
		{"first", time.Time{}, true},
		{"just before the first", time.Time{}.Add(-1), false},
		{"last", time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC), true},
		{"just after the last", time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), false},
		{"the year in UTC decides, above", time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("", -2*3600)), false},
		{"the year in UTC decides, below", time.Date(1, 1, 1, 1, 0, 0, 0, time.FixedZone("", 2*3600)), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Writable(tt.in); got != tt.want {
				t.Errorf("%v: %v", tt.in, got)
			}
			if _, err := json.Marshal(NewTime(tt.in)); (err == nil) != tt.want {
				t.Errorf("%v: written, or not, against the rule: %v", tt.in, err)
			}
		})
	}
}

package schema_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"promethean/schema"
)

func TestStatusRoundTrip(t *testing.T) {
	want := schema.ProgramStatus{
		Program: "sinks", Instance: "pond/7", Version: "v1", StartedAt: schema.NewTime(time.UnixMilli(1_764_011_722_123)),
		Checks: map[string]string{"store": "nobody answers", "sink chat": ""}, Figures: map[string]float64{`brain_sink_lag{sink="chat"}`: 17},
	}
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := schema.ParseStatus(b)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(want, got) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestParseStatus(t *testing.T) {
	items := func(n int) string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf(`"c%d":""`, i))
		}
		return strings.Join(all, ",")
	}
	for _, c := range []struct {
		name, body string
		ok, ready  bool
	}{
		{"ready", `{"program":"gateway","instance":"a","checks":{"bus":""}}`, true, true},
		{"calls itself ready against a check", `{"program":"gateway","instance":"a","ready":true,"checks":{"bus":"away"}}`, true, false},
		{"calls itself ready without checks", `{"program":"gateway","instance":"a","ready":true}`, true, false},
		{"no program", `{"instance":"a"}`, false, false},
		{"no JSON", `{`, false, false},
		{"nothing", ``, false, false},
		{"another shape", `{"program":["gateway"],"instance":"a"}`, false, false},
		{"a time that is none", `{"program":"gateway","instance":"a","startedAt":"yesterday"}`, false, false},
		{"a long name", `{"program":"gateway","instance":"` + strings.Repeat("a", 201) + `"}`, false, false},
		{"many checks", `{"program":"gateway","instance":"a","checks":{` + items(257) + `}}`, false, false},
		{"large", `{"program":"gateway","instance":"a"` + strings.Repeat(" ", 64<<10) + `}`, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := schema.ParseStatus([]byte(c.body))
			if (err == nil) != c.ok || s.Ready != c.ready || err != nil && !errors.Is(err, schema.ErrStatus) {
				t.Errorf("%+v, %v", s, err)
			}
		})
	}
}

func FuzzParseStatus(f *testing.F) {
	f.Add([]byte(`{"program":"gateway","instance":"a","version":"v","startedAt":"2026-11-25T12:00:00.000Z","ready":true,"checks":{"bus":""},"figures":{"brain_x":1e300}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := schema.ParseStatus(b)
		if err != nil {
			return
		}
		again, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := schema.ParseStatus(again); err != nil && len(again) <= 64<<10 {
			t.Errorf("%s: %v", again, err)
		}
	})
}

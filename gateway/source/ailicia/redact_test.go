package ailicia

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"promethean/schema"

	"github.com/google/go-cmp/cmp"
)

// key is a browser's key as no other word of the tests has it.
const key = "bk-CANARY-5d1f"

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// leaks reports whether anybody could read the key in b: plainly, or after any
// of the ways back from an escape.
func leaks(b []byte) bool {
	for _, d := range []decoded{plainly(b), plainly(b).canonical(), unquoted(b).canonical()} {
		if bytes.Contains(bytes.ToLower(d.text), []byte(strings.ToLower(key))) {
			return true
		}
	}
	return false
}

func TestRedactJSON(t *testing.T) {
	const address = "https://api.getailicia.com/tts/usr-1/" + key
	tests := []struct{ name, in, want, paths string }{
		{"as documented", `{"payload":{"ttsStreamUrl":"` + address + `"}}`, `{"payload":{"ttsStreamUrl":"https://api.getailicia.com/tts/usr-1/redacted"}}`, "payload.ttsStreamUrl"},
		{"white space and order stay", "{ \"b\" : 1.50,\n\t\"ttsStreamUrl\" :  \"" + address + "\" , \"a\":[ ] }", "{ \"b\" : 1.50,\n\t\"ttsStreamUrl\" :  \"https://api.getailicia.com/tts/usr-1/redacted\" , \"a\":[ ] }", "ttsStreamUrl"},
		{"slashes escaped", `{"ttsStreamUrl":"https:\/\/api.getailicia.com\/tts\/usr-1\/` + key + `"}`, `{"ttsStreamUrl":"https:\/\/api.getailicia.com\/tts\/usr-1\/redacted"}`, "ttsStreamUrl"},
		{"slashes by number", `{"ttsStreamUrl":"https:\u002f\u002Fapi.getailicia.com\u002ftts\u002Fusr-1\u002f` + key + `"}`, `{"ttsStreamUrl":"https:\u002f\u002Fapi.getailicia.com\u002ftts\u002Fusr-1\u002fredacted"}`, "ttsStreamUrl"},
		{"the name by number", `{"tts\u0053treamUrl":"x` + key + `"}`, `{"tts\u0053treamUrl":"redacted"}`, "ttsStreamUrl"},
		{"with a query and a fragment", `{"ttsStreamUrl":"` + address + `?t=` + key + `#` + key + `"}`, `{"ttsStreamUrl":"https://api.getailicia.com/tts/usr-1/redacted"}`, "ttsStreamUrl"},
		{"more behind it", `{"ttsStreamUrl":"` + address + `/x/` + key + ` and ` + key + `"}`, `{"ttsStreamUrl":"https://api.getailicia.com/tts/usr-1/redacted"}`, "ttsStreamUrl"},
		{"another address", `{"ttsStreamUrl":"wss://cdn.example/listen?` + key + `"}`, `{"ttsStreamUrl":"redacted"}`, "ttsStreamUrl"},
		{"the key in front", `{"ttsStreamUrl":"https://` + key + `@api.getailicia.com/tts/u/x"}`, `{"ttsStreamUrl":"redacted"}`, "ttsStreamUrl"},
		{"the key only", `{"ttsStreamUrl":"` + key + `"}`, `{"ttsStreamUrl":"redacted"}`, "ttsStreamUrl"},
		{"an object of its parts", `{"ttsStreamUrl":{"base":"https://api.getailicia.com/tts/u/","parts":["` + key + `",7,true,null]}}`, `{"ttsStreamUrl":{"base":"https://api.getailicia.com/tts/u/","parts":["redacted","redacted",true,null]}}`, "ttsStreamUrl.parts.0 ttsStreamUrl.parts.1"},
		{"a name in two", `{"tts":{"url":"wss://cdn.example/` + key + `","n":1},"browser":{"name":"x","key":"` + key + `"}}`, `{"tts":{"url":"redacted","n":1},"browser":{"name":"x","key":"redacted"}}`, "tts.url browser.key"},
		{"a name in two, in a list", `{"tts":[{"n":1,"url":"` + key + `"}]}`, `{"tts":[{"n":1,"url":"redacted"}]}`, "tts.0.url"},
		{"a number", `{"ttsStreamUrl":123456}`, `{"ttsStreamUrl":"redacted"}`, "ttsStreamUrl"},
		{"null and empty stay", `{"ttsStreamUrl":null,"browserKey":""}`, `{"ttsStreamUrl":null,"browserKey":""}`, ""},
		{"names spelt otherwise", `{"TTSSTREAMURL":"` + key + `","tts_stream_url":"` + key + `","ttsUrl":"` + key + `","browser-key":"` + key + `"}`, `{"TTSSTREAMURL":"redacted","tts_stream_url":"redacted","ttsUrl":"redacted","browser-key":"redacted"}`, "TTSSTREAMURL tts_stream_url ttsUrl browser-key"},
		{"twice", `{"ttsStreamUrl":"a","ttsStreamUrl":"` + key + `"}`, `{"ttsStreamUrl":"redacted","ttsStreamUrl":"redacted"}`, "ttsStreamUrl"},
		{"deep in meta, in a list", `{"meta":{"a":[0,{"links":["x","` + address + `"]}]}}`, `{"meta":{"a":[0,{"links":["x","https://api.getailicia.com/tts/usr-1/redacted"]}]}}`, "meta.a.1.links.1"},
		{"in the middle of a sentence", `{"message":"hear ` + address + ` now"}`, `{"message":"hear https://api.getailicia.com/tts/usr-1/redacted now"}`, "message"},
		{"in brackets", `{"message":"<a href='` + address + `'>x</a>"}`, `{"message":"<a href='https://api.getailicia.com/tts/usr-1/redacted>x</a>"}`, "message"},
		{"two of them", `{"message":"` + address + ` ` + address + `"}`, `{"message":"https://api.getailicia.com/tts/usr-1/redacted https://api.getailicia.com/tts/usr-1/redacted"}`, "message"},
		{"in a member's name", `{"` + address + `":{"a":"` + key + `"}}`, `{"https://api.getailicia.com/tts/usr-1/redacted":{"a":"` + key + `"}}`, "https://api.getailicia.com/tts/usr-1/redacted"},
		{"as JSON in a text", `{"content":` + quoted(`{"ttsStreamUrl":"`+address+`","n":1}`) + `}`, `{"content":` + quoted(`{"ttsStreamUrl":"redacted","n":1}`) + `}`, "content"},
		{"as JSON in JSON in a text", `{"content":` + quoted(quoted(`{"url":"`+address+`","n":1}`)) + `}`, `{"content":` + quoted(quoted(`{"url":"https://api.getailicia.com/tts/usr-1/redacted","n":1}`)) + `}`, "content"},
		{"without the key it stays", `{"message":"https://api.getailicia.com/tts/ is where, tts? yes, https://www.ttss.example/a/b/c"}`, `{"message":"https://api.getailicia.com/tts/ is where, tts? yes, https://www.ttss.example/a/b/c"}`, ""},
		{"an address of others stays", `{"message":"https://example.org/a/b/c?tts=on"}`, `{"message":"https://example.org/a/b/c?tts=on"}`, ""},
		{"a list at the top", `["` + address + `"]`, `["https://api.getailicia.com/tts/usr-1/redacted"]`, "0"},
		{"a text at the top", `"` + address + `"`, `"https://api.getailicia.com/tts/usr-1/redacted"`, "frame"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, paths := redact([]byte(tt.in))
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := strings.Join(paths, " "); got != tt.paths {
				t.Errorf("paths %q, want %q", got, tt.paths)
			}
			if schema.CheckJSON([]byte(tt.in)) == nil && schema.CheckJSON(got) != nil {
				t.Errorf("is no JSON any more: %s", got)
			}
		})
	}
}

// spellings are the ways by which an address may come in a text.
func spellings() map[string]string {
	const plain = "https://api.getailicia.com/tts/usr-1/" + key
	html := strings.NewReplacer("/", "&#x2F;", ":", "&colon;")
	escaped := url.QueryEscape(plain)
	var percent, unicode, wide strings.Builder
	for _, c := range []byte(plain) {
		fmt.Fprintf(&percent, "%%%02x", c)
		fmt.Fprintf(&unicode, `\u%04x`, c)
		wide.WriteString(string(c) + "\x00")
	}
	return map[string]string{
		"plain":                      plain,
		"capitals":                   strings.ToUpper(plain[:38]) + key,
		"no scheme":                  strings.TrimPrefix(plain, "https:"),
		"a path":                     "/tts/usr-1/" + key,
		"a relative path":            "tts/usr-1/" + key,
		"another host":               "http://127.0.0.1:8080/tts/usr-1/" + key,
		"backslashes":                `\tts\usr-1\` + key,
		"doubled slashes":            "https://api.getailicia.com//tts//usr-1//" + key,
		"dots":                       "https://api.getailicia.com/x/../tts/./usr-1/" + key,
		"no user":                    "https://api.getailicia.com/tts/" + key,
		"an empty user":              "https://example.org/tts//" + key,
		"key in the query":           "https://api.getailicia.com/tts/usr-1?key=" + key,
		"key in the query alone":     "https://example.org/tts?u=1&browserKey=" + key,
		"key in the fragment":        "https://api.getailicia.com/tts/usr-1#" + key,
		"more of a path":             plain + "/stream.mp3/" + key,
		"of the query of another":    "https://example.org/play?u=" + escaped + "&v=1",
		"escaped once":               escaped,
		"escaped twice":              url.QueryEscape(escaped),
		"escaped five times":         url.QueryEscape(url.QueryEscape(url.QueryEscape(url.QueryEscape(escaped)))),
		"every byte escaped":         percent.String(),
		"%u":                         strings.ReplaceAll(plain, "/", "%u002f"),
		"HTML":                       html.Replace(plain),
		"HTML by numbers":            strings.ReplaceAll(plain, "/", "&#47;"),
		"HTML twice":                 strings.ReplaceAll(html.Replace(plain), "&", "&amp;"),
		"HTML of percent":            strings.ReplaceAll(escaped, "%", "&#37;"),
		"percent of HTML":            url.QueryEscape(html.Replace(plain)),
		"every byte by number":       unicode.String(),
		"slashes by number, twice":   strings.ReplaceAll(plain, "/", `\\u002f`),
		"slashes by x":               strings.ReplaceAll(plain, "/", `\x2f`),
		"slashes escaped":            strings.ReplaceAll(plain, "/", `\/`),
		"slashes escaped thrice":     strings.ReplaceAll(plain, "/", `\\\/`),
		"a line end in the key":      strings.ReplaceAll(plain, "CANARY", "CAN\nARY"),
		"a line end before the key":  strings.ReplaceAll(plain, "usr-1/", "usr-1/\r\n"),
		"a tab in tts":               strings.ReplaceAll(plain, "tts", "t\tts"),
		"NUL before the key":         strings.ReplaceAll(plain, "usr-1/", "usr-1/\x00"),
		"two bytes a letter":         wide.String(),
		"a space in the key":         strings.ReplaceAll(plain, "CANARY", "CAN%20ARY"),
		"a quote behind":             plain + `"`,
		"a bracket before":           "(" + plain + ")",
		"Markdown":                   "[" + plain + "](" + plain + ")",
		"named":                      "browserKey=" + key,
		"named in an object":         `{"browser_key": "` + key + `"}`,
		"named in an object of text": `{'ttsStreamUrl':'` + key + `'}`,
		"named in YAML":              "tts-stream-url: " + key,
	}
}

// TestRedactSpellings: in each place where a text may stand, none of the
// spellings leaves the key.
func TestRedactSpellings(t *testing.T) {
	for name, s := range spellings() {
		for place, form := range map[string]string{
			"alone":                   "%s",
			"no JSON":                 `{"payload":{"ttsStreamUrl":"%s","a":1`,
			"no JSON, another member": `{"payload":{"message":"hear %s now`,
			"cut":                     `{"payload":{"text":"%s`,
			"behind bytes":            "\xff\xfe{%s}",
			"too deep":                strings.Repeat("[", 200) + `"%s"` + strings.Repeat("]", 200),
		} {
			checkClean(t, name+" "+place, fmt.Appendf(nil, form, s))
		}
		for place, form := range map[string]string{
			"address":       `{"id":"1","payload":{"ttsStreamUrl":%s}}`,
			"text":          `{"id":"1","payload":{"message":%s,"b":1}}`,
			"name":          `{"id":"1","payload":{%s:1}}`,
			"list":          `{"id":"1","meta":{"x":[[%s]]}}`,
			"value of type": `{"id":"1","type":%s}`,
		} {
			in := fmt.Appendf(nil, form, quoted(s))
			if got := checkClean(t, name+" "+place, in); schema.CheckJSON(got) != nil {
				t.Errorf("%s %s: is no JSON any more: %s", name, place, got)
			}
		}
	}
}

func checkClean(t *testing.T, name string, in []byte) []byte {
	t.Helper()
	before := bytes.Clone(in)
	got, paths := redact(in)
	switch {
	case !leaks(in) && !strings.Contains(name, "line end") && !strings.Contains(name, "space") && !strings.Contains(name, "two bytes"):
		t.Errorf("%s: the test itself does not see the key in %s", name, in)
	case leaks(got), bytes.Contains(got, []byte("ARY")):
		t.Errorf("%s: left in %s", name, got)
	case len(paths) == 0 || leaks([]byte(strings.Join(paths, " "))):
		t.Errorf("%s: paths %q", name, paths)
	case !bytes.Equal(in, before):
		t.Errorf("%s: the bytes that were given are changed", name)
	}
	if again, paths := redact(got); !bytes.Equal(again, got) || paths != nil {
		t.Errorf("%s: redacted twice is %s, once %s", name, again, got)
	}
	return got
}

// TestRedactLeavesTheRest: what has no secret is not copied even.
func TestRedactLeavesTheRest(t *testing.T) {
	for _, s := range []string{"", "{}", `{"message":"he \u00e9 100% & <b> \ud83c \/ tts"}`, "\xff", `{"a":"%25%32%35%zz &#x; &#99999999; \\\\"}`} {
		if got, paths := redact([]byte(s)); string(got) != s || paths != nil {
			t.Errorf("%q became %q, %q", s, got, paths)
		}
	}
}

func TestRedactBoundsItsPaths(t *testing.T) {
	in := `{"` + strings.Repeat("long", 200) + `":{"ttsUrl":"x"},"a":{"a":0` + strings.Repeat(`,"ttsUrl":"x","b":"/tts/a/b"`, 100) + `}}`
	_, paths := redact([]byte(in))
	if len(paths) != maxPaths {
		t.Errorf("%d paths", len(paths))
	}
	for _, p := range paths {
		if len(p) > maxPath {
			t.Errorf("a path of %d bytes", len(p))
		}
	}
}

// FuzzRedact: whatever comes, good JSON stays it, what was redacted once stays,
// and no address of the documented form is left.
func FuzzRedact(f *testing.F) {
	for _, s := range spellings() {
		f.Add([]byte(s), "ttsStreamUrl")
		f.Add([]byte(`{"a":`+quoted(s)+`}`), "a")
	}
	f.Add([]byte(`getailicia./tts\0\0`), "") // redacted, the last backslash is one of \r
	f.Add([]byte(base64.StdEncoding.EncodeToString([]byte(key))), "")
	f.Fuzz(func(t *testing.T, b []byte, name string) {
		for _, in := range [][]byte{b, fmt.Appendf(nil, `{%s:%s}`, quoted(name), quoted(string(b))), fmt.Appendf(nil, `{"a":"x %s /tts/u/%s"}`, "", key)} {
			got, paths := redact(in)
			if schema.CheckJSON(in) == nil && schema.CheckJSON(got) != nil {
				t.Errorf("%q became no JSON: %q", in, got)
			}
			if (paths == nil) != bytes.Equal(in, got) {
				t.Errorf("%q became %q, paths %q", in, got, paths)
			}
			if again, _ := redact(got); !bytes.Equal(again, got) {
				t.Errorf("%q: once %q, twice %q", in, got, again)
			}
		}
		with := append(append(bytes.Clone(b), " /tts/u/"+key...), ' ')
		if got, _ := redact(with); bytes.Contains(got, []byte("/tts/u/"+key)) {
			t.Errorf("left: %q", got)
		}
	})
}

package model_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"promethean/sinks/title/fakemodel"
	"promethean/sinks/title/model"
)

// Whatever a server repeats of key, user and password, no error shows it.
func TestSecretsNeverShow(t *testing.T) {
	const key = "c4n4ry/key+with=signs"
	said := "Incorrect: " + key + " Bearer " + key + " Basic am9lOmM0bjRyeQ== http://joe:c4n4ry-pw@h/ am9lOmM0bjRyeS1wdw=="
	for _, status := range []int{200, 302, 400, 401, 404, 422, 429, 500} {
		for _, body := range []string{said, `{"error":"` + said + `"}`, `{"error":{"message":"` + said + `"}}`, "<html><title>" + said + "</title></html>", `{"choices":[{"message":{"refusal":"` + said + `"}}]}`} {
			s := closed(t, fakemodel.StartWith(func(w http.ResponseWriter, _ *http.Request, _ fakemodel.Request) {
				w.WriteHeader(status)
				_, _ = w.Write([]byte(body))
			}))
			a, err := client(t, model.Options{URL: strings.Replace(s.URL, "://", "://joe:c4n4ry-pw@", 1), Model: "m", Key: key}).Titles(t.Context(), asked(t), 1)
			if err == nil && status != 200 {
				t.Errorf("%d %s: no error, %+v", status, body, a)
			}
			if err != nil && (strings.Contains(err.Error(), "c4n4ry") || strings.Contains(err.Error(), "am9lOmM0")) {
				t.Errorf("%d: %v", status, err)
			}
			s.Close()
		}
	}
}

// A server that repeats the prompt in its error does not put the chat's words
// into an event.
func TestThePromptIsNotRepeated(t *testing.T) {
	p := asked(t)
	s := closed(t, fakemodel.StartWith(func(w http.ResponseWriter, _ *http.Request, q fakemodel.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write([]byte("cannot handle " + q.User[strings.LastIndex(q.User, "BEGIN "):]))
	}))
	_, err := client(t, model.Options{URL: s.URL, Model: "m"}).Titles(t.Context(), p, 1)
	if err == nil || !strings.Contains(err.Error(), "cannot handle") || strings.Contains(err.Error(), "Mantis") {
		t.Errorf("%v", err)
	}
}

// A server that sends the client elsewhere, whatever way there is for it, gets
// nobody to follow: neither the key nor the prompt reaches another host.
func TestNobodyIsFollowed(t *testing.T) {
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	for _, status := range []int{300, 301, 302, 303, 307, 308} {
		for name, headers := range map[string]map[string]string{
			"location":   {"Location": other.URL + "/v1/chat/completions"},
			"no scheme":  {"Location": strings.TrimPrefix(other.URL, "http:") + "/v1/chat/completions"},
			"refresh":    {"Location": other.URL, "Refresh": "0; url=" + other.URL},
			"other site": {"Location": other.URL, "Alt-Svc": `h2="` + strings.TrimPrefix(other.URL, "http://") + `"`},
		} {
			here := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				for header, value := range headers {
					w.Header().Set(header, value)
				}
				w.WriteHeader(status)
			}))
			c := client(t, model.Options{URL: here.URL, Key: fakemodel.Key})
			_, titles := c.Titles(t.Context(), asked(t), 1)
			named := asked(t)
			named.Model = "m"
			_, asked := c.Titles(t.Context(), named, 1)
			_, models := c.Models(t.Context())
			for what, err := range map[string]error{"titles": titles, "titles of a named model": asked, "models": models, "warm": c.Warm(t.Context(), "m"), "check": c.Check(t.Context(), "m")} {
				if err == nil || !strings.Contains(err.Error(), "redirect") {
					t.Errorf("%d, %s, %s: %v", status, name, what, err)
				}
			}
			here.Close()
		}
	}
	if n := elsewhere.Load(); n != 0 {
		t.Errorf("the other host was asked %d times", n)
	}
}

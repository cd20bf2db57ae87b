package eventstream

import (
	"net/http"
	"strings"
)

const maxRedirects = 5

// sameHost follows redirects to the same host name, never away from TLS, and
// not for ever: request headers, the key among them, go along. What it does not
// follow is judged as the answer that it is.
func sameHost(req *http.Request, via []*http.Request) error {
	from, to := via[0].URL, req.URL
	switch {
	case len(via) > maxRedirects,
		!strings.EqualFold(from.Hostname(), to.Hostname()),
		to.User != nil,
		to.Scheme != "https" && (to.Scheme != "http" || via[len(via)-1].URL.Scheme == "https"):
		return http.ErrUseLastResponse
	}
	return nil
}

func isRedirect(code int) bool {
	switch code {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

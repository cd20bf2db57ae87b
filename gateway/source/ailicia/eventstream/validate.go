package eventstream

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// judge is nil for a stream, *[Unavailable] for what is tried again, *[Refused]
// for what is final. That 5xx are tried again is this program's policy: to a
// browser they are final.
func judge(resp *http.Response, now time.Time) error {
	switch code := resp.StatusCode; {
	case isStream(resp):
		return nil
	case code == http.StatusOK:
		return &Refused{Why: ByContentType, Status: code, ContentType: clip(contentOf(resp))}
	case code == http.StatusRequestTimeout, code == http.StatusTooManyRequests, code >= 500 && code < 600:
		return &Unavailable{Status: code, RetryAfter: retryAfter(resp.Header.Get("Retry-After"), now)}
	case isRedirect(code) && resp.Header.Get("Location") != "":
		return &Refused{Why: ByRedirect, Status: code, Host: clip(locationHost(resp))}
	default:
		return &Refused{Why: ByStatus, Status: code}
	}
}

// isStream looks at the status and at the media type without its parameters:
// the stream is UTF-8 whatever they say.
func isStream(resp *http.Response) bool {
	media, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	return resp.StatusCode == http.StatusOK && strings.EqualFold(strings.Trim(media, " \t"), "text/event-stream") && isPlain(encoding(resp))
}

// encoding is what is still to be decoded: gzip is asked for by the transport,
// which takes it out. What nobody asked for would be read as a stream without
// events.
func encoding(resp *http.Response) string {
	return strings.TrimSpace(resp.Header.Get("Content-Encoding"))
}

func isPlain(encoding string) bool { return encoding == "" || strings.EqualFold(encoding, "identity") }

// contentOf is what the server calls its answer.
func contentOf(resp *http.Response) string {
	kind := resp.Header.Get("Content-Type")
	if e := encoding(resp); !isPlain(e) {
		kind += " encoded as " + e
	}
	return kind
}

func locationHost(resp *http.Response) string {
	to, err := url.Parse(resp.Header.Get("Location"))
	if err != nil {
		return ""
	}
	if to.Host == "" && resp.Request != nil {
		return resp.Request.URL.Host
	}
	return to.Host
}

// maxRetryAfter bounds how long a server can keep this program blind.
const maxRetryAfter = time.Hour

// retryAfter reads seconds or a date (RFC 9110 10.2.3); 0 where it is neither.
func retryAfter(v string, now time.Time) time.Duration {
	v = strings.TrimSpace(v)
	if v == "" {
		return 0
	}
	if strings.Trim(v, "0123456789") == "" {
		seconds, err := strconv.ParseInt(v, 10, 32)
		if err != nil {
			return maxRetryAfter
		}
		return min(time.Duration(seconds)*time.Second, maxRetryAfter)
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), maxRetryAfter)
}

// clip bounds what a server can put into a log line.
func clip(s string) string {
	const most = 100
	return strings.ToValidUTF8(s[:min(len(s), most)], "")
}

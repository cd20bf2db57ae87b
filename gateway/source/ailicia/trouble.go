package ailicia

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"promethean/gateway/source/ailicia/eventstream"
)

// Stop is why nothing is read until a person mends it.
type Stop string

// The closed list of reasons.
const (
	StopTypes       Stop = "types_refused"
	StopKey         Stop = "key_refused"
	StopPlan        Stop = "not_included"
	StopChannel     Stop = "channel_not_found"
	StopAsked       Stop = "asked_to_stop"
	StopStatus      Stop = "status"
	StopContentType Stop = "content_type"
	StopRedirect    Stop = "redirect"
	StopFault       Stop = "fault"
)

// Stops lists them all.
func Stops() []Stop {
	return []Stop{StopTypes, StopKey, StopPlan, StopChannel, StopAsked, StopStatus, StopContentType, StopRedirect, StopFault}
}

// explain says which stop an error is and what a person can do about it
// (reference: ailicia.md 1.1).
func (s *Source) explain(err error) (Stop, string) {
	var refused *eventstream.Refused
	if !errors.As(err, &refused) {
		return StopFault, "ai_licia's stream cannot be read: " + err.Error()
	}
	switch refused.Why {
	case eventstream.ByContentType:
		return StopContentType, fmt.Sprintf("what answers at %s is no event stream (%q): correct BRAIN_AILICIA_URL, or look for a proxy or login page in between", s.shown, refused.ContentType)
	case eventstream.ByRedirect:
		return StopRedirect, fmt.Sprintf("%s redirects to %q (HTTP %d), which is not followed because the key must not go there: if that is right, set BRAIN_AILICIA_URL to it", s.shown, refused.Host, refused.Status)
	}
	return s.explainStatus(refused.Status)
}

func (s *Source) explainStatus(status int) (Stop, string) {
	switch status {
	case http.StatusBadRequest:
		if len(s.c.Types) == 0 {
			return StopTypes, fmt.Sprintf("ai_licia refuses the request (HTTP 400), though no types are asked for: look at BRAIN_AILICIA_CHANNEL_ID (%q) and BRAIN_AILICIA_URL (%s)", s.c.ChannelID, s.shown)
		}
		return StopTypes, fmt.Sprintf("ai_licia refuses the request (HTTP 400): one of the types in BRAIN_AILICIA_TYPES (%s) is not known to it; correct or clear it", strings.Join(s.c.Types, ","))
	case http.StatusUnauthorized:
		return StopKey, "ai_licia refuses the API key (HTTP 401): set BRAIN_AILICIA_API_KEY to the channel API key of Dashboard › My account › Settings"
	case http.StatusForbidden:
		return StopPlan, "ai_licia does not give events to this key (HTTP 403): its subscription level does not include EventSub; change it there, or use another key in BRAIN_AILICIA_API_KEY"
	case http.StatusNotFound:
		return StopChannel, fmt.Sprintf("ai_licia has no such channel for this key (HTTP 404): correct or clear BRAIN_AILICIA_CHANNEL_ID (%q), or look at BRAIN_AILICIA_URL (%s)", s.c.ChannelID, s.shown)
	case http.StatusNoContent:
		return StopAsked, "ai_licia asks not to be connected to (HTTP 204): look whether the channel is active there"
	}
	return StopStatus, fmt.Sprintf("%s answers HTTP %d, which is no event stream: look whether BRAIN_AILICIA_URL is right", s.shown, status)
}

// clean is text without the key, wherever a server may have put it, and not
// too long for a line.
func (s *Source) clean(text string) string {
	const most = 400
	quoted := strconv.Quote(s.key)
	text = strings.NewReplacer(s.key, "(key)", quoted[1:len(quoted)-1], "(key)").Replace(text)
	return strings.ToValidUTF8(text[:min(len(text), most)], "")
}

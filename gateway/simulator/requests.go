package simulator

// requests are all that the server answers (reference/streamerbot.md section 2.2), each since the
// version that brought it; an older server does not know it.
var requests = map[string]struct {
	since string
	serve func(*session, request) error
}{
	"Authenticate":   {"", (*session).authenticate},
	"DoAction":       {"", (*session).doAction},
	"GetActions":     {"", (*session).getActions},
	"GetBroadcaster": {"", (*session).getBroadcaster},
	"GetEvents":      {"", (*session).getEvents},
	"GetInfo":        {"", (*session).getInfo},
	"SendMessage":    {"0.2.5", (*session).sendMessage},
	"Subscribe":      {"", (*session).subscribe},
	"UnSubscribe":    {"", (*session).unsubscribe},
}

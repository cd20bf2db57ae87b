package simulator

// requests are all that the server answers (reference/streamerbot.md section 2.2), each since the
// version that brought it; an older server does not know it.
var requests = map[string]struct {
	since string
	serve func(*session, request) error
}{
	"Authenticate":                  {"", (*session).authenticate},
	"ClearCredits":                  {"", (*session).clearCredits},
	"DoAction":                      {"", (*session).doAction},
	"ExecuteCodeTrigger":            {"0.2.0", (*session).executeCodeTrigger},
	"GetActions":                    {"", (*session).getActions},
	"GetActiveViewers":              {"", (*session).getActiveViewers},
	"GetBroadcaster":                {"", (*session).getBroadcaster},
	"GetCodeTriggers":               {"0.2.0", (*session).getCodeTriggers},
	"GetCommands":                   {"0.2.5", (*session).getCommands},
	"GetCredits":                    {"", (*session).getCredits},
	"GetEvents":                     {"", (*session).getEvents},
	"GetGlobal":                     {"0.2.5", (*session).getGlobal},
	"GetGlobals":                    {"0.2.5", (*session).getGlobals},
	"GetInfo":                       {"", (*session).getInfo},
	"GetMonitoredYouTubeBroadcasts": {"0.2.5", (*session).getMonitoredYouTubeBroadcasts},
	"GetUserPronouns":               {"0.2.5", (*session).getUserPronouns},
	"KickGetUserGlobal":             {"1.0.0", (*session).getUserGlobal},
	"KickGetUserGlobals":            {"1.0.0", (*session).getUserGlobals},
	"SendMessage":                   {"0.2.5", (*session).sendMessage},
	"Subscribe":                     {"", (*session).subscribe},
	"TestCredits":                   {"", (*session).testCredits},
	"TrovoGetUserGlobal":            {"0.2.5", (*session).getUserGlobal},
	"TrovoGetUserGlobals":           {"0.2.5", (*session).getUserGlobals},
	"TwitchGetEmotes":               {"0.2.5", (*session).getEmotes},
	"TwitchGetUserGlobal":           {"0.2.5", (*session).getUserGlobal},
	"TwitchGetUserGlobals":          {"0.2.5", (*session).getUserGlobals},
	"UnSubscribe":                   {"", (*session).unsubscribe},
	"YouTubeGetEmotes":              {"0.2.5", (*session).getEmotes},
	"YouTubeGetUserGlobal":          {"0.2.5", (*session).getUserGlobal},
	"YouTubeGetUserGlobals":         {"0.2.5", (*session).getUserGlobals},
}

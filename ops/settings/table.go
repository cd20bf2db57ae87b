package settings

import (
	"slices"
	"strings"
	"time"
)

// Setting is one line of the list.
type Setting struct {
	// Name is dotted, as in brain.yaml.
	Name string
	// Default is the text of the default value.
	Default string
	Help    string
	// Embedded says what no value means for a program with embedded servers.
	Embedded string
	// Secret values have no flag and are never shown.
	Secret bool
	// Redact values have a flag but may hold a password inside: they are shown
	// without it.
	Redact bool
	// List values are several with commas; no text means none.
	List bool
	// FallbackEnv is a variable that is not ours and gives the value where
	// nobody else does.
	FallbackEnv string

	parse parser
}

// Env is the setting's name in the environment.
func (s Setting) Env() string {
	return "BRAIN_" + strings.ToUpper(strings.ReplaceAll(s.Name, ".", "_"))
}

// Flag is the setting's name as a flag, without dashes.
func (s Setting) Flag() string {
	return strings.ReplaceAll(strings.ReplaceAll(s.Name, ".", "-"), "_", "-")
}

// table is the complete list of settings, into s.
func table(s *Settings) []Setting {
	return []Setting{
		{Name: "tenant", Default: "main", FallbackEnv: "AGENT_NAME", Help: "the agent this brain belongs to, a token of every subject; $AGENT_NAME where that is set", parse: token(&s.Tenant, 64)},
		{Name: "data.dir", Default: "./data", Help: "where everything is kept", parse: text(&s.DataDir)},
		{Name: "streamerbot.url", Default: "ws://127.0.0.1:8080/", Redact: true, Help: "Streamer.bot's WebSocket server", parse: address(&s.Streamerbot.URL, "ws", "wss")},
		{Name: "streamerbot.password", Secret: true, Help: "its password, where one is set", parse: text(&s.Streamerbot.Password)},
		{Name: "streamerbot.events", List: true, Help: "events to listen to, Source.* or Source.Type, with commas; empty is the built-in list", parse: list(&s.Streamerbot.Events, eventPattern, "Source.* or Source.Type")},
		{Name: "streamerbot.private", List: true, Help: "private events to listen to all the same, each by its exact name", parse: list(&s.Streamerbot.Private, privatePattern, "Source.Type, one by one")},
		{Name: "streamerbot.actions", List: true, Help: "names or ids of the actions that commands may run, with commas; empty is every enabled one", parse: list(&s.Streamerbot.Actions, actionPattern, "a name or id")},
		{Name: "ailicia.url", Default: "https://api.getailicia.com", Redact: true, Help: "ai_licia's public API", parse: address(&s.Ailicia.URL, "https", "http")},
		{Name: "ailicia.api_key", Secret: true, Help: "its channel API key; ai_licia is off without one", parse: bearer(&s.Ailicia.APIKey)},
		{Name: "ailicia.types", List: true, Help: "event types to ask it for, e.g. chat.ai_message, with commas; empty is all", parse: list(&s.Ailicia.Types, typePattern, "an event type such as chat.ai_message")},
		{Name: "ailicia.channel_id", Help: "its id of the channel, where a key has several", parse: text(&s.Ailicia.ChannelID)},
		{Name: "ignore.users", Default: "restream,restreambot", List: true, Help: "users whose events are dropped, name or platform:name, with commas", parse: list(&s.IgnoreUsers, userPattern, "name or platform:name")},
		{Name: "nats.url", Redact: true, Help: "a NATS server of your own", Embedded: "empty starts the embedded one", parse: addresses(&s.NATS.URL, "nats", "tls", "ws", "wss")},
		{Name: "nats.creds", Help: "credentials file for it", parse: text(&s.NATS.Creds)},
		{Name: "nats.user", Help: "user name for it", parse: text(&s.NATS.User)},
		{Name: "nats.password", Secret: true, Help: "password for it", parse: text(&s.NATS.Password)},
		{Name: "nats.listen", Default: "127.0.0.1:4222", Help: "where the embedded NATS server listens", parse: hostPort(&s.NATS.Listen)},
		{Name: "nats.replicas", Default: "1", Help: "copies of each stream, 1 to 5; more than 1 needs a NATS cluster of your own", parse: number(&s.NATS.Replicas, 1, 5)},
		{Name: "nats.max_bytes", Default: "0", Help: "how large the log may grow, e.g. 10GiB; 0 is the least of 10GiB and a quarter of the free disk", parse: size(&s.NATS.MaxBytes, 0)},
		{Name: "nats.duplicate_window", Default: "2m", Help: "how long NATS remembers message ids", parse: duration(&s.NATS.DuplicateWindow)},
		{Name: "mongo.uri", Redact: true, Help: "a MongoDB of your own", Embedded: "empty starts the embedded store", parse: address(&s.Mongo.URI, "mongodb", "mongodb+srv")},
		{Name: "mongo.db", Default: "promethean", Help: "database", parse: token(&s.Mongo.DB, 63)},
		{Name: "llm.url", Redact: true, Help: "an OpenAI-compatible model server for titles, e.g. http://127.0.0.1:11434/v1; empty is none: titles come from the built-in templates", parse: address(&s.LLM.URL, "http", "https")},
		{Name: "llm.model", Help: "model to ask where the prompt file names none; empty is the first one that the server lists", parse: text(&s.LLM.Model)},
		{Name: "llm.api_key", Secret: true, Help: "its API key, where it wants one", parse: bearer(&s.LLM.Key)},
		{Name: "llm.timeout", Default: "20s", Help: "how long an answer may take, all tries together", parse: duration(&s.LLM.Timeout)},
		{Name: "llm.temperature", Default: "0.8", Help: "from 0, always the likeliest word, to 2; where the prompt file says none", parse: temperature(&s.LLM.Temperature)},
		{Name: "llm.max_tokens", Default: "1024", Help: "how long an answer may be, thinking included; where the prompt file says none", parse: number(&s.LLM.MaxTokens, 16, 32768)},
		{Name: "llm.max_tokens_field", Default: "max_tokens", Help: "what the server calls that: max_tokens, or max_completion_tokens for OpenAI's newer models", parse: oneOf(&s.LLM.MaxTokensField, "max_tokens", "max_completion_tokens")},
		{Name: "llm.extra", Help: `more members of the request, as a JSON object, e.g. {"reasoning_effort":"low"}; null leaves one out`, parse: object(&s.LLM.Extra)},
		{Name: "title.mode", Default: "auto", Help: "auto sets a title when the stream starts and suggests at other times, suggest always asks first, off never makes titles", parse: oneOf(&s.Title.Mode, "auto", "suggest", "off")},
		{Name: "title.action", Default: "Set Stream Title", Help: "name or id of the Streamer.bot action that sets %title%", parse: text(&s.Title.Action)},
		{Name: "title.ask_action", Help: "name or id of one that shows %title1% to %title3% and answers with the custom event brain.approve; empty is none", parse: text(&s.Title.AskAction)},
		{Name: "title.every", Default: "0", Help: "suggest titles again after so long on a stream, e.g. 45m; 0 is never", parse: interval(&s.Title.Every, time.Minute)},
		{Name: "title.every_messages", Default: "0", Help: "suggest titles again after so many lines of chat; 0 is never", parse: number(&s.Title.EveryMessages, 0, 1_000_000)},
		{Name: "title.mood", Help: "a note for every title; empty asks Streamer.bot for its global variable brain_mood", parse: text(&s.Title.Mood)},
		{Name: "title.chat_lines", Default: "false", Help: "true shows lines of chat to the model, quoted as data; else only counts and words that several people use", parse: yes(&s.Title.ChatLines)},
		{Name: "title.platforms", List: true, Help: "platforms that a title is for: twitch, youtube, kick; empty is those that the log has heard of", parse: list(&s.Title.Platforms, platformPattern, "twitch, youtube or kick")},
		{Name: "title.emoji", Default: "1", Help: "how many emoji a title may have", parse: number(&s.Title.Emoji, 0, 10)},
		{Name: "title.scripts", List: true, Help: "scripts that a title may be written in, by Unicode's names, e.g. Latin; empty is every one", parse: list(&s.Title.Scripts, tokenPattern, "the name of a script")},
		{Name: "title.words", Help: "folder of banned words beside the built-in lists", parse: text(&s.Title.Words)},
		{Name: "timezone", Help: "the streamer's time zone, e.g. Europe/Paris; empty is this computer's", parse: zone(&s.Timezone)},
		{Name: "title.prompts", Help: "folder whose title.tmpl replaces the built-in prompt, read again when it changes", parse: text(&s.Title.Prompts)},
		{Name: "only", List: true, Help: "sinks to run, with commas; empty is all", parse: list(&s.Only, sinkPattern, "the name of a sink")},
		{Name: "store.listen", Default: "127.0.0.1:27017", Help: "where the embedded store listens", parse: hostPort(&s.StoreListen)},
		{Name: "outbox.max_bytes", Default: "1GiB", Help: "how much may wait on disk while NATS is away", parse: size(&s.OutboxMax, 64<<20)},
		{Name: "http.addr", Default: "127.0.0.1:8420", Help: "health and metrics", parse: hostPort(&s.HTTP.Addr)},
		{Name: "http.token", Secret: true, Help: "bearer token for everything but /livez and /readyz", parse: bearer(&s.HTTP.Token)},
		{Name: "pprof.addr", Help: "where Go's profiles are shown, on this machine only, e.g. 127.0.0.1:6060; empty is nowhere", parse: loopback(&s.PprofAddr)},
		{Name: "sim.streamerbot_listen", Default: "127.0.0.1:8430", Help: "where the simulated Streamer.bot listens", parse: hostPort(&s.Sim.Listen)},
		{Name: "sim.ailicia_listen", Default: "127.0.0.1:8431", Help: "where the simulated ai_licia listens", parse: hostPort(&s.Sim.AiliciaListen)},
		{Name: "sim.rate", Default: "5", Help: "invented events a second", parse: rate(&s.Sim.Rate)},
		{Name: "sim.seed", Default: "1", Help: "which invented evening", parse: seed(&s.Sim.Seed)},
		{Name: "sim.keep_titles", Default: "false", Help: "true lets the simulated streamer set no title, so that only the title worker does", parse: yes(&s.Sim.KeepTitles)},
		{Name: "log.level", Default: "info", Help: "debug, info, warn or error", parse: oneOf(&s.Log.Level, "debug", "info", "warn", "error")},
		{Name: "log.format", Default: "auto", Help: "auto, console or json", parse: oneOf(&s.Log.Format, "auto", "console", "json")},
	}
}

// Names of the settings that each program has; a program's help shows no others.
var (
	shared      = []string{"nats.url", "nats.creds", "nats.user", "nats.password", "http.addr", "http.token", "pprof.addr", "log.level", "log.format"}
	gatewayOnly = []string{"tenant", "data.dir", "streamerbot.url", "streamerbot.password", "streamerbot.events", "streamerbot.private", "streamerbot.actions",
		"ailicia.url", "ailicia.api_key", "ailicia.types", "ailicia.channel_id",
		"ignore.users", "nats.replicas", "nats.max_bytes", "nats.duplicate_window", "outbox.max_bytes"}
	storeOnly = []string{"mongo.uri", "mongo.db"}
	titleOnly = []string{"llm.url", "llm.model", "llm.api_key", "llm.timeout", "llm.temperature", "llm.max_tokens", "llm.max_tokens_field", "llm.extra",
		"title.mode", "title.action", "title.ask_action", "title.every", "title.every_messages", "title.mood", "title.chat_lines", "title.platforms",
		"title.emoji", "title.scripts", "title.words", "title.prompts", "timezone"}
	brainOnly = []string{"nats.listen", "store.listen", "sim.streamerbot_listen", "sim.ailicia_listen", "sim.rate", "sim.seed", "sim.keep_titles"}
)

// Gateway names the settings of the gateway.
func Gateway() []string { return slices.Concat(gatewayOnly, shared) }

// Sinks names the settings of the sinks.
func Sinks() []string { return slices.Concat(storeOnly, []string{"only"}, shared) }

// Titles names the settings of the title worker.
func Titles() []string { return slices.Concat([]string{"tenant"}, titleOnly, shared) }

// Brain names the settings of brain: all but those that part its work among
// programs.
func Brain() []string { return slices.Concat(gatewayOnly, storeOnly, titleOnly, brainOnly, shared) }

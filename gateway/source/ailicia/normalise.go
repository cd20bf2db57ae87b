package ailicia

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"promethean/gateway/source/ignore"
	"promethean/schema"
)

// errIgnored says that an event is of an ignored user and not to be emitted.
var errIgnored = errors.New("of an ignored user")

// normaliser makes drafts of events. It is pure.
type normaliser struct {
	tenant  string
	ignored ignore.Users
}

func newNormaliser(tenant string, ignoreUsers []string) *normaliser {
	return &normaliser{tenant: tenant, ignored: ignore.New(ignoreUsers)}
}

// normalise makes the draft of one event: ai_licia's envelope with nothing
// changed but the browser's key of an address, which is taken out first. An
// error is the reason of a refusal, or [errIgnored].
//
// No raw is kept: the payload is theirs, and so is the rest of the envelope, at
// its own place. Only where that cannot hold everything is the whole event kept
// beside it.
func (n *normaliser) normalise(e event, at time.Time) (schema.Draft, error) {
	clean, paths := redact([]byte(e.data))
	v, err := readEnvelope(clean)
	if err != nil {
		return schema.Draft{}, err
	}
	if err := v.check(e.name); err != nil {
		return schema.Draft{}, err
	}
	about := readAbout(v)
	if ignore.Any(n.ignored, about.platform, about.names...) {
		return schema.Draft{}, errIgnored
	}
	d := schema.Draft{
		ID: v.id, Type: v.kind, Version: v.version, Timestamp: v.timestamp,
		Provider: providerOf(v.kind, about.platform),
		Channel:  v.channel, StreamID: v.streamID, Extra: v.extra, SourceMeta: v.meta,
		Trace: n.trace(e, string(v.kind), at),
	}
	d.Trace.Redacted = paths
	if id := redactText(e.id); id != v.id {
		d.Trace.ForeignID = short(id)
	}
	d.SetPayload(v.payload)
	if v.isIncomplete {
		d.SetRaw(v.checked)
	}
	return d, nil
}

// refuse makes the dead letter of an event that cannot be read, without the
// browser's key.
func (n *normaliser) refuse(e event, at time.Time, reason error) schema.Draft {
	clean, paths := redact([]byte(e.data))
	trace := n.trace(e, e.name, at)
	trace.Redacted = paths
	r := schema.Refusal{Reason: redactText(reason.Error()), Bytes: clean, Size: int64(len(clean)), SHA256: sha256.Sum256(clean)}
	return schema.Draft{
		// Its place makes two broken events two letters.
		ID:       schema.FrameID(Name, "refused", e.connection, r.SHA256[:], int(e.n)),
		Provider: schema.AiLicia,
		Trace:    trace,
		Refusal:  &r,
	}
}

// oversize makes the dead letter of an event over the limit, of which e has as
// much as was kept; size and sum are of all.
func (n *normaliser) oversize(e event, size int64, sum [sha256.Size]byte, at time.Time) schema.Draft {
	d := n.refuse(e, at, fmt.Errorf("event of %d bytes is over the limit of %d", size, schema.MaxFrame))
	d.Refusal.Size, d.Refusal.SHA256 = size, sum
	return d
}

func (n *normaliser) trace(e event, frameType string, at time.Time) schema.Trace {
	return schema.Trace{
		Source: Name, Tenant: n.tenant, ReceivedAt: at, Connection: e.connection, N: e.n,
		FrameType: short(redactText(frameType)), Origin: schema.Live,
	}
}

// ownRoots begin the types by which this program's parts talk: commands, what
// became of them, titles, sources. An outsider's event there would be taken
// for ours.
var ownRoots = []string{"action", "control", "source", "streamerbot", "title"}

// check refuses what is an envelope and still no event to put on the log. name
// is the SSE event's.
func (v *envelope) check(name string) error {
	root, _, _ := strings.Cut(string(v.kind), ".")
	switch {
	case name != "" && name != "message" && name != string(v.kind):
		return fmt.Errorf("SSE event name %q and envelope type %q disagree", short(redactText(name)), short(string(v.kind)))
	case len(v.kind) > schema.MaxType:
		return fmt.Errorf("type %q… has %d bytes; the limit is %d", short(string(v.kind)), len(v.kind), schema.MaxType)
	case slices.Contains(ownRoots, root):
		return fmt.Errorf("type %q is one of this gateway's own, which no source may send", short(string(v.kind)))
	case !schema.ValidID(v.id):
		return fmt.Errorf("id %q is over %d bytes or not one line of printable ASCII", short(v.id), schema.MaxID)
	}
	return nil
}

// about is what of a payload decides whose fact it is.
type about struct {
	// platform is where it happened, in lower case.
	platform string
	// names are of who acted.
	names []string
}

func readAbout(v envelope) about {
	var p struct{ Platform, Username, Gifter any }
	_ = json.Unmarshal(v.payload.Bytes(), &p) // what is not there says nothing
	a := about{platform: v.channel.Platform}
	if platform, _ := p.Platform.(string); v.kind == schema.ChatMessage {
		a.platform = cmp.Or(platform, a.platform)
	}
	a.platform = strings.ToLower(a.platform)
	for _, name := range []any{p.Username, p.Gifter} {
		if name, _ := name.(string); name != "" {
			a.names = append(a.names, name)
		}
	}
	return a
}

// providerOf is the platform of a fact: of a viewer's line and of what happens
// to a channel the platform, as far as it has a name in subjects; of the AI and
// of everything that is not known ai_licia (design 4).
func providerOf(t schema.Type, platform string) schema.Provider {
	if t != schema.ChatMessage && !strings.HasPrefix(string(t), "channel.") {
		return schema.AiLicia
	}
	switch p := schema.Provider(platform); p {
	case schema.Twitch, schema.YouTube, schema.Kick, schema.Trovo:
		return p
	}
	return schema.AiLicia
}

// short is a name that stands in a reason or a header.
func short(s string) string {
	const most = 128
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

package simulator

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Global is a global variable, or with a User one of a viewer's. Persisted and temporary ones are apart:
// both may have the same name.
type Global struct {
	Name      string
	Value     any // string, number, bool or nil
	Temporary bool
	User      *User
}

// User is whose a variable is.
type User struct {
	Platform        string // twitch, youtube, trovo or kick
	ID, Login, Name string
}

// DefaultGlobals are what a server holds at first when Options.Globals is nil.
func DefaultGlobals() []Global {
	fern := &User{Platform: "twitch", ID: "600100715", Login: "quietanchor", Name: "QuietAnchor"}
	tide := &User{Platform: "youtube", ID: "UCq1etAnch0rSimu1atedXw", Login: "tidepool", Name: "TidePool"}
	return []Global{
		{Name: "brain_mood", Value: "calm"},
		{Name: "deaths", Value: 17},
		{Name: "lights", Value: true},
		{Name: "lastScene", Value: nil},
		{Name: "sessionGreeted", Value: 3, Temporary: true},
		{Name: "points", Value: 120, User: fern},
		{Name: "title", Value: "captain", User: fern},
		{Name: "points", Value: 40, User: tide},
	}
}

// stored is a variable as answers show it.
type stored struct {
	Name      string          `json:"name"`
	Value     json.RawMessage `json:"value"`
	LastWrite string          `json:"lastWrite"`
}

type storedForUser struct {
	stored
	UserID    string `json:"userId"`
	UserLogin string `json:"userLogin"`
	UserName  string `json:"userName"`
	Platform  string `json:"platform"`
}

// globalKey tells variables apart; platform and user are empty for the global ones.
type globalKey struct {
	temporary            bool
	platform, user, name string
}

// globals are all variables of a server.
type globals struct {
	mu  sync.Mutex
	all map[globalKey]storedForUser
}

func newGlobals(o Options) *globals {
	g := &globals{all: map[globalKey]storedForUser{}}
	list := o.Globals
	if list == nil {
		list = DefaultGlobals()
	}
	for _, v := range list {
		// A value that cannot be JSON is left out: New has no error to tell it by.
		if raw, err := json.Marshal(v.Value); err == nil {
			g.put(v, raw, o.Clock())
		}
	}
	return g
}

// put writes a variable and gives the value before, null for a new one.
func (g *globals) put(v Global, value json.RawMessage, at time.Time) (old json.RawMessage) {
	key := globalKey{temporary: v.Temporary, name: v.Name}
	s := storedForUser{stored: stored{v.Name, value, at.Format("2006-01-02T15:04:05.000-07:00")}}
	if u := v.User; u != nil {
		key.platform, key.user = u.Platform, u.ID
		s.UserID, s.UserLogin, s.UserName, s.Platform = u.ID, u.Login, u.Name, u.Platform
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	old = json.RawMessage("null")
	if was, ok := g.all[key]; ok {
		old = was.Value
	}
	g.all[key] = s
	return old
}

// find gives the variables of a platform ("" for the global ones); empty user or name mean all.
func (g *globals) find(temporary bool, platform, user, name string) []storedForUser {
	g.mu.Lock()
	defer g.mu.Unlock()
	found := []storedForUser{}
	for key, s := range g.all {
		if key.temporary == temporary && key.platform == platform &&
			(user == "" || key.user == user) && (name == "" || key.name == name) {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(a, b storedForUser) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.UserID, b.UserID))
	})
	return found
}

// SetGlobal writes a variable, as a Set Global sub-action does, and sends Misc.GlobalVariableUpdated or
// Misc.UserGlobalVariableUpdated, also for a new one. It returns like [Server.Emit].
func (s *Server) SetGlobal(ctx context.Context, v Global) error {
	value, err := json.Marshal(v.Value)
	if err != nil {
		return fmt.Errorf("simulator: set global %s: %w", v.Name, err)
	}
	data := map[string]any{"name": v.Name, "newValue": json.RawMessage(value), "persisted": !v.Temporary}
	data["oldValue"] = s.globals.put(v, value, s.opt.Clock())
	if v.User == nil {
		return s.Emit(ctx, "Misc", "GlobalVariableUpdated", data)
	}
	data["user"] = map[string]any{"id": v.User.ID, "login": v.User.Login, "name": v.User.Name, "type": v.User.Platform}
	return s.Emit(ctx, "Misc", "UserGlobalVariableUpdated", data)
}

// variables is what the eight variable requests ask for. An absent persisted is true, as in the client.
type variables struct {
	Variable  *string
	Persisted *bool
	UserID    json.RawMessage
}

func (r request) variables() (v variables, temporary bool, name string, err error) {
	if err = r.read(&v); err != nil {
		return
	}
	if v.Variable != nil {
		name = *v.Variable
	}
	return v, v.Persisted != nil && !*v.Persisted, name, nil
}

const errNoVariable = "Variable not found"

func (c *session) getGlobals(r request) error {
	_, temporary, _, err := r.variables()
	if err != nil {
		return c.refuse(r, errInvalid)
	}
	found := map[string]stored{}
	for _, s := range c.server.globals.find(temporary, "", "", "") {
		found[s.Name] = s.stored
	}
	return c.reply(r, fields{"variables": found, "count": len(found)})
}

func (c *session) getGlobal(r request) error {
	_, temporary, name, err := r.variables()
	if err != nil || name == "" {
		return c.refuse(r, errInvalid)
	}
	found := c.server.globals.find(temporary, "", "", name)
	switch {
	case len(found) == 0:
		return c.refuse(r, errNoVariable)
	case c.server.opt.DocShapes:
		return c.reply(r, fields{"variable": found[0].stored})
	default:
		return c.reply(r, fields{"variables": map[string]stored{name: found[0].stored}, "count": 1})
	}
}

// getUserGlobals lists the variables of all users of the platform that the request's name begins with.
func (c *session) getUserGlobals(r request) error {
	_, temporary, name, err := r.variables()
	if err != nil {
		return c.refuse(r, errInvalid)
	}
	platform := strings.ToLower(strings.TrimSuffix(r.Name, "GetUserGlobals"))
	found := c.server.globals.find(temporary, platform, "", name)
	return c.reply(r, fields{"variables": found, "count": len(found)})
}

// getUserGlobal lists one user's variables, or one of them.
func (c *session) getUserGlobal(r request) error {
	v, temporary, name, err := r.variables()
	user := strings.Trim(string(v.UserID), `"`) // ids are strings or numbers
	if err != nil || user == "" || user == "null" {
		return c.refuse(r, errInvalid)
	}
	platform := strings.ToLower(strings.TrimSuffix(r.Name, "GetUserGlobal"))
	found := c.server.globals.find(temporary, platform, user, name)
	switch {
	case len(found) == 0 && name != "":
		return c.refuse(r, errNoVariable)
	case name != "" && c.server.opt.DocShapes:
		return c.reply(r, fields{"variable": found[0]})
	default:
		return c.reply(r, fields{"variables": found, "count": len(found)})
	}
}

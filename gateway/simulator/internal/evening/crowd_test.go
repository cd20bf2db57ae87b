package evening

import "testing"

// Nobody who comes is called as somebody who is here.
func TestGuestsHaveNamesOfTheirOwn(t *testing.T) {
	e := New(Options{Seed: 1, Start: start, Kick: true})
	for range 300 {
		e.invite(twitch, 0)
	}
	logins, ids := map[string]bool{}, map[string]bool{}
	for _, v := range e.there(func(v *viewer) bool { return v.platform == twitch }) {
		if logins[v.login] || ids[v.id] {
			t.Errorf("%s (%s) twice", v.login, v.id)
		}
		logins[v.login], ids[v.id] = true, true
	}
}

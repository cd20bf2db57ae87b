package streamerbot

import (
	"encoding/json"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var updateSubscribed = flag.Bool("update-subscribed", false, "write testdata/golden/subscribed.txt")

// catalogue is every type that is known of any server, of which some are
// private and some too many (reference: streamerbot-events.json).
type catalogue struct{ Events, Private, Flood map[string][]string }

func readCatalogue(t *testing.T) catalogue {
	t.Helper()
	b, err := os.ReadFile("testdata/catalogue.json")
	if err != nil {
		t.Fatal(err)
	}
	var c catalogue
	if err := json.Unmarshal(b, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// flat lists Source.Type, sorted.
func listed(events map[string][]string) []string {
	var all []string
	for source, types := range events {
		for _, kind := range types {
			all = append(all, source+"."+kind)
		}
	}
	slices.Sort(all)
	return all
}

// spelt gives a catalogue in another spelling.
func spelt(events map[string][]string, spell func(string) string) map[string][]string {
	again := map[string][]string{}
	for source, types := range events {
		for _, kind := range types {
			again[spell(source)] = append(again[spell(source)], spell(kind))
		}
	}
	return again
}

func camel(name string) string { return strings.ToLower(name[:1]) + name[1:] }

// TestSubscribedByDefault: a server that offers everything is asked for this.
func TestSubscribedByDefault(t *testing.T) {
	const path = "testdata/golden/subscribed.txt"
	chosen, lacking := plan(readCatalogue(t).Events, DefaultEvents(), nil)
	got := strings.Join(listed(chosen), "\n") + "\n"
	if *updateSubscribed {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("subscribed (-want +got; -update-subscribed writes it):\n%s", diff)
	}
	if len(lacking) > 0 {
		t.Errorf("no server has %v: is it spelt so?", lacking)
	}
}

// TestPrivateStaysClosed, whatever the spelling and however much is wished for.
func TestPrivateStaysClosed(t *testing.T) {
	c := readCatalogue(t)
	wishes := DefaultEvents()
	for source, types := range c.Events {
		wishes = append(wishes, source+".*")
		for _, kind := range types {
			wishes = append(wishes, source+"."+kind)
		}
	}
	for _, tt := range []struct {
		name  string
		spell func(string) string
	}{{"as it is", strings.Clone}, {"camel case", camel}, {"small", strings.ToLower}, {"capitals", strings.ToUpper}} {
		t.Run(tt.name, func(t *testing.T) {
			for _, events := range [][]string{DefaultEvents(), wishes} {
				chosen, _ := plan(spelt(c.Events, tt.spell), events, nil)
				if len(listed(chosen)) < 200 {
					t.Fatalf("only %d types are chosen", len(listed(chosen)))
				}
				for _, private := range listed(c.Private) {
					if names(listed(chosen), private) {
						t.Errorf("%s is asked for", private)
					}
				}
			}
			chosen, _ := plan(spelt(c.Events, tt.spell), DefaultEvents(), nil)
			for _, flood := range listed(c.Flood) {
				if names(listed(chosen), flood) {
					t.Errorf("%s is asked for", flood)
				}
			}
		})
	}
}

// TestPrivateOpensOne: each private type by its name, and nothing beside it.
func TestPrivateOpensOne(t *testing.T) {
	c := readCatalogue(t)
	closed, _ := plan(c.Events, DefaultEvents(), nil)
	for _, private := range listed(c.Private) {
		if !slices.Contains(listed(c.Events), private) {
			t.Errorf("%s is private and not in the catalogue", private)
		}
		opened, lacking := plan(c.Events, DefaultEvents(), []string{strings.ToLower(private)})
		want := append(listed(closed), private)
		slices.Sort(want)
		if diff := cmp.Diff(want, listed(opened)); diff != "" || len(lacking) > 0 {
			t.Errorf("%s opens (-want +got):\n%s", private, diff)
		}
	}
}

// TestUnknownTypes: what is new to this program follows its source.
func TestUnknownTypes(t *testing.T) {
	for _, tt := range []struct {
		name, event string
		want        bool
	}{
		{"of an allowed source", "Twitch.BrandNew", true},
		{"of a shop without customers' data", "Streamloots.ChestOpened", true},
		{"of a source that is private as a whole", "Inputs.GamepadPress", false},
		{"of the system", "System.WindowChanged", false},
		{"of raw actions", "Raw.ActionFailed", false},
		{"of files", "FileTail.Appended", false},
		{"of patrons", "Patreon.MemberCreated", false},
		{"of customers", "Shopify.OrderFulfilled", false},
		{"of old servers' hot keys", "Hotkey.Release", false},
		{"another whisper", "Kick.WhisperReceived", false},
		{"another variable", "Misc.UserGlobalVariableCreated", false},
		{"a wildcard that the server offers", "Twitch.*", false},
		{"a wildcard of everything", "*.*", false},
		{"a source that nobody allowed", "Brand.New", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			source, kind, _ := strings.Cut(tt.event, ".")
			wishes := append(DefaultEvents(), "Inputs.*", "System.*", "Raw.*", "FileTail.*", "HotKey.*", "Misc.*")
			chosen, _ := plan(map[string][]string{source: {kind}}, wishes, nil)
			want(t, len(listed(chosen)) == 1, tt.want)
		})
	}
}

package main

import (
	"flag"
	"os"
	"strings"
	"testing"

	"promethean/gateway/simulator"
	"promethean/gateway/simulator/ailicia"
)

// The document names every flag and every order.
func TestDocumented(t *testing.T) {
	text, err := os.ReadFile("../../../docs/simulator.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(text)
	g := given{}
	fs := flag.NewFlagSet("simulator", flag.ContinueOnError)
	g.serverFlags(fs)
	g.protocolFlags(fs)
	g.contentFlags(fs)
	g.ailiciaFlags(fs)
	fs.VisitAll(func(f *flag.Flag) {
		if !strings.Contains(doc, "`--"+f.Name+"`") {
			t.Errorf("docs/simulator.md lacks --%s", f.Name)
		}
	})
	for line := range strings.Lines(simulator.OrderHelp() + ailicia.OrderHelp()) {
		name := strings.Fields(line)[0]
		if !strings.Contains(doc, "`"+name+"`") && !strings.Contains(doc, "`"+name+" ") {
			t.Errorf("docs/simulator.md lacks the order %s", name)
		}
	}
}

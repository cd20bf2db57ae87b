package main

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"promethean/ops/settings"
	"promethean/schema"
)

// overview says in plain words what runs where.
func (n *node) overview() string {
	var text strings.Builder
	fmt.Fprintf(&text, "Promethean event gateway, tenant %s, data in %s\n", n.s.Tenant, n.s.DataDir)
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for _, row := range n.places() {
		fmt.Fprintf(table, "  %s\t%s\t%s\n", row.name, row.address, row.words)
	}
	_ = table.Flush() // a strings.Builder takes everything
	for _, note := range n.notes {
		fmt.Fprintf(&text, "Note: %s\n", note)
	}
	text.WriteString("Ctrl-C drains and stops.")
	return text.String()
}

type place struct{ name, address, words string }

func (n *node) places() []place {
	subject := "every event on subject " + schema.AllEvents
	bus := place{"NATS", settings.Redacted(n.bus.url), "your own; " + subject}
	if n.bus.embedded() {
		bus.words = "embedded; " + subject
	}
	documents := place{"store", settings.Redacted(strings.TrimSuffix(n.documents.uri, "/")), "your own MongoDB; database " + n.s.Mongo.DB}
	if n.documents.embedded {
		documents.words = "embedded, for trying out; database " + n.s.Mongo.DB
	}
	bot := place{"Streamer.bot", settings.Redacted(n.bot.url), "your own; waited for as long as it is not there"}
	if n.simulate {
		bot.words = fmt.Sprintf("simulated, about %s events a second (invented chat)", strconv.FormatFloat(n.s.Sim.Rate, 'g', -1, 64))
	}
	places := []place{bus, documents, bot}
	if a := n.ailicia(); a.APIKey != "" {
		places = append(places, place{"ai_licia", settings.Redacted(a.URL), "your own; a key that is refused is tried again every few minutes"})
	}
	return append(places, place{"health", "http://" + n.http.Addr().String() + "/readyz", "metrics at /metrics"})
}

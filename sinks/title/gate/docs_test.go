package gate_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"promethean/sinks/title/gate"
)

// TestTheTableOfDocs: docs/titles.md has each rule as it is.
func TestTheTableOfDocs(t *testing.T) {
	doc, err := os.ReadFile("../../../docs/titles.md")
	if err != nil {
		t.Fatal(err)
	}
	table := "| rule | refuses |\n|---|---|\n"
	for _, r := range gate.Rules() {
		table += fmt.Sprintf("| `%s` | %s |\n", r.Name, r.Means)
	}
	if !strings.Contains(string(doc), table+"\n") {
		t.Errorf("docs/titles.md has another table of rules; it should have\n%s", table)
	}
}

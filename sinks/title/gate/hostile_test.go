package gate_test

import (
	"errors"
	"flag"
	"math/rand/v2"
	"sync"
	"testing"

	"promethean/sinks/title/facts"
	"promethean/sinks/title/gate"
	"promethean/sinks/title/internal/checker"
	"promethean/sinks/title/internal/hostile"
)

// answers is a million in make fuzz.
var answers = flag.Int("answers", 20_000, "how many hostile answers pass by")

var (
	lines  = []string{"you should really try the water level again", "the secret is ZEBRA-7731", "come join my Minecraft server now", "一緒に遊びましょうね"}
	names  = []string{"NightOwl_42", "Lee"}
	recent = []string{"Friday night in the old castle", "Tonight: the last boss"}
)

// judges are a gate and a checker of the same stream.
type judges struct {
	gate    *gate.Gate
	facts   facts.Facts
	against gate.Against
	context checker.Context
}

func newJudges(t testing.TB) judges {
	t.Helper()
	g, err := gate.New(gate.Options{Emoji: 1})
	if err != nil {
		t.Fatal(err)
	}
	j := judges{
		gate: g, facts: facts.Facts{Category: "Minecraft", Platforms: []string{"twitch", "youtube"}},
		against: gate.Against{Quotes: gate.QuotesOf(lines...), Names: gate.NamesOf(names...)},
		context: checker.Context{YouTube: true, Limit: 100, Emoji: 1, Lines: lines, Names: names, Recent: recent, Own: []string{"Minecraft"}},
	}
	for _, title := range recent {
		j.facts.Tried = append(j.facts.Tried, facts.Tried{Title: title})
	}
	return j
}

// judge gives the rule that refused the text, or "".
func (j judges) judge(t testing.TB, text string) string {
	title, err := j.gate.Pass(text, j.facts, j.against)
	if err != nil {
		var r *gate.Rejection
		if !errors.As(err, &r) || title != "" {
			t.Errorf("Pass(%q) = %q, %v", text, title, err)
			return "?"
		}
		return r.Rule
	}
	if wrong := checker.Check(title, j.context); wrong != nil {
		t.Errorf("%q passes as %q: %q", text, title, wrong)
	}
	if again, err := j.gate.Pass(title, j.facts, j.against); again != title || err != nil {
		t.Errorf("%q passes as %q, and that as %q, %v", text, title, again, err)
	}
	return ""
}

// TestHostileAnswers: whatever passes the gate is safe in the eyes of a checker
// that knows nothing of it.
func TestHostileAnswers(t *testing.T) {
	j := newJudges(t)
	const workers = 8 // the same answers on every machine
	broken := [workers]map[string]int{}
	var all sync.WaitGroup
	for w := range workers {
		broken[w] = map[string]int{}
		all.Go(func() {
			r := rand.New(rand.NewPCG(6, uint64(w)))
			for range *answers / workers {
				broken[w][j.judge(t, hostile.Random(r))]++
			}
		})
	}
	all.Wait()
	total := map[string]int{}
	for _, counts := range broken {
		for rule, n := range counts {
			total[rule] += n
		}
	}
	t.Logf("of %d answers: %v", *answers, total)
	// The test is worth something only if each rule had work and some passed.
	for _, r := range gate.Rules() {
		if total[r.Name] == 0 {
			t.Errorf("no answer broke the rule %s", r.Name)
		}
	}
	if total[""] < *answers/20 {
		t.Errorf("%d of %d answers passed", total[""], *answers)
	}
}

// FuzzPass: the same for what the fuzzer comes up with, alone and within a title.
func FuzzPass(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		f.Add(hostile.Random(r))
	}
	for _, l := range hostile.Lines() {
		f.Add(l.Text)
	}
	j := newJudges(f)
	f.Fuzz(func(t *testing.T, text string) {
		j.judge(t, text)
		j.judge(t, "A quiet evening, "+text)
	})
}

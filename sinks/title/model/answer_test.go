package model_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"promethean/sinks/title/model"
)

func TestParse(t *testing.T) {
	abc := []string{"One goal", "Two tries", "Three lords"}
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"as asked", `{"titles":["One goal","Two tries","Three lords"]}`, abc},
		{"more than asked", `{"titles":["One goal","Two tries","Three lords","Four"]}`, abc},
		{"fewer", `{"titles":["One goal"]}`, abc[:1]},
		{"fenced", "```json\n{\"titles\":[\"One goal\",\"Two tries\",\"Three lords\"]}\n```", abc},
		{"fenced, its end missing", "```json\n{\"titles\":[\"One goal\",\"Two tries\",\"Three lords\"]}", abc},
		{"fenced among talk", "Sure! Here's the JSON you asked for:\n```\n{\"titles\":[\"One goal\",\"Two tries\",\"Three lords\"]}\n```\nLet me know!", abc},
		{"a bare list", `["One goal","Two tries","Three lords"]`, abc},
		{"a list of objects", `[{"title":"One goal","why":"x"},{"title":"Two tries"},{"Title":"Three lords"}]`, abc},
		{"a list of objects with numbered names", `[{"title1":"One goal"},{"title2":"Two tries"},{"title3":"Three lords"}]`, abc},
		{"candidates", `{"candidates":["One goal","Two tries","Three lords"]}`, abc},
		{"objects in a member", `{"titles":[{"text":"One goal"},{"text":"Two tries"},{"text":"Three lords"}]}`, abc},
		{"capital names", `{"Titles":["One goal","Two tries","Three lords"]}`, abc},
		{"numbered members", `{"title_10":"Three lords","title_2":"Two tries","title_1":"One goal"}`, abc},
		{"numbered members in a member", `{"titles":{"2":"Two tries","1":"One goal","3":"Three lords"}}`, abc},
		{"deeper", `{"result":{"titles":["One goal","Two tries","Three lords"]}}`, abc},
		{"encoded twice", `{"titles":"{\"titles\":[\"One goal\",\"Two tries\",\"Three lords\"]}"}`, abc},
		{"one", `{"title":"One goal"}`, abc[:1]},
		{"a comma too many", `{"titles":["One goal","Two tries","Three lords",],}`, abc},
		{"the schema first", `{"type":"object","properties":{"titles":{"type":"array","items":{"type":"string"}}},"required":["titles"]} {"titles":["One goal","Two tries","Three lords"]}`, abc},
		{"the schema alone", `{"type":"object","properties":{"titles":{"type":"array","items":{"type":"string"}}},"required":["titles"]}`, nil},
		{"a draft first", `{"titles":["x","y","z"]} or better {"titles":["One goal","Two tries","Three lords"]}`, abc},
		{"other types", `{"titles":["One goal",7,null,["x"],"Two tries",true,"Three lords"]}`, abc},
		{"the same twice", `{"titles":["One goal","One  goal","Two tries","Three lords"]}`, abc},
		{"numbers in the list", `{"titles":["1. One goal","2. Two tries","3. Three lords"]}`, abc},
		{"a number that is meant", `{"titles":["2. Versuch","One goal"]}`, []string{"2. Versuch", "One goal"}},
		{"quotes and markdown in JSON", `{"titles":["**One goal**","\"Two tries\"","“Three lords”"]}`, abc},
		{"an escaped character", `{"titles":["Caf\u00e9 \ud83d\ude00"]}`, []string{"Café 😀"}},
		{"broken JSON", `{"titles":["One goal","Two tr`, nil},
		{"broken, fenced", "```json\n{\"titles\":[\"One goal\",\"Two tr", nil},
		{"a broken list", `["One goal","Two tr`, nil},
		{"JSON without titles", `{"error":"no"}`, nil},
		{"an empty list", `{"titles":[]}`, nil},
		{"blanks", `{"titles":["  ","\n"]}`, nil},

		{"numbered lines", "1. One goal\n2. Two tries\n3. Three lords", abc},
		{"with brackets", "1) One goal\n2) Two tries\n3) Three lords", abc},
		{"bullets", "- One goal\n* Two tries\n• Three lords", abc},
		{"bold numbers", "**1.** One goal\n**2.** Two tries\n**3.** Three lords", abc},
		{"keycaps", "1️⃣ One goal\n2️⃣ Two tries\n3️⃣ Three lords", abc},
		{"labels", "Title 1: One goal\n**Title 2:** Two tries\nOption 3: \"Three lords\"", abc},
		{"headings", "## One goal\n## Two tries\n## Three lords", abc},
		{"quoted and bold", "Here are 3 titles:\n\n1. \"**One goal**\"\n2. **\"Two tries\"**\n3. `Three lords`\n\nI hope these help!", abc},
		{"plain lines", "One goal\n\nTwo tries\nThree lords\n", abc},
		{"Windows lines", "One goal\r\nTwo tries\r\nThree lords\r\n", abc},
		{"one line with a preface", `Here is a title: "One goal"`, abc[:1]},
		{"a preface in German", "Hier sind drei Titel:\n- One goal\n- Two tries\n- Three lords", abc},
		{"a line above 200 is left out", "One goal\n" + strings.Repeat("long ", 41) + "\nTwo tries", abc[:2]},
		{"200 are possible", strings.Repeat("é", 200), []string{strings.Repeat("é", 200)}},
		{"201 are not", strings.Repeat("é", 201), nil},
		{"in JSON too", `{"titles":["` + strings.Repeat("é", 201) + `","One goal"]}`, abc[:1]},
		{"a bracket begins a title", "[LIVE] One goal", []string{"[LIVE] One goal"}},
		{"here begins a title", "Here we go again, attempt 41", []string{"Here we go again, attempt 41"}},
		{"a refusal", "I'm sorry, but I can't help with that.", nil},
		{"another", "As an AI language model, I cannot do this.", nil},
		{"nothing", "", nil},
		{"a rule", "---\n***", nil},
		{"only talk", "Sure! Here are three titles for you:", nil},

		{"thought", "<think>1. Draft\n{\"titles\":[\"x\",\"y\",\"z\"]}</think>\n{\"titles\":[\"One goal\",\"Two tries\",\"Three lords\"]}", abc},
		{"thought whose beginning is missing", "Draft {\"titles\":[\"x\",\"y\",\"z\"]}\n</think>\n\nOne goal\nTwo tries", abc[:2]},
		{"a tag with attributes", "<think duration=\"3s\">draft one</think>One goal", abc[:1]},
		{"another name of the tag", "<reflection>draft</reflection>\n<analysis>draft</analysis>One goal", abc[:1]},
		{"a tag with a prefix", "<seed:think>draft\nmore</seed:think>One goal", abc[:1]},
		{"Kimi's marks", "◁think▷draft\nmore◁/think▷One goal", abc[:1]},
		{"Cohere's marks", "<|START_THINKING|>draft<|END_THINKING|><|START_RESPONSE|>One goal<|END_RESPONSE|>", abc[:1]},
		{"marks of thought and solution", "<|begin_of_thought|>draft\nmore<|end_of_thought|>\n<|begin_of_solution|>One goal<|end_of_solution|>", abc[:1]},
		{"Gemma's marks", "<unused94>thought\ndraft\n<unused95>One goal", abc[:1]},
		{"as Ollama prints it", "Thinking...\nThe user wants it short.\n...done thinking.\n\nOne goal\nTwo tries", abc[:2]},
		{"only an analysis", "<|channel|>analysis<|message|>We need three titles", nil},
		{"an analysis and an answer", "<|channel|>analysis<|message|>We need three titles<|end|><|start|>assistant<|channel|>final<|message|>One goal", abc[:1]},
		{"an answer in a tag", "<thought>draft</thought>\n<answer>One goal</answer>", abc[:1]},
		{"whose turn it is", "<|im_start|>assistant\nOne goal<|im_end|>", abc[:1]},
		{"a thought by its name", "Thought: I should be brief\nFinal answer: One goal", abc[:1]},
		{"a refusal in JSON", `{"titles":["I'm sorry, but I can't help with that.","I cannot assist with this request"]}`, nil},
		{"a refusal beside a title", `{"titles":["I’m unable to create that","One goal","I can't stop dying"]}`, []string{"One goal", "I can't stop dying"}},
		{"thought twice", "<think>a</think>no<THINK>b</Think>One goal", abc[:1]},
		{"thought in thought", "<think>a<think>b</think>c</think>One goal", abc[:1]},
		{"thought without an end", "<think>One could call it\n1. Draft", nil},
		{"thought afterwards", "One goal\n<think>was that right?</think>", abc[:1]},
		{"thought in brackets", "[THINK]hmm[/THINK]One goal", abc[:1]},
		{"channels", "<|channel|>analysis<|message|>Draft<|end|><|start|>assistant<|channel|>final<|message|>One goal<|return|>", abc[:1]},
		{"a template's mark", "One goal<|im_end|>", abc[:1]},
		{"no UTF-8", "One \xffgoal", []string{"One \ufffdgoal"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := model.Parse(c.text, 3)
			if diff := cmp.Diff(c.want, got); diff != "" || (err == nil) != (c.want != nil) {
				t.Errorf("%v\n%s", err, diff)
			}
		})
	}
}

// What a model can do worst costs no more than reading it.
func TestParseIsBounded(t *testing.T) {
	const size = model.ThoughtMax
	if _, err := model.Parse(strings.Repeat("a title\n", size), 3); err == nil {
		t.Error("a text without end was read")
	}
	for _, piece := range []string{"[", "{", `{"a":`, `["`, "<think>", "</think>", "<|message|>", "* ", "**", "\n", "1. ", ",]", `"`, "é", "\xff", `\"`, "```", "Here are "} {
		text := strings.Repeat(piece, (size-100)/len(piece))
		for _, around := range []string{"", `{"titles":["`} {
			if titles, err := model.Parse(around+text, 3); len(titles) > 3 || (err == nil) == (len(titles) == 0) {
				t.Errorf("%q: %d titles, %v", piece, len(titles), err)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`{"titles":["a","b","c"]}`, "1. a\n2) b\n- c", "<think>x</think>```json\n[\"a\"]\n```", `{"title1":"a","titles":{"1":"{\"titles\":[\"b\"]}"}}`,
		"Here is a title: **\"a\"**", "[{\"text\":\"a\"},]", "<|channel|>final<|message|>a",
	} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, text string, n int) {
		n = 1 + (n&0xff)%5
		titles, err := model.Parse(text, n)
		if len(titles) > n || (err == nil) == (len(titles) == 0) {
			t.Fatalf("%d titles of %d, %v", len(titles), n, err)
		}
		seen := map[string]bool{}
		for _, title := range titles {
			if title == "" || title != strings.TrimSpace(title) || strings.ContainsAny(title, "\n\r") || !utf8.ValidString(title) || utf8.RuneCountInString(title) > 200 || seen[title] {
				t.Errorf("%q", title)
			}
			seen[title] = true
		}
	})
}

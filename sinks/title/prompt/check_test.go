package prompt_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"promethean/sinks/title/prompt"
)

func TestCheck(t *testing.T) {
	const system, user = `{{define "system"}}Titles, please.{{end}}`, `{{define "user"}}{{.Data}}{{end}}`
	for _, c := range []struct {
		name, file string
		want       []string
	}{
		{"right", system + user, nil},
		{"right, saved on Windows", "\ufeff---\r\nlanguages: [en]\r\n---\r\n{{/* mine */}}\r\n" + system + "\r\n" + user + "\r\n", nil},
		{"right, with an empty front matter", "---\n---\n" + system + user, nil},
		{"empty", "", []string{`the file has no templates: it needs {{define "system"}}…{{end}} and {{define "user"}}…{{end}}`}},
		{"one of two", system, []string{`the template "user" is missing: write {{define "user"}}…{{end}}`}},
		{"no end of the front matter", "---\nmodel: x\n" + system + user, []string{"line 1: the front matter has no end"}},
		{"an unknown key", "---\nmodel: x\ntemprature: 1\n---\n" + system + user, []string{"line 3: temprature is no key of the front matter: possible are model, temperature, max_tokens, languages"}},
		{"not a number", "---\ntemperature: hot\n---\n" + system + user, []string{"line 2: cannot unmarshal !!str `hot` into float64"}},
		{"no YAML", "---\nmodel: [x\n---\n" + system + user, []string{"line 2: did not find expected"}},
		{"several at once", "---\nmax_tokens: 1\ntemperature: .nan\nlanguages: [english]\n---\n" + system, []string{
			"line 2: max_tokens is a whole number from 16 to 32768", "line 3: temperature is a number from 0 to 2", `line 4: "english" is no language code`, `the template "user" is missing`}},
		{"an action without its end", "---\nmodel: x\n---\n" + system + "\n{{define \"user\"}}\n{{if .Note}}{{.Data}}{{end}}", []string{"line 6: unexpected EOF"}},
		{"a word that is no function", system + "\n\n{{define \"user\"}}{{env \"HOME\"}}{{.Data}}{{end}}", []string{"line 3: there is no function env: possible are trunc, join, "}},
		{"a misspelt field", system + "\n{{define \"user\"}}\n{{.Nots}}{{.Data}}{{end}}", []string{"line 3: .Nots is not there: possible are .Trigger, .Now, "}},
		{"a misspelt field of the chat", system + "\n{{define \"user\"}}\n{{.Chat.Lurkers}}{{.Data}}{{end}}", []string{"line 3: .Chat.Lurkers is not there: possible are .Chat.Messages, "}},
		{"a misspelt field where nothing is known", system + "\n{{define \"user\"}}\n{{if not .Note}}{{.Nots}}{{end}}{{.Data}}{{end}}", []string{"line 3: .Nots is not there"}},
		{"viewers' words", system + "\n{{define \"user\"}}{{range .Chat.Lines}}{{.}}{{end}}{{.Data}}{{end}}", []string{"line 2: .Chat.Lines may hold what viewers wrote, and stands in {{.Data}} alone"}},
		{"earlier titles", `{{define "system"}}{{.Tried}}{{end}}` + user, []string{"line 1: .Tried may hold what viewers wrote"}},
		{"the character", `{{define "system"}}{{.Character}}{{end}}` + user, []string{"line 1: .Character may hold what viewers wrote"}},
		{"a wrong argument", system + "\n{{define \"user\"}}{{trunc .Note 5}}{{.Data}}{{end}}", []string{"line 2: "}},
		{"nothing to pick from", system + "\n{{define \"user\"}}{{pick}}{{.Data}}{{end}}", []string{"line 2: pick: error calling pick: pick wants what to pick from"}},
		{"text outside", "---\nmodel: x\n---\n" + system + "\n\nYou are helpful.\n" + user, []string{`line 6: what stands outside of {{define "system"}}`}},
		{"an action outside", system + "\n{{.Note}}" + user, []string{`line 2: what stands outside of`}},
		{"no data", system + `{{define "user"}}Go.{{end}}`, []string{"neither template contains {{.Data}}"}},
		{"no data when nothing is known", system + `{{define "user"}}{{if .Note}}{{.Data}}{{end}}{{end}}`, []string{"neither template contains {{.Data}}"}},
		{"an empty system", `{{define "system"}} {{end}}` + user, []string{`the template "system" renders to nothing`}},
		{"a book", `{{define "system"}}` + strings.Repeat("Be funny. ", 400) + `{{end}}` + user, []string{"the instructions alone take about "}},
		{"a larger one", strings.Repeat(" ", 65_000) + strings.Repeat("Be funny. ", 400), []string{"holds more than 65536 bytes"}},
		{"a template that calls itself", `{{define "system"}}{{template "system" .}}{{end}}` + user, []string{"exceeded maximum template depth"}},
		{"a loop that writes for ever", `{{define "system"}}{{range 1000000000}}x{{end}}{{end}}` + user, []string{"it renders to more than 65536 bytes"}},
		{"another encoding", "\xff\xfe{\x00", []string{"is not UTF-8: save it as UTF-8"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), prompt.FileName)
			write(t, path, c.file)
			err := prompt.Check(path)
			if c.want == nil {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil {
				t.Fatal("no error")
			}
			lines := strings.Split(err.Error(), "\n")
			if len(lines) != len(c.want) {
				t.Errorf("%d lines: %v", len(lines), err)
			}
			for i, want := range c.want {
				if i < len(lines) && (!strings.HasPrefix(lines[i], "prompt: "+path) || !strings.Contains(lines[i], want)) {
					t.Errorf("%s\nwant %s", lines[i], want)
				}
			}
		})
	}
	if err := prompt.Check(filepath.Join(t.TempDir(), "nowhere.tmpl")); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Error(err)
	}
}

// The built-in file is what an operator copies, and passes its own check.
func TestBuiltInFile(t *testing.T) {
	if err := prompt.Check(prompt.FileName); err != nil {
		t.Error(err)
	}
}

func FuzzCheck(f *testing.F) {
	own, err := os.ReadFile(prompt.FileName)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(own))
	f.Add("---\nlanguages: [de]\n---\n" + templates)
	f.Add(`{{define "system"}}{{range .Platforms}}{{. | trunc 3}}{{end}}{{end}}{{define "user"}}{{.Data}}{{end}}`)
	path := filepath.Join(f.TempDir(), prompt.FileName)
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "range") {
			return // a loop without output is the operator's own business
		}
		write(t, path, text)
		if err := prompt.Check(path); err != nil && !strings.HasPrefix(err.Error(), "prompt: ") {
			t.Errorf("%v", err)
		}
	})
}

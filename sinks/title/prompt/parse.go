package prompt

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"text/template"
	"text/template/parse"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"promethean/sinks/title/facts"
)

//go:embed title.tmpl
var builtIn []byte

// file is a prompt file that was read, and has rendered its examples.
type file struct {
	front
	from string
	hash string
	tmpl *template.Template
}

// front is the front matter.
type front struct {
	Model       string   `yaml:"model"`
	Temperature *float64 `yaml:"temperature"`
	MaxTokens   *int     `yaml:"max_tokens"`
	Languages   []string `yaml:"languages"`
}

// frontNames are the front matter's keys, for messages.
const frontNames = "model, temperature, max_tokens, languages"

// The two templates of a file.
const (
	systemName = "system"
	userName   = "user"
)

// read makes a prompt of a file's bytes. The error lists what is wrong with it,
// a problem a line, each with the file's line where it has one.
func read(from string, raw []byte) (*file, error) {
	sum := sha256.Sum256(raw)
	f := &file{from: from, hash: hex.EncodeToString(sum[:])}
	if len(raw) > fileMax {
		return nil, fmt.Errorf("prompt: %s holds more than %d bytes: a prompt is a page, not a book", from, fileMax)
	}
	if !utf8.Valid(raw) {
		return nil, fmt.Errorf("prompt: %s is not UTF-8: save it as UTF-8", from)
	}
	text := strings.ReplaceAll(strings.TrimPrefix(string(raw), "\ufeff"), "\r\n", "\n")
	head, body, err := split(text)
	if err != nil {
		return nil, located(from, err)
	}
	err = errors.Join(f.readFront(head), f.readTemplates(body))
	if err == nil {
		err = f.dryRender()
	}
	if err != nil {
		return nil, located(from, err)
	}
	return f, nil
}

// split parts front matter and templates. The templates keep the lines they
// have in the file, so that errors name those.
func split(text string) (head, body string, err error) {
	rest, ok := strings.CutPrefix(text, "---\n")
	if !ok {
		return "", text, nil
	}
	head, body, ok = strings.Cut("\n"+rest, "\n---\n")
	if !ok {
		return "", "", problem{1, "the front matter has no end: close it with a line ---"}
	}
	return head, strings.Repeat("\n", strings.Count(head, "\n")+2) + body, nil
}

var languagePattern = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// readFront reads the front matter, whose first line is empty: the file's ---.
func (f *file) readFront(head string) error {
	d := yaml.NewDecoder(strings.NewReader(head))
	d.KnownFields(true)
	if err := d.Decode(&f.front); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	var problems []error
	refuse := func(key, format string, args ...any) {
		problems = append(problems, problem{lineOf(head, key), fmt.Sprintf(format, args...)})
	}
	if f.Temperature != nil && !(*f.Temperature >= 0 && *f.Temperature <= 2) {
		refuse("temperature", "temperature is a number from 0 to 2")
	}
	if f.MaxTokens != nil && (*f.MaxTokens < 16 || *f.MaxTokens > 32768) {
		refuse("max_tokens", "max_tokens is a whole number from 16 to 32768")
	}
	if f.Model != oneLine(f.Model, 200) {
		refuse("model", "model is a name on one line, of at most 200 characters")
	}
	for _, l := range f.Languages {
		if !languagePattern.MatchString(l) {
			refuse("languages", "%q is no language code: write e.g. en, de or pt-BR", l)
		}
	}
	if len(f.Languages) == 0 {
		f.Languages = []string{"en"}
	}
	return errors.Join(problems...)
}

func lineOf(head, key string) int {
	for i, line := range strings.Split(head, "\n") {
		if strings.HasPrefix(line, key+":") {
			return i + 1
		}
	}
	return 1
}

func (f *file) readTemplates(body string) error {
	if strings.TrimSpace(body) == "" {
		return errors.New(`the file has no templates: it needs {{define "system"}}…{{end}} and {{define "user"}}…{{end}}`)
	}
	t, err := template.New(FileName).Funcs(functions("")).Parse(body)
	if err != nil {
		return err
	}
	f.tmpl = t
	var problems []error
	for _, name := range []string{systemName, userName} {
		if t.Lookup(name) == nil {
			problems = append(problems, fmt.Errorf("the template %q is missing: write {{define %q}}…{{end}}", name, name))
		}
	}
	if t.Tree != nil {
		for _, n := range t.Root.Nodes {
			if text, ok := n.(*parse.TextNode); ok && len(bytes.TrimSpace(text.Text)) == 0 || n.Type() == parse.NodeComment {
				continue
			}
			line := 1 + strings.Count(body[:n.Position()], "\n") + leadingLines(n)
			problems = append(problems, problem{line, `what stands outside of {{define "system"}} and {{define "user"}} is never sent: move it into one of them, or make it a {{/* comment */}}`})
			break
		}
	}
	return errors.Join(problems...)
}

// leadingLines is how many line ends a text node begins with.
func leadingLines(n parse.Node) int {
	text, ok := n.(*parse.TextNode)
	if !ok {
		return 0
	}
	return bytes.Count(text.Text[:len(text.Text)-len(bytes.TrimLeft(text.Text, " \t\n"))], []byte("\n"))
}

// dryRender renders a full and a bare evening, so that a file which cannot
// render is found when it is read and not when a stream starts.
func (f *file) dryRender() error {
	const fence = "examplef"
	r, err := f.fill(bare(), fence, nil)
	if err == nil && r.Tokens > instructionsMax {
		err = fmt.Errorf("the instructions alone take about %d tokens and %d are possible, so that facts have room within %d: shorten them", r.Tokens, instructionsMax, tokensMax)
	}
	if err != nil {
		return err
	}
	for _, evening := range []facts.Facts{Example(), bare()} {
		r, err := f.render(evening, fence)
		switch {
		case err != nil:
			return err
		case !strings.Contains(r.System+r.User, "BEGIN "+fence):
			return errors.New("neither template contains {{.Data}}, so the model would see no facts: put it where they belong, most often into \"user\"")
		case r.System == "":
			return errors.New(`the template "system" renders to nothing: say there what a good title is`)
		}
	}
	return nil
}

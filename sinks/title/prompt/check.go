package prompt

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Check reads a prompt file as a [Set] would and renders its examples. The
// error, if any, lists every problem found, one a line, with the file's line
// and what to do.
func Check(path string) error {
	raw, err := readFile(path)
	if err != nil {
		return err
	}
	_, err = read(path, raw)
	return err
}

// readFile reads at most what a prompt may hold, and a little more.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("prompt: the prompt file cannot be read: %w", err)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, fileMax+1))
	if err != nil {
		return nil, fmt.Errorf("prompt: the prompt file cannot be read: %w", err)
	}
	return raw, nil
}

// problem is what is wrong at a line of the file.
type problem struct {
	line int
	text string
}

func (p problem) Error() string { return fmt.Sprintf("line %d: %s", p.line, p.text) }

// located puts the file's name before each problem of err.
func located(from string, err error) error {
	all := flat(err)
	for i, e := range all {
		all[i] = explained(e)
	}
	slices.SortStableFunc(all, func(a, b error) int { return cmp.Compare(lineIn(a), lineIn(b)) })
	for i, e := range all {
		all[i] = fmt.Errorf("prompt: %s: %w", from, e)
	}
	return errors.Join(all...)
}

// lineIn is a problem's line; what has none comes last.
func lineIn(err error) int {
	if p, ok := errors.AsType[problem](err); ok {
		return p.line
	}
	return math.MaxInt
}

func flat(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, e := range joined.Unwrap() {
			all = append(all, flat(e)...)
		}
		return all
	}
	if types, ok := errors.AsType[*yaml.TypeError](err); ok {
		var all []error
		for _, text := range types.Errors {
			all = append(all, errors.New("yaml: "+text))
		}
		return all
	}
	return []error{err}
}

var (
	atYAML     = regexp.MustCompile(`^yaml: line (\d+): (.*)$`)
	atTemplate = regexp.MustCompile(`^template: [^:]+:(\d+)(?::\d+)?: (.*)$`)
	unknownKey = regexp.MustCompile(`^field (\S+) not found in type`)
	noField    = regexp.MustCompile(`at <([^>]*)>: can't evaluate field (\S+) in type (\S+)`)
	noFunction = regexp.MustCompile(`function "([^"]+)" not defined`)
	executing  = regexp.MustCompile(`^executing "\w+" (?:at <([^>]*)>: )?(.*)$`)
)

// explained turns an error of the YAML or template library into a problem with
// its line and what to do.
func explained(err error) error {
	text, _, _ := strings.Cut(err.Error(), "\n")
	for _, at := range []*regexp.Regexp{atYAML, atTemplate} {
		if m := at.FindStringSubmatch(text); m != nil {
			line, _ := strconv.Atoi(m[1]) // the pattern takes digits alone
			if at == atYAML && strings.HasPrefix(m[2], "did not find expected") {
				line++ // the library counts these from 0
			}
			return problem{line, advice(m[2])}
		}
	}
	return err
}

func advice(text string) string {
	if m := unknownKey.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("%s is no key of the front matter: possible are %s", m[1], frontNames)
	}
	if m := noFunction.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("there is no function %s: possible are %s, and text/template's own", m[1], functionNames)
	}
	if m := noField.FindStringSubmatch(text); m != nil {
		return noFieldAdvice(m[1], m[2], m[3])
	}
	if m := executing.FindStringSubmatch(text); m != nil {
		return strings.TrimPrefix(fmt.Sprintf("%s: %s", m[1], m[2]), ": ")
	}
	return text
}

// noFieldAdvice: some facts are there and yet no fields.
func noFieldAdvice(written, field, of string) string {
	switch {
	case strings.HasSuffix(of, ".counts") && (field == "Words" || field == "Emotes" || field == "Lines"),
		strings.HasSuffix(of, ".view") && (field == "Tried" || field == "Character"):
		return fmt.Sprintf("%s may hold what viewers wrote, and stands in {{.Data}} alone: write there what to do with it, and leave this out", written)
	case strings.HasSuffix(of, ".counts"):
		return fmt.Sprintf("%s is not there: possible are %s", written, countNames)
	}
	return fmt.Sprintf("%s is not there: possible are %s", written, fieldNames)
}

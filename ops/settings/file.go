package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// file reads the settings file: dotted name to text.
func (l *Loader) file() (map[string]string, []error) {
	path, asked := l.path()
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !asked {
		return nil, nil
	}
	if err != nil {
		return nil, []error{fmt.Errorf("settings file: %w", err)}
	}
	var root yaml.Node
	if err := yaml.Unmarshal(b, &root); err != nil {
		return nil, []error{fmt.Errorf("settings file %s: %w", path, err)}
	}
	values := map[string]string{}
	if len(root.Content) == 0 {
		return values, nil
	}
	problems := flatten(root.Content[0], "", values)
	for name := range values {
		if known := l.fileNames(); !slices.Contains(known, name) {
			problems = append(problems, fmt.Errorf("%s is not a setting; the nearest is %s", name, nearest(name, known)))
		}
	}
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	for i, p := range problems {
		problems[i] = fmt.Errorf("settings file %s: %w", path, p)
	}
	return values, problems
}

func (l *Loader) path() (path string, asked bool) {
	if l.config != "" {
		return l.config, true
	}
	if path := l.environ[fileEnv]; path != "" {
		return path, true
	}
	return defaultFile, false
}

func (l *Loader) fileNames() []string {
	var names []string
	for _, s := range l.table {
		names = append(names, s.Name)
		if s.Secret {
			names = append(names, s.Name+"_file")
		}
	}
	return names
}

// flatten gives nested keys their dotted names; a list becomes text with
// commas.
func flatten(n *yaml.Node, prefix string, into map[string]string) (problems []error) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			name := n.Content[i].Value
			if prefix != "" {
				name = prefix + "." + name
			}
			problems = append(problems, flatten(n.Content[i+1], name, into)...)
		}
	case yaml.SequenceNode:
		var items []string
		for _, item := range n.Content {
			items = append(items, item.Value)
		}
		into[prefix] = strings.Join(items, ",")
	case yaml.ScalarNode:
		if prefix == "" {
			return []error{errors.New("it must hold names and values, e.g. `tenant: duck`")}
		}
		into[prefix] = n.Value
	case yaml.AliasNode:
		return flatten(n.Alias, prefix, into)
	}
	return problems
}

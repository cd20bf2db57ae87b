package settings

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// fileMax bounds the settings file, in bytes.
const fileMax = 1 << 20

// file reads the settings file: dotted name to text. A default file that is
// not there is no problem.
func (l *Loader) file() (map[string]string, []error) {
	path, asked := l.path()
	root, err := readYAML(path)
	if errors.Is(err, fs.ErrNotExist) && !asked {
		return nil, nil
	}
	if err != nil {
		return nil, []error{fmt.Errorf("settings file %s: %w", path, err)}
	}
	d := document{names: l.fileNames(), values: map[string]string{}}
	d.read(root, "")
	for i, p := range d.problems {
		d.problems[i] = fmt.Errorf("settings file %s, %w", path, p)
	}
	return d.values, d.problems
}

// path is where the settings file is, and whether a person said so.
func (l *Loader) path() (path string, asked bool) {
	if l.config != "" {
		return l.config, true
	}
	if path := l.environ[fileEnv]; path != "" {
		return path, true
	}
	return defaultFile, false
}

func (l *Loader) fileOrigin() string {
	path, _ := l.path()
	return "file " + path
}

// fileNames are the keys that the file may have, and the setting of each.
func (l *Loader) fileNames() map[string]Setting {
	names := map[string]Setting{}
	for _, s := range l.table {
		names[s.Name] = s
		if s.Secret {
			names[s.Name+"_file"] = Setting{Name: s.Name + "_file"}
		}
	}
	return names
}

func readYAML(path string) (*yaml.Node, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, cause(err)
	}
	defer f.Close()
	var root yaml.Node
	d := yaml.NewDecoder(io.LimitReader(f, fileMax))
	if err := d.Decode(&root); errors.Is(err, io.EOF) {
		return &yaml.Node{Kind: yaml.MappingNode}, nil
	} else if err != nil {
		return nil, cause(err)
	}
	if err := d.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, errors.New("it holds more than one document")
	}
	return root.Content[0], nil
}

// document gathers what one settings file says.
type document struct {
	names    map[string]Setting
	values   map[string]string
	problems []error
}

func (d *document) refuse(n *yaml.Node, format string, args ...any) {
	d.problems = append(d.problems, fmt.Errorf("line %d: %w", n.Line, fmt.Errorf(format, args...)))
}

// read gives nested keys their dotted names. A key without a value is not set.
func (d *document) read(n *yaml.Node, name string) {
	switch {
	case n.Kind == yaml.ScalarNode && n.Tag == "!!null" && (name == "" || d.known(n, name)):
	case n.Kind == yaml.MappingNode && d.names[name].Name == "":
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			if key.Kind != yaml.ScalarNode {
				d.refuse(key, "a name must be plain text")
				continue
			}
			d.read(n.Content[i+1], strings.TrimPrefix(name+"."+key.Value, "."))
		}
	case name == "":
		d.refuse(n, "it must hold names and values, e.g. `tenant: duck`")
	case n.Kind == yaml.AliasNode:
		// They can be circular, and nobody needs them here.
		d.refuse(n, "%s: aliases are not possible here", name)
	case d.known(n, name):
		d.set(n, d.names[name])
	}
}

// known reports whether the name is a setting or a group of some. What is not
// is refused.
func (d *document) known(n *yaml.Node, name string) bool {
	if d.names[name].Name != "" {
		return true
	}
	var all, members []string
	for known := range d.names {
		all = append(all, known)
		if strings.HasPrefix(known, name+".") {
			members = append(members, known)
		}
	}
	slices.Sort(all)
	slices.Sort(members)
	switch {
	case len(members) == 0:
		d.refuse(n, "%s is not a setting; the nearest is %s", name, Nearest(name, all))
	case n.Tag != "!!null":
		d.refuse(n, "%s takes no value of its own; its settings are %s", name, strings.Join(members, ", "))
	default:
		return true
	}
	return false
}

func (d *document) set(n *yaml.Node, s Setting) {
	_, twice := d.values[s.Name]
	text, plain := scalars(n)
	switch {
	case s.Secret:
		d.refuse(n, "%s is a secret: write it into a file of its own and name that with %s_file, or set %s", s.Name, s.Name, s.Env())
	case twice:
		d.refuse(n, "%s is there twice", s.Name)
	case n.Kind == yaml.SequenceNode && !s.List:
		d.refuse(n, "%s takes one value, not a list", s.Name)
	case !plain:
		d.refuse(n, "%s takes plain values only", s.Name)
	default:
		d.values[s.Name] = text
	}
}

// scalars is the text of a value, or of a list's values with commas.
func scalars(n *yaml.Node) (text string, plain bool) {
	if n.Kind == yaml.ScalarNode {
		return n.Value, true
	}
	var items []string
	for _, item := range n.Content {
		if item.Kind != yaml.ScalarNode || item.Tag == "!!null" {
			return "", false
		}
		items = append(items, item.Value)
	}
	return strings.Join(items, ","), n.Kind == yaml.SequenceNode
}

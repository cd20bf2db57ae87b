package settings

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// Loader reads the settings of one program.
type Loader struct {
	table   []Setting
	names   []string
	s       *Settings
	texts   map[string]*string
	flags   *pflag.FlagSet
	config  string
	environ map[string]string
}

// fileSetting names the settings file itself.
const (
	fileFlag    = "config"
	fileEnv     = "BRAIN_CONFIG"
	defaultFile = "brain.yaml"
)

// New is a loader for the named settings. defaults replaces default values by
// name: the programs have different HTTP ports. environ is os.Environ().
func New(names []string, defaults map[string]string, environ []string) *Loader {
	l := &Loader{names: names, s: &Settings{origin: map[string]string{}}, texts: map[string]*string{}, environ: map[string]string{}}
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		l.environ[name] = value
	}
	l.table = table(l.s, l.tenant())
	for i, s := range l.table {
		if value, ok := defaults[s.Name]; ok {
			l.table[i].Default = value
		}
	}
	return l
}

// tenant is the default tenant: the agent's name where it can be a token.
func (l *Loader) tenant() string {
	if name := l.environ["AGENT_NAME"]; tokenPattern.MatchString(name) {
		return name
	}
	return "main"
}

// Flags adds a flag for each setting that is no secret, and --config.
func (l *Loader) Flags(fs *pflag.FlagSet) {
	l.flags = fs
	fs.StringVar(&l.config, fileFlag, "", "settings file (default ./"+defaultFile+" where there is one; "+fileEnv+")")
	for _, s := range l.own() {
		if s.Secret {
			continue
		}
		value := new(string)
		l.texts[s.Name] = value
		fs.StringVar(value, s.Flag(), s.Default, s.Help+" ("+s.Env()+")")
	}
}

// Load reads all sources. The error lists every problem, one a line.
func (l *Loader) Load() (*Settings, error) {
	file, problems := l.file()
	problems = append(problems, l.unknownEnvironment()...)
	for _, s := range l.own() {
		value, from, err := l.value(s, file)
		if err == nil {
			err = s.parse(value)
		}
		if err != nil {
			if s.Secret {
				value = "its value"
			}
			problems = append(problems, fmt.Errorf("%s (from %s): %q is not possible: %w", s.Name, from, value, err))
			continue
		}
		if from != "default" {
			l.s.origin[s.Name] = from
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return l.s, nil
}

// own are the program's settings, in the table's order.
func (l *Loader) own() []Setting {
	return slices.DeleteFunc(slices.Clone(l.table), func(s Setting) bool { return !slices.Contains(l.names, s.Name) })
}

// value finds the text of a setting: the last source that has it.
func (l *Loader) value(s Setting, file map[string]string) (value, from string, err error) {
	if flag := l.flag(s); flag != nil && flag.Changed {
		return flag.Value.String(), "flag --" + s.Flag(), nil
	}
	if value, ok := l.environ[s.Env()]; ok {
		return value, "environment " + s.Env(), nil
	}
	if path, ok := l.environ[s.Env()+"_FILE"]; ok && s.Secret {
		value, err := readSecret(path)
		return value, "environment " + s.Env() + "_FILE", err
	}
	if value, ok := file[s.Name]; ok {
		return value, "file", nil
	}
	if path, ok := file[s.Name+"_file"]; ok && s.Secret {
		value, err := readSecret(path)
		return value, "file " + s.Name + "_file", err
	}
	return s.Default, "default", nil
}

func (l *Loader) flag(s Setting) *pflag.Flag {
	if l.flags == nil {
		return nil
	}
	return l.flags.Lookup(s.Flag())
}

func readSecret(path string) (string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("cannot read the secret: %w", err)
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(b), "\n"), "\r"), nil
}

// unknownEnvironment refuses BRAIN_ variables that no program has.
func (l *Loader) unknownEnvironment() (problems []error) {
	known := []string{fileEnv}
	for _, s := range l.table {
		known = append(known, s.Env())
		if s.Secret {
			known = append(known, s.Env()+"_FILE")
		}
	}
	for name := range l.environ {
		if strings.HasPrefix(name, "BRAIN_") && !slices.Contains(known, name) {
			problems = append(problems, fmt.Errorf("environment %s is not a setting; the nearest is %s", name, nearest(name, known)))
		}
	}
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return problems
}

package settings

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// Loader reads the settings of one program.
type Loader struct {
	table   []Setting
	names   []string
	s       *Settings
	flags   *pflag.FlagSet
	config  string
	environ map[string]string
}

// The settings file's own names.
const (
	fileFlag    = "config"
	fileEnv     = "BRAIN_CONFIG"
	defaultFile = "brain.yaml"
)

// New is a loader for the named settings. defaults replaces default values by
// name: the programs have different HTTP ports. environ is os.Environ().
func New(names []string, defaults map[string]string, environ []string) *Loader {
	l := &Loader{names: names, s: &Settings{origin: map[string]string{}, files: map[string]string{}}, environ: map[string]string{}}
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if runtime.GOOS == "windows" {
			// There, names are the same in any case.
			name = strings.ToUpper(name)
		}
		l.environ[name] = value
	}
	l.table = table(l.s)
	for i, s := range l.table {
		if value, ok := defaults[s.Name]; ok {
			l.table[i].Default = value
		}
	}
	return l
}

// Flags adds a flag for each setting that is no secret, and --config.
func (l *Loader) Flags(fs *pflag.FlagSet) {
	l.flags = fs
	fs.StringVar(&l.config, fileFlag, "", "settings file (default ./"+defaultFile+" where there is one; "+fileEnv+")")
	for _, s := range l.own() {
		if !s.Secret {
			fs.String(s.Flag(), s.Default, l.help(s)+" ("+s.Env()+")")
		}
	}
}

// help is a setting's help in the program that has l's settings.
func (l *Loader) help(s Setting) string {
	if s.Embedded == "" || !slices.Contains(l.names, "store.listen") {
		return s.Help
	}
	return s.Help + "; " + s.Embedded
}

// Load reads all sources. The error lists every problem, one a line: the
// setting, where its value came from and what is allowed. No secret is in it.
func (l *Loader) Load() (*Settings, error) {
	file, problems := l.file()
	problems = append(problems, l.unknownEnvironment()...)
	for _, s := range l.own() {
		got, err := l.find(s, file)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s (from %s): %w", s.Name, got.from, err))
			continue
		}
		if err := s.parse(got.text); err != nil {
			problems = append(problems, fmt.Errorf("%s (from %s): %s is not possible: %w", s.Name, got.from, s.quoted(got.text), err))
			continue
		}
		if got.from != byDefault {
			l.s.origin[s.Name] = got.from
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
			problems = append(problems, fmt.Errorf("environment %s is not a setting; the nearest is %s", name, Nearest(name, known)))
		}
	}
	slices.SortFunc(problems, byText)
	return problems
}

func byText(a, b error) int { return strings.Compare(a.Error(), b.Error()) }

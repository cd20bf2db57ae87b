package settings

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/spf13/pflag"
)

// byDefault is the origin of values that nobody asked for.
const byDefault = "default"

// secretMax bounds a secret's file, in bytes.
const secretMax = 16 << 10

// found is the text of a setting and where it came from.
type found struct{ text, from string }

// find gives the text of a setting from the last source that has it. With an
// error, from says which source is wrong.
func (l *Loader) find(s Setting, file map[string]string) (found, error) {
	got, err := l.sources(s, file)
	if err == nil && got.text == "" && !s.List {
		return found{s.Default, byDefault}, nil
	}
	return got, err
}

func (l *Loader) sources(s Setting, file map[string]string) (found, error) {
	if flag := l.flag(s); flag != nil && flag.Changed {
		return found{flag.Value.String(), "flag --" + s.Flag()}, nil
	}
	value, from := l.environ[s.Env()], "environment "+s.Env()
	if path := l.environ[s.Env()+"_FILE"]; s.Secret && path != "" {
		if value != "" {
			return found{from: from}, fmt.Errorf("%s_FILE is set too; leave one of them out", s.Env())
		}
		value, err := readSecret(path)
		l.s.files[s.Name] = path
		return found{value, from + "_FILE"}, err
	}
	if _, ok := l.environ[s.Env()]; ok {
		return found{value, from}, nil
	}
	if path := file[s.Name+"_file"]; s.Secret && path != "" {
		value, err := readSecret(path)
		l.s.files[s.Name] = path
		return found{value, l.fileOrigin() + " " + s.Name + "_file"}, err
	}
	if value, ok := file[s.Name]; ok {
		return found{value, l.fileOrigin()}, nil
	}
	if value := l.environ[s.FallbackEnv]; value != "" {
		return found{value, "environment " + s.FallbackEnv}, nil
	}
	return found{s.Default, byDefault}, nil
}

func (l *Loader) flag(s Setting) *pflag.Flag {
	if l.flags == nil || s.Secret {
		return nil
	}
	return l.flags.Lookup(s.Flag())
}

// readSecret reads a secret's file without its last line end, and without the
// mark that some Windows programs put before UTF-8. The error does not hold the
// path: a person who mistakes the variables puts the secret there.
func readSecret(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("the file it names cannot be read: %w", cause(err))
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, secretMax+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("the file it names cannot be read: %w", cause(err))
	case len(b) > secretMax:
		return "", fmt.Errorf("the file it names holds more than %d bytes", secretMax)
	}
	if !utf8.Valid(b) { // it would be another secret than the one that was typed
		return "", errors.New("the file it names is not UTF-8 text: save it as UTF-8 (in PowerShell: Set-Content -Encoding utf8)")
	}
	secret := strings.TrimPrefix(strings.TrimSuffix(strings.TrimSuffix(string(b), "\n"), "\r"), "\ufeff")
	if secret == "" {
		return "", errors.New("the file it names is empty")
	}
	return secret, nil
}

// cause is a file error without the file's name.
func cause(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	return err
}

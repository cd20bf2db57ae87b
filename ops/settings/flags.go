package settings

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

// FlagError adds to an error about an unknown flag the nearest flag of fs, or
// how to set what is a secret.
func FlagError(fs *pflag.FlagSet, err error) error {
	unknown, ok := errors.AsType[*pflag.NotExistError](err)
	if !ok || unknown.GetSpecifiedShortnames() != "" {
		return err
	}
	for _, s := range table(&Settings{}) {
		if s.Secret && s.Flag() == unknown.GetSpecifiedName() {
			return fmt.Errorf("%w; a secret would be seen there: set %s or %s_FILE", err, s.Env(), s.Env())
		}
	}
	var known []string
	fs.VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	if len(known) == 0 {
		return err
	}
	return fmt.Errorf("%w; the nearest is --%s", err, Nearest(unknown.GetSpecifiedName(), known))
}

// CommandError puts an error about an unknown command on one line, with where
// the commands are listed; every other error stays as it is.
func CommandError(program string, err error) error {
	// cobra has no type for it, and sets what is near on lines of its own.
	what, near, _ := strings.Cut(err.Error(), "\n\nDid you mean this?")
	if !strings.HasPrefix(what, "unknown command ") {
		return err
	}
	if names := strings.Fields(near); len(names) > 0 {
		what += "; the nearest is " + strings.Join(names, " or ")
	}
	return fmt.Errorf("%s; see %s --help", what, program)
}

package settings

import (
	"errors"
	"fmt"

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
	return fmt.Errorf("%w; the nearest is --%s", err, nearest(unknown.GetSpecifiedName(), known))
}

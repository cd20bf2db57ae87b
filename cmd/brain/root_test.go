package main

import (
	"io"
	"strings"
	"testing"
)

// TestNumberOfArguments: who gave too few or too many is told how the command goes.
func TestNumberOfArguments(t *testing.T) {
	for _, tt := range []struct {
		name, args, want string
	}{
		{"too few", "action run", "brain action run NAME"},
		{"none of many", "say", "brain say "},
		{"too many", "title show a b", "brain title show [ID]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := execute(t.Context(), strings.Fields(tt.args), surroundings{stdout: io.Discard, stderr: io.Discard})
			if err == nil || !strings.Contains(err.Error(), "; the command is: "+tt.want) {
				t.Errorf("%v", err)
			}
		})
	}
}

//go:build unix

package gateway

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// nobody is the user whom a folder's mode can keep out.
const nobody = 65534

// A rename that may not last is a failure: the old file may come back, without
// what was taken since. Nothing keeps root from opening a folder, so for root
// this test runs once more as nobody.
func TestJournalFailsWhereARenameMayNotLast(t *testing.T) {
	if os.Geteuid() == 0 {
		runAsNobody(t)
		return
	}
	dir := t.TempDir()
	must(t, os.Chmod(dir, 0o300))
	defer os.Chmod(dir, 0o700)
	if _, _, err := openJournal(filepath.Join(dir, "commands"), time.Now); err == nil {
		t.Error("opened")
	}
}

func runAsNobody(t *testing.T) {
	dir, err := os.MkdirTemp("", "journal-*") // t.TempDir's parents are root's alone
	must(t, err)
	defer os.RemoveAll(dir)
	program, err := os.ReadFile(os.Args[0])
	must(t, err)
	must(t, os.WriteFile(filepath.Join(dir, "test"), program, 0o755))
	must(t, os.Chown(dir, nobody, nobody))
	cmd := exec.CommandContext(t.Context(), filepath.Join(dir, "test"), "-test.v", "-test.run", "^"+t.Name()+"$")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "TMPDIR="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("as nobody: %v\n%s", err, out)
	}
}

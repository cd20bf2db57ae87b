package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/s2"
)

// needles are the ways in which a word stands in what a program keeps: plainly,
// in hex, and in base64, at whichever of the three places of a group it begins.
func needles(word string) [][]byte {
	all := [][]byte{[]byte(word), []byte(hex.EncodeToString([]byte(word)))}
	for shift := range 3 {
		// Digits that the neighbours of the word have a part in are left out.
		whole := []byte(strings.Repeat("\x00", shift) + word)
		whole = whole[:len(whole)/3*3]
		for _, e := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			all = append(all, []byte(e.EncodeToString(whole)[(shift*8+5)/6:]))
		}
	}
	return all
}

// holds reports whether a word is in b.
func holds(b []byte, word string) bool {
	small := bytes.ToLower(b)
	for _, n := range needles(word) {
		if bytes.Contains(b, n) || bytes.Contains(small, bytes.ToLower(n)) {
			return true
		}
	}
	return false
}

// unpacked is a block of NATS' store as it was before it was compressed; nil for
// another file. nats-server 2.15, filestore.go: "cmp", the algorithm, the size,
// then S2 and eight bytes of a checksum.
func unpacked(b []byte) []byte {
	const s2Algorithm, checksum = 1, 8
	if len(b) < 14+checksum || !bytes.HasPrefix(b, []byte("cmp")) || b[3] != s2Algorithm {
		return nil
	}
	_, n := binary.Uvarint(b[4:])
	plain, err := io.ReadAll(s2.NewReader(bytes.NewReader(b[4+n : len(b)-checksum])))
	if err != nil {
		return nil
	}
	return plain
}

// filesWith are the files below dir that hold a word, "s2" behind those where it
// is in a compressed block.
func filesWith(t *testing.T, dir, word string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if holds(b, word) || holds([]byte(path), word) {
			found = append(found, path)
		}
		if holds(unpacked(b), word) {
			found = append(found, path+" s2")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestSearchFindsWhatIsPlanted: in each form, wherever it begins.
func TestSearchFindsWhatIsPlanted(t *testing.T) {
	const word = "bk-PLANTED-word-5d1f"
	var packed bytes.Buffer
	packed.Write(binary.AppendUvarint([]byte("cmp\x01"), 2000))
	w := s2.NewWriter(&packed)
	fmt.Fprint(w, strings.Repeat("x", 1000)+base64.StdEncoding.EncodeToString([]byte("y"+word)))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	packed.WriteString("checksum")
	for name, b := range map[string][]byte{
		"plain": []byte("a" + word), "another case": []byte(strings.ToUpper(word)), "hex": []byte(hex.EncodeToString([]byte("a" + word + "b"))),
		"base64, first": []byte(base64.StdEncoding.EncodeToString([]byte("abc" + word + "d"))), "base64, second": []byte(base64.URLEncoding.EncodeToString([]byte("a" + word + "?~"))),
		"base64, third": []byte(base64.RawStdEncoding.EncodeToString([]byte("ab" + word))), "s2 of base64": unpacked(packed.Bytes()),
	} {
		if !holds(b, word) || holds(b, "bk-CANARY-word-5d1f") {
			t.Errorf("%s: %.60q", name, b)
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "1.blk"), packed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := filesWith(t, dir, word); len(got) == 0 || !strings.HasSuffix(got[len(got)-1], "1.blk s2") {
		t.Errorf("found in %q", got)
	}
}

package document

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzAppend has the driver's encoder and decoder and the standard library's
// JSON decoder as oracles.
func FuzzAppend(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `[]`, `{"a":[1,2,{"b":null}],"c":true,"d":false}`, `{"a":[[1]]}`, `{"a":1,"a":2}`,
		`{"n":[0,-0,1.0,1e3,0.1,-0.0,2147483648,-9223372036854775808,12345678901234567890,1e400,0.10000000000000000555]}`,
		`{"n":[5e-324,4e-324,1.7976931348623157e308,0.30000000000000004,100e-2,0e9,1E+5,9007199254740993,9223372036854775808]}`,
		`{"s":"\"\\\/\b\f\n\r\t\u0041\ud83d\ude00é😀\u0000"}`, `{"s":"\ud800"}`, `{"s":"\udc00"}`, "{\"s\":\"\xff\"}",
		`{"$a":1}`, `{"a.b":1}`, `{"":1}`, `{"a\u0000":1}`, `{"a":01}`, `{"a":1,}`, `{"a":"` + "\x01" + `"}`,
		keys(fewKeys + 3), nested(MaxDepth), nested(MaxDepth + 1),
	} {
		f.Add([]byte(seed))
	}
	frames, err := filepath.Glob("testdata/*.json")
	if err != nil || len(frames) == 0 {
		f.Fatal("no frames in testdata: ", err)
	}
	for _, frame := range frames {
		f.Add(read(f, frame))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if err := check(src); err != nil {
			t.Errorf("%q: %v", src, err)
		}
	})
}

// TestFrames converts every frame of Streamer.bot that there is an example of.
// Some (Obs.Connected, whose keys are addresses) can't be documents; check holds
// that those are refused, and chat is never among them.
func TestFrames(t *testing.T) {
	for _, folder := range []string{"testdata", "../../../shared/frames/streamerbot"} {
		err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".json" {
				return err
			}
			t.Run(filepath.Base(path), func(t *testing.T) {
				src := read(t, path)
				_, _, err := Append(nil, src)
				if reason := reasonOf(err); err != nil && (reason == "" || strings.Contains(strings.ToLower(path), "chat")) {
					t.Error(err)
				}
				if err := check(src); err != nil {
					t.Error(err)
				}
			})
			return nil
		})
		if err != nil && (folder == "testdata" || !errors.Is(err, os.ErrNotExist)) {
			t.Fatal(err)
		}
	}
}

func chatFrame(t testing.TB) []byte {
	t.Helper()
	return read(t, "testdata/chat.json")
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

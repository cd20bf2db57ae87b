package document

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

func TestSizeLimit(t *testing.T) {
	frame := len(marshal(t, d("a", "")))
	tests := []struct {
		name string
		json string
		want Reason // empty: it is a document
	}{
		{"at the limit", `{"a":"` + strings.Repeat("x", MaxSize-frame) + `"}`, ""},
		{"one byte over", `{"a":"` + strings.Repeat("x", MaxSize-frame+1) + `"}`, TooLarge},
		{"small numbers of a large frame", `{"a":[0` + strings.Repeat(",0", 3<<20) + `]}`, TooLarge},
		{"six MiB of text", `{"a":"` + strings.Repeat("é", 3<<20) + `"}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, _, err := Append(nil, []byte(tt.json))
			if got := reasonOf(err); got != tt.want {
				t.Fatalf("got reason %q (%v), want %q", got, err, tt.want)
			}
			if len(doc) > MaxSize {
				t.Errorf("%d bytes", len(doc))
			}
		})
	}
}

func TestInexactLimit(t *testing.T) {
	// Paths of this text would take 100,000 times 100,000 bytes.
	long := `{"` + strings.Repeat("k", 100_000) + `":[1e400` + strings.Repeat(",1e400", 100_000) + `]}`
	if _, _, err := Append(nil, []byte(long)); reasonOf(err) != TooManyInexact {
		t.Errorf("long key: %v", err)
	}
	short := `{"k":[1e400` + strings.Repeat(",1e400", 9_999) + `]}`
	_, paths, err := Append(nil, []byte(short))
	if err != nil || len(paths) != 10_000 || paths[9_999] != "k.9999" {
		t.Errorf("10,000 short paths: %d, %v", len(paths), err)
	}
}

func reasonOf(err error) Reason {
	var refused *NotDocumentError
	if errors.As(err, &refused) {
		return refused.Reason
	}
	return ""
}

// TestManyKeys puts the doubled key first, last and on both sides of the change
// from comparing to hashing, in objects beside others with the same keys.
func TestManyKeys(t *testing.T) {
	for _, n := range []int{1, fewKeys - 1, fewKeys, fewKeys + 1, fewKeys + 2, 4 * fewKeys, 1000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			object := keys(n)
			twice := `{"a":` + object + `,"b":` + object + `,"c":[` + object + `,` + object + `]}`
			if _, _, err := Append(nil, []byte(twice)); err != nil {
				t.Fatalf("the same keys in four objects: %v", err)
			}
			for _, doubled := range []int{0, n / 2, n - 1} {
				json := fmt.Sprintf(`{"a":%s,"b":%s,"k%d":0}}`, object, object[:len(object)-1], doubled)
				if _, _, err := Append(nil, []byte(json)); reasonOf(err) != DoubledKey {
					t.Errorf("key %d doubled: %v", doubled, err)
				}
			}
		})
	}
}

// TestKeysAreLinear holds that 500,000 keys are hashed: comparing each with each
// takes minutes, hashing them well under a second.
func TestKeysAreLinear(t *testing.T) {
	object := keys(500_000)
	start := time.Now()
	doc, _, err := Append(nil, []byte(object))
	if err != nil {
		t.Fatal(err)
	}
	if err := bson.Raw(doc).Validate(); err != nil {
		t.Error(err)
	}
	json := object[:len(object)-1] + `,"k0":0}`
	if _, _, err := Append(nil, []byte(json)); reasonOf(err) != DoubledKey {
		t.Errorf("doubled: %v", err)
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("took %v", took)
	}
}

// TestSameKeyInManyObjects holds that objects with the same keys don't fill one
// corner of the table, which would make their number count squared.
func TestSameKeyInManyObjects(t *testing.T) {
	const objects = 10_000
	doc, k := []byte("\x00\x00\x00\x00\x0aname\x00"), keySet{}
	hashes := map[uint32]bool{}
	for object := range int32(objects) {
		if !k.insert(doc, object, 5) {
			t.Fatalf("object %d: the key of another object counts", object)
		}
	}
	for _, p := range k.table {
		hashes[p.hash] = true
	}
	if len(hashes) < objects*99/100 {
		t.Errorf("%d hashes for %d objects", len(hashes), objects)
	}
	if k.insert(doc, objects/2, 5) {
		t.Error("a doubled key was not found")
	}
}

// TestAllocations holds that ordinary input needs little memory but dst.
func TestAllocations(t *testing.T) {
	src, dst := chatFrame(t), make([]byte, 0, 16<<10)
	allocs := testing.AllocsPerRun(100, func() {
		if _, _, err := Append(dst, src); err != nil {
			t.Error(err)
		}
	})
	if allocs > 1 { // the list of keys
		t.Errorf("%v allocations", allocs)
	}
}

func BenchmarkAppend(b *testing.B) {
	for _, input := range []struct {
		name string
		json []byte
	}{{"chat", chatFrame(b)}, {"keys", []byte(keys(500_000))}} {
		b.Run(input.name, func(b *testing.B) {
			dst := make([]byte, 0, MaxSize)
			b.SetBytes(int64(len(input.json)))
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := Append(dst, input.json); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// keys returns an object with keys k0 to k<n-1>.
func keys(n int) string {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, `,"k%d":null`, i)
	}
	return "{" + b.String()[1:] + "}"
}

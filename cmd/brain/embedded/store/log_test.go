package store

import (
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"go.mongodb.org/mongo-driver/v2/bson"
)

func TestLogBridgeKeepsChatOut(t *testing.T) {
	var out strings.Builder
	var mu sync.Mutex
	s, err := Start(t.Context(), Options{Dir: t.TempDir(), Listen: "127.0.0.1:0", Log: zerolog.New(&locked{&mu, &out})})
	if err != nil {
		t.Fatal(err)
	}
	db := database(t, s)
	secret := "what somebody said"
	doc := bson.D{{Key: "_id", Value: "x"}, {Key: "message", Value: secret}}
	for range 2 {
		_, _ = db.Collection("c").InsertOne(t.Context(), doc)
	}
	// An error that quotes the document.
	_, err = db.Collection("c").InsertOne(t.Context(), bson.D{{Key: "_id", Value: "y"}, {Key: "m", Value: bson.A{bson.A{secret}}}})
	if err == nil {
		t.Error("nested arrays were accepted")
	}
	// Decimal128 makes FerretDB drop the connection, and warn.
	_, err = db.Collection("c").InsertOne(t.Context(), bson.D{{Key: "_id", Value: "z"}, {Key: secret, Value: bson.NewDecimal128(1, 1)}})
	if err == nil {
		t.Error("Decimal128 was accepted")
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if strings.Contains(out.String(), secret) {
		t.Errorf("the log holds chat text:\n%s", out.String())
	}
	if !strings.Contains(out.String(), `"level":"error"`) {
		t.Errorf("FerretDB's error did not arrive:\n%s", out.String())
	}
}

func TestLogBridge(t *testing.T) {
	var out strings.Builder
	log := slog.New(&bridge{log: zerolog.New(&out)}).With("args", "chat").WithGroup("chat")
	log.Info("chat")
	log.Warn("Response message:\n{ \"errmsg\": \"chat\" }", "error", "chat")
	log.Error("slice bounds out of range")
	log.Log(t.Context(), slog.LevelError+3, "fatal in FerretDB's words")
	want := `{"level":"debug","message":"Response message:"}
{"level":"error","message":"slice bounds out of range"}
{"level":"error","message":"fatal in FerretDB's words"}
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

type locked struct {
	mu *sync.Mutex
	b  *strings.Builder
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

package natsserver

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats-server/v2/server"
)

func writeFile(name string) error { return os.WriteFile(name, nil, 0o600) }

// matters is what nats.conf and the embedded server have to agree on.
type matters struct {
	Name       string
	MaxPayload int32
	JetStream  bool
	SyncAlways bool
	MaxStore   int64
	// Listeners that nobody asked for have had remote crashes and auth bypasses.
	Monitoring, WebSocket, MQTT, Leaf, Gateway, Routes int
	Domain, Profile                                    any
}

func whatMatters(o *server.Options) matters {
	return matters{Name: o.ServerName, MaxPayload: o.MaxPayload, JetStream: o.JetStream, SyncAlways: o.SyncAlways, MaxStore: o.JetStreamMaxStore,
		Monitoring: o.HTTPPort + o.HTTPSPort, WebSocket: o.Websocket.Port, MQTT: o.MQTT.Port, Leaf: o.LeafNode.Port,
		Gateway: o.Gateway.Port, Routes: o.Cluster.Port + len(o.Routes), Domain: o.JetStreamDomain, Profile: o.ProfPort}
}

func TestConfFileSaysTheSame(t *testing.T) {
	file, err := server.ProcessConfigFile("../../../../nats.conf")
	if err != nil {
		t.Fatal(err)
	}
	ours, err := options(Options{Dir: t.TempDir(), Listen: "127.0.0.1:4222"})
	if err != nil {
		t.Fatal(err)
	}
	want := matters{Name: "promethean", MaxPayload: 8 << 20, JetStream: true, SyncAlways: true, Domain: "", Profile: 0}
	if diff := cmp.Diff(want, whatMatters(file)); diff != "" {
		t.Errorf("nats.conf (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, whatMatters(ours)); diff != "" {
		t.Errorf("embedded (-want +got):\n%s", diff)
	}
	if file.Host != "0.0.0.0" || file.Port != 4222 || file.StoreDir != "/data" {
		t.Errorf("nats.conf listens on %s:%d and stores in %s, docker-compose.yml counts on 0.0.0.0:4222 and /data", file.Host, file.Port, file.StoreDir)
	}
	if ours.Host != "127.0.0.1" || ours.Port != 4222 || !ours.NoSigs {
		t.Errorf("embedded: %s:%d, NoSigs %v", ours.Host, ours.Port, ours.NoSigs)
	}
}

// The running server, not only its options: a later version could rename them.
func TestRunningServerSyncsAlways(t *testing.T) {
	s := start(t, Options{Dir: t.TempDir(), Listen: "127.0.0.1:0"})
	if cfg := s.srv.JetStreamConfig(); !cfg.SyncAlways {
		t.Errorf("the running server does not fsync before it acknowledges: %+v", cfg)
	}
}

package mongostub

import (
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// wireVersion and version are MongoDB 7.0's: what the stub does, that does too.
const (
	wireVersion = 21
	version     = "7.0.0"
)

// hello says what the server is; mongodb.com, "hello". Without topologyVersion
// the driver asks again every ten seconds, and after errors.
func hello(c *call) (bson.D, error) {
	d := bson.D{}
	if !c.server.o.Standalone {
		addr := c.server.Addr()
		d = bson.D{
			{Key: "setName", Value: SetName}, {Key: "setVersion", Value: int32(1)}, {Key: "hosts", Value: bson.A{addr}},
			{Key: "primary", Value: addr}, {Key: "me", Value: addr}, {Key: "secondary", Value: false},
			{Key: "logicalSessionTimeoutMinutes", Value: int32(30)},
		}
	}
	primary := "ismaster"
	if c.name == "hello" {
		primary = "isWritablePrimary"
	}
	return append(d, bson.D{
		{Key: "helloOk", Value: true}, {Key: primary, Value: true},
		{Key: "maxBsonObjectSize", Value: int32(maxBSON)}, {Key: "maxMessageSizeBytes", Value: int32(maxMessage)},
		{Key: "maxWriteBatchSize", Value: int32(maxWrites)}, {Key: "localTime", Value: time.Now()},
		{Key: "connectionId", Value: c.conn.id}, {Key: "minWireVersion", Value: int32(0)},
		{Key: "maxWireVersion", Value: int32(wireVersion)}, {Key: "readOnly", Value: false},
	}...), nil
}

func buildInfo(*call) (bson.D, error) {
	return bson.D{
		{Key: "version", Value: version}, {Key: "versionArray", Value: bson.A{int32(7), int32(0), int32(0), int32(0)}},
		{Key: "gitVersion", Value: "stub"}, {Key: "maxBsonObjectSize", Value: int32(maxBSON)},
	}, nil
}

package mongostub

import "go.mongodb.org/mongo-driver/v2/bson"

// commands are what the server can do; nothing else is answered but by the
// error CommandNotFound.
var commands = map[string]func(*call) (bson.D, error){
	"hello":              hello,
	"isMaster":           hello,
	"ismaster":           hello,
	"ping":               nothing,
	"endSessions":        endSessions,
	"buildInfo":          buildInfo,
	"buildinfo":          buildInfo,
	"insert":             insert,
	"update":             update,
	"delete":             remove,
	"find":               find,
	"aggregate":          aggregate,
	"count":              countDocuments,
	"getMore":            getMore,
	"killCursors":        killCursors,
	"create":             create,
	"drop":               drop,
	"dropDatabase":       dropDatabase,
	"createIndexes":      createIndexes,
	"listIndexes":        listIndexes,
	"listCollections":    listCollections,
	"configureFailPoint": configureFailPoint,
}

func nothing(*call) (bson.D, error) { return nil, nil }

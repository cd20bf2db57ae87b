package ailicia

// event is one event of the stream, complete and not yet understood.
type event struct {
	// name is the SSE event's, "message" where the server gave none; data are its
	// data lines joined by "\n"; id is the last event id as of it, often empty.
	name, data, id string
	// connection names the connection, n counts its events from 1.
	connection string
	n          uint64
}

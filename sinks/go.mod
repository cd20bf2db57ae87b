module promethean/sinks

go 1.26.0

require (
	promethean/bus v0.0.0
	promethean/ops v0.0.0
	promethean/schema v0.0.0
)

require (
	github.com/google/go-cmp v0.7.0
	go.mongodb.org/mongo-driver/v2 v2.10.0
)

replace promethean/schema => ../schema

replace promethean/bus => ../bus

replace promethean/ops => ../ops

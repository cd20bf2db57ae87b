# make test     everything that guards the project; what CI runs
# make fuzz     a million hostile titles, then each fuzz target for 30 s
# make build    the programs into bin/
# make bench    measures the programs and prints a table; BENCH_ARGS chooses
# make microbench    time and allocations an event, for benchstat; COUNT runs
# make compose-test  the compose file on a Docker engine, where one runs
# make golden   writes golden files and generated documents anew
SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: test vet staticcheck race alone cross client build bench microbench compose-test fuzz golden

MODULES     := schema bus ops gateway sinks cmd/brain
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
FUZZTIME    ?= 30s
COUNT       ?= 6
CLIENT      := gateway/simulator/officialclient
VERSIONS    := -test -deps -f '{{with .Module}}{{.Path}} {{.Version}}{{end}}'
# Without C, as the programs are shipped: the compiler's cache then serves vet,
# staticcheck, the programs that tests build, and the modules alone.
export CGO_ENABLED ?= 0

test: vet staticcheck race alone cross client

vet:
	@test -z "$$(gofmt -l $(MODULES))" || { echo "not gofmt'd:"; gofmt -l $(MODULES); exit 1; }
	@for m in $(MODULES); do (cd $$m && GOWORK=off go mod tidy -diff) || { echo "$$m/go.mod is not tidy: run GOWORK=off go mod tidy there"; exit 1; }; done
	@two="$$( { go list $(VERSIONS) work; for m in $(MODULES); do (cd $$m && GOWORK=off go list $(VERSIONS) ./...); done; } | grep -v '^promethean/' | sort -u | cut -d' ' -f1 | uniq -d)"; \
	  test -z "$$two" || { echo "in two versions, by the workspace or a module alone: run go work sync, then GOWORK=off go mod tidy in each module:"; echo "$$two"; exit 1; }
	go vet work

staticcheck:
	go run $(STATICCHECK) work

# The whole-program scripts are among these tests: they build the programs
# without the race detector and run them as a user would. -short: the modules alone
# run all of the random worlds. Scripts mostly wait for each
# other's programs, so more of them, and of the packages, run at once than
# there are cores. The detector needs C. -vet=off, here and below: go vet has just
# run more checks than go test would, which runs its own on all dependencies too.
race:
	CGO_ENABLED=1 go test -race -short -vet=off -p $$(($$(getconf _NPROCESSORS_ONLN) + 1)) -parallel 3 -timeout 20m work

# Each module must stand without the workspace: vet compiles its packages and their
# tests by its own go.mod. As its versions are the workspace's (`make vet` compares
# them), that is the very code which has just been tested. What -short cut is run
# here in full, and the life of an event on programs built from cmd/brain alone.
alone:
	@set -e; export GOWORK=off; for m in $(MODULES); do echo "alone: $$m"; (cd $$m && go vet ./... && go build ./... && \
	  grep -rl --include='*_test.go' 'testing\.Short()' . | xargs -r -n1 dirname | sort -u | xargs -r go test -vet=off); done
	@cd cmd/brain && GOWORK=off go test -vet=off -run '^TestScripts$$/^life$$' .

# Streamer.bot's home is Windows.
cross:
	GOOS=windows GOARCH=amd64 CGO_ENABLED=0 go build -o /dev/null ./cmd/brain ./gateway/cmd/gateway ./sinks/cmd/sinks

# Streamer.bot's own client judges the simulator. CI has to have what it needs.
client:
	@! grep -n '"resolved"' $(CLIENT)/package-lock.json || { echo "package-lock.json names a registry's addresses: npm install anew, under the folder's .npmrc"; exit 1; }
	@if command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null; then \
	  set -e; tmp=$$(mktemp -d); trap 'rm -rf '$$tmp EXIT; \
	  go build -o $$tmp/simulator ./gateway/cmd/simulator; cd $(CLIENT); \
	  [ node_modules/.package-lock.json -nt package-lock.json ] || \
	    npm ci --no-audit --no-fund --ignore-scripts >$$tmp/log 2>&1 || { cat $$tmp/log; exit 1; }; \
	  SIMULATOR=$$tmp/simulator npm test >$$tmp/log 2>&1 || { cat $$tmp/log; exit 1; }; \
	  echo "ok	the official client: $$(sed -n 's/^# pass //p' $$tmp/log) tests"; \
	elif [ "$${CI:-}" = true ]; then echo "the official client needs Node 20 and npm, and CI=true asks for it"; exit 1; \
	else echo "skipped: the official client needs Node 20 and npm"; fi

# Brings docker-compose.yml up under a name and ports of its own, kills each
# service once and compares; some minutes.
compose-test:
	@go run ./cmd/brain/internal/composetest

build:
	mkdir -p bin
	CGO_ENABLED=0 go build -o bin/ ./cmd/brain ./gateway/cmd/gateway ./gateway/cmd/simulator ./sinks/cmd/sinks

# It says in its table how long it took; BENCH_ARGS='--help' lists what there is.
bench:
	@go run ./cmd/brain/internal/bench $(BENCH_ARGS)

# benchstat (golang.org/x/perf/cmd/benchstat) compares two of its outputs.
microbench:
	@set -e; for m in $(MODULES); do for p in $$(cd $$m && grep -rlE '^func Benchmark' --include='*_test.go' . | xargs -r -n1 dirname | sort -u); do \
	  (cd $$m && go test -run '^$$' -bench . -benchmem -count $(COUNT) $$p); done; done

# Go's fuzzer sometimes reports its own end of time as a failure ("context
# deadline exceeded", golang/go issue 75804); a real one always names an input.
fuzz:
	cd sinks && go test -count=1 -timeout 60m -run '^TestHostileAnswers$$' ./title/gate -answers 1000000
	@set -e -o pipefail; out=$$(mktemp); trap 'rm -f '$$out EXIT; for m in $(MODULES); do \
	  for f in $$(cd $$m && grep -rlE '^func Fuzz' --include='*_test.go' . | xargs -r -n1 dirname | sort -u); do \
	    for t in $$(cd $$m && grep -hoE '^func Fuzz[A-Za-z0-9_]+' $$f/*_test.go | sed 's/func //'); do \
	      echo "fuzz $$m/$$f $$t"; \
	      (cd $$m && go test -run '^$$' -fuzz "^$$t\$$" -fuzztime $(FUZZTIME) $$f) 2>&1 | tee $$out || \
	        { grep -q 'context deadline exceeded' $$out && ! grep -q 'Failing input' $$out; }; \
	    done; done; done

golden:
	go test ./schema ./gateway/source/streamerbot ./sinks/chat ./sinks/collections ./sinks/title/template ./sinks/title/prompt -update

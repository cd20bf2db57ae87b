package main

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	natsserver "github.com/nats-io/nats-server/v2/server"
	"go.yaml.in/yaml/v3"

	"promethean/gateway/simulator/ailicia"
	"promethean/ops/settings"
)

const composePath = "../../docker-compose.yml"

// composeFile is docker-compose.yml with anchors and merges resolved.
type composeFile struct {
	Services map[string]composeService
	Volumes  map[string]any
}

type composeService struct {
	Image string
	Build struct {
		Target string
		Args   map[string]string
	}
	User        string
	Command     []string
	Environment map[string]*string
	Ports       []string
	Volumes     []string
	Profiles    []string
	ReadOnly    bool     `yaml:"read_only"`
	CapDrop     []string `yaml:"cap_drop"`
	CapAdd      []string `yaml:"cap_add"`
	Privileged  bool
	SecurityOpt []string `yaml:"security_opt"`
	Restart     string
	Grace       string `yaml:"stop_grace_period"`
	Logging     struct{ Options map[string]string }
	Healthcheck struct{ Test []string }
	DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
}

func readCompose(t *testing.T) composeFile {
	t.Helper()
	text, err := os.ReadFile(composePath)
	if err != nil {
		t.Fatal(err)
	}
	var file composeFile
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	return file
}

// variable is how the file writes one: a name and what it is without it.
var variable = regexp.MustCompile(`\$\{([A-Z_]+):-([^}]*)\}`)

// unset is a text of the file as it is where no variable is set.
func unset(text string) string { return variable.ReplaceAllString(text, "$2") }

func (s composeService) runsAlways() bool { return len(s.Profiles) == 0 }

// TestComposeReads: the oldest reader that the file is written for takes it,
// with an empty password too.
func TestComposeReads(t *testing.T) {
	path, err := exec.LookPath("docker-compose")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("docker-compose is not there, and CI=true asks for it")
		}
		t.Skip("skipped: docker-compose is not there, so whether it reads docker-compose.yml was not tried")
	}
	for _, tt := range []struct {
		name string
		args []string
		env  []string
	}{
		{"nothing set", nil, nil},
		{"all profiles", []string{"--profile", "sim", "--profile", "tools"}, nil},
		{"an empty password", nil, []string{"BRAIN_STREAMERBOT_PASSWORD="}},
		{"a port for everybody", nil, []string{"BRAIN_NATS_LISTEN=0.0.0.0:14222"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cmd := exec.Command(path, slices.Concat([]string{"-f", composePath}, tt.args, []string{"config", "-q"})...)
			cmd.Env = append(os.Environ(), tt.env...)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
		})
	}
}

func TestComposeServices(t *testing.T) {
	file := readCompose(t)
	always := []string{}
	for name, s := range file.Services {
		if s.runsAlways() {
			always = append(always, name)
		}
		t.Run(name, func(t *testing.T) { checkHardened(t, s) })
	}
	slices.Sort(always)
	if diff := cmp.Diff([]string{"gateway", "mongo", "nats", "sinks", "titles"}, always); diff != "" {
		t.Errorf("services of `up` (-want +got):\n%s", diff)
	}
	for _, p := range []struct{ service, profile string }{{"brain", "tools"}, {"simulator", "sim"}, {"nats-sim", "sim"}, {"mongo-sim", "sim"}, {"gateway-sim", "sim"}, {"sinks-sim", "sim"}, {"titles-sim", "sim"}} {
		if got := file.Services[p.service].Profiles; !slices.Equal(got, []string{p.profile}) {
			t.Errorf("%s is in the profiles %v, want %s", p.service, got, p.profile)
		}
	}
}

// checkHardened checks what every container has to be.
func checkHardened(t *testing.T, s composeService) {
	if !s.ReadOnly || s.Privileged || len(s.CapAdd) > 0 || !slices.Equal(s.CapDrop, []string{"ALL"}) || !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
		t.Errorf("it may do too much: read_only %v, privileged %v, cap_drop %v, cap_add %v, security_opt %v", s.ReadOnly, s.Privileged, s.CapDrop, s.CapAdd, s.SecurityOpt)
	}
	if !regexp.MustCompile(`^[1-9]\d*:[1-9]\d*$`).MatchString(s.User) {
		t.Errorf("user %q: want numbers, and not root", s.User)
	}
	if s.Build.Target == "" && !regexp.MustCompile(`^[a-z]+:\d+\.\d+\.\d+$`).MatchString(s.Image) {
		t.Errorf("image %q is not pinned to a whole version", s.Image)
	}
	if s.Logging.Options["max-size"] == "" || s.Logging.Options["max-file"] == "" {
		t.Error("its log may grow without end")
	}
	if s.Grace == "" {
		t.Error("no stop_grace_period: ten seconds may cut it off")
	}
	for _, port := range s.Ports {
		if !variable.MatchString(port) || !strings.HasPrefix(unset(port), "127.0.0.1:") {
			t.Errorf("port %q: want a variable, and the loopback without it", port)
		}
	}
	if slices.Equal(s.Profiles, []string{"tools"}) {
		return
	}
	if len(s.Healthcheck.Test) < 2 || s.Healthcheck.Test[0] != "CMD" {
		t.Errorf("health check %q: want CMD and a program, no shell", s.Healthcheck.Test)
	}
	if s.Restart != "unless-stopped" {
		t.Errorf("restart %q", s.Restart)
	}
}

// TestComposeHealthOrder: who needs a server waits until it is well.
func TestComposeHealthOrder(t *testing.T) {
	file := readCompose(t)
	for _, tt := range []struct {
		name string
		want []string
	}{
		{"nats", nil},
		{"mongo", nil},
		{"gateway", []string{"nats"}},
		{"sinks", []string{"gateway", "mongo", "nats"}},
		{"titles", []string{"gateway", "nats"}},
		{"gateway-sim", []string{"nats-sim", "simulator"}},
		{"titles-sim", []string{"gateway-sim", "nats-sim"}},
		{"sinks-sim", []string{"gateway-sim", "mongo-sim", "nats-sim"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			needs := file.Services[tt.name].DependsOn
			if diff := cmp.Diff(tt.want, slices.Sorted(maps.Keys(needs))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for name, need := range needs {
				if need.Condition != "service_healthy" {
					t.Errorf("it waits for %s to be %s", name, need.Condition)
				}
			}
		})
	}
}

// TestComposeSimulationIsApart: nothing invented can reach what is real.
func TestComposeSimulationIsApart(t *testing.T) {
	file := readCompose(t)
	owner := map[string]string{}
	for name, s := range file.Services {
		sim := strings.HasSuffix(name, "-sim") || name == "simulator"
		for _, text := range slices.Concat(s.Volumes, s.Ports) {
			from, _, _ := strings.Cut(unset(text), ":/")
			if strings.HasPrefix(from, "./") {
				continue
			}
			if other := owner[from]; other != "" {
				t.Errorf("%s and %s share %s", name, other, from)
			}
			owner[from] = name
		}
		for variable, value := range s.Environment {
			if value == nil || !strings.Contains(*value, "//") || strings.Contains(*value, "//127.0.0.1") {
				continue
			}
			if strings.Contains(*value, "-sim:") != sim && *value != "ws://simulator:8430/" && *value != "http://simulator:8431" {
				t.Errorf("%s has %s=%s", name, variable, *value)
			}
			if sim && strings.Contains(*value, "${") {
				t.Errorf("%s lets a variable lead its %s elsewhere", name, variable)
			}
		}
		if _, ok := s.Environment["BRAIN_STREAMERBOT_PASSWORD"]; ok && sim {
			t.Errorf("%s is told the real password", name)
		}
		if key, ok := s.Environment["BRAIN_AILICIA_API_KEY"]; ok && sim && (key == nil || *key != ailicia.DefaultKey) {
			t.Errorf("%s is told a key that is not the simulated ai_licia's", name)
		}
	}
}

// TestComposeVariables: those that begin with BRAIN_ are settings, because the
// programs refuse others wherever they are started; all of them are explained.
func TestComposeVariables(t *testing.T) {
	text, err := os.ReadFile(composePath)
	if err != nil {
		t.Fatal(err)
	}
	guide, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, m := range variable.FindAllStringSubmatch(string(text), -1) {
		names[m[1]] = true
	}
	for _, s := range readCompose(t).Services {
		for name, value := range s.Environment {
			names[name] = names[name] || value == nil
		}
	}
	known := map[string]bool{}
	all := slices.Concat(settings.Brain(), settings.Sinks())
	for _, v := range settings.New(all, nil, nil).Describe() {
		known[v.Env] = true
	}
	for name, passed := range names {
		if strings.HasPrefix(name, "BRAIN_") && !known[name] {
			t.Errorf("%s is no setting: a program that sees it refuses to start", name)
		}
		if passed && !strings.Contains(string(guide), "`"+name+"`") {
			t.Errorf("docs/operating.md does not explain `%s`", name)
		}
	}
}

// TestImagesArePinned: the server of the image is the embedded one, the
// compiler is at least the one of go.work, and both builders read the file.
func TestImagesArePinned(t *testing.T) {
	text, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	froms := regexp.MustCompile(`(?m)^FROM (\S+)`).FindAllStringSubmatch(string(text), -1)
	images := []string{}
	for _, m := range froms {
		if strings.Contains(m[1], ":") {
			images = append(images, m[1])
		}
	}
	want := []string{"nats:" + natsserver.VERSION, "golang:1.26.8-bookworm"}
	if diff := cmp.Diff(want, images); diff != "" {
		t.Errorf("base images (-want +got):\n%s", diff)
	}
	for name, s := range readCompose(t).Services {
		if s.Build.Target != "" && dockerfileLine(string(text), s.Build.Target, "FROM") == "" {
			t.Errorf("%s is built from a target %q that is not there", name, s.Build.Target)
		}
	}
	for _, young := range []string{"# syntax", "--mount", "<<EOF", "COPY --link", "COPY --chmod"} {
		if strings.Contains(string(text), young) {
			t.Errorf("the classic builder does not read %q", young)
		}
	}
	if regexp.MustCompile(`(?m)^(RUN|CMD|ENTRYPOINT) [^\[]`).Match(text) {
		t.Error("a command is not in exec form: it needs a shell")
	}
}

// dockerfileLine is the rest of the last line of a stage that begins with the
// word; a stage has its parent's where it has none itself.
func dockerfileLine(text, stage, word string) (rest string) {
	for part := range strings.SplitSeq(text, "\nFROM ") {
		head, body, _ := strings.Cut(part, "\n")
		parent, name, _ := strings.Cut(head, " AS ")
		if name != stage {
			continue
		}
		if word == "FROM" {
			return parent
		}
		for line := range strings.Lines(body) {
			if after, ok := strings.CutPrefix(line, word+" "); ok {
				rest = strings.TrimSpace(after)
			}
		}
	}
	return rest
}

func entrypoint(t *testing.T, s composeService) []string {
	t.Helper()
	text, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	line := dockerfileLine(string(text), s.Build.Target, "ENTRYPOINT")
	if err := yaml.Unmarshal([]byte(line), &words); err != nil || len(words) == 0 {
		t.Fatalf("the target %q has no entry point: %v", s.Build.Target, fmt.Errorf("%q: %w", line, err))
	}
	return words
}

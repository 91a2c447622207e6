package main

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/qiantu/qiantu"

// arrows is the whole table of who may import whom among our own packages. "x/..." is x and all under it. Another arrow
// means that something is in the wrong room; talk about the layout first.
var arrows = []struct{ from, to string }{
	{"cmd/qiantu", "api/..."}, {"cmd/qiantu", "planner/..."}, {"cmd/qiantu", "geo/..."}, {"cmd/qiantu", "data/..."},
	{"api/follow", "geo/..."}, {"geo/mvt/mvttest", "geo/mvt/decode"},
	{"cmd/qiantu", "migrations"}, {"cmd/qiantu", "frontend"},
	{"api", "planner"}, {"api", "geo/..."}, {"api", "api/ogc"}, {"api", "api/paper"}, {"api", "api/word"}, {"api", "frontend"},
	{"api/ogc", "planner"}, {"api/ogc", "geo/..."},
	{"data/...", "planner"}, {"data/...", "geo/..."}, {"data/...", "migrations"},
	{"data/ingest", "data"}, {"data/ingest", "data/cluster"}, {"data/sample", "data"}, {"data/sample", "data/cluster"},
	{"data", "data/query"},
	{"planner", "planner/solve"}, {"planner", "geo/..."},
	{"geo/...", "geo"},
}

// none of ours at all.
var leaves = []string{"geo", "planner/solve", "planner/solve/orlib", "data/query", "migrations", "frontend"}

// forTests may be imported by tests only, and may itself use what it sets up.
const forTests = "data/cluster/clustertest"

func matches(pattern, name string) bool {
	if tree, ok := strings.CutSuffix(pattern, "/..."); ok {
		return name == tree || strings.HasPrefix(name, tree+"/")
	}
	return name == pattern
}

// allowed tells whether package from may import package to, both named below the module.
func allowed(from, to string) bool {
	if from == forTests {
		return to == "data/cluster" || to == "migrations"
	}
	if to == forTests || slices.Contains(leaves, from) {
		return false
	}
	for _, arrow := range arrows {
		if matches(arrow.from, from) && matches(arrow.to, to) {
			return true
		}
	}
	return false
}

// pkg is what `go list -json` says of a package.
type pkg struct {
	ImportPath, Name, Doc, Dir string
	Imports, GoFiles           []string
	TestGoFiles, XTestGoFiles  []string
}

// below is the package's name below the module; "" for others'.
func below(path string) string {
	name, ok := strings.CutPrefix(path, module+"/")
	if !ok {
		return ""
	}
	return name
}

func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Name,Doc,Dir,Imports,GoFiles,TestGoFiles,XTestGoFiles", "./...")
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	var all []pkg
	for stream := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := stream.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(p.ImportPath, "/node_modules/") {
			all = append(all, p)
		}
	}
	if len(all) < 8 {
		t.Fatalf("go list found %d packages, which cannot be the house", len(all))
	}
	return all
}

const root = "../.." // from this package's folder

func TestArrows(t *testing.T) {
	for _, p := range packages(t) {
		from := below(p.ImportPath)
		for _, path := range p.Imports {
			if to := below(path); to != "" && !allowed(from, to) {
				t.Errorf("%s imports %s, and there is no such arrow", from, to)
			}
		}
	}
}

// The table itself: what design and reason forbid must come out as forbidden.
func TestArrowTable(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     bool
	}{
		{"api", "data", false}, {"data", "api", false}, {"api/ogc", "data", false}, {"planner", "data", false},
		{"geo", "geo/crs", false}, {"geo/crs", "geo", true}, {"geo/route", "geo/crs", false}, {"planner/solve", "geo", false},
		{"data", "data/query", true}, {"data/ingest", "data/query", false}, {"data/ingest", "data", true},
		{"data", "data/cluster", false}, {"data/cluster", "data", false}, {"data/cluster", "migrations", true},
		{"data/query", "geo", false}, {"migrations", "geo", false}, {"frontend", "api", false}, {"api", "frontend", true},
		{"cmd/qiantu", "data/cluster", true}, {"cmd/qiantu", forTests, false}, {"data", forTests, false},
		{"api", "migrations", false}, {"planner", "planner/solve", true}, {"api", "planner/solve", false},
		{"api", "api/follow", false}, {"api/follow", "api", false}, {"api/follow", "planner", false}, {"cmd/qiantu", "api/follow", true},
	} {
		if got := allowed(c.from, c.to); got != c.want {
			t.Errorf("allowed(%s -> %s) = %v, want %v", c.from, c.to, got, c.want)
		}
	}
}

func TestPackagesSayWhatTheyAre(t *testing.T) {
	for _, p := range packages(t) {
		name := below(p.ImportPath)
		if len(p.GoFiles) > 0 && p.Doc == "" {
			t.Errorf("%s has no package comment", name)
		}
		for _, vague := range []string{"util", "utils", "common", "helpers", "misc"} {
			if p.Name == vague {
				t.Errorf("%s: a package named %s says nothing; name it after what it knows", name, vague)
			}
		}
	}
}

// Only the folders of the house hold packages, and beside them the root holds only what it must.
func TestLayout(t *testing.T) {
	houses := []string{"cmd/qiantu", "api/...", "planner/...", "geo/...", "data/...", "migrations", "frontend"}
	for _, p := range packages(t) {
		name := below(p.ImportPath)
		if !slices.ContainsFunc(houses, func(h string) bool { return matches(h, name) }) {
			t.Errorf("package %q is in no room of the house", name)
		}
	}
	out, err := exec.Command("git", "-C", root, "ls-files").Output()
	if err != nil {
		t.Fatalf("git ls-files: %v (the tests run in a checkout)", err)
	}
	named := []string{
		"cmd", "api", "planner", "geo", "data", "migrations", "frontend", "docs", ".ci",
		"go.mod", "go.sum", "Makefile", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", ".gitignore", ".gitattributes",
	}
	for file := range strings.Lines(string(out)) {
		if top, _, _ := strings.Cut(strings.TrimSpace(file), "/"); !slices.Contains(named, top) {
			t.Errorf("%s: the root does not hold %s", strings.TrimSpace(file), top)
		}
	}
}

// longest is the most lines that a function may have; the median should be near ten.
const longest = 100

func TestFunctionsAreShort(t *testing.T) {
	functions := 0
	for _, p := range packages(t) {
		for _, name := range slices.Concat(p.GoFiles, p.TestGoFiles, p.XTestGoFiles) {
			path := filepath.Join(p.Dir, name)
			source, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			functions += checkFunctions(t, path, source)
		}
	}
	if functions < 100 {
		t.Errorf("only %d functions were looked at", functions)
	}
}

func checkFunctions(t *testing.T, path string, source []byte) (functions int) {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, source, parser.SkipObjectResolution)
	if err != nil {
		t.Error(err)
		return 0
	}
	for _, declaration := range file.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok {
			continue
		}
		functions++
		begin, end := set.Position(function.Pos()), set.Position(function.End())
		if lines := end.Line - begin.Line + 1; lines > longest {
			t.Errorf("%s:%d: %s has %d lines, %d is the most", path, begin.Line, function.Name.Name, lines, longest)
		}
	}
	return functions
}

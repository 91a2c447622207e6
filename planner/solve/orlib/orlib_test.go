package orlib

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func Example() {
	graph := "3 3 1\n1 2 5\n2 3 4\n1 2 7\n" // the second edge from 1 to 2 counts
	m, err := ReadPMedian("small.txt", strings.NewReader(graph))
	fmt.Println(m.Distances(), err)
	_, err = ReadPMedian("small.txt", strings.NewReader("3 3 1\n1 2 5\n2 4 4\n"))
	fmt.Println(err)
	// Output:
	// [[0 7 11] [7 0 4] [11 4 0]] <nil>
	// small.txt:3: field 2 (second node of edge 2) is "4"; write a whole number from 1 to 3
}

// What is wrong, where, and the mend.
func TestErrors(t *testing.T) {
	read := map[string]func(io.Reader) error{
		"pmed":    func(r io.Reader) error { _, err := ReadPMedian("f", r); return err },
		"cap":     func(r io.Reader) error { _, err := ReadFacility("f", r); return err },
		"gap":     func(r io.Reader) error { _, err := ReadAssignments("f", r); return err },
		"pmedcap": func(r io.Reader) error { _, err := ReadCapacitatedPMedian("f", r); return err },
		"assign":  func(r io.Reader) error { _, err := ReadAssign("f", r); return err },
	}
	for _, c := range []struct{ kind, text, want string }{
		{"pmed", "", "f:1: the file ends before the number of nodes; write a whole number from 1 to 10000"},
		{"pmed", "3 1 4", `f:1: field 3 (p, sites to open) is "4"; write a whole number from 1 to 3`},
		{"pmed", "2 1 1\n1 2\n", "f:3: the file ends before the cost of edge 1; write a whole number from 0 to 100000"},
		{"pmed", "2 1 1\n1 2 3 4\n", `f:2: field 4 (after the last number) is "4"; correct the number of edges at the head, or take away what is too much`},
		{"pmed", "2 1 1\n\n1 x 3\n", `f:3: field 2 (second node of edge 1) is "x"; write a whole number from 1 to 2`},
		{"cap", "1 1\ncapacity 5\n", `f:2: field 1 (capacity of site 1) is "capacity"; write a number from 0 to 1e+12`},
		{"cap", "1 1\n5 NaN\n", `f:2: field 2 (fixed cost of site 1) is "NaN"; write a number from 0 to 1e+12`},
		{"cap", "1 1\n5 -1\n", `f:2: field 2 (fixed cost of site 1) is "-1"; write a number from 0 to 1e+12`},
		{"cap", "1 1\n5 1\n7\n", "f:4: the file ends before the cost of customer 1 at site 1; write a number from 0 to 1e+12"},
		{"gap", "1\n1 1\n3\n4\n-5", `f:5: field 1 (capacity of problem 1, agent 1) is "-5"; write a whole number from 0 to 1000000000000`},
		{"gap", "1\n1 1\n3.5", `f:3: field 1 (value of problem 1, agent 1, job 1) is "3.5"; write a whole number from 0 to 1000000000`},
		{"pmedcap", "1 9\n1 1 5\n2 0 0 1", `f:3: field 1 (number of place 1) is "2"; write a whole number from 1 to 1`},
		{"assign", "1\n\x00\xff", `f:2: field 1 (cost of row 1, column 1) is "\"\\x00\\xff\""; write a whole number from 0 to 1000000000`},
		{"assign", strings.Repeat("7", 99), `f:1: field 1 (number of jobs) is "` + strings.Repeat("7", maxToken+1) + `"; write a whole number from 1 to 10000`},
	} {
		err := read[c.kind](strings.NewReader(c.text))
		var at *Error
		if !errors.As(err, &at) || err.Error() != c.want {
			t.Errorf("%s %q: %v\nwant %s", c.kind, c.text, err, c.want)
		}
	}
	if err := read["pmed"](failing{}); err == nil || !strings.Contains(err.Error(), "f:1: the disk is gone") {
		t.Errorf("a failing reader gives %v", err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the disk is gone") }

// A head that promises much must not cost memory for it.
func TestPromises(t *testing.T) {
	for _, text := range []string{"10000 1000000000 5\n1 2 3", "100000 1000000000\n"} {
		n := testing.AllocsPerRun(1, func() {
			_, _ = ReadPMedian("f", strings.NewReader(text))
			_, _ = ReadFacility("f", strings.NewReader(text))
			_, _ = ReadAssignments("f", strings.NewReader("1 "+text))
		})
		if n > 100 {
			t.Errorf("%q: %v allocations", text, n)
		}
	}
}

// Distances agree with Floyd and Warshall's three loops.
func TestDistances(t *testing.T) {
	const n = 25
	for seed := range 40 {
		m := &PMedian{Nodes: n, P: 1}
		x := uint32(seed + 1)
		draw := func(below uint32) int32 {
			x = x*1664525 + 1013904223
			return int32(x >> 8 % below)
		}
		for range 10 + seed {
			m.Edges = append(m.Edges, Edge{draw(n), draw(n), draw(50)})
		}
		want := floydWarshall(m)
		for i, row := range m.Distances() {
			for j, d := range row {
				if d != want[i][j] {
					t.Fatalf("seed %d: from %d to %d %d, want %d", seed, i, j, d, want[i][j])
				}
			}
		}
	}
}

func floydWarshall(m *PMedian) [][]int32 {
	d := make([][]int32, m.Nodes)
	for i := range d {
		d[i] = make([]int32, m.Nodes)
		for j := range d[i] {
			d[i][j] = Unreachable
		}
	}
	for _, e := range m.Edges {
		d[e.A][e.B], d[e.B][e.A] = e.Cost, e.Cost
	}
	for i := range d {
		d[i][i] = 0
	}
	for k := range d {
		for i := range d {
			for j := range d {
				if d[i][k] < Unreachable && d[k][j] < Unreachable {
					d[i][j] = min(d[i][j], d[i][k]+d[k][j])
				}
			}
		}
	}
	return d
}

func TestFloorRoot(t *testing.T) {
	for _, n := range []int64{0, 1, 2, 3, 4, 8, 9, 10, 1<<52 + 1, (1<<30 - 1) * (1<<30 - 1), (1<<30-1)*(1<<30-1) - 1} {
		if r := floorRoot(n); r*r > n || (r+1)*(r+1) <= n {
			t.Errorf("floorRoot(%d) = %d", n, r)
		}
	}
}

// Every file of the library is read whole.
func TestLibrary(t *testing.T) {
	root, set := os.LookupEnv("QIANTU_SHARED")
	if !set {
		root = "../../../../shared"
	}
	files, err := filepath.Glob(filepath.Join(root, "data", "orlib", "*", "*.txt"))
	if err != nil || len(files) == 0 {
		if set {
			t.Fatalf("QIANTU_SHARED: no instances there (%v)", err)
		}
		t.Skip("no shared data; set QIANTU_SHARED")
	}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(file)
		switch filepath.Base(filepath.Dir(file)) {
		case "pmed":
			m, err := ReadPMedian(name, f)
			if err != nil || len(m.Edges) < m.Nodes || m.Distances()[0][m.Nodes-1] == Unreachable {
				t.Errorf("%s: %v", name, err)
			}
		case "cap":
			m, err := ReadFacility(name, f)
			if err != nil || len(m.Capacity) != 16 || len(m.Demand) != 50 {
				t.Errorf("%s: %v", name, err)
			}
		case "gap":
			m, err := ReadAssignments(name, f)
			if err != nil || len(m) != 5 || len(m[4].Capacity) != len(m[4].Value) {
				t.Errorf("%s: %v", name, err)
			}
		case "pmedcap":
			m, err := ReadCapacitatedPMedian(name, f)
			if err != nil || len(m.Places) < 50 || m.Capacity != 120 {
				t.Errorf("%s: %v", name, err)
			}
		case "assign":
			m, err := ReadAssign(name, f)
			if err != nil || len(m) != 100 || len(m[99]) != 100 {
				t.Errorf("%s: %v", name, err)
			}
		}
		f.Close()
	}
}

// No bytes make a reader panic, and what it accepts is within its bounds.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"3 3 1\n1 2 5\n2 3 4\n1 2 7\n", "1 1\n5 1\n7\n3", "1\n1 1\n3\n4\n5", "1 9\n1 1 5\n1 0 0 1", "1\n3", "1e3 1", "9999999999 -1", "\xff 1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if m, err := ReadPMedian("f", strings.NewReader(text)); err == nil && m.Nodes <= 300 {
			for i, row := range m.Distances() {
				if row[i] != 0 {
					t.Errorf("%q: node %d is %d from itself", text, i, row[i])
				}
			}
		}
		if m, err := ReadFacility("f", strings.NewReader(text)); err == nil {
			for _, row := range m.Cost {
				if len(row) != len(m.Capacity) {
					t.Errorf("%q: a row of %d costs for %d sites", text, len(row), len(m.Capacity))
				}
			}
		}
		all, err := ReadAssignments("f", strings.NewReader(text))
		for _, m := range all {
			if err == nil && (len(m.Value) != len(m.Capacity) || len(m.Resource) != len(m.Capacity)) {
				t.Errorf("%q: %d values, %d resources, %d capacities", text, len(m.Value), len(m.Resource), len(m.Capacity))
			}
		}
		if m, err := ReadCapacitatedPMedian("f", strings.NewReader(text)); err == nil && len(m.Places) <= 300 {
			m.Distances()
		}
		if m, err := ReadAssign("f", strings.NewReader(text)); err == nil && len(m) != len(m[0]) {
			t.Errorf("%q: %d rows of %d", text, len(m), len(m[0]))
		}
	})
}

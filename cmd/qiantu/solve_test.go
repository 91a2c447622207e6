package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// instance is a file of the OR-Library in the shared data.
func instance(t *testing.T, name string) string {
	t.Helper()
	shared, set := os.LookupEnv("QIANTU_SHARED")
	if !set {
		shared = "../../../shared"
	}
	path := filepath.Join(shared, "data", "orlib", name)
	if _, err := os.Stat(path); err != nil {
		if set {
			t.Fatalf("QIANTU_SHARED: %v", err)
		}
		t.Skip("no shared data; set QIANTU_SHARED")
	}
	return path
}

// figures are what `qiantu solve --json` prints.
type figures struct {
	Objective, Bound, Gap *float64
	Seconds               float64
	Status, Reason        string
}

func solveJSON(t *testing.T, args ...string) figures {
	t.Helper()
	stdout, stderr, status := inside(t, append(append([]string{"solve"}, args...), "--json")...)
	var f figures
	if err := json.Unmarshal([]byte(stdout), &f); err != nil || status != exitOK {
		t.Fatalf("solve %v: status %d, %v\n%s%s", args, status, err, stdout, stderr)
	}
	return f
}

// One instance of each kind is met and proven from the shell.
func TestSolve(t *testing.T) {
	for line, want := range map[string]float64{
		"pmedian pmed/pmed1.txt": 5819, "pmedian pmed/pmed10.txt --seed 4 --threads 2": 1255, "pcenter pmed/pmed2.txt": 98,
		"cflp cap/cap44.txt": 1235500.45, "cflp cap/cap74.txt": 1034976.975, "assign assign/assign100.txt": 305,
		"transport cap/cap63.txt": 837970.1875, "cflp cap/cap63.txt --single-source": 1014099.6125, "cpmedian pmedcap/pmedcap01.txt": 713,
		"gap gap/gap1.txt --maximise --problem 3": 339, "gap gap/gap6.txt --maximise --problem 5": 747, "gap gap/gap3.txt": 438,
	} {
		words := strings.Fields(line)
		out := filepath.Join(t.TempDir(), "answer.csv")
		f := solveJSON(t, append([]string{words[0], "--orlib", instance(t, words[1]), "--out", out}, words[2:]...)...)
		if f.Status != "optimal" || f.Objective == nil || math.Abs(*f.Objective-want) > 1e-3 || *f.Gap != 0 || f.Seconds <= 0 {
			t.Errorf("solve %s: %+v, want %v", line, f, want)
		}
		checkShares(t, line, out)
	}
}

// checkShares: the shares of every customer come to 1.
func checkShares(t *testing.T, line, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) < 2 || strings.Join(rows[0], ",") != "customer,site,share" {
		t.Fatalf("solve %s: %v %v", line, rows, err)
	}
	sums := map[string]float64{}
	for _, row := range rows[1:] {
		share, err := strconv.ParseFloat(row[2], 64)
		if err != nil || share <= 0 {
			t.Errorf("solve %s: %v", line, row)
		}
		sums[row[0]] += share
	}
	for i := 1; i <= len(sums); i++ {
		if sum := sums[strconv.Itoa(i)]; math.Abs(sum-1) > 1e-9 {
			t.Errorf("solve %s: customer %d has the shares %v in all", line, i, sum)
		}
	}
}

func TestSolvePrintsFiveFigures(t *testing.T) {
	stdout, stderr, status := inside(t, "solve", "pmedian", "--orlib", instance(t, "pmed/pmed1.txt"))
	var seconds float64
	if _, err := fmt.Sscanf(stdout, "objective 5819\nbound 5819\ngap 0\nseconds %f\nstatus optimal\n", &seconds); err != nil || status != exitOK || stderr != "" {
		t.Errorf("status %d, %v\n%s%s", status, err, stdout, stderr)
	}
}

// A run that is cut short says so, with a gap that is not nothing and a bound that is true.
func TestSolveCutShort(t *testing.T) {
	const optimum = 2968
	for _, limit := range []string{"1ms", "40ms", "150ms"} {
		f := solveJSON(t, "pmedian", "--orlib", instance(t, "pmed/pmed14.txt"), "--time-limit", limit)
		if *f.Objective < optimum || *f.Bound > optimum || (f.Status == "stopped") != (*f.Gap > 0) {
			t.Errorf("within %s: %s, objective %v, bound %v, gap %v", limit, f.Status, *f.Objective, *f.Bound, *f.Gap)
		}
		if limit == "1ms" && f.Status != "stopped" {
			t.Errorf("within %s: %+v", limit, f)
		}
	}
}

// What is wrong with a file, and an instance without an answer.
func TestSolveSaysWhatIsWrong(t *testing.T) {
	write := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct{ kind, file, want string }{
		{"pmedian", write("a.txt", "3 1 1\n1 4 5\n"), `qiantu solve: a.txt:2: field 2 (second node of edge 1) is "4"; write a whole number from 1 to 3` + "\n"},
		{"cflp", write("b.txt", "1 1\n1e3 5\n0.0000000123 2\n"), "qiantu solve: b.txt: the demand of customer 1 is 1.23e-08; write at most 6 decimals\n"},
		{"cflp", write("c.txt", "1 1\n-5 5\n1 2\n"), `qiantu solve: c.txt:2: field 1 (capacity of site 1) is "-5"; write a number from 0 to 1e+12` + "\n"},
		{"assign", filepath.Join(t.TempDir(), "none.txt"), "no such file"},
	} {
		if _, stderr, status := inside(t, "solve", c.kind, "--orlib", c.file); status != exitFailed || !strings.HasSuffix(stderr, c.want) && !strings.Contains(stderr, c.want+" or directory") {
			t.Errorf("status %d: %s\nwant %s", status, stderr, c.want)
		}
	}
	out := filepath.Join(t.TempDir(), "answer.csv")
	stdout, stderr, status := inside(t, "solve", "cflp", "--orlib", write("d.txt", "1 2\n9.5 5\n10 2\n0 3\n"), "--out", out)
	if status != exitOK || !strings.Contains(stdout, "objective none\nbound none\ngap none\n") || !strings.Contains(stdout, "status infeasible") ||
		!strings.Contains(stderr, "d.txt: 1 customers ask for nothing") || !strings.Contains(stderr, "which hold 9.5: 0.5 are missing") {
		t.Errorf("status %d\n%s%s", status, stdout, stderr)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("there is an answer file of an instance without an answer")
	}
	whole := solveJSON(t, "cflp", "--orlib", write("f.txt", "2 1\n6 5\n6 5\n10 2 2\n"), "--single-source")
	if whole.Status != "infeasible" || !strings.Contains(whole.Reason, "kept whole") {
		t.Errorf("a customer larger than every site: %+v", whole)
	}
	if _, stderr, status := inside(t, "solve", "gap", "--orlib", write("g.txt", "1\n1 1\n3\n4\n5"), "--problem", "2"); status != exitFailed || !strings.Contains(stderr, "there is no problem 2 in it; it holds 1") {
		t.Errorf("status %d: %s", status, stderr)
	}
	split := solveJSON(t, "pmedian", "--orlib", write("e.txt", "3 1 1\n1 2 5\n"))
	if split.Status != "infeasible" || split.Objective != nil || split.Reason == "" {
		t.Errorf("two parts, one site: %+v", split)
	}
}

//go:build torture

package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"
)

// Every instance of the shared library is met and proven from the shell.
func TestSolveTheLibrary(t *testing.T) {
	text, err := os.ReadFile(instance(t, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		PMed    map[string]float64   `json:"pmed"`
		Split   map[string]float64   `json:"cap_split"`
		Single  map[string]any       `json:"cap_single_source"`
		GAP     map[string][]float64 `json:"gap_max"`
		PMedCap map[string]float64   `json:"pmedcap"`
		Assign  map[string]float64   `json:"assign"`
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	check := func(want any, kind, folder, name string, more ...string) {
		t.Run(fmt.Sprint(kind, "/", name, more), func(t *testing.T) {
			f := solveJSON(t, append([]string{kind, "--orlib", instance(t, folder+"/"+name+".txt")}, more...)...)
			value, is := want.(float64)
			switch {
			case !is && f.Status != "infeasible":
				t.Errorf("%+v, and there is no answer", f)
			case is && (f.Status != "optimal" || math.Abs(*f.Objective-value) > 1e-3 || *f.Gap != 0):
				t.Errorf("%s, objective %v, want %v", f.Status, f.Objective, value)
			}
			t.Logf("%.3f s", f.Seconds)
		})
	}
	for name, value := range want.PMed {
		check(value, "pmedian", "pmed", name)
	}
	for name, value := range want.Split {
		check(value, "cflp", "cap", name)
	}
	for name, value := range want.Single {
		check(value, "cflp", "cap", name, "--single-source")
	}
	for name, values := range want.GAP {
		for k, value := range values {
			check(value, "gap", "gap", name, "--maximise", "--problem", fmt.Sprint(k+1))
		}
	}
	for name, value := range want.PMedCap {
		check(value, "cpmedian", "pmedcap", name)
	}
	for name, value := range want.Assign {
		check(value, "assign", "assign", name)
	}
}

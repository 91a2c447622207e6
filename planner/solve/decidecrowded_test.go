package solve

import (
	"encoding/json"
	"os"
	"testing"
)

// TestDecideCrowdedPlace decides a case that once took a minute and a half: nine
// villages at one place, small sites, a tight second year, persons unserved. The
// measure is the search tree, which does not depend on the machine.
func TestDecideCrowdedPlace(t *testing.T) {
	file, err := os.ReadFile("testdata/decide_crowded.json")
	if err != nil {
		t.Fatal(err)
	}
	var q BuildOrMove
	if err := json.Unmarshal(file, &q); err != nil {
		t.Fatal(err)
	}
	p, err := Decide(t.Context(), &q, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d nodes, objective %v", p.Nodes, p.Objective)
	if p.Status != Optimal || p.Nodes > 2000 {
		t.Errorf("%s after %d nodes", p.Status, p.Nodes)
	}
}

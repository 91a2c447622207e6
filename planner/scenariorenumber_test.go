package planner

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whatever sites two branches add, a merge of all that one holds leaves both
// branches' sites side by side: as many adds as there are sites, each with the
// room that its own branch gave it, and none brought twice.
func TestMergeKeepsTheSitesOfBothBranches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		next := 0
		draw := func(id ID, shared []ScenarioEdit) (*Scenario, []int) {
			s, places := &Scenario{ID: id, Edits: append([]ScenarioEdit{}, shared...)}, []int{}
			for k := range rapid.IntRange(0, 3).Draw(t, "sites") {
				next++
				number := FirstAskedSite + len(shared) + k
				places = append(places, next)
				for _, text := range []string{fmt.Sprintf("add:site:%d:104.%d:27.1:800", number, next), fmt.Sprintf("capacity:site:%d:%d", number, 1000+next)} {
					s.Edits = append(s.Edits, ScenarioEdit{ID: ID(len(s.Edits) + 1), Text: text})
				}
			}
			return s, places
		}
		var shared []ScenarioEdit
		if rapid.Bool().Draw(t, "shared") {
			shared = []ScenarioEdit{{ID: 1, Text: "add:site:900001:104.99:27.1:800"}}
		}
		from, brought := draw(7, shared)
		into, stand := draw(8, shared)
		for range 2 { // the second time nothing is new
			mergeAll(t, from, into)
		}
		edits, err := ParseEdits(strings.Join(into.Standing(), ","))
		if err != nil {
			t.Fatal(err)
		}
		placed, room := map[ID]string{}, map[ID]int64{}
		for _, e := range edits {
			if e.Do == EditAdd {
				if placed[e.Site] != "" {
					t.Fatalf("site %d is added twice: %v", e.Site, into.Standing())
				}
				placed[e.Site] = e.String()
			} else {
				room[e.Site] = e.Persons
			}
		}
		if len(placed) != len(shared)+len(brought)+len(stand) {
			t.Fatalf("%d sites of %d, %d and %d: %v", len(placed), len(shared), len(brought), len(stand), into.Standing())
		}
		for _, place := range append(brought, stand...) {
			found := false
			for number, text := range placed {
				found = found || strings.Contains(text, fmt.Sprintf(":104.%d:", place)) && room[number] == int64(1000+place)
			}
			if !found {
				t.Fatalf("the site at 104.%d has lost its room: %v", place, into.Standing())
			}
		}
	})
}

// mergeAll brings all edits of a scenario into another one.
func mergeAll(t *rapid.T, from, into *Scenario) {
	var ids []ID
	for i := range from.Edits {
		ids = append(ids, from.Edits[i].ID)
	}
	add, clashes, err := Merge(from, into, ids, func(ID) ID { return 0 })
	if err != nil || len(clashes) > 0 {
		t.Fatalf("%v, %d clashes", err, len(clashes))
	}
	for _, e := range add {
		into.Edits = append(into.Edits, ScenarioEdit{ID: ID(len(into.Edits) + 1), Text: e.Text, From: from.ID})
	}
}

func TestMergeOfEditsOfAnAddedSite(t *testing.T) {
	from := &Scenario{ID: 7, Edits: []ScenarioEdit{{ID: 1, Text: "add:site:900001:104.5:27.1:800"}, {ID: 2, Text: "capacity:site:900001:9"}, {ID: 3, Text: "close:site:900009"}}}
	into := &Scenario{ID: 8, Edits: []ScenarioEdit{{ID: 1, Text: "add:site:900001:104.6:27.1:800"}}}
	if _, _, err := Merge(from, into, []ID{2}, nil); CodeOf(err) != Invalid || !strings.Contains(err.Error(), "site 900001") {
		t.Errorf("the room of a site that stays behind: %v", err)
	}
	if add, _, err := Merge(from, into, []ID{3}, nil); err != nil || len(add) != 1 || add[0].Text != "close:site:900009" {
		t.Errorf("a site of the county: %v, %v", add, err)
	}
	into.Edits = append(into.Edits, ScenarioEdit{ID: 2, Text: "add:site:900004:104.5:27.1:800", From: 7})
	if add, _, err := Merge(from, into, []ID{2}, nil); err != nil || len(add) != 1 || add[0].Text != "capacity:site:900004:9" {
		t.Errorf("the room of a site brought before: %v, %v", add, err)
	}
}

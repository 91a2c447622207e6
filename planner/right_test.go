package planner_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/planner"
)

// reviewed is the table as people agreed on it: one line per role, one mark per action in
// the order read, report, edit, decide, plan, administer.
var reviewed = map[planner.Role]string{
	planner.RoleViewer:   "r.....",
	planner.RoleLeader:   "r.....",
	planner.RoleReporter: "rw....",
	planner.RoleEditor:   "rwe...",
	planner.RolePlanner:  "r...p.",
	planner.RoleApprover: "r..d..",
	planner.RoleAdmin:    ".....a",
}

// land is two counties of two prefectures of one province.
var land = planner.Tree{
	"52": "", "5205": "52", "5203": "52", "520527": "5205", "520304": "5203",
	"520527100": "520527", "520527101": "520527", "520304100": "520304",
}

func TestRoleTable(t *testing.T) {
	if len(reviewed) != len(planner.Roles) {
		t.Fatalf("%d roles, %d reviewed", len(planner.Roles), len(reviewed))
	}
	for _, role := range planner.Roles {
		for i, action := range planner.Actions {
			want := reviewed[role][i] != '.'
			p := planner.Person{ID: 1, Grants: []planner.Grant{{Role: role, Region: "520527"}}}
			for path, holds := range map[string]bool{"520527": true, "520527100": true, "520304": false, "5205": false, "52": false, "": false, "nowhere": false} {
				if got := p.May(action, land.Path(path)...); got != (want && holds) {
					t.Errorf("%s of 520527: %s in %q is %v", role, action, path, got)
				}
			}
			everywhere := planner.Person{ID: 1, Grants: []planner.Grant{{Role: role, Region: planner.Everywhere}}}
			if everywhere.May(action, "nowhere") != want || everywhere.May(action) != want || everywhere.MayAnywhere(action) != want {
				t.Errorf("%s of everywhere: %s", role, action)
			}
			guest := planner.Person{Guest: true, Grants: everywhere.Grants}
			if got := guest.May(action, "520527"); got != (want && action == planner.ActionRead) {
				t.Errorf("a guest granted %s: %s is %v", role, action, got)
			}
		}
	}
	if planner.Role("root").Allows(planner.ActionRead) {
		t.Error("an unknown role reads")
	}
	var nobody *planner.Person
	if nobody.May(planner.ActionRead, "520527") {
		t.Error("nobody reads")
	}
}

// A grant for a township reads its county, writes in the township alone, and
// says nothing of the neighbour.
func TestTownshipGrant(t *testing.T) {
	p := planner.Person{ID: 1, Grants: []planner.Grant{{Role: planner.RoleReporter, Region: "520527100"}}}
	if got := p.ReadableCounties(land, []string{"520304", "520527"}); !slices.Equal(got, []string{"520527"}) {
		t.Errorf("reads %v", got)
	}
	for region, want := range map[string][]planner.Action{
		"520527100": {planner.ActionRead, planner.ActionReport}, "520527101": nil, "520527": nil, "520304": nil,
	} {
		if diff := cmp.Diff(want, p.ActionsIn(land, region)); diff != "" {
			t.Errorf("%s: %s", region, diff)
		}
	}
	if admin := (planner.Person{ID: 2, Grants: []planner.Grant{{Role: planner.RoleAdmin, Region: "520527100"}}}); admin.MayReadCounty(land, "520527") {
		t.Error("who gives rights in a township reads its county")
	}
}

func TestMayAdminister(t *testing.T) {
	person := func(id int64, role planner.Role, region string) *planner.Person {
		return &planner.Person{ID: id, Grants: []planner.Grant{{Role: role, Region: region}}}
	}
	chief, county := person(1, planner.RoleAdmin, planner.Everywhere), person(2, planner.RoleAdmin, "520527")
	for name, one := range map[string]struct {
		who, whom *planner.Person
		want      bool
	}{
		"the chief, anyone":           {chief, person(9, planner.RoleEditor, "520304"), true},
		"the chief, himself":          {chief, chief, false},
		"a county, its own":           {county, person(9, planner.RoleEditor, "520527100"), true},
		"a county, a newcomer":        {county, &planner.Person{ID: 9}, true},
		"a county, the neighbour":     {county, person(9, planner.RoleEditor, "520304"), false},
		"a county, the chief":         {county, chief, false},
		"a county, who stands above":  {county, person(9, planner.RoleViewer, "5205"), false},
		"an editor, a newcomer":       {person(3, planner.RoleEditor, planner.Everywhere), &planner.Person{ID: 9}, false},
		"a guest, with a forged role": {&planner.Person{Guest: true, Grants: chief.Grants}, &planner.Person{ID: 9}, false},
	} {
		if got := one.who.MayAdminister(land, one.whom); got != one.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if county.MayGrant(land, planner.Everywhere) || !chief.MayGrant(land, planner.Everywhere) || county.MayGrant(land, "5205") || !county.MayGrant(land, "520527101") {
		t.Error("rights are given beyond one's own region")
	}
}

// Paths end, also where the table of regions runs in a circle, and name the
// region first.
func TestPath(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		codes := []string{"a", "b", "c", "d", "e"}
		tree := planner.Tree{}
		for _, code := range codes {
			tree[code] = rapid.SampledFrom(append(codes, "")).Draw(t, code)
		}
		for _, code := range codes {
			path := tree.Path(code)
			if path[0] != code || len(path) > len(codes) {
				t.Fatalf("the path of %s is %v in %v", code, path, tree)
			}
			for i := 1; i < len(path); i++ {
				if tree[path[i-1]] != path[i] {
					t.Fatalf("%v is no path in %v", path, tree)
				}
			}
		}
	})
	if got := land.Path(""); len(got) != 0 {
		t.Errorf("nothing has the path %v", got)
	}
}

// Whoever has a link sees one wall: no other, and of that county nothing else.
func TestALinkSeesOneWall(t *testing.T) {
	link := planner.ByLink(7, "520527")
	if !link.MaySeeWall(land, "520527") || link.MaySeeWall(land, "520304") || link.MaySeeWall(land, "5205") {
		t.Error("a link opens another wall than its own")
	}
	for _, a := range planner.Actions {
		if link.MayAnywhere(a) || link.May(a, land.Path("520527100")...) {
			t.Errorf("a link may %s", a)
		}
	}
	if link.MayReadCounty(land, "520527") || len(link.ActionsIn(land, "520527")) > 0 || slices.Contains(planner.Roles, planner.RoleWall) {
		t.Error("a link reads its county, or can be granted")
	}
	reader := planner.Person{ID: 1, Grants: []planner.Grant{{Role: planner.RoleLeader, Region: "520304100"}}}
	if !reader.MaySeeWall(land, "520304") || reader.MaySeeWall(land, "520527") {
		t.Error("who may read a county does not see its wall, or sees another")
	}
}

package planner

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
)

// rising is land that rises by so many metres a degree to the north, from south on.
type rising struct{ south, perDegree float64 }

func (r rising) Height(p orb.Point) (float64, bool) {
	return 1000 + (p[1]-r.south)*r.perDegree, p[1] >= r.south
}

// Without heights both ways take what 0.6 of 5.04 km/h takes and the row says
// level; over land the way up takes longer than the way down; where the land
// ends the row says partly.
func TestDistancesOnFoot(t *testing.T) {
	s := demoCounty(1, 200, 60)
	if len(s.Sites) == 0 {
		t.Fatal("no sites")
	}
	level, err := Assess(s).Distances(DistanceOptions{})
	if err != nil {
		t.Fatal(err)
	}
	walked := 0
	for _, r := range level {
		if (r.MM == nil) != (r.WalkOutMS == nil) || (r.MM == nil) != (r.Walk == "") {
			t.Fatalf("%+v", r)
		}
		if r.MM == nil {
			continue
		}
		want := float64(r.AccessFromMM+r.AccessToMM) / 1.4 / 0.6
		if math.Abs(float64(*r.WalkOutMS)-want) > 3 || *r.WalkOutMS != *r.WalkBackMS || r.Walk != WalkLevel {
			t.Fatalf("%d mm and %d mm level take %d ms out, %d back, %s", r.AccessFromMM, r.AccessToMM, *r.WalkOutMS, *r.WalkBackMS, r.Walk)
		}
		if r.AccessFromMM+r.AccessToMM > 0 {
			walked++
		}
	}
	if walked == 0 {
		t.Fatal("nobody walks")
	}
	grounds := map[WalkGround]int{}
	for _, land := range []rising{{-90, 20_000}, {27.012, 20_000}} {
		hilly := copyOf(s)
		hilly.Heights = land
		rows, err := Assess(hilly).Distances(DistanceOptions{})
		if err != nil {
			t.Fatal(err)
		}
		differ := 0
		for i, r := range rows {
			if r.MM == nil {
				continue
			}
			grounds[r.Walk]++
			if *r.MM != *level[i].MM || *r.MS != *level[i].MS {
				t.Fatalf("the land changed the metres or seconds of %+v", r)
			}
			if *r.WalkOutMS != *r.WalkBackMS {
				differ++
			}
		}
		if differ == 0 {
			t.Errorf("no way differs out and back over %+v", land)
		}
	}
	if grounds[WalkTerrain] == 0 || grounds[WalkLevel] == 0 {
		t.Errorf("the rows say %v", grounds)
	}
}

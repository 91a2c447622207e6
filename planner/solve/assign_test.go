package solve

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/qiantu/qiantu/planner/solve/orlib"
)

// drawAssignment is a small one whose customers take of each site what they like.
func drawAssignment(r *random) *Assignment {
	n, m := 1+r.below(8), 1+r.below(4)
	a := &Assignment{Costs: Costs{Sites: m}, Maximise: r.below(2) == 0}
	even := r.below(2) == 0
	for range n {
		row, load := make([]float64, m), make([]int64, m)
		for j := range row {
			load[j] = int64(r.below(12))
			if row[j] = float64(r.below(20)); r.below(12) == 0 {
				row[j] = math.Inf(1)
			}
		}
		a.Rows = append(a.Rows, row)
		if even {
			a.Demand = append(a.Demand, load[0])
		} else {
			a.Load = append(a.Load, load)
		}
	}
	for range m {
		a.Capacity = append(a.Capacity, int64(3+r.below(7*n)/m*2))
	}
	return a
}

func TestAssignAgainstAllPlacements(t *testing.T) {
	r := random(3)
	none := 0
	for k := range 3000 {
		a := drawAssignment(&r)
		w := a.whole()
		want := w.cheapest()
		x, err := Assign(context.Background(), a, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if math.IsInf(want, 1) {
			none++
		}
		if x.Split || x.Status != Optimal && x.Status != Infeasible {
			t.Fatalf("%d: %+v", k, x.Outcome)
		}
		w.holds(t, fmt.Sprint(k), &Placement{Outcome: a.turned(x.Outcome), Site: x.To, Open: sitesOf(x.To)}, want)
		if x.Status == Optimal && x.Gap() != 0 {
			t.Fatalf("%d: %+v", k, x.Outcome)
		}
	}
	if none < 200 || none > 2800 {
		t.Errorf("%d of 3000 have no answer: the test is one-sided", none)
	}
}

func sitesOf(list []int32) []int32 {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// Divided, nobody pays more than whole; what is paid is what the prices prove.
func TestDividedIsTheTransportation(t *testing.T) {
	r := random(4)
	for k := range 1000 {
		a := drawAssignment(&r)
		if a.Load != nil {
			continue
		}
		whole, err := Assign(context.Background(), a, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		a.Split = true
		x, err := Assign(context.Background(), a, Limits{})
		if err != nil || !x.Split {
			t.Fatalf("%d: %+v %v", k, x, err)
		}
		if x.Status == Infeasible {
			if whole.Status != Infeasible || x.Cut == nil || x.Cut.Missing() <= 0 || !strings.Contains(x.Reason, "however they are divided") {
				t.Fatalf("%d: divided %+v, whole %+v", k, x.Outcome, whole.Outcome)
			}
			continue
		}
		if x.Status != Optimal || x.Gap() > 1e-9 {
			t.Fatalf("%d: %+v", k, x.Outcome)
		}
		free := 0.0 // what those who ask for nothing cost when they are whole
		for i, d := range a.Demand {
			if d == 0 && whole.Status == Optimal {
				free += a.Rows[i][whole.To[i]]
			}
		}
		if whole.Status == Optimal && a.turned(whole.Outcome).Objective-a.turned(Outcome{Objective: free}).Objective < a.turned(x.Outcome).Objective-1e-6 {
			t.Fatalf("%d: whole %v is better than divided %v", k, whole.Objective-free, x.Objective)
		}
		room, left := slices.Clone(a.Capacity), slices.Clone(a.Demand)
		for at, i := range x.From {
			room[x.To[at]] -= x.Amount[at]
			left[i] -= x.Amount[at]
		}
		if slices.Min(room) < 0 || slices.Max(left) != 0 || slices.Min(left) != 0 {
			t.Fatalf("%d: room %v, left %v", k, room, left)
		}
	}
}

func generalised(t testing.TB, name string) (list []*Assignment) {
	t.Helper()
	file := library(t, "gap", name+".txt")
	defer file.Close()
	problems, err := orlib.ReadAssignments(name, file)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		a := &Assignment{Costs: Costs{Sites: len(p.Capacity)}, Capacity: p.Capacity, Maximise: true}
		for i := range p.Value[0] {
			row, load := make([]float64, a.Sites), make([]int64, a.Sites)
			for j := range row {
				row[j], load[j] = float64(p.Value[j][i]), p.Resource[j][i]
			}
			a.Rows, a.Load = append(a.Rows, row), append(a.Load, load)
		}
		list = append(list, a)
	}
	return list
}

// gap1 to gap6: all 30 are met and proven.
func TestAssignOfTheLibrary(t *testing.T) {
	for name, want := range expected[map[string][]float64](t, "gap_max") {
		for k, a := range generalised(t, name) {
			x, err := Assign(context.Background(), a, Limits{})
			if err != nil || x.Status != Optimal || x.Objective != want[k] || x.Bound != want[k] {
				t.Errorf("%s, problem %d: %+v, want %v (%v)", name, k, x.Outcome, want[k], err)
			}
		}
	}
}

func linear(t testing.TB) *Assignment {
	t.Helper()
	file := library(t, "assign", "assign100.txt")
	defer file.Close()
	rows, err := orlib.ReadAssign("assign100", file)
	if err != nil {
		t.Fatal(err)
	}
	a := &Assignment{Costs: Costs{Sites: len(rows)}, Demand: slices.Repeat([]int64{1}, len(rows)), Capacity: slices.Repeat([]int64{1}, len(rows)), Split: true}
	for _, row := range rows {
		cost := make([]float64, len(row))
		for j, c := range row {
			cost[j] = float64(c)
		}
		a.Rows = append(a.Rows, cost)
	}
	return a
}

func TestLinearAssignmentOfTheLibrary(t *testing.T) {
	x, err := Assign(context.Background(), linear(t), Limits{})
	if err != nil || x.Status != Optimal || x.Objective != 305 || x.Bound != 305 || len(x.From) != 100 || slices.Max(x.Amount) != 1 {
		t.Errorf("%+v, %d parts (%v)", x.Outcome, len(x.From), err)
	}
}

func TestAssignRefusesNonsense(t *testing.T) {
	costs := Costs{Sites: 2, Rows: [][]float64{{1, 2}}}
	for _, c := range []struct {
		want string
		a    Assignment
	}{
		{"no site", Assignment{}},
		{"a cost is a number", Assignment{Costs: Costs{Sites: 1, Rows: [][]float64{{math.NaN()}}}}},
		{"1 capacities of 2 sites", Assignment{Costs: costs, Capacity: []int64{1}}},
		{"capacity 1 is -4", Assignment{Costs: costs, Capacity: []int64{1, -4}}},
		{"0 demands and 1 rows", Assignment{Costs: costs, Capacity: []int64{1, 1}}},
		{"Load is for whole ones", Assignment{Costs: costs, Capacity: []int64{1, 1}, Load: [][]int64{{1, 1}}, Split: true}},
		{"give one", Assignment{Costs: costs, Capacity: []int64{1, 1}, Load: [][]int64{{1, 1}}, Demand: []int64{1}}},
		{"has 1 loads", Assignment{Costs: costs, Capacity: []int64{1, 1}, Load: [][]int64{{1}}}},
		{"rows of loads", Assignment{Costs: costs, Capacity: []int64{1, 1}, Load: [][]int64{}}},
		{"load of customer 0 at site 1 is -1", Assignment{Costs: costs, Capacity: []int64{1, 1}, Load: [][]int64{{1, -1}}}},
	} {
		if _, err := Assign(context.Background(), &c.a, Limits{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
	lean := &Assignment{Costs: costs, Capacity: []int64{1, 1}, Load: [][]int64{{1, 1}}}
	lean.Rows, lean.Load = append(lean.Rows, lean.Rows[0], lean.Rows[0]), append(lean.Load, lean.Load[0], lean.Load[0])
	if x, err := Assign(context.Background(), lean, Limits{}); err != nil || x.Status != Infeasible || !strings.Contains(x.Reason, "the customers take 3; all sites hold 2") {
		t.Errorf("%+v %v", x, err)
	}
}

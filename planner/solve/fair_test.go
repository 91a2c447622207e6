package solve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// drawSupply is a small supply; amounts are few, so that shares often agree.
func drawSupply(t *rapid.T) *Supply {
	s := &Supply{
		Demand:   rapid.SliceOfN(rapid.Int64Range(0, 6), 1, 6).Draw(t, "demand"),
		Capacity: rapid.SliceOfN(rapid.Int64Range(0, 9), 0, 4).Draw(t, "capacity"),
	}
	for v := range s.Demand {
		for p := range s.Capacity {
			for range rapid.SampledFrom([]int{0, 0, 1, 1, 2}).Draw(t, "links") {
				s.From, s.To = append(s.From, int32(v)), append(s.To, int32(p))
			}
		}
	}
	return s
}

// reach is the capacity that a set of demanders could draw on, and their demand.
func (s *Supply) reach(set int, used map[int32]bool) (capacity, demand int64) {
	near := map[int32]bool{}
	for i, v := range s.From {
		if set>>v&1 == 1 && !used[s.To[i]] {
			near[s.To[i]] = true
		}
	}
	for p := range near {
		capacity += s.Capacity[p]
	}
	for v, d := range s.Demand {
		if set>>v&1 == 1 {
			demand += d
		}
	}
	return capacity, demand
}

// sharesByTrial finds shares by the definition: of all sets of demanders left,
// the one with the least capacity to its demand, and of those the largest, has
// that share; then on without it and what it draws on.
func (s *Supply) sharesByTrial() []*big.Rat {
	out := make([]*big.Rat, len(s.Demand))
	left, used := 0, map[int32]bool{}
	for v, d := range s.Demand {
		out[v] = big.NewRat(1, 1)
		if d > 0 {
			left |= 1 << v
		}
	}
	for left != 0 {
		best, worst := 0, big.NewRat(1, 1)
		for set := left; set > 0; set = (set - 1) & left {
			capacity, demand := s.reach(set, used)
			share := big.NewRat(capacity, demand)
			if c := share.Cmp(worst); c < 0 || c == 0 && share.Cmp(big.NewRat(1, 1)) < 0 {
				if c < 0 {
					best = 0
				}
				best, worst = best|set, share // sets of the least share join to one
			}
		}
		if best == 0 {
			break
		}
		for v := range s.Demand {
			if best>>v&1 == 1 {
				out[v] = worst
			}
		}
		for i, v := range s.From {
			if best>>v&1 == 1 {
				used[s.To[i]] = true
			}
		}
		left &^= best
	}
	return out
}

func (f *Shares) shareOf(v int) *big.Rat {
	if f.Of[v] < 0 {
		return big.NewRat(1, 1)
	}
	g := f.Groups[f.Of[v]]
	return big.NewRat(g.Given, g.Asked)
}

// mostByCut is the smallest over all sets of demanders of what they could draw
// on and what the others ask for.
func (s *Supply) mostByCut() int64 {
	least := int64(1 << 62)
	for set := range 1 << len(s.Demand) {
		capacity, _ := s.reach(set, nil)
		_, others := s.reach(^set&(1<<len(s.Demand)-1), nil)
		least = min(least, capacity+others)
	}
	return least
}

// mostByTrial gives unit after unit in every way there is.
func (s *Supply) mostByTrial() int64 {
	seen := map[string]int64{}
	var most func(v int, left []int64) int64
	most = func(v int, left []int64) int64 {
		if v == len(s.Demand) {
			return 0
		}
		key := fmt.Sprint(v, left)
		if known, ok := seen[key]; ok {
			return known
		}
		var near []int32
		for i, from := range s.From {
			if int(from) == v && !slices.Contains(near, s.To[i]) {
				near = append(near, s.To[i])
			}
		}
		best := int64(0)
		var draw func(k int, wants, got int64)
		draw = func(k int, wants, got int64) {
			if k == len(near) {
				best = max(best, got+most(v+1, left))
				return
			}
			for take := int64(0); take <= min(wants, left[near[k]]); take++ {
				left[near[k]] -= take
				draw(k+1, wants-take, got+take)
				left[near[k]] += take
			}
		}
		draw(0, s.Demand[v], 0)
		seen[key] = best
		return best
	}
	return most(0, slices.Clone(s.Capacity))
}

func mustFair(t interface{ Fatal(...any) }, s *Supply) *Shares {
	f, err := Fair(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFairIsTheDefinitionTried(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSupply(t)
		f := mustFair(t, s)
		total := new(big.Rat)
		for v, want := range s.sharesByTrial() {
			if got := f.shareOf(v); got.Cmp(want) != 0 {
				t.Fatalf("demander %d has the share %s, by trial %s", v, got, want)
			}
			total.Add(total, new(big.Rat).Mul(want, big.NewRat(s.Demand[v], 1)))
		}
		if total.Cmp(big.NewRat(f.Total, 1)) != 0 || f.Total != s.mostByCut() {
			t.Fatalf("total %d, shares sum to %s, smallest cut %d", f.Total, total, s.mostByCut())
		}
	})
}

func TestFairGivesTheMostThereIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &Supply{
			Demand:   rapid.SliceOfN(rapid.Int64Range(0, 3), 1, 4).Draw(t, "demand"),
			Capacity: rapid.SliceOfN(rapid.Int64Range(0, 4), 0, 3).Draw(t, "capacity"),
		}
		for v := range s.Demand {
			for p := range s.Capacity {
				if rapid.Bool().Draw(t, "link") {
					s.From, s.To = append(s.From, int32(v)), append(s.To, int32(p))
				}
			}
		}
		if f, most := mustFair(t, s), s.mostByTrial(); f.Total != most {
			t.Fatalf("total %d; every way tried gives %d at most", f.Total, most)
		}
	})
}

// The groups must be bottlenecks: full, connected, and nobody in one could draw
// on anything of one with a larger share, or on a supplier that is in none.
func TestFairNamesTheBottlenecks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSupply(t)
		f := mustFair(t, s)
		cut := int64(0)
		for i, g := range f.Groups {
			var given, asked int64
			for _, p := range g.Suppliers {
				given += s.Capacity[p]
				if f.By[p] != int32(i) {
					t.Fatalf("supplier %d is said to be in group %d, it is in %d", p, f.By[p], i)
				}
			}
			for _, v := range g.Demanders {
				asked += s.Demand[v]
			}
			if given != g.Given || asked != g.Asked || given >= asked || len(g.Demanders) == 0 {
				t.Fatalf("group %+v gives %d of %d", g, given, asked)
			}
			cut += given
		}
		for v, d := range s.Demand {
			if f.Of[v] < 0 {
				cut += d
			}
		}
		if cut != f.Total {
			t.Fatalf("the groups and those with all make %d, not the flow of %d", cut, f.Total)
		}
		for i, v := range s.From {
			if of, by := f.Of[v], f.By[s.To[i]]; s.Demand[v] > 0 && of >= 0 && (by < 0 || by > of && f.shareOf(int(v)).Cmp(f.shareOf(int(f.Groups[by].Demanders[0]))) <= 0) {
				t.Fatalf("demander %d of group %d could draw on supplier %d of group %d", v, of, s.To[i], by)
			}
		}
	})
}

// shuffled gives a supply in another order, and where everyone is now.
func (s *Supply) shuffled(r *rand.Rand) (*Supply, []int, []int) {
	at, to := r.Perm(len(s.Demand)), r.Perm(len(s.Capacity))
	out := &Supply{Demand: make([]int64, len(s.Demand)), Capacity: make([]int64, len(s.Capacity))}
	for v, d := range s.Demand {
		out.Demand[at[v]] = d
	}
	for p, c := range s.Capacity {
		out.Capacity[to[p]] = c
	}
	for _, i := range r.Perm(len(s.From)) {
		out.From, out.To = append(out.From, int32(at[s.From[i]])), append(out.To, int32(to[s.To[i]]))
	}
	return out, at, to
}

// named gives the groups in the numbers of another order.
func (f *Shares) named(demander, supplier []int) []Group {
	rename := func(list []int32, names []int) []int32 {
		out := make([]int32, len(list))
		for i, n := range list {
			out[i] = int32(slices.Index(names, int(n)))
		}
		slices.Sort(out)
		return out
	}
	out := make([]Group, len(f.Groups))
	for i, g := range f.Groups {
		out[i] = Group{g.Given, g.Asked, rename(g.Demanders, demander), rename(g.Suppliers, supplier)}
	}
	slices.SortFunc(out, func(a, b Group) int { return cmp.Compare(a.Demanders[0], b.Demanders[0]) })
	return out
}

func TestFairIsTheSameInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSupply(t)
		other, at, to := s.shuffled(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)))
		one, two := mustFair(t, s), mustFair(t, other)
		same := func(n int) []int {
			out := make([]int, n)
			for i := range out {
				out[i] = i
			}
			return out
		}
		a, b := one.named(same(len(s.Demand)), same(len(s.Capacity))), two.named(at, to)
		if one.Total != two.Total || fmt.Sprint(a) != fmt.Sprint(b) {
			t.Fatalf("one order gives %d %v, another %d %v", one.Total, a, two.Total, b)
		}
	})
}

// More to give takes from nobody, and neither does a demander less: that is
// what lets unknown amounts be closed in between two supplies.
func TestFairIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSupply(t)
		more := &Supply{Demand: slices.Clone(s.Demand), Capacity: slices.Clone(s.Capacity), From: s.From, To: s.To}
		for p := range more.Capacity {
			more.Capacity[p] += rapid.Int64Range(0, 4).Draw(t, "more")
		}
		gone := rapid.IntRange(-1, len(s.Demand)-1).Draw(t, "gone")
		if gone >= 0 {
			more.Demand[gone] = 0
		}
		before, after := mustFair(t, s), mustFair(t, more)
		for v := range s.Demand {
			if v != gone && after.shareOf(v).Cmp(before.shareOf(v)) < 0 {
				t.Fatalf("demander %d falls from %s to %s", v, before.shareOf(v), after.shareOf(v))
			}
		}
	})
}

func TestFairOfTheGreatest(t *testing.T) {
	s := &Supply{Demand: []int64{maxTotal - 3, 3}, Capacity: []int64{maxTotal - 9, 2}, From: []int32{0, 1, 1}, To: []int32{0, 0, 1}}
	f := mustFair(t, s)
	if f.Total != maxTotal-7 || len(f.Groups) != 1 || f.Groups[0].Given != maxTotal-7 || f.Groups[0].Asked != maxTotal {
		t.Errorf("got %+v", f)
	}
}

func TestFairRefusesWhatIsNoSupply(t *testing.T) {
	for says, s := range map[string]Supply{
		"as many of each":   {Demand: []int64{1}, From: []int32{0}},
		"supplier 0 of 0":   {Demand: []int64{1}, From: []int32{0}, To: []int32{0}},
		"demander -1 of 1":  {Demand: []int64{1}, Capacity: []int64{1}, From: []int32{-1}, To: []int32{0}},
		"demand 0 is -1":    {Demand: []int64{-1}},
		"capacity 1 is 1":   {Capacity: []int64{maxTotal, 1}},
		"more than 2^62":    {Demand: []int64{maxTotal, maxTotal}},
		"capacity 0 is -7;": {Capacity: []int64{-7}},
	} {
		if _, err := Fair(context.Background(), &s); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, want an error that says %q", err, says)
		}
	}
	if f, err := Fair(context.Background(), &Supply{}); err != nil || f.Total != 0 || len(f.Groups) != 0 {
		t.Errorf("of nothing: %+v, %v", f, err)
	}
}

// steps is a supply in which each supplier's demanders are linked to the next
// supplier too and no two shares are the same: as many groups as suppliers,
// which only fall apart one by one.
func steps(n int) *Supply {
	s := &Supply{}
	for i := range n {
		s.Demand, s.Capacity = append(s.Demand, int64(2*n)), append(s.Capacity, int64(i))
		s.From, s.To = append(s.From, int32(i)), append(s.To, int32(i))
		if i > 0 {
			s.From, s.To = append(s.From, int32(i)), append(s.To, int32(i-1))
		}
	}
	return s
}

func TestFairOfManySteps(t *testing.T) {
	const n = 2000
	began := time.Now()
	f := mustFair(t, steps(n))
	if len(f.Groups) != n {
		t.Fatalf("%d groups, not %d", len(f.Groups), n)
	}
	for i, g := range f.Groups {
		if g.Given != int64(i) {
			t.Fatalf("group %d gives %d", i, g.Given)
		}
	}
	t.Log(time.Since(began))
}

// province is a supply of many demanders, each linked to some suppliers near it;
// half of the suppliers have too little.
func province(demanders, suppliers int) *Supply {
	r := rand.New(rand.NewPCG(4, 4))
	s := &Supply{}
	for range demanders {
		s.Demand = append(s.Demand, 6_000+r.Int64N(60_000))
	}
	each := int64(36_000) * int64(demanders) / int64(suppliers)
	for range suppliers {
		s.Capacity = append(s.Capacity, each/2+r.Int64N(each))
	}
	for v := range demanders {
		near := v * suppliers / demanders
		for range 1 + r.IntN(3) {
			p := (near + r.IntN(4)) % suppliers
			s.From, s.To = append(s.From, int32(v)), append(s.To, int32(p))
		}
	}
	return s
}

func TestFairStops(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	s := province(20_000, 400)
	began := time.Now()
	if _, err := Fair(ctx, s); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("it took %v to stop", took)
	}
}

func BenchmarkFairProvince(b *testing.B) {
	s := province(100_000, 2_000)
	for b.Loop() {
		f := mustFair(b, s)
		b.ReportMetric(float64(len(f.Groups)), "groups")
	}
}

func ExampleFair() {
	// Two villages share a spring, the second may also draw on a well.
	s := &Supply{Demand: []int64{60, 60}, Capacity: []int64{30, 40}, From: []int32{0, 1, 1}, To: []int32{0, 0, 1}}
	f, err := Fair(context.Background(), s)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("given:", f.Total)
	for _, g := range f.Groups {
		fmt.Println("demanders", g.Demanders, "have", g.Given, "of", g.Asked, "from", g.Suppliers)
	}
	// Output:
	// given: 70
	// demanders [0] have 30 of 60 from [0]
	// demanders [1] have 40 of 60 from [1]
}

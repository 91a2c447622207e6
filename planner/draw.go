package planner

import (
	"math/rand/v2"
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// DrawOptions say what is drawn for inspection.
type DrawOptions struct {
	Programme ID     // 0: the current one
	Township  string // region code; empty: of the whole county
	Count     int    // how many intervals
	Length    int64  // mm of each
	Seed      int64
	On        Date
}

// DrawInspections draws intervals at random among the completed metres of a
// programme, or of a township's part of it, each metre as likely as any other.
//
// Every piece of road without a gap is cut into intervals of the length, and
// one shorter where it does not come out even, at a random place. Each interval
// is as likely as any other, whatever its length; so is each metre, for it lies
// in exactly one. Intervals do not overlap and do not go beyond what is
// completed; where there are fewer than are wanted, all come. The same seed over
// the same metres draws the same. They are still to be held and have no id.
func (a *Assessment) DrawInspections(o DrawOptions) []Inspection {
	if o.Count < 1 || o.Length < 1 {
		return nil
	}
	cells := newCells(a.completedRuns(o), o.Length, uint64(o.Seed))
	var out []Inspection
	for _, index := range sample(rand.New(rand.NewPCG(uint64(o.Seed), 0)), cells.count(), o.Count) {
		at := cells.at(index)
		out = append(out, Inspection{
			Kind: InspectionRandom, Road: at.key.Road, Version: at.key.Version, Span: at.span, On: o.On, Seed: &o.Seed,
		})
	}
	return out
}

// sample draws so many different numbers below n, in order; all, where there
// are no more.
func sample(random *rand.Rand, n int64, count int) []int64 {
	if int64(count) >= n {
		count = int(n)
	}
	taken := make(map[int64]bool, count)
	out := make([]int64, 0, count)
	for i := n - int64(count); i < n; i++ { // Floyd's way: each set of count is as likely as any other
		pick := random.Int64N(i + 1)
		if taken[pick] {
			pick = i
		}
		taken[pick] = true
		out = append(out, pick)
	}
	slices.Sort(out)
	return out
}

// run is a piece of road without a gap.
type run struct {
	key  routeKey
	span chainage.Span
}

// completedRuns are the completed metres that may be drawn from, by road.
func (a *Assessment) completedRuns(o DrawOptions) []run {
	var out []run
	for i, p := range a.Programmes {
		if o.Programme == 0 && i != a.Current || o.Programme != 0 && p.Programme.ID != o.Programme {
			continue
		}
		for _, w := range p.Works {
			key := routeKey{w.Road, w.Version}
			for _, span := range a.inTownship(key, w.Completed, o.Township) {
				out = append(out, run{key, span})
			}
		}
	}
	return out
}

// inTownship keeps of a set what a township has, also where it shares it.
func (a *Assessment) inTownship(key routeKey, set chainage.Set, township string) chainage.Set {
	if township == "" {
		return set
	}
	var spans []chainage.Span
	for _, st := range a.stretches(key, set) {
		if slices.ContainsFunc(townshipsOf(st), func(code string) bool { return a.scopeOf(code) == township }) {
			spans = append(spans, st.span)
		}
	}
	return chainage.NewSet(spans...)
}

// cells are runs cut into intervals, not laid out one by one: a county has
// millions of short ones.
type cells struct {
	length int64
	runs   []run
	before []int64 // intervals in the runs before each
	short  []int64 // which interval of each run is the shorter one
	total  int64
}

func newCells(runs []run, length int64, seed uint64) *cells {
	c := &cells{length: length, runs: runs}
	random := rand.New(rand.NewPCG(seed, 1))
	for _, r := range runs {
		n := (r.span.Length()-1)/length + 1
		c.before = append(c.before, c.total)
		c.short = append(c.short, random.Int64N(max(n, 1)))
		c.total += n
	}
	return c
}

func (c *cells) count() int64 { return c.total }

// at is an interval by its number.
func (c *cells) at(index int64) run {
	i, found := slices.BinarySearch(c.before, index)
	if !found {
		i--
	}
	r, n := c.runs[i], index-c.before[i]
	slack := (c.length - r.span.Length()%c.length) % c.length
	from, to := r.span.From+n*c.length, r.span.From+(n+1)*c.length
	if n > c.short[i] {
		from -= slack
	}
	if n >= c.short[i] {
		to -= slack
	}
	return run{r.key, chainage.Span{From: from, To: to}}
}

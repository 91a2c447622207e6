package planner

import (
	"cmp"
	"context"
	"math/bits"
	"slices"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/route"
)

// RankOptions say what is ranked.
type RankOptions struct {
	By        string       // "km" (default): persons newly connected per kilometre; "yuan": per million yuan
	BudgetFen int64        // a plan within this budget is made; 0: none
	Roads     []ID         // only these roads, each in whole; empty: every failing segment
	CostFen   map[ID]int64 // of whole roads, where the table of the rules does not hold
	Offset    int          // of the rows
	Limit     int          // 0: all

	Progress func(done, total int) // nil: nobody is told; from the caller's goroutine
}

// Ranking is which failing roads connect most persons for their length or cost.
//
// What is ranked are segments that connect somebody by themselves, and chains:
// all that fails on the way with the fewest failing metres to a village. Of a
// road of which a neighbour's segment is a part there is no chain. Every figure
// of a row is exact: of that chain alone, done to the county as it is.
type Ranking struct {
	Rows  []RankRow // best first; those asked for
	Total int       // rows there are
	Plan  *RankPlan // nil: no budget was given
}

// RankRow is a segment or a chain of them with what it does.
type RankRow struct {
	Rank           int        // equal rows share one
	Units          []RankUnit // in order of road and segment
	Name           string     // of the first road that has one
	Township       string     // of the first
	LengthMM       int64
	CostFen        int64
	UnknownMM      int64 // of LengthMM, what may be in order: inspect first
	Persons        int64 // newly connected
	PersonsUnknown int64 // villages among them whose persons are not known
	Villages       []ID  // newly connected
	PerKM          *float64
	PerMillionYuan *float64 // nil: it costs nothing
	Bounds         orb.Bound
}

// RankUnit is a segment, or a road where no segment covers it, and what is done
// to it.
type RankUnit struct {
	Do            string
	Road, Segment ID
}

// Edit is what a [Question] says to do it.
func (u RankUnit) Edit() Edit {
	if u.Segment != 0 {
		return Edit{Do: u.Do, Segment: u.Segment}
	}
	return Edit{Do: u.Do, Road: u.Road}
}

// ranker holds the candidates.
type ranker struct {
	ctx   context.Context // of the one call that the ranker lives for
	a     *Assessment
	o     RankOptions
	works []*work // what can be done, by road and segment
	chain [][]int // candidates: rising places in works
	t     *trial
}

// RankRoads ranks what is not built, or fails otherwise, by the persons that it
// newly connects, and makes a plan within a budget. When ctx ends, so does the
// ranking before its next sweep, with the error of ctx. Progress, where there
// is one, is told how many candidates are measured of how many.
func (a *Assessment) RankRoads(ctx context.Context, o RankOptions) (*Ranking, error) {
	if o.By != "" && o.By != "km" && o.By != "yuan" {
		return nil, Errorf(Invalid, "a ranking by %q is not known; write km or yuan", cutText(o.By))
	}
	if o.BudgetFen < 0 || o.Offset < 0 || o.Limit < 0 {
		return nil, Errorf(Invalid, "budget, offset and limit are not below zero")
	}
	for _, id := range o.Roads {
		if a.roads[id] == nil {
			return nil, Errorf(Invalid, "there is no road %d in %s", id, a.Snapshot.Region.Code)
		}
	}
	r := &ranker{ctx: ctx, a: a, o: o, t: a.net.newTrial()}
	r.findWorks()
	r.findChains()
	out := &Ranking{Rows: r.rank()}
	if o.BudgetFen > 0 {
		out.Plan = r.plan()
	}
	if err := ctx.Err(); err != nil { // each of the three broke off
		return nil, err
	}
	out.Total = len(out.Rows)
	out.Rows = out.Rows[min(o.Offset, len(out.Rows)):]
	if o.Limit > 0 && o.Limit < len(out.Rows) {
		out.Rows = out.Rows[:o.Limit]
	}
	return out, nil
}

// findWorks lists what may be done: failing segments, or the roads asked for.
func (r *ranker) findWorks() {
	keyOf := keyOfWork
	if len(r.o.Roads) > 0 {
		keyOf = func(p *Piece) workKey { return workKey{halo: p.Halo, road: p.Road} }
	}
	for key, w := range r.a.works(keyOf) {
		if key.halo || len(r.o.Roads) > 0 && !slices.Contains(r.o.Roads, w.Road) {
			continue
		}
		if fen, ok := r.o.CostFen[w.Road]; ok {
			w.CostFen = fen
			if key.segment != 0 { // its share of the road
				w.CostFen = scale(w.LengthMM, fen, max(1, r.a.roads[w.Road].Length))
			}
		}
		r.works = append(r.works, w)
	}
	slices.SortFunc(r.works, func(x, y *work) int { return cmp.Or(cmp.Compare(x.Road, y.Road), cmp.Compare(x.Segment, y.Segment)) })
}

// findChains lists the candidates: works that connect somebody alone, and what
// fails on the way to each village that is not connected. A road that was asked
// for is one in any case.
func (r *ranker) findChains() {
	of := map[int32]int{} // the work of an edge
	for i, w := range r.works {
		if r.ctx.Err() != nil {
			return
		}
		for _, e := range w.edges {
			of[e] = i
		}
		if len(r.o.Roads) > 0 || len(r.t.gain(w.edges)) > 0 {
			r.chain = append(r.chain, []int{i})
		}
	}
	links := r.a.net.newLinkerOver(func(e int32) bool { _, ok := of[e]; return ok })
	for i := range r.a.Villages {
		if r.ctx.Err() != nil {
			return
		}
		if d := &r.a.Villages[i]; d.Connected != Yes {
			if chain := links.chain(d.Village, r.a.net.near[i], of); len(chain) > 0 {
				r.chain = append(r.chain, chain)
			}
		}
	}
	slices.SortFunc(r.chain, slices.Compare)
	r.chain = slices.CompactFunc(r.chain, slices.Equal)
}

// chain lists the works on the way to a village; none when there is no way by
// roads.
func (l *linker) chain(v *Village, near []route.Snap, of map[int32]int) []int {
	at, straight, ok := l.way(v, near)
	if !ok || straight {
		return nil
	}
	at.Access = 0
	path, _ := l.query.Path(at)
	var out []int
	for _, step := range path.Steps {
		if i, fails := of[step.Edge]; fails {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// rank measures every candidate alone and orders them.
func (r *ranker) rank() []RankRow {
	rows := make([]RankRow, 0, len(r.chain))
	for i, chain := range r.chain {
		if r.ctx.Err() != nil {
			return nil
		}
		if row := r.row(chain); len(row.Villages) > 0 || len(r.o.Roads) > 0 {
			rows = append(rows, row)
		}
		if r.o.Progress != nil {
			r.o.Progress(i+1, len(r.chain))
		}
	}
	slices.SortStableFunc(rows, func(x, y RankRow) int {
		return cmp.Or(r.worse(&x, &y), cmp.Compare(len(y.Villages), len(x.Villages)), cmp.Compare(x.LengthMM, y.LengthMM))
	})
	for i := range rows {
		rows[i].Rank = i + 1
		if i > 0 && r.worse(&rows[i-1], &rows[i]) == 0 {
			rows[i].Rank = rows[i-1].Rank
		}
	}
	return rows
}

// row is what a chain does to the county as far as it is mended.
func (r *ranker) row(chain []int) RankRow {
	row := RankRow{Bounds: r.works[chain[0]].Bounds, Township: r.works[chain[0]].Township}
	var edges []int32
	for _, i := range chain {
		w := r.works[i]
		row.Units = append(row.Units, RankUnit{w.Do, w.Road, w.Segment})
		row.Name = cmp.Or(row.Name, w.Name)
		row.LengthMM, row.CostFen, row.UnknownMM = row.LengthMM+w.LengthMM, row.CostFen+w.CostFen, row.UnknownMM+w.Unproven
		row.Bounds = row.Bounds.Union(w.Bounds)
		edges = append(edges, w.edges...)
	}
	row.Villages = r.a.villageIDs(r.t.gain(edges))
	row.Persons, row.PersonsUnknown = r.t.persons()
	if row.LengthMM > 0 {
		per := float64(row.Persons) * 1e6 / float64(row.LengthMM)
		row.PerKM = &per
	}
	if row.CostFen > 0 {
		per := float64(row.Persons) * 1e8 / float64(row.CostFen)
		row.PerMillionYuan = &per
	}
	return row
}

// price is what a row is weighed against.
func (r *ranker) price(row *RankRow) int64 {
	if r.o.By == "yuan" {
		return row.CostFen
	}
	return row.LengthMM
}

// worse orders rows by persons for the price, exactly; what costs nothing and
// connects somebody comes first.
func (r *ranker) worse(x, y *RankRow) int {
	return -compareRatios(x.Persons, r.price(x), y.Persons, r.price(y))
}

// compareRatios compares a/b with c/d, of numbers not below zero. A share of
// nothing is more than any, and nothing of it is nothing.
func compareRatios(a, b, c, d int64) int {
	h1, l1 := bits.Mul64(uint64(max(a, 0)), uint64(max(d, 0)))
	h2, l2 := bits.Mul64(uint64(max(c, 0)), uint64(max(b, 0)))
	if b <= 0 || d <= 0 {
		return cmp.Compare(weightOfNothing(a, b), weightOfNothing(c, d))
	}
	return cmp.Or(cmp.Compare(h1, h2), cmp.Compare(l1, l2))
}

func weightOfNothing(a, b int64) int {
	switch {
	case a <= 0:
		return 0
	case b > 0:
		return 1
	}
	return 2
}

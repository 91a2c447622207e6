package solve

import "math/bits"

// DecideYear is what is done in a year, when each work is begun as soon as there is money for it.
type DecideYear struct {
	Spent      int64
	Laid       float64 // metres paid for: of a segment begun only its share
	Connecting float64 // metres of segments over which somebody is connected from this year on
	Served     int64   // persons served from this year on: by road, at a site, or in the interim
	Villages   []int32 // whose verdict takes effect
	Segments   []int32 // finished
}

// work is a segment to build or a village to pay for.
type work struct {
	cost    int64
	persons int64 // served when it is done
	after   int32 // the work that must be done before; -1: none
	segment int32 // -1: it is a village
	village int32
	year    int
}

// years puts the works in the order in which persons wait least for the money (Horn 1972: weighted
// completion times under precedences that are a forest, exactly), and cuts it into years.
func (r *decideReport) years() {
	works := r.works()
	r.p.Years = make([]DecideYear, max(1, len(r.m.q.Budget)))
	spent, year, funds := int64(0), 0, r.funds(0)
	for _, w := range hornOrder(works) {
		job := &works[w]
		left := job.cost
		for left > 0 && spent+left > funds && year+1 < len(r.p.Years) {
			r.pay(job, year, funds-spent)
			left -= funds - spent
			spent = funds
			year++
			funds += r.funds(year)
		}
		r.pay(job, year, left)
		spent += left
		job.year = year
		r.finish(job, year)
	}
	r.connecting(works)
}

func (r *decideReport) funds(year int) int64 {
	if len(r.m.q.Budget) == 0 {
		return decideMost
	}
	return r.m.q.Budget[year]
}

func (r *decideReport) pay(w *work, year int, money int64) {
	y := &r.p.Years[year]
	y.Spent += money
	if w.segment >= 0 {
		share := 1.0
		if w.cost > 0 {
			share = float64(money) / float64(w.cost)
		}
		y.Laid += share * r.m.q.Segments[w.segment].Metres
	}
}

func (r *decideReport) finish(w *work, year int) {
	y := &r.p.Years[year]
	if w.segment >= 0 {
		y.Segments = append(y.Segments, w.segment)
		return
	}
	y.Served += w.persons
	y.Villages = append(y.Villages, w.village)
}

// works lists segments before what comes after them.
func (r *decideReport) works() (works []work) {
	at := make([]int32, r.m.q.Nodes)
	listed := make([]bool, len(r.p.Built))
	at[0] = -1
	for _, n := range r.d.downward()[1:] {
		e := r.d.up[n]
		s := r.m.segment[e]
		at[n] = int32(len(works))
		listed[s] = true
		works = append(works, work{cost: r.m.q.Segments[s].Cost, after: at[r.m.across(e, n)], segment: s})
	}
	for s, is := range r.p.Built {
		if is && !listed[s] {
			works = append(works, work{cost: r.m.q.Segments[s].Cost, after: -1, segment: int32(s)})
		}
	}
	for i, v := range r.m.village {
		a := &r.m.alt[r.d.choice[i]]
		if a.verdict == VerdictReview {
			continue
		}
		w := work{cost: a.money, persons: r.m.persons[i] - a.unserved, after: -1, segment: -1, village: v}
		if a.verdict == VerdictRoad {
			w.after = at[r.m.node[i]]
		}
		works = append(works, w)
	}
	return works
}

// connecting counts each segment in the first year in which it leads to somebody.
func (r *decideReport) connecting(works []work) {
	first := make([]int, len(works))
	for w := range works {
		first[w] = len(r.p.Years)
	}
	for w := len(works) - 1; w >= 0; w-- {
		if works[w].segment < 0 {
			first[w] = works[w].year
		}
		if up := works[w].after; up >= 0 {
			first[up] = min(first[up], first[w])
		}
		if works[w].segment >= 0 && first[w] < len(r.p.Years) {
			r.p.Years[first[w]].Connecting += r.m.q.Segments[works[w].segment].Metres
		}
	}
}

// hornBlock is works that are best done in a row.
type hornBlock struct {
	list          []int32
	cost, persons int64
}

// sooner tells whether a block serves more persons for its money than another.
func (b *hornBlock) sooner(o *hornBlock) bool {
	x, xl := bits.Mul64(uint64(b.persons), uint64(o.cost))
	y, yl := bits.Mul64(uint64(o.persons), uint64(b.cost))
	if x != y {
		return x > y
	}
	return xl > yl
}

// hornOrder joins the block that serves most for its money to the one it has to wait for,
// or, when it waits for none, does it first of all that are left.
func hornOrder(works []work) (order []int32) {
	blocks := make([]*hornBlock, len(works))
	in := make([]int32, len(works)) // by work: its block
	for w := range works {
		blocks[w] = &hornBlock{[]int32{int32(w)}, works[w].cost, works[w].persons}
		in[w] = int32(w)
	}
	done := make([]bool, len(works))
	for len(order) < len(works) {
		at := -1
		for b := range blocks {
			if blocks[b] != nil && (at < 0 || blocks[b].sooner(blocks[at])) {
				at = b
			}
		}
		b := blocks[at]
		blocks[at] = nil
		up := works[b.list[0]].after
		if up < 0 || done[up] {
			for _, w := range b.list {
				done[w] = true
			}
			order = append(order, b.list...)
			continue
		}
		to := blocks[in[up]]
		to.list, to.cost, to.persons = append(to.list, b.list...), to.cost+b.cost, to.persons+b.persons
		for _, w := range b.list {
			in[w] = in[up]
		}
	}
	return order
}

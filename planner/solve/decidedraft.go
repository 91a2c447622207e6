package solve

import "slices"

// decideDraft is a plan in the making. It keeps within places and budget all the time.
type decideDraft struct {
	m      *decideModel
	up     []int32 // by node: the edge to its parent in the tree; -1: the network itself, -2: not in the tree
	kids   []int32 // by node: edges of the tree that lead on from it, plus rows that take their road there
	choice []int32 // by row: an alternative
	free   []int64 // by site: places left
	value  decideValue
}

const (
	rootless = -2
	isRoot   = -1
)

// newDraft hands up whatever is not fixed otherwise, and builds no road.
// Those fixed to one are without for the time being.
func newDraft(m *decideModel) *decideDraft {
	d := &decideDraft{
		m: m, up: slices.Repeat([]int32{rootless}, m.q.Nodes), kids: make([]int32, m.q.Nodes),
		choice: make([]int32, len(m.village)), free: slices.Clone(m.places), value: m.fixed,
	}
	d.up[0] = isRoot
	for i := range d.choice {
		k := m.firstAlt[i+1] - 1
		for ; k > m.firstAlt[i] && !m.alt[k].open; k-- {
		}
		d.choice[i] = k
		d.value.add(m.alt[k].decideValue)
		if s := m.alt[k].site; s >= 0 {
			d.free[s] -= m.alt[k].use
		}
	}
	return d
}

func (d *decideDraft) copyFrom(o *decideDraft) {
	copy(d.up, o.up)
	copy(d.kids, o.kids)
	copy(d.choice, o.choice)
	copy(d.free, o.free)
	d.m, d.value = o.m, o.value
}

func (d *decideDraft) clone() *decideDraft {
	c := &decideDraft{up: slices.Clone(d.up), kids: slices.Clone(d.kids), choice: slices.Clone(d.choice), free: slices.Clone(d.free)}
	c.m, c.value = d.m, d.value
	return c
}

func (d *decideDraft) onRoad(i int) bool { return d.choice[i] == d.m.firstAlt[i] }

// short tells whether money would run out with so much more spent.
func (d *decideDraft) short(more int64) bool {
	return d.m.budget >= 0 && d.value.money+more > d.m.budget
}

// fits tells whether a row may take an alternative other than the road, and is not on it.
func (d *decideDraft) fits(i int, k int32) bool {
	a := &d.m.alt[k]
	if !a.open || a.verdict == VerdictRoad {
		return false
	}
	if a.site >= 0 && d.free[a.site] < a.use && d.m.alt[d.choice[i]].site != a.site {
		return false
	}
	return true
}

// set changes the verdict of a row. The road must lead there already when it takes it;
// what is idle once it is off it is dropped. What it saved is told.
func (d *decideDraft) set(i int, k int32) {
	old := d.choice[i]
	if old == k {
		return
	}
	was, is := &d.m.alt[old], &d.m.alt[k]
	d.value.sub(was.decideValue)
	d.value.add(is.decideValue)
	if was.site >= 0 {
		d.free[was.site] += was.use
	}
	if is.site >= 0 {
		d.free[is.site] -= is.use
	}
	d.choice[i] = k
	n := d.m.node[i]
	if is.verdict == VerdictRoad {
		d.kids[n]++
	} else if was.verdict == VerdictRoad && d.up[n] != rootless {
		d.kids[n]--
		d.dropIdle(n)
	}
}

// dropIdle removes the segments that lead to a node for nobody.
func (d *decideDraft) dropIdle(n int32) {
	for d.kids[n] == 0 && d.up[n] >= 0 {
		e := d.up[n]
		d.value.money -= d.m.cost[e]
		d.up[n] = rootless
		n = d.m.across(e, n)
		d.kids[n]--
	}
}

// join builds the way that via leads back to the tree.
func (d *decideDraft) join(n int32, via []int32) {
	for d.up[n] == rootless {
		e := via[n]
		d.up[n] = e
		d.value.money += d.m.cost[e]
		n = d.m.across(e, n)
		d.kids[n]++
	}
}

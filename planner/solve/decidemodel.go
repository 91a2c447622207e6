package solve

import (
	"fmt"
	"slices"
)

// decideModel is a question made ready: what cannot be is gone, what costs nothing to
// know is known. Edge e is the arcs 2e (tail to head) and 2e+1 (back).
type decideModel struct {
	q       *BuildOrMove
	segment []int32 // by edge: the segment it is
	end     [2][]int32
	cost    []int64 // by edge; 0: it is built anyway
	first   []int32 // by node: where its edges begin in edgeAt; one more at the end
	edgeAt  []int32
	reached []bool // by node: the network can lead there

	village  []int32 // by row: the village it is; those already connected have none
	node     []int32 // by row
	persons  []int64
	firstAlt []int32 // by row: its first alternative, always the road; one more at the end
	alt      []decideAlt

	fixed  decideValue // what is paid whatever is decided
	budget int64       // -1: no limit
	places []int64     // by site

	tie float64 // weight of one yuan in the objective, see weigh; 1 with LeastCost
}

// decideAlt is one thing that may become of a village.
type decideAlt struct {
	decideValue
	verdict Verdict
	site    int32 // -1: none
	use     int64 // of the site
	open    bool
}

// decideValue is what a choice or a plan costs.
type decideValue struct {
	money, price int64 // price: of handing up and of leaving the published plan
	unserved     int64
}

func (a *decideValue) add(b decideValue) {
	a.money, a.price, a.unserved = a.money+b.money, a.price+b.price, a.unserved+b.unserved
}

func (a *decideValue) sub(b decideValue) {
	a.money, a.price, a.unserved = a.money-b.money, a.price-b.price, a.unserved-b.unserved
}

// less compares exactly by the objective, and then by less money.
func (m *decideModel) less(a, b decideValue) bool {
	if m.q.Objective == LeastUnserved && a.unserved != b.unserved {
		return a.unserved < b.unserved
	}
	if x, y := a.money+a.price, b.money+b.price; x != y {
		return x < y
	}
	return a.money < b.money
}

// weigh is a value as one number. With LeastUnserved all costs together weigh less
// than half a person, so the order is that of less, and rounding up a bound gives persons.
func (m *decideModel) weigh(a decideValue) float64 {
	cost := m.tie * float64(a.money+a.price)
	if m.q.Objective == LeastUnserved {
		return float64(a.unserved) + cost
	}
	return cost
}

func newDecideModel(q *BuildOrMove) *decideModel {
	m := &decideModel{q: q, budget: -1, places: q.Sites, tie: 1}
	if len(q.Budget) > 0 {
		m.budget = 0
		for _, b := range q.Budget {
			m.budget += b
		}
	}
	m.addEdges()
	m.adjoin()
	m.reach()
	m.firstAlt = append(m.firstAlt, 0)
	for v := range q.Villages {
		if w := &q.Villages[v]; w.Node != 0 || w.NoRoad || (w.Fixed.Verdict != "" && w.Fixed.Verdict != VerdictConnected && w.Fixed.Verdict != VerdictRoad) {
			m.addRow(int32(v))
		}
	}
	if q.Objective == LeastUnserved {
		m.tie = 0.5 / float64(m.atMost()+1)
	}
	return m
}

func (m *decideModel) addEdges() {
	for e, s := range m.q.Segments {
		if s.State == SegmentFixed {
			m.fixed.money += s.Cost
			s.Cost = 0
		}
		if s.State == SegmentForbidden || s.A == s.B {
			continue
		}
		m.segment = append(m.segment, int32(e))
		m.cost = append(m.cost, s.Cost)
		m.end[0], m.end[1] = append(m.end[0], s.A), append(m.end[1], s.B)
	}
}

func (m *decideModel) adjoin() {
	m.first = make([]int32, m.q.Nodes+1)
	for side := range m.end {
		for _, n := range m.end[side] {
			m.first[n+1]++
		}
	}
	for n := range m.q.Nodes {
		m.first[n+1] += m.first[n]
	}
	m.edgeAt = make([]int32, 2*len(m.cost))
	next := append([]int32(nil), m.first...)
	for e := range m.cost {
		for side := range m.end {
			n := m.end[side][e]
			m.edgeAt[next[n]] = int32(e)
			next[n]++
		}
	}
}

func (m *decideModel) edges(n int32) []int32 { return m.edgeAt[m.first[n]:m.first[n+1]] }

// across is the other end of an edge.
func (m *decideModel) across(e, n int32) int32 { return m.end[0][e] ^ m.end[1][e] ^ n }

// into is the arc of an edge that enters a node.
func (m *decideModel) into(e, n int32) int32 {
	if m.end[1][e] == n {
		return 2 * e
	}
	return 2*e + 1
}

func (m *decideModel) reach() {
	m.reached = make([]bool, m.q.Nodes)
	m.reached[0] = true
	for queue := []int32{0}; len(queue) > 0; queue = queue[1:] {
		for _, e := range m.edges(queue[0]) {
			if n := m.across(e, queue[0]); !m.reached[n] {
				m.reached[n] = true
				queue = append(queue, n)
			}
		}
	}
}

func (m *decideModel) addRow(v int32) {
	w := &m.q.Villages[v]
	m.village = append(m.village, v)
	m.node = append(m.node, w.Node)
	m.persons = append(m.persons, w.Persons)
	m.addAlt(w, decideAlt{verdict: VerdictRoad, site: -1, decideValue: decideValue{money: w.Stay}, open: !w.NoRoad && m.reached[w.Node]})
	for _, to := range w.Moves {
		m.addAlt(w, decideAlt{verdict: VerdictRelocate, site: to.Site, use: w.Persons, decideValue: decideValue{money: to.Cost},
			open: w.Persons <= m.places[to.Site] || w.Fixed.Verdict == VerdictRelocate})
	}
	if w.CanInterim {
		m.addAlt(w, decideAlt{verdict: VerdictInterim, site: -1, decideValue: decideValue{money: w.Interim, unserved: w.InterimUnserved}, open: true})
	}
	m.addAlt(w, decideAlt{verdict: VerdictReview, site: -1, decideValue: decideValue{price: w.Review, unserved: w.Persons}, open: true})
	m.firstAlt = append(m.firstAlt, int32(len(m.alt)))
}

func (m *decideModel) addAlt(w *DecideVillage, a decideAlt) {
	is := DecideChoice{Verdict: a.verdict, Site: max(a.site, 0)}
	a.open = a.open && (w.Fixed.Verdict == "" || w.Fixed == is)
	if w.Published.Verdict != "" && w.Published != is {
		a.price += w.Leave
	}
	m.alt = append(m.alt, a)
}

// rowOf is the row of an alternative.
func (m *decideModel) rowOf(k int32) int {
	i, found := slices.BinarySearch(m.firstAlt, k)
	if !found {
		i--
	}
	return i
}

// atMost is more than any plan costs.
func (m *decideModel) atMost() int64 {
	sum := m.fixed.money
	for _, c := range m.cost {
		sum += c
	}
	for i := range m.village {
		most := int64(0)
		for k := m.firstAlt[i]; k < m.firstAlt[i+1]; k++ {
			most = max(most, m.alt[k].money+m.alt[k].price)
		}
		sum += most
	}
	return sum
}

// impossible names what decisions taken already break, as far as that is plain to see.
func (m *decideModel) impossible() string {
	sent := make([]int64, len(m.places))
	spent := m.fixed.money
	for i, v := range m.village {
		w := &m.q.Villages[v]
		open, cheapest := 0, int64(decideMost)
		for k := m.firstAlt[i]; k < m.firstAlt[i+1]; k++ {
			if m.alt[k].open {
				open++
				cheapest = min(cheapest, m.alt[k].money)
			}
		}
		if open == 0 {
			return fmt.Sprintf("village %d is fixed to a road, and no segments that may be built lead from the network to its node %d", v, w.Node)
		}
		spent += cheapest
		if w.Fixed.Verdict == VerdictRelocate {
			sent[w.Fixed.Site] += w.Persons
		}
	}
	for j, n := range sent {
		if n > m.places[j] {
			return fmt.Sprintf("site %d takes %d persons, and decisions taken already send %d there", j, m.places[j], n)
		}
	}
	if m.budget >= 0 && spent > m.budget {
		return fmt.Sprintf("the budget is %d, and decisions taken already cost %d or more", m.budget, spent)
	}
	return ""
}

package route

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/paulmach/orb"
	"github.com/qiantu/qiantu/geo"
)

// Reached is a stretch of an edge, between two measures of it counted from its
// tail, and the first of the limits (its place in the list) within which it is
// reached.
type Reached struct {
	Edge     int32
	From, To geo.Millimetre
	Limit    int
}

// Isochrone gives what is reached from the roots, or what reaches them, within
// each of the limits: milliseconds by time, millimetres by length, rising. The
// stretches are cut where a limit ends, to the millimetre; they do not overlap,
// so what is within a limit are the stretches of it and of those before. They
// come by edge, along it. The access legs of the roots count.
func (q *Query) Isochrone(toward bool, limits []int64, roots ...Snap) ([]Reached, error) {
	for i, limit := range limits {
		if limit < 0 || i > 0 && limit <= limits[i-1] {
			return nil, fmt.Errorf("route: limit %d is %d; give limits from 0 on, each above the one before", i, limit)
		}
	}
	if len(limits) == 0 {
		return nil, nil
	}
	q.search(toward, roots, nil, uint64(limits[len(limits)-1]))
	var out []Reached
	for _, edge := range q.edgesAround() {
		out = q.reachedOn(out, edge, limits)
	}
	return out, nil
}

// edgesAround are the edges that nodes with a label are on, and the roots'.
func (q *Query) edgesAround() []int32 {
	var out []int32
	for _, n := range q.sweep.reached() {
		for _, code := range q.g.codes[q.g.start[n]:q.g.start[n+1]] {
			out = append(out, int32(code>>1))
		}
	}
	for _, on := range q.onEdge {
		out = append(out, on.edge)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// reachedOn adds the stretches of an edge: for each limit what it reaches and
// the one before did not.
func (q *Query) reachedOn(out []Reached, edge int32, limits []int64) []Reached {
	first := len(out)
	var before []interval
	for i, limit := range limits {
		now := union(q.within(edge, limit))
		for _, s := range without(now, before) {
			out = append(out, Reached{edge, s.from, s.to, i})
		}
		before = now
	}
	slices.SortFunc(out[first:], func(a, b Reached) int { return cmp.Compare(a.From, b.From) })
	return out
}

// interval is a part of an edge.
type interval struct{ from, to geo.Millimetre }

// within are the stretches of an edge that a limit reaches: from its ends, and
// from roots on it.
func (q *Query) within(edge int32, limit int64) []interval {
	var out []interval
	spread := func(at, end geo.Millimetre, spent Cost) {
		if left := limit - q.now.metric.of(spent); left >= 0 {
			if to := q.advance(edge, at, end, left); to != at {
				out = append(out, interval{min(at, to), max(at, to)})
			}
		}
	}
	length := q.g.end(edge, 1)
	if l, ok := q.sweep.find(q.g.tail[edge]); ok {
		spread(0, length, q.now.cost(l))
	}
	if l, ok := q.sweep.find(q.g.head[edge]); ok {
		spread(length, 0, q.now.cost(l))
	}
	for _, on := range q.rootsOn(edge) {
		r := q.roots[on.root]
		spread(r.At, 0, r.access())
		spread(r.At, length, r.access())
	}
	return out
}

// advance is how far one comes on an edge from a measure towards an end of it.
func (q *Query) advance(edge int32, at, end geo.Millimetre, left int64) geo.Millimetre {
	step := geo.Millimetre(1)
	if end < at {
		step = -1
	}
	far := sort.Search(int((end-at)*step), func(i int) bool {
		from, to := at, at+step*geo.Millimetre(i+1)
		if q.now.toward {
			from, to = to, from
		}
		c, ok := q.now.along(edge, from, to)
		return !ok || q.now.metric.of(c) > left
	})
	return at + step*geo.Millimetre(far)
}

// union joins stretches that touch, in order.
func union(all []interval) []interval {
	slices.SortFunc(all, func(a, b interval) int { return cmp.Compare(a.from, b.from) })
	var out []interval
	for _, s := range all {
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// without takes stretches out of others that hold them.
func without(all, taken []interval) []interval {
	var out []interval
	for _, s := range all {
		for _, t := range taken {
			if t.to <= s.from || t.from >= s.to {
				continue
			}
			if s.from < t.from {
				out = append(out, interval{s.from, t.from})
			}
			s.from = t.to
		}
		if s.from < s.to {
			out = append(out, s)
		}
	}
	return out
}

// directions is how many directions an outline looks in.
const directions = 72

// Outline draws a line around what is reached within one of the limits: the
// farthest place reached in each of 72 directions from a point, joined. It is
// for show only. It takes in places that are not reached, and is no measure of
// anything. It is nil when less is reached than three directions.
func (g *Graph) Outline(around orb.Point, reached []Reached, limit int) orb.Polygon {
	var far [directions]float64
	var at [directions]orb.Point
	for _, r := range reached {
		if r.Limit > limit {
			continue
		}
		for _, p := range g.StepLine(Step{r.Edge, r.From, r.To}) {
			east, north := (p[0]-around[0])*math.Cos(around[1]*math.Pi/180), p[1]-around[1]
			sector := int((math.Atan2(north, east)/(2*math.Pi) + 0.5) * directions)
			if d := math.Hypot(east, north); d > far[sector%directions] {
				far[sector%directions], at[sector%directions] = d, p
			}
		}
	}
	var ring orb.Ring
	for i, d := range far {
		if d > 0 {
			ring = append(ring, at[i])
		}
	}
	if len(ring) < 3 {
		return nil
	}
	return orb.Polygon{append(ring, ring[0])}
}

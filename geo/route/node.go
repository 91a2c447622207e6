package route

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/qiantu/qiantu/geo"
)

// Ends says which ends of ways are joined to the way that they nearly meet.
type Ends struct {
	Join  geo.Millimetre     // an end no further than this from another way is joined to it; 0: none is
	Doubt geo.Millimetre     // one further off than that, but no further than this, is listed only
	Of    func(way int) bool // whose ends are looked at; nil: every way's
}

// NearEnd is an end of a way that nearly meets another way.
type NearEnd struct {
	Way    int
	Last   bool // its end; false: its start
	At     orb.Point
	To     int      // the way that it nearly meets
	Foot   geo.Foot // where
	Gap    geo.Millimetre
	Joined bool
}

// An end is left alone where the road from it to the foot is no longer than so
// many times the gap, or that many times Join: it has met the other way already.
const detour = 10

// JoinEnds joins loose ends of the ways added so far to the nearest other way:
// the end is moved to the foot, and the other way gets a vertex there, so that
// [Builder.Build] splits it. An end is loose when nothing goes on from it. Only
// ends are joined: what crosses without a common vertex goes on to pass over. A
// way is not joined to itself. What is given is every end that was joined or is
// doubted, by way; of two ends that meet each other the first. Measures are
// those of the ways as they were added.
func (b *Builder) JoinEnds(e Ends) []NearEnd {
	n := &noder{ways: b.ways, reach: max(e.Join, e.Doubt)}
	if n.reach <= 0 {
		return nil
	}
	n.findLoose(e.Of)
	n.near(n.loose, n.reach.Metres(), n.measure)
	open := slices.DeleteFunc(slices.Clone(n.loose), func(end *looseEnd) bool { return len(end.feet) == 0 })
	n.near(open, detour*n.reach.Metres(), n.gather)
	var found []NearEnd
	for _, end := range open {
		if near, ok := n.choose(end, e.Join); ok {
			found = append(found, near)
		}
	}
	found = n.settle(found)
	n.apply(b)
	return found
}

// noder joins ends.
type noder struct {
	ways  []Way
	valid []bool
	reach geo.Millimetre

	loose []*looseEnd // by way, the start first
	byKey map[grid]*looseEnd
	moved map[grid]orb.Point
	added map[int][]geo.Foot // vertices to be, by way
}

// looseEnd is a place where some way ends and nothing goes on: several ways
// only where they are the same line again.
type looseEnd struct {
	key   grid
	at    orb.Point
	way   int
	last  bool
	ways  []int32 // that pass here
	next  grid    // the one vertex beside it
	nexts int     // 2: nothing loose
	feet  []wayFoot

	around map[grid][]neighbour // the network around it, vertex by vertex
}

// wayFoot is the nearest place of a way.
type wayFoot struct {
	way    int
	metres float64
	foot   geo.Foot
}

// findLoose lists the ends of the ways asked for from which one way only goes on.
func (n *noder) findLoose(of func(int) bool) {
	n.valid = make([]bool, len(n.ways))
	n.byKey = map[grid]*looseEnd{}
	for i := range n.ways {
		line := n.ways[i].Line
		if n.valid[i] = len(line) > 1 && geo.Check(line) == nil; !n.valid[i] {
			continue
		}
		if of != nil && !of(i) {
			continue
		}
		for end, p := range []orb.Point{line[0], line[len(line)-1]} {
			if key := gridOf(p); n.byKey[key] == nil {
				n.byKey[key] = &looseEnd{key: key, at: p, way: i, last: end == 1}
				n.loose = append(n.loose, n.byKey[key])
			}
		}
	}
	for i := range n.ways {
		if n.valid[i] {
			n.passBy(i)
		}
	}
	n.loose = slices.DeleteFunc(n.loose, func(end *looseEnd) bool {
		if end.nexts == 1 {
			return false
		}
		delete(n.byKey, end.key)
		return true
	})
}

// passBy notes what goes on from the ends that a way has a vertex at.
func (n *noder) passBy(way int) {
	line := n.ways[way].Line
	for v := range line {
		end := n.byKey[gridOf(line[v])]
		if end == nil {
			continue
		}
		if len(end.ways) == 0 || end.ways[len(end.ways)-1] != int32(way) {
			end.ways = append(end.ways, int32(way))
		}
		for _, beside := range []int{v - 1, v + 1} {
			if beside >= 0 && beside < len(line) {
				end.goOn(gridOf(line[beside]))
			}
		}
	}
}

func (e *looseEnd) goOn(to grid) {
	if to != e.key && (e.nexts == 0 || to != e.next) {
		e.next, e.nexts = to, e.nexts+1
	}
}

// stretch is how many pieces between vertices are looked at together.
const stretch = 16

// near visits, for each end, the stretches of ways that come so near.
func (n *noder) near(ends []*looseEnd, metres float64, visit func(end *looseEnd, way, first int, part orb.LineString)) {
	ends = slices.Clone(ends)
	slices.SortFunc(ends, func(a, b *looseEnd) int { return cmp.Or(cmp.Compare(a.at[1], b.at[1]), cmp.Compare(a.way, b.way)) })
	for i := range n.ways {
		if !n.valid[i] {
			continue
		}
		line := n.ways[i].Line
		for first := 0; first < len(line)-1; first += stretch {
			part := line[first:min(first+stretch+1, len(line))]
			around := widen(part.Bound(), metres)
			from, _ := slices.BinarySearchFunc(ends, around.Min[1], func(e *looseEnd, low float64) int { return cmp.Compare(e.at[1], low) })
			for _, end := range ends[from:] {
				if end.at[1] > around.Max[1] {
					break
				}
				if around.Contains(end.at) {
					visit(end, i, first, part)
				}
			}
		}
	}
}

// widen gives the bound room for so many metres around a line, and for the way
// by which a geodesic leaves its bound.
func widen(b orb.Bound, metres float64) orb.Bound {
	const degree = 110_000 // metres, at least
	north := math.Max(math.Abs(b.Min[1]), math.Abs(b.Max[1]))
	high := metres/degree + (b.Max[0]-b.Min[0]+b.Max[1]-b.Min[1])/50
	wide := high / math.Max(0.01, math.Cos(math.Min(89, north+high)*math.Pi/180))
	return orb.Bound{Min: orb.Point{b.Min[0] - wide, b.Min[1] - high}, Max: orb.Point{b.Max[0] + wide, b.Max[1] + high}}
}

// measure notes the nearest place of a part of a way, if it is near enough and
// nearer than other parts of that way.
func (n *noder) measure(end *looseEnd, way, first int, part orb.LineString) {
	if slices.Contains(end.ways, int32(way)) {
		return
	}
	metres, foot := geo.DistanceToLine(end.at, part)
	if geo.Round(metres) > n.reach {
		return
	}
	foot.Segment += first
	f := wayFoot{way, metres, foot}
	if last := len(end.feet) - 1; last >= 0 && end.feet[last].way == way {
		if metres < end.feet[last].metres {
			f.foot.At += geo.Length(n.ways[way].Line[:first+1])
			end.feet[last] = f
		}
		return
	}
	f.foot.At += geo.Length(n.ways[way].Line[:first+1])
	end.feet = append(end.feet, f)
}

// choose takes the nearest way that the end has not met already.
func (n *noder) choose(end *looseEnd, join geo.Millimetre) (NearEnd, bool) {
	slices.SortFunc(end.feet, func(a, b wayFoot) int { return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(a.way, b.way)) })
	for _, f := range end.feet {
		gap := geo.Round(f.metres)
		if n.met(end, f, detour*max(gap, join)) {
			continue
		}
		return NearEnd{Way: end.way, Last: end.last, At: end.at, To: f.way, Foot: f.foot, Gap: gap, Joined: gap <= join}, true
	}
	return NearEnd{}, false
}

// settle decides where ends are moved to. Ends may meet ends, in a chain; where
// they meet each other the first is moved and the other stays.
func (n *noder) settle(found []NearEnd) []NearEnd {
	n.moved, n.added = map[grid]orb.Point{}, map[int][]geo.Foot{}
	meets := map[grid]NearEnd{} // by the end's place
	var kept []NearEnd
	for _, f := range found {
		from, to := gridOf(f.At), gridOf(f.Foot.Point)
		if other, ends := meets[to]; ends && gridOf(other.Foot.Point) == from {
			continue
		}
		meets[from] = f
		if f.Joined && !comesBack(meets, from) {
			n.moved[from] = f.Foot.Point
			n.added[f.To] = append(n.added[f.To], f.Foot)
		}
		kept = append(kept, f)
	}
	for from := range n.moved {
		for to := gridOf(n.moved[from]); ; to = gridOf(n.moved[from]) {
			on, goes := n.moved[to]
			if !goes || to == gridOf(on) {
				break
			}
			n.moved[from] = on
		}
	}
	return kept
}

// comesBack says whether following ends from one leads to it again.
func comesBack(meets map[grid]NearEnd, from grid) bool {
	at := from
	for range len(meets) + 1 {
		f, goes := meets[at]
		if !goes || !f.Joined {
			return false
		}
		next := gridOf(f.Foot.Point)
		if next == at { // on the line itself
			return false
		}
		if at = next; at == from {
			return true
		}
	}
	return true
}

// apply redraws the ways.
func (n *noder) apply(b *Builder) {
	if len(n.moved) == 0 {
		return
	}
	for i := range b.ways {
		if !n.valid[i] {
			continue
		}
		line := n.withVertices(b.ways[i].Line, n.added[i])
		for _, v := range []int{0, len(line) - 1} {
			if p, ok := n.moved[gridOf(line[v])]; ok {
				line[v] = p
			}
		}
		b.ways[i].Line = line
	}
}

// withVertices puts vertices into a line that has none there.
func (n *noder) withVertices(line orb.LineString, feet []geo.Foot) orb.LineString {
	slices.SortStableFunc(feet, func(a, b geo.Foot) int { return cmp.Or(cmp.Compare(a.Segment, b.Segment), cmp.Compare(a.At, b.At)) })
	for i := len(feet) - 1; i >= 0; i-- {
		key, s := gridOf(feet[i].Point), feet[i].Segment
		if s+1 < len(line) && key != gridOf(line[s]) && key != gridOf(line[s+1]) {
			line = slices.Insert(line, s+1, feet[i].Point)
		}
	}
	return line
}

package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// What is nearest, and whether anything is near, is mostly decided by bounds:
// straight through the earth a distance takes nanoseconds, over the ellipsoid
// microseconds. Only what the bounds leave open is measured, so answers are
// those of [Index.Search].

// First gives what Search visits first: the nearest that is at most so many
// metres away; false when there is none.
func (x *Index) First(p orb.Point, metres float64, keep func(id int) bool) (Hit, bool) {
	best, found := x.Closest(p, metres, keep)
	if found {
		best.Foot = x.withMeasure(best)
	}
	return best, found
}

// Closest is First for those who need not know how far along its line the foot
// lies: Foot.At is measured from the vertex before it.
func (x *Index) Closest(p orb.Point, metres float64, keep func(id int) bool) (Hit, bool) {
	if len(x.items) == 0 || !measurable(p) || math.IsNaN(metres) {
		return Hit{}, false
	}
	d := descent{x: x, c: x.place(p), limit: metres, keep: keep}
	d.at, d.open = point(d.c), d.room[:0]
	d.box(len(x.level)-1, 0)
	slices.SortFunc(d.open, func(a, b contender) int {
		return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(a.item, b.item))
	})
	best, found := Hit{}, false
	for _, o := range d.open {
		if found && o.metres > best.Metres {
			break
		}
		if h := x.measure(p, int(o.item)); h.Metres <= metres && (!found || h.before(&best)) {
			best, found = h, true
		}
	}
	return best, found
}

// Any says whether anything is at most so many metres away.
func (x *Index) Any(p orb.Point, metres float64, keep func(id int) bool) bool {
	if len(x.items) == 0 || !measurable(p) || math.IsNaN(metres) {
		return false
	}
	d := descent{x: x, c: x.place(p), limit: metres, keep: keep, any: true}
	d.at, d.open = point(d.c), d.room[:0]
	if d.box(len(x.level)-1, 0) {
		return true
	}
	for _, o := range d.open {
		if x.measure(p, int(o.item)).Metres <= metres {
			return true
		}
	}
	return false
}

// before orders hits: the nearer first, of equally near ones the lower id,
// then the earlier piece.
func (h *Hit) before(o *Hit) bool {
	if h.Metres != o.Metres {
		return h.Metres < o.Metres
	}
	if h.ID != o.ID {
		return h.ID < o.ID
	}
	return h.Foot.Segment < o.Foot.Segment
}

// descent goes down the tree of an Index with one question.
type descent struct {
	x     *Index
	c     [3]float64
	at    smallBox // of c
	limit float64  // farther things do not matter
	keep  func(int) bool
	any   bool        // one that is near enough is enough
	open  []contender // what only measuring can decide
	room  [16]contender
}

// contender is an item and a distance that it cannot be nearer than.
type contender struct {
	metres float64
	item   int32
}

// box looks at the items below a box, what is near first; true when nothing
// more has to be looked at.
func (d *descent) box(level, at int) bool {
	x := d.x
	if level == 0 {
		for i := at * fan; i < min(at*fan+fan, len(x.items)); i++ {
			if d.look(i) {
				return true
			}
		}
		return false
	}
	type nearer struct {
		square int64 // in centimetres
		at     int
	}
	below := x.level[level-1]
	var near [fan]nearer
	n := 0
	for i := below + at*fan; i < min(below+at*fan+fan, x.level[level]); i++ {
		next := nearer{x.boxes[i].square(&d.at), i - below}
		if d.beyond(next.square) {
			continue
		}
		j := n
		for ; j > 0 && near[j-1].square > next.square; j-- {
			near[j] = near[j-1]
		}
		near[j] = next
		n++
	}
	for _, b := range near[:n] {
		if d.beyond(b.square) {
			return false
		}
		if d.box(level-1, b.at) {
			return true
		}
	}
	return false
}

// beyond says that what is at least so far away, in square centimetres, does
// not matter.
func (d *descent) beyond(square int64) bool {
	limit := d.limit * perMetre
	return d.limit < 0 || float64(square) > limit*limit
}

// look sees what an item is by its bounds: too far, near enough, or to be
// measured. It may be the nearest if it can be nearer than all so far must be.
func (d *descent) look(i int) bool {
	it := &d.x.items[i]
	square, chord := chordDistance(&d.c, &it.a, &it.b)
	if reach := d.limit + chord/bendiest + slack; square > reach*reach || d.keep != nil && !d.keep(int(it.line)) {
		return false
	}
	straight, room := math.Sqrt(square), bend(math.Sqrt(chord))+slack
	lower, upper := math.Max(0, straight-room), overGround(straight+room)
	switch {
	case lower > d.limit:
		return false
	case upper > d.limit:
	case d.any:
		return true
	default:
		d.limit = upper
		d.open = slices.DeleteFunc(d.open, func(o contender) bool { return o.metres > upper })
	}
	d.open = append(d.open, contender{lower, int32(i)})
	return false
}

// bendiest is less than twice b²/a: a geodesic leaves its chord by at most the
// square of that over this.
const bendiest = 1.2e7

// overGround is how long a way over the ellipsoid between two places can be at
// most that are so far apart straight through it: no geodesic is bent more than
// a circle of radius b²/a, whose arc over a chord no longer than the radius is
// less than this.
func overGround(straight float64) float64 {
	radius := sq(CGCS2000.b) / CGCS2000.a
	if straight > radius {
		return math.Inf(1)
	}
	return straight*(1+sq(straight/radius)/20) + slack
}

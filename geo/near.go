package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Index answers what is nearest to a point among points, or among lines. It is
// frozen when made and safe for use by many goroutines at once.
//
// It is a packed tree of boxes in space (metres from the centre of the earth),
// so neither the poles nor the antimeridian are special. The boxes only choose
// candidates, by bounds that no distance can undercut; what decides is
// [Distance] or [DistanceToLine].
type Index struct {
	lines []orb.LineString // points are lines of one vertex
	axes  [3][3]float64    // see axesOver
	items []item           // in the order of the tree
	boxes []smallBox       // level by level, leaves first
	level []int            // where each level starts
}

// Hit is one answer: the id (the place in the slice the index was made from),
// the distance in metres and, among lines, the nearest point of the line.
type Hit struct {
	ID     int
	Metres float64
	Foot   Foot
}

// item is one point, or one piece of a line between two vertices.
type item struct {
	line, segment int32
	a, b          [3]float64
}

type box struct{ min, max [3]float64 }

// fan is the number of children of a box.
const fan = 8

// NewPointIndex indexes points; points that cannot be measured (not finite,
// beyond a pole) are never found.
func NewPointIndex(points []orb.Point) *Index {
	lines := make([]orb.LineString, len(points))
	for i := range points {
		lines[i] = orb.LineString(points[i : i+1 : i+1])
	}
	return NewLineIndex(lines)
}

// NewLineIndex indexes lines. Pieces with a vertex that cannot be measured are
// never found. The lines are kept and must not change afterwards.
func NewLineIndex(lines []orb.LineString) *Index {
	x := &Index{lines: lines, axes: axesOver(lines)}
	for id, ls := range lines {
		x.addLine(int32(id), ls)
	}
	x.sort()
	x.pack()
	return x
}

// axesOver gives axes from the centre of the earth of which the last goes up
// through the middle of the lines. What lies in one region of the earth is flat
// along it, and so are its boxes.
func axesOver(lines []orb.LineString) [3][3]float64 {
	var middle [3]float64
	for _, ls := range lines {
		if len(ls) > 0 && measurable(ls[0]) {
			middle = sum(middle, CGCS2000.Cartesian(ls[0]))
		}
	}
	if dot(middle, middle) == 0 {
		middle[2] = 1
	}
	up := unit(middle)
	side := [3]float64{0, 0, 1}
	if math.Abs(up[2]) > 0.9 {
		side = [3]float64{1, 0, 0}
	}
	east := unit(cross(side, up))
	return [3][3]float64{east, cross(up, east), up}
}

// place is where a point is along the axes.
func (x *Index) place(p orb.Point) [3]float64 {
	c := CGCS2000.Cartesian(p)
	return [3]float64{dot(x.axes[0], c), dot(x.axes[1], c), dot(x.axes[2], c)}
}

func (x *Index) addLine(id int32, ls orb.LineString) {
	if len(ls) == 1 && measurable(ls[0]) {
		c := x.place(ls[0])
		x.items = append(x.items, item{id, 0, c, c})
	}
	var a [3]float64 // of the vertex before, where it can be measured
	for i := range ls {
		if !measurable(ls[i]) {
			continue
		}
		b := x.place(ls[i])
		if i > 0 && measurable(ls[i-1]) {
			x.items = append(x.items, item{id, int32(i - 1), a, b})
		}
		a = b
	}
}

// sort puts items that are near each other in space near each other in the
// slice, along a Hilbert curve.
func (x *Index) sort() {
	sorted := make([]item, len(x.items))
	for to, from := range alongCurve(len(x.items), func(i int) uint64 { return alongHilbert(&x.items[i]) }) {
		sorted[to] = x.items[from]
	}
	x.items = sorted
}

// Order is an order in which to ask for many points, by their places in the
// list: what is near each other comes together, and finds in the processor's
// cache what the one before has read.
func (x *Index) Order(points []orb.Point) []int32 {
	return alongCurve(len(points), func(i int) uint64 {
		if !measurable(points[i]) {
			return 0
		}
		c := x.place(points[i])
		return alongHilbert(&item{a: c, b: c})
	})
}

// alongCurve is the order of so many things by their keys.
func alongCurve(n int, key func(i int) uint64) []int32 {
	type keyed struct {
		key uint64
		at  int32
	}
	all := make([]keyed, n)
	for i := range all {
		all[i] = keyed{key(i), int32(i)}
	}
	slices.SortFunc(all, func(a, b keyed) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.at, b.at)) })
	out := make([]int32, n)
	for i := range all {
		out[i] = all[i].at
	}
	return out
}

// alongHilbert is how far along a Hilbert curve through space the middle of an
// item lies, with 21 bits for each axis (about 6 m). Neighbours on the curve are
// neighbours in space, so that the boxes over them are small.
func alongHilbert(it *item) uint64 {
	var cell [3]uint32
	for axis := range 3 {
		middle := (it.a[axis] + it.b[axis]) / 2
		cell[axis] = uint32((middle/6.4e6 + 1) / 2 * (1<<21 - 1))
	}
	transpose(&cell)
	return spread(uint64(cell[2])) | spread(uint64(cell[1]))<<1 | spread(uint64(cell[0]))<<2
}

// transpose turns coordinates of 21 bits into those whose bits, interleaved,
// number the cells along a Hilbert curve (J. Skilling, Programming the Hilbert
// curve, 2004).
func transpose(x *[3]uint32) {
	for q := uint32(1 << 20); q > 1; q >>= 1 {
		p := q - 1
		for i := range x {
			if x[i]&q != 0 {
				x[0] ^= p
			} else {
				t := (x[0] ^ x[i]) & p
				x[0] ^= t
				x[i] ^= t
			}
		}
	}
	x[1] ^= x[0]
	x[2] ^= x[1]
	t := uint32(0)
	for q := uint32(1 << 20); q > 1; q >>= 1 {
		if x[2]&q != 0 {
			t ^= q - 1
		}
	}
	for i := range x {
		x[i] ^= t
	}
}

// spread puts two zero bits between the bits of a 21-bit number.
func spread(v uint64) uint64 {
	v &= 0x1fffff
	v = (v | v<<32) & 0x1f00000000ffff
	v = (v | v<<16) & 0x1f0000ff0000ff
	v = (v | v<<8) & 0x100f00f00f00f00f
	v = (v | v<<4) & 0x10c30c30c30c30c3
	return (v | v<<2) & 0x1249249249249249
}

// pack builds the boxes bottom up, each over the next fan of the level below.
func (x *Index) pack() {
	if len(x.items) == 0 {
		return
	}
	x.level = []int{0}
	for i := 0; i < len(x.items); i += fan {
		b := emptyBox()
		for _, it := range x.items[i:min(i+fan, len(x.items))] {
			b.cover(it)
		}
		x.boxes = append(x.boxes, b.small())
	}
	for from, to := 0, len(x.boxes); to-from > 1; from, to = to, len(x.boxes) {
		x.level = append(x.level, to)
		for i := from; i < to; i += fan {
			b := x.boxes[i]
			for _, child := range x.boxes[i+1 : min(i+fan, to)] {
				b.join(&child)
			}
			x.boxes = append(x.boxes, b)
		}
	}
}

func emptyBox() box {
	inf := math.Inf(1)
	return box{[3]float64{inf, inf, inf}, [3]float64{-inf, -inf, -inf}}
}

func (b *box) join(o box) {
	for i := range 3 {
		b.min[i], b.max[i] = math.Min(b.min[i], o.min[i]), math.Max(b.max[i], o.max[i])
	}
}

// cover takes in an item, with the room by which a geodesic leaves its chord.
func (b *box) cover(it item) {
	chord := minus(it.a, it.b)
	room := bend(math.Sqrt(dot(chord, chord))) + slack
	for i := range 3 {
		b.min[i] = math.Min(b.min[i], math.Min(it.a[i], it.b[i])-room)
		b.max[i] = math.Max(b.max[i], math.Max(it.a[i], it.b[i])+room)
	}
}

// smallBox is a box in whole centimetres, rounded outwards: half the memory of
// a box, and compared without branches.
type smallBox struct{ min, max [3]int32 }

const perMetre = 100 // of a small box; the earth fits in 32 bits

func (b *box) small() (s smallBox) {
	for i := range 3 {
		s.min[i], s.max[i] = int32(math.Floor(b.min[i]*perMetre)), int32(math.Ceil(b.max[i]*perMetre))
	}
	return s
}

func (s *smallBox) join(o *smallBox) {
	for i := range 3 {
		s.min[i], s.max[i] = min(s.min[i], o.min[i]), max(s.max[i], o.max[i])
	}
}

// point is the smallest small box over a place.
func point(c [3]float64) smallBox { return (&box{c, c}).small() }

// bound is a lower bound in metres on the distance from anything in one box to
// anything in another.
func (s *smallBox) bound(o *smallBox) float64 { return math.Sqrt(float64(s.square(o))) / perMetre }

// square is that of the bound, in square centimetres.
func (s *smallBox) square(o *smallBox) int64 {
	u := max(int64(s.min[0])-int64(o.max[0]), int64(o.min[0])-int64(s.max[0]), 0)
	v := max(int64(s.min[1])-int64(o.max[1]), int64(o.min[1])-int64(s.max[1]), 0)
	w := max(int64(s.min[2])-int64(o.max[2]), int64(o.min[2])-int64(s.max[2]), 0)
	return u*u + v*v + w*w
}

// Nearest gives the k nearest, nearest first; of equally near ones the lower
// id first.
func (x *Index) Nearest(p orb.Point, k int) []Hit {
	var out []Hit
	if k <= 0 {
		return out
	}
	x.Search(p, math.Inf(1), nil, func(h Hit) bool {
		out = append(out, h)
		return len(out) < k
	})
	return out
}

// Within gives all that are at most so many metres away, nearest first.
func (x *Index) Within(p orb.Point, metres float64) []Hit {
	var out []Hit
	x.Search(p, metres, nil, func(h Hit) bool {
		out = append(out, h)
		return true
	})
	return out
}

// Search visits what is at most so many metres away, nearest first (of equally
// near ones the lower id first), each id once, until visit returns false. Only
// ids that keep returns true for are looked at; a nil keep takes all.
func (x *Index) Search(p orb.Point, metres float64, keep func(id int) bool, visit func(Hit) bool) {
	if len(x.items) == 0 || !measurable(p) || math.IsNaN(metres) {
		return
	}
	s := search{x: x, p: p, c: x.place(p), max: metres, keep: keep}
	s.at = point(s.c)
	s.push(candidate{kind: kindBox, at: int32(len(x.boxes) - 1)})
	seen := map[int]bool{}
	for len(s.queue) > 0 {
		next := s.pop()
		switch next.kind {
		case kindBox:
			s.open(int(next.at))
		case kindItem:
			s.measure(int(next.at))
		case kindHit:
			hit := s.hits[next.at]
			if len(x.lines[hit.ID]) > 2 { // of several pieces
				if seen[hit.ID] {
					continue
				}
				seen[hit.ID] = true
			}
			hit.Foot = x.withMeasure(hit)
			if !visit(hit) {
				return
			}
		}
	}
}

// withMeasure completes the measure of a foot, which while searching is only
// that along its piece.
func (x *Index) withMeasure(h Hit) Foot {
	f, ls := h.Foot, x.lines[h.ID]
	if len(ls) > 1 {
		piece := Round(Distance(ls[f.Segment], ls[f.Segment+1]))
		f.At = Length(ls[:f.Segment+1]) + min(f.At, piece)
	}
	return f
}

package chainage

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
)

// Key names a route version.
type Key struct {
	Road    int64
	Version int32
}

// String is the key in words.
func (k Key) String() string { return fmt.Sprintf("road %d version %d", k.Road, k.Version) }

func (k Key) compare(o Key) int {
	return cmp.Or(cmp.Compare(k.Road, o.Road), cmp.Compare(k.Version, o.Version))
}

// Kind is what became of a stretch when a route version replaced another.
type Kind string

// The kinds, by their stored names.
const (
	KindCarried Kind = "carried" // of the old route and of the new
	KindRetired Kind = "retired" // of the old only
	KindNew     Kind = "new"     // of the new only
)

// Piece is one stretch of a [Mapping]. From is internal measure of the route
// Old, To that of New; what a kind has not is zero. A carried piece maps in
// proportion, start to start; where it is Reversed, start to end.
type Piece struct {
	Kind     Kind
	Old      Key
	From     Span
	New      Key
	To       Span
	Reversed bool
}

// Mapping says of every millimetre of the old routes whether it is carried,
// and to where, or retired, and of every millimetre of the new ones whether it
// was carried or is new. The From spans of its carried and retired pieces
// partition the old routes, the To spans of its carried and new pieces the new
// ones ([Mapping.Check]). It is plain data, to be stored and corrected by hand.
// Routes that it does not name are left as they are.
//
// A place that falls between millimetres is rounded, so a mapping of a mapped
// place can differ by a millimetre from the composed one where a piece does
// not keep its length.
type Mapping []Piece

// forward is the place on the new route of a place of a carried piece.
func (p Piece) forward(at int64) int64 {
	return across(at, p.From, p.To, p.Reversed)
}

// back is the place on the old route of a place of a carried piece.
func (p Piece) back(at int64) int64 {
	return across(at, p.To, p.From, p.Reversed)
}

// across maps in proportion. Rounding goes the same way seen from either side:
// halves towards the end of the span that is mapped to.
func across(at int64, from, to Span, reversed bool) int64 {
	if reversed {
		return to.To - scale(at-from.From, to.Length(), from.Length())
	}
	return to.From + scale(at-from.From, to.Length(), from.Length())
}

func spanAcross(s Span, at func(int64) int64) Span {
	a, b := at(s.From), at(s.To)
	return Span{min(a, b), max(a, b)}
}

func (s Span) overlap(o Span) Span {
	return Span{max(s.From, o.From), min(s.To, o.To)}
}

// add appends a piece. One that has length on one side only is retired or new,
// one that has none is left out.
func (m *Mapping) add(p Piece) {
	switch from, to := p.From.Length() > 0, p.To.Length() > 0; {
	case from && to:
		p.Kind = KindCarried
	case from:
		p = Piece{Kind: KindRetired, Old: p.Old, From: p.From}
	case to:
		p = Piece{Kind: KindNew, New: p.New, To: p.To}
	default:
		return
	}
	*m = append(*m, p)
}

// tidy sorts: first by the old route, then what is new by the new one; and
// joins neighbours that one piece would map alike.
func (m Mapping) tidy() Mapping {
	slices.SortFunc(m, func(a, b Piece) int {
		switch x, y := a.Kind == KindNew, b.Kind == KindNew; {
		case x && y:
			return cmp.Or(a.New.compare(b.New), cmp.Compare(a.To.From, b.To.From))
		case x:
			return 1
		case y:
			return -1
		}
		return cmp.Or(a.Old.compare(b.Old), cmp.Compare(a.From.From, b.From.From))
	})
	var out Mapping
	for _, p := range m {
		if n := len(out); n > 0 && out[n-1].join(p) {
			continue
		}
		out = append(out, p)
	}
	return out
}

// join takes in the next piece where both are one.
func (p *Piece) join(q Piece) bool {
	if p.Kind != q.Kind || p.Old != q.Old || p.New != q.New || p.Reversed != q.Reversed ||
		p.Kind != KindNew && p.From.To != q.From.From || !p.joinsOnTheNew(q) {
		return false
	}
	p.From = Span{min(p.From.From, q.From.From), max(p.From.To, q.From.To)}
	p.To = Span{min(p.To.From, q.To.From), max(p.To.To, q.To.To)}
	return true
}

func (p *Piece) joinsOnTheNew(q Piece) bool {
	switch {
	case p.Kind == KindRetired:
		return true
	case p.Kind == KindNew:
		return p.To.To == q.To.From
	case p.Reversed:
		return p.To.From == q.To.To && sameRatio(*p, q)
	}
	return p.To.To == q.To.From && sameRatio(*p, q)
}

// sameRatio says whether two carried pieces stretch exactly alike.
func sameRatio(p, q Piece) bool {
	ah, al := bits.Mul64(uint64(p.From.Length()), uint64(q.To.Length()))
	bh, bl := bits.Mul64(uint64(q.From.Length()), uint64(p.To.Length()))
	return ah == bh && al == bl
}

// Carry is where a stretch of an old route is on a new one.
type Carry struct {
	Old      Key
	From     Span
	New      Key
	To       Span
	Reversed bool
}

// Forward gives what becomes of a span of an old route: the parts that are
// carried with their places, in order along the old route and joined where
// they go on in a line, and what is retired, which is all the rest. A route
// that the mapping does not name is carried as it is. What would be shorter
// than half a millimetre on the new route is retired.
func (m Mapping) Forward(k Key, s Span) (carried []Carry, retired Set) {
	return m.trace(k, s, Piece.forward)
}

// Back gives where a span of a new route comes from: the parts that were
// carried, in order along the new route, From being on the old one as ever,
// and what is new.
func (m Mapping) Back(k Key, s Span) (carried []Carry, added Set) {
	carried, added = m.Inverse().trace(k, s, Piece.forward)
	for i, c := range carried {
		carried[i] = Carry{c.New, c.To, c.Old, c.From, c.Reversed}
	}
	return carried, added
}

func (m Mapping) trace(k Key, s Span, at func(Piece, int64) int64) (carried []Carry, rest Set) {
	s = Span{min(s.From, s.To), max(s.From, s.To)}
	named := false
	var kept []Span
	for _, p := range m {
		if p.Kind == KindNew || p.Old != k {
			continue
		}
		named = true
		from := p.From.overlap(s)
		if p.Kind == KindRetired || from.Length() == 0 {
			continue
		}
		if to := spanAcross(from, func(x int64) int64 { return at(p, x) }); to.Length() > 0 {
			carried, kept = append(carried, Carry{k, from, p.New, to, p.Reversed}), append(kept, from)
		}
	}
	if !named && s.Length() > 0 {
		return []Carry{{k, s, k, s, false}}, nil
	}
	slices.SortFunc(carried, func(a, b Carry) int { return cmp.Compare(a.From.From, b.From.From) })
	return joinCarries(carried), NewSet(kept...).Complement(s)
}

// joinCarries joins what goes on in a line, anchors or no.
func joinCarries(carried []Carry) []Carry {
	var out []Carry
	for _, c := range carried {
		if n := len(out); n > 0 && out[n-1].goesOn(c) {
			last := &out[n-1]
			last.From.To = c.From.To
			last.To = Span{min(last.To.From, c.To.From), max(last.To.To, c.To.To)}
			continue
		}
		out = append(out, c)
	}
	return out
}

func (c Carry) goesOn(next Carry) bool {
	if c.New != next.New || c.Reversed != next.Reversed || c.From.To != next.From.From {
		return false
	}
	if c.Reversed {
		return c.To.From == next.To.To
	}
	return c.To.To == next.To.From
}

// Balance is how many millimetres of each kind a mapping has. CarriedFrom and
// Retired sum to the length of the old routes, CarriedTo and New to that of
// the new ones.
type Balance struct{ CarriedFrom, CarriedTo, Retired, New int64 }

// Balance sums the mapping.
func (m Mapping) Balance() (b Balance) {
	for _, p := range m {
		switch p.Kind {
		case KindCarried:
			b.CarriedFrom += p.From.Length()
			b.CarriedTo += p.To.Length()
		case KindRetired:
			b.Retired += p.From.Length()
		case KindNew:
			b.New += p.To.Length()
		}
	}
	return b
}

// Unchanged says whether all is carried and no place has another measure than
// before.
func (m Mapping) Unchanged() bool {
	return !slices.ContainsFunc(m, func(p Piece) bool { return p.Kind != KindCarried || p.Reversed || p.From != p.To })
}

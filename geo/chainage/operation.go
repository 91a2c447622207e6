package chainage

import (
	"fmt"
	"slices"
)

// Identity carries a whole route as it is. A route of no length has no piece.
func Identity(old, new Key, length int64) Mapping {
	return Proportional(old, length, new, length)
}

// Proportional carries a whole route to one of another length, in proportion:
// so a length-only route gets its line.
func Proportional(old Key, oldLength int64, new Key, newLength int64) Mapping {
	var m Mapping
	m.add(Piece{Old: old, From: Span{0, oldLength}, New: new, To: Span{0, newLength}})
	return m
}

// Reverse carries a whole route from its end to its start.
func Reverse(old, new Key, length int64) Mapping {
	m := Identity(old, new, length)
	for i := range m {
		m[i].Reversed = true
	}
	return m
}

// Split makes two routes of one, at a place strictly within it.
func Split(old Key, length, at int64, first, second Key) (Mapping, error) {
	if at <= 0 || at >= length {
		return nil, fmt.Errorf("chainage: %v cannot be split at %d mm; choose a place between 0 and its length of %d mm", old, at, length)
	}
	if first == second {
		return nil, fmt.Errorf("chainage: both parts of %v would be %v; give them two names", old, first)
	}
	return Mapping{
		{Kind: KindCarried, Old: old, From: Span{0, at}, New: first, To: Span{0, at}},
		{Kind: KindCarried, Old: old, From: Span{at, length}, New: second, To: Span{0, length - at}},
	}, nil
}

// Merge makes one route of two, b behind a. One that runs the other way goes
// through [Reverse] first.
func Merge(a Key, lengthA int64, b Key, lengthB int64, into Key) Mapping {
	var m Mapping
	m.add(Piece{Old: a, From: Span{0, lengthA}, New: into, To: Span{0, lengthA}})
	m.add(Piece{Old: b, From: Span{0, lengthB}, New: into, To: Span{lengthA, lengthA + lengthB}})
	return m.tidy()
}

// Extend adds new lengths before the start and behind the end of a route.
func Extend(old, new Key, length, front, back int64) (Mapping, error) {
	if front < 0 || back < 0 {
		return nil, fmt.Errorf("chainage: %v cannot be extended by %d mm in front and %d mm behind; to take off a stretch, shorten it", old, front, back)
	}
	var m Mapping
	m.add(Piece{New: new, To: Span{0, front}})
	m.add(Piece{Old: old, From: Span{0, length}, New: new, To: Span{front, front + length}})
	m.add(Piece{New: new, To: Span{front + length, front + length + back}})
	return m.tidy(), nil
}

// Shorten retires stretches of a route; what is left closes up.
func Shorten(old, new Key, length int64, removed Set) (Mapping, error) {
	whole := Span{0, length}
	kept := removed.Complement(whole)
	if bounds, some := removed.Bounds(); some && (bounds.From < 0 || bounds.To > length) {
		return nil, fmt.Errorf("chainage: of %v %d to %d mm cannot be taken off; it runs from 0 to %d mm", old, bounds.From, bounds.To, length)
	}
	if len(kept) == 0 {
		return nil, fmt.Errorf("chainage: nothing of %v would be left; close the route instead", old)
	}
	var m Mapping
	at := int64(0)
	for _, s := range kept {
		m.add(Piece{Old: old, From: s, New: new, To: Span{at, at + s.Length()}})
		at += s.Length()
	}
	for _, s := range kept.Complement(whole) {
		m.add(Piece{Old: old, From: s})
	}
	return m.tidy(), nil
}

// Inverse leads back: what was retired is new, what was new is retired.
func (m Mapping) Inverse() Mapping {
	out := make(Mapping, 0, len(m))
	for _, p := range m {
		out.add(Piece{Old: p.New, From: p.To, New: p.Old, To: p.From, Reversed: p.Reversed})
	}
	return out.tidy()
}

// Compose is a, then b: from the old routes of a to the new ones of b. Routes
// that only one of them names go through it alone.
func Compose(a, b Mapping) Mapping {
	before := map[Key][]Piece{} // pieces of b by their old route
	for _, q := range b {
		if q.Kind != KindNew {
			before[q.Old] = append(before[q.Old], q)
		}
	}
	var out Mapping
	reached := map[Key]bool{}
	for _, p := range a {
		if p.Kind == KindRetired {
			out.add(p)
			continue
		}
		reached[p.New] = true
		next, named := before[p.New]
		if !named {
			out.add(p)
			continue
		}
		out.through(p, next)
	}
	for _, q := range b {
		if q.Kind == KindNew || !reached[q.Old] {
			out.add(q)
		}
	}
	return out.tidy()
}

// through adds what becomes of a carried or new piece in the pieces of the
// next mapping over its new route.
func (m *Mapping) through(p Piece, next []Piece) {
	origin := func(s Span) Span { // on the old route
		if p.Kind == KindNew {
			return Span{}
		}
		return spanAcross(s, p.back)
	}
	var met []Span
	for _, q := range next {
		s := p.To.overlap(q.From)
		if s.Length() == 0 {
			continue
		}
		met = append(met, s)
		piece := Piece{Old: p.Old, From: origin(s)}
		if q.Kind == KindCarried {
			piece.New, piece.To, piece.Reversed = q.New, spanAcross(s, q.forward), p.Reversed != q.Reversed
		}
		m.add(piece)
	}
	for _, s := range NewSet(met...).Complement(p.To) { // a mapping with a hole
		m.add(Piece{Old: p.Old, From: origin(s)})
	}
}

// Clone is a copy to be corrected.
func (m Mapping) Clone() Mapping { return slices.Clone(m) }

package chainage

import (
	"cmp"
	"slices"
)

// Span is a piece of a route in millimetres, with its start and without its
// end: [From, To). Spans that touch do not overlap.
type Span struct{ From, To int64 }

// Length is To - From, or 0 for a span the wrong way round.
func (s Span) Length() int64 { return max(0, s.To-s.From) }

// Set is a set of places: spans in order that neither touch nor overlap nor
// are empty. The zero value is the empty set. A Set that was made by [NewSet]
// or by a method here has that form; a literal should go through NewSet. Sets
// are never changed in place.
type Set []Span

// NewSet gives the places that lie in any of the spans, which may overlap, in
// any order, also written from the end to the start, as reports are.
func NewSet(spans ...Span) Set {
	sorted := make([]Span, 0, len(spans))
	for _, s := range spans {
		if s.From > s.To {
			s.From, s.To = s.To, s.From
		}
		if s.From < s.To {
			sorted = append(sorted, s)
		}
	}
	slices.SortFunc(sorted, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	return merge(sorted)
}

// merge joins spans sorted by their start.
func merge(sorted []Span) Set {
	var out Set
	for _, s := range sorted {
		if n := len(out); n > 0 && s.From <= out[n-1].To {
			out[n-1].To = max(out[n-1].To, s.To)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// Union gives the places in either set.
func (s Set) Union(o Set) Set {
	return NewSet(append(slices.Clone(s), o...)...)
}

// Union gives the places in any of the sets.
func Union(sets ...Set) Set {
	var all []Span
	for _, s := range sets {
		all = append(all, s...)
	}
	return NewSet(all...)
}

// Intersect gives the places in both sets.
func (s Set) Intersect(o Set) Set {
	var out Set
	for i, j := 0, 0; i < len(s) && j < len(o); {
		if from, to := max(s[i].From, o[j].From), min(s[i].To, o[j].To); from < to {
			out = append(out, Span{from, to})
		}
		if s[i].To < o[j].To {
			i++
		} else {
			j++
		}
	}
	return out
}

// Subtract gives the places in s that are not in o.
func (s Set) Subtract(o Set) Set {
	var out Set
	j := 0
	for _, span := range s {
		for j < len(o) && o[j].To <= span.From {
			j++
		}
		at := span.From
		for k := j; k < len(o) && o[k].From < span.To; k++ {
			if at < o[k].From {
				out = append(out, Span{at, o[k].From})
			}
			at = o[k].To
		}
		if at < span.To {
			out = append(out, Span{at, span.To})
		}
	}
	return out
}

// Clip gives the places of s in one span.
func (s Set) Clip(from, to int64) Set { return s.Intersect(NewSet(Span{from, to})) }

// Length is the number of millimetres in the set.
func (s Set) Length() int64 {
	var sum int64
	for _, span := range s {
		sum += span.To - span.From
	}
	return sum
}

// Contains says whether a place is in the set.
func (s Set) Contains(at int64) bool {
	i, _ := slices.BinarySearchFunc(s, at, func(span Span, at int64) int { return cmp.Compare(span.To, at+1) })
	return i < len(s) && s[i].From <= at
}

// Covers says whether every place of o is in s.
func (s Set) Covers(o Set) bool { return len(o.Subtract(s)) == 0 }

// Overlaps says whether some place is in both.
func (s Set) Overlaps(o Set) bool { return len(s.Intersect(o)) > 0 }

// Equal says whether the sets have the same places.
func (s Set) Equal(o Set) bool { return slices.Equal(s, o) }

// Repeated gives the places that lie in more than one of the spans: what a
// list counts twice.
func Repeated(spans ...Span) Set {
	type edge struct {
		at   int64
		step int
	}
	var edges []edge
	for _, span := range spans {
		from, to := min(span.From, span.To), max(span.From, span.To)
		edges = append(edges, edge{from, 1}, edge{to, -1})
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.step, b.step)) })
	var out []Span
	depth := 0
	for i, e := range edges {
		if depth > 1 && e.at > edges[i-1].at {
			out = append(out, Span{edges[i-1].at, e.at})
		}
		depth += e.step
	}
	return merge(out)
}

// Bounds is the least span that holds the set; false where the set is empty.
func (s Set) Bounds() (Span, bool) {
	if len(s) == 0 {
		return Span{}, false
	}
	return Span{s[0].From, s[len(s)-1].To}, true
}

// Complement gives the places of a span that are not in the set.
func (s Set) Complement(within Span) Set { return NewSet(within).Subtract(s) }

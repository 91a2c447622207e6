package chainage

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Check says what is wrong with a mapping, given the lengths in millimetres of
// all old routes and of all new ones: pieces that are not of their kind or
// leave their route, millimetres that no piece has or that two have, routes
// without a length, and carried pieces between the same two routes that do not
// keep one order and direction. It names every fault, with the piece counted
// from 1.
func (m Mapping) Check(old, new map[Key]int64) error {
	var faults []error
	from, to := map[Key][]numbered{}, map[Key][]numbered{}
	for i, p := range m {
		if err := p.check(); err != nil {
			faults = append(faults, fmt.Errorf("chainage: piece %d: %w", i+1, err))
			continue
		}
		if p.Kind != KindNew {
			from[p.Old] = append(from[p.Old], numbered{i + 1, p.From})
		}
		if p.Kind != KindRetired {
			to[p.New] = append(to[p.New], numbered{i + 1, p.To})
		}
	}
	if len(faults) == 0 {
		faults = slices.Concat(partitions(from, old, "old", "carried and retired"), partitions(to, new, "new", "carried and new"), unnamed(from, to, old, new), m.order())
	}
	return errors.Join(faults...)
}

// check holds a piece against its kind.
func (p Piece) check() error {
	hasFrom, hasTo := p.From != Span{} || p.Old != Key{}, p.To != Span{} || p.New != Key{}
	switch p.Kind {
	case KindCarried:
		if p.From.Length() == 0 || p.To.Length() == 0 {
			return fmt.Errorf("carried from %d-%d to %d-%d mm; both need length, else make it retired or new", p.From.From, p.From.To, p.To.From, p.To.To)
		}
	case KindRetired:
		if p.From.Length() == 0 || hasTo || p.Reversed {
			return fmt.Errorf("retired from %d-%d mm; it needs length on the old route and has nothing on the new", p.From.From, p.From.To)
		}
	case KindNew:
		if p.To.Length() == 0 || hasFrom || p.Reversed {
			return fmt.Errorf("new at %d-%d mm; it needs length on the new route and has nothing on the old", p.To.From, p.To.To)
		}
	default:
		return fmt.Errorf("%.20q is no kind; it is carried, retired or new", p.Kind)
	}
	return nil
}

type numbered struct {
	piece int
	span  Span
}

// partitions holds the spans of each route of one side against its length.
func partitions(spans map[Key][]numbered, lengths map[Key]int64, side, kinds string) (faults []error) {
	for _, k := range slices.SortedFunc(maps.Keys(spans), Key.compare) {
		length, known := lengths[k]
		if !known {
			faults = append(faults, fmt.Errorf("chainage: piece %d: %v is no %s route of this change", spans[k][0].piece, k, side))
			continue
		}
		slices.SortFunc(spans[k], func(a, b numbered) int { return cmp.Compare(a.span.From, b.span.From) })
		at, last := int64(0), 0
		for _, s := range spans[k] {
			switch {
			case s.span.From < at && at > 0:
				faults = append(faults, fmt.Errorf("chainage: pieces %d and %d both have %d-%d mm of the %s %v; cut one of them", last, s.piece, s.span.From, min(at, s.span.To), side, k))
			case s.span.From < at:
				faults = append(faults, fmt.Errorf("chainage: piece %d starts at %d mm, before the %s %v does", s.piece, s.span.From, side, k))
			case s.span.From > at:
				faults = append(faults, fmt.Errorf("chainage: no piece has %d-%d mm of the %s %v; its %s pieces must cover it", at, s.span.From, side, k, kinds))
			}
			if s.span.To > at {
				at, last = s.span.To, s.piece
			}
		}
		if at > length {
			faults = append(faults, fmt.Errorf("chainage: piece %d ends at %d mm, beyond the %d mm of the %s %v", last, at, length, side, k))
		} else if at < length {
			faults = append(faults, fmt.Errorf("chainage: no piece has %d-%d mm of the %s %v; its %s pieces must cover it", at, length, side, k, kinds))
		}
	}
	return faults
}

// unnamed finds routes that the mapping leaves out though they do change.
func unnamed(from, to map[Key][]numbered, old, new map[Key]int64) (faults []error) {
	for _, k := range slices.SortedFunc(maps.Keys(old), Key.compare) {
		if length, kept := new[k]; from[k] == nil && !(kept && to[k] == nil && length == old[k]) && old[k] > 0 {
			faults = append(faults, fmt.Errorf("chainage: no piece has anything of the old %v", k))
		}
	}
	for _, k := range slices.SortedFunc(maps.Keys(new), Key.compare) {
		if length, kept := old[k]; to[k] == nil && !(kept && from[k] == nil && length == new[k]) && new[k] > 0 {
			faults = append(faults, fmt.Errorf("chainage: no piece has anything of the new %v", k))
		}
	}
	return faults
}

// order finds carried pieces between two routes that overtake each other or
// turn round.
func (m Mapping) order() (faults []error) {
	type pair struct{ old, new Key }
	by := map[pair][]int{}
	for i, p := range m {
		if p.Kind == KindCarried {
			by[pair{p.Old, p.New}] = append(by[pair{p.Old, p.New}], i)
		}
	}
	for _, pieces := range by {
		slices.SortFunc(pieces, func(i, j int) int { return cmp.Compare(m[i].From.From, m[j].From.From) })
		for n := 1; n < len(pieces); n++ {
			i, j := pieces[n-1], pieces[n]
			a, b := m[i], m[j]
			if a.Reversed != b.Reversed {
				faults = append(faults, fmt.Errorf("chainage: pieces %d and %d carry the %v in two directions; a route is carried forwards or reversed as a whole", i+1, j+1, a.Old))
			} else if (a.To.From > b.To.From) != a.Reversed {
				faults = append(faults, fmt.Errorf("chainage: pieces %d and %d change places on the new %v; one of them is retired here and new there", i+1, j+1, a.New))
			}
		}
	}
	slices.SortFunc(faults, func(a, b error) int { return cmp.Compare(a.Error(), b.Error()) })
	return faults
}

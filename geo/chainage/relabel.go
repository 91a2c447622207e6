package chainage

import (
	"cmp"
	"fmt"
	"slices"
)

// Calibration makes the labels of a new route from those of the old ones, the
// way they are kept on the ground: what is carried keeps its labels. Through a
// new stretch the labels run on from what lies before it, and where that does
// not come out at the label that follows, there is a chain break at its end: a
// long chain where the way has become longer, a short one where it has become
// shorter. A new stretch at the start is labelled backwards from what follows,
// or from K0+000 where that would be below it. Old routes that are not given
// are labelled by their measure. Labels cannot fall, so a route of which
// something is reversed is refused; give it new labels.
func (m Mapping) Calibration(new Key, old map[Key]Calibration) (Calibration, error) {
	var onto []Piece
	for _, p := range m {
		if p.New == new && p.Kind == KindCarried {
			if p.Reversed {
				return Calibration{}, fmt.Errorf("chainage: %v is carried from %v in reverse, and labels cannot fall; give it new labels", new, p.Old)
			}
			onto = append(onto, p)
		}
	}
	if len(onto) == 0 {
		return Calibration{}, nil
	}
	slices.SortFunc(onto, func(a, b Piece) int { return cmp.Compare(a.To.From, b.To.From) })
	var l labels
	first := onto[0]
	if k := old[first.Old].Label(first.From.From); first.To.From > 0 && k < first.To.From {
		l.add(0, 0)
	}
	for _, p := range onto {
		l.carry(p, old[p.Old])
	}
	return l.calibration()
}

// labels are marks in the making.
type labels []Mark

// carry adds the labels of a carried piece.
func (l *labels) carry(p Piece, c Calibration) {
	if n := len(*l); n > 0 { // the labels that run up to here
		l.add(p.To.From, (*l)[n-1].K+p.To.From-(*l)[n-1].At)
	}
	l.add(p.To.From, c.Label(p.From.From))
	for _, m := range c.marks {
		if p.From.From < m.At && m.At < p.From.To {
			l.add(p.forward(m.At), m.K)
		}
	}
	l.add(p.To.To, c.labelBefore(p.From.To))
}

// add adds a mark. At the place of the last one it is the label ahead of a
// break; one that would not rise is left out.
func (l *labels) add(at, k int64) {
	n := len(*l)
	switch {
	case n == 0 || at > (*l)[n-1].At && k > (*l)[n-1].K:
		*l = append(*l, Mark{at, k})
	case at > (*l)[n-1].At || k == (*l)[n-1].K:
	case n > 1 && (*l)[n-2].At == at:
		(*l)[n-1].K = k
		if (*l)[n-2].K == k {
			*l = (*l)[:n-1]
		}
	default:
		*l = append(*l, Mark{at, k})
	}
}

// calibration drops breaks at the ends, where they are none.
func (l labels) calibration() (Calibration, error) {
	if n := len(l); n > 1 && l[n-1].At == l[n-2].At {
		l = l[:n-1]
	}
	if len(l) > 1 && l[0].At == l[1].At {
		l = l[1:]
	}
	return NewCalibration(l...)
}

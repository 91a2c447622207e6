package planner

import (
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// calibration labels a new route: metres that are carried keep their labels,
// with a chain break wherever the way between is not as long as the labels say.
// New metres go on from the labels before them. What is reversed is labelled
// anew.
func (o *operator) calibration(pieces []chainage.Piece, length int64) (chainage.Calibration, error) {
	var l labels
	for i, p := range pieces {
		if p.Kind == chainage.KindCarried && !p.Reversed {
			l.carry(o.oldRoad(p.Old), p)
			continue
		}
		start := int64(0)
		if n := len(l.marks); n > 0 {
			start = l.marks[n-1].K
		} else if next, ok := o.firstLabel(pieces[i:]); ok {
			start = max(0, next-p.To.From-p.To.Length())
		}
		l.run(chainage.Mark{At: p.To.From, K: start}, chainage.Mark{At: p.To.To, K: start + p.To.Length()})
	}
	return l.calibration(length)
}

// firstLabel is the first label that is kept, as it would be at the start of
// the first of some pieces were there no break between.
func (o *operator) firstLabel(pieces []chainage.Piece) (int64, bool) {
	for _, p := range pieces {
		if p.Kind == chainage.KindCarried && !p.Reversed {
			return o.oldRoad(p.Old).Calibration.Label(p.From.From) - (p.To.From - pieces[0].To.To), true
		}
	}
	return 0, false
}

// labels collects marks along a new route.
type labels struct{ marks []chainage.Mark }

// carry takes the marks under a carried piece, part by part between the breaks
// of the old labels.
func (l *labels) carry(old *Road, p chainage.Piece) {
	for _, part := range old.Calibration.Parts(old.Length) {
		from := chainage.Span{From: max(part.Span.From, p.From.From), To: min(part.Span.To, p.From.To)}
		if from.From >= from.To {
			continue
		}
		at := func(mm int64) int64 { return acrossAt(mm, p.From, p.To, false) }
		run := []chainage.Mark{{At: at(from.From), K: part.First}}
		if from.From > part.Span.From {
			run[0].K = old.Calibration.Label(from.From)
		}
		for _, m := range old.Calibration.Marks() {
			if from.From < m.At && m.At < from.To {
				run = append(run, chainage.Mark{At: at(m.At), K: m.K})
			}
		}
		last := chainage.Mark{At: at(from.To), K: part.Last}
		if from.To < part.Span.To {
			last.K = old.Calibration.Label(from.To)
		}
		l.run(append(run, last)...)
	}
}

// run adds marks between which labels rise; where they do not, for they are
// rounded, a mark is left out.
func (l *labels) run(marks ...chainage.Mark) {
	first, last := marks[0], marks[len(marks)-1]
	if first.At >= last.At {
		return
	}
	if last.K <= first.K {
		last.K = first.K + last.At - first.At
	}
	if n := len(l.marks); n == 0 || l.marks[n-1] != first {
		l.marks = append(l.marks, first)
	}
	for _, m := range marks[1 : len(marks)-1] {
		before := l.marks[len(l.marks)-1]
		if before.At < m.At && before.K < m.K && m.At < last.At && m.K < last.K {
			l.marks = append(l.marks, m)
		}
	}
	l.marks = append(l.marks, last)
}

// calibration leaves out the marks that say nothing: those between which and
// their neighbours a metre of labels is a metre of measure.
func (l *labels) calibration(length int64) (chainage.Calibration, error) {
	even := func(a, b chainage.Mark) bool { return b.At > a.At && b.K-a.K == b.At-a.At }
	var out []chainage.Mark
	for i, m := range l.marks {
		if n := len(out); n > 0 && i+1 < len(l.marks) && even(out[n-1], m) && even(m, l.marks[i+1]) {
			continue
		}
		out = append(out, m)
	}
	if slices.Equal(out, []chainage.Mark{{}, {At: length, K: length}}) {
		return chainage.Calibration{}, nil
	}
	return chainage.NewCalibration(out...)
}

package chainage

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Part is a piece of a route between two chain breaks: labels rise evenly
// through it, from First at its start to Last at its end.
type Part struct {
	Span        Span  // internal measure, mm
	First, Last int64 // labels, mm
	marks       []Mark
}

// Parts gives the pieces of a route of a length between its chain breaks, in
// order. They cover it from 0 to length without gap; before the first mark and
// after the last the labels run on one to one, as [Calibration.Label] has it.
// A calibration that goes beyond the length is cut there.
func (c Calibration) Parts(length int64) []Part {
	if length <= 0 {
		return nil
	}
	marks := []Mark{{0, c.Label(0)}}
	for _, m := range c.marks {
		if 0 < m.At && m.At < length {
			marks = append(marks, m)
		}
	}
	marks = append(marks, Mark{length, c.labelBefore(length)})
	var parts []Part
	start := 0
	for i := 1; i < len(marks); i++ {
		if i == len(marks)-1 || marks[i].At == marks[i+1].At {
			a, b := marks[start], marks[i]
			parts = append(parts, Part{Span{a.At, b.At}, a.K, b.K, marks[start : i+1]})
			i++
			start = i
		}
	}
	return parts
}

// labelBefore is the label of a place as it is reached: at a chain break the
// one behind.
func (c Calibration) labelBefore(at int64) int64 {
	for i, m := range c.marks {
		if i > 0 && m.At == at {
			return m.K
		}
	}
	return c.Label(at)
}

// Place is a place of a route with the label that it was found by.
type Place struct {
	At    int64 // internal measure, mm
	Label int64 // mm
	Part  int   // which of Parts; a place on a break is in the part that the label belongs to
}

// labelSlack is how far a label may lie beyond the end of a part and still mean
// that end: labels are written to the metre.
const labelSlack = 1000

// PlacesOf gives all places of a route of a length that a label can mean, in
// order: one, or several where the labels repeat. Where it is none, beyond the
// route or in a gap that a short chain left, the error names the labels that
// there are. A label written in whole metres that lies less than a metre
// beyond the end of a part means that end.
func (c Calibration) PlacesOf(label, length int64) ([]Place, error) {
	parts := c.Parts(length)
	var out []Place
	for i, p := range parts {
		if p.First <= label && label <= p.Last {
			out = append(out, Place{p.at(label), label, i})
		}
	}
	if len(out) > 0 || label%1000 != 0 {
		return distinctPlaces(out, label, parts)
	}
	for i, p := range parts {
		switch {
		case p.Last < label && label < p.Last+labelSlack:
			out = append(out, Place{p.Span.To, label, i})
		case p.First-labelSlack < label && label < p.First:
			out = append(out, Place{p.Span.From, label, i})
		}
	}
	return distinctPlaces(out, label, parts)
}

// distinctPlaces drops the second of two parts that meet in one place and
// label, and says so where no place is left.
func distinctPlaces(places []Place, label int64, parts []Part) ([]Place, error) {
	places = slices.CompactFunc(places, func(a, b Place) bool { return a.At == b.At })
	if len(places) == 0 {
		return nil, fmt.Errorf("chainage: the route has no %s; its labels run %s", FormatLabel(label), rangesOf(parts))
	}
	return places, nil
}

func rangesOf(parts []Part) string {
	var words []string
	for _, p := range parts {
		words = append(words, FormatLabel(p.First)+" to "+FormatLabel(p.Last))
	}
	if len(words) == 0 {
		return "nowhere, for it has no length"
	}
	return strings.Join(words, ", then ")
}

// at is the place of a label that lies in the part.
func (p Part) at(label int64) int64 {
	i, _ := slices.BinarySearchFunc(p.marks[1:], label, func(m Mark, label int64) int { return cmp.Compare(m.K, label) })
	i = min(i, len(p.marks)-2)
	a, b := p.marks[i], p.marks[i+1]
	if a.K == b.K {
		return a.At
	}
	return a.At + scale(label-a.K, b.At-a.At, b.K-a.K)
}

// Choice is one interval that a pair of labels can mean.
type Choice struct {
	Span     Span  // internal measure
	From, To Place // its lower and its upper end, whichever was written first
	Reversed bool  // the label written first is the upper end
}

// Places gives every interval of a route of a length that two labels can mean,
// whichever was written first: usually one. Where labels repeat there are
// several, and somebody has to choose; first come those within one part of the
// calibration, then those across a break, in order along the route. A label
// that is no place is an error as in [Calibration.PlacesOf], and so are two
// labels that mean the same place only.
func (c Calibration) Places(from, to, length int64) ([]Choice, error) {
	starts, err := c.PlacesOf(from, length)
	if err != nil {
		return nil, err
	}
	ends, err := c.PlacesOf(to, length)
	if err != nil {
		return nil, err
	}
	var out []Choice
	for _, a := range starts {
		for _, b := range ends {
			if choice := (Choice{Span{a.At, b.At}, a, b, false}); a.At < b.At {
				out = append(out, choice)
			} else if a.At > b.At {
				out = append(out, Choice{Span{b.At, a.At}, b, a, true})
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("chainage: from %s to %s is no length; give two different labels", FormatLabel(from), FormatLabel(to))
	}
	across := func(c Choice) int { return c.To.Part - c.From.Part }
	slices.SortFunc(out, func(a, b Choice) int {
		return cmp.Or(cmp.Compare(across(a), across(b)), cmp.Compare(a.Span.From, b.Span.From), cmp.Compare(a.Span.To, b.Span.To))
	})
	return slices.CompactFunc(out, func(a, b Choice) bool { return a.Span == b.Span }), nil
}

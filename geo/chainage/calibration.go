package chainage

import (
	"fmt"
	"slices"
	"strings"
)

// Mark ties a place of a route version to its label, both in millimetres.
type Mark struct {
	At int64 // internal measure
	K  int64 // label: 12345000 is K12+345
}

// Calibration turns places into labels and back. Between two marks labels run
// evenly. Two marks at the same place are a chain break 断链: up to it the
// first label holds, from it on the second. A long chain 长链 is one where the
// second label is smaller, so that some labels are two places; a short chain
// 短链 one where it is greater, so that some labels are none.
//
// The zero value has no marks; there labels are the internal measure itself.
type Calibration struct{ marks []Mark }

// farthestMark bounds places and labels, so that their differences are numbers.
const farthestMark = 1_000_000_000_000

// NewCalibration takes the marks in order along the route: places never fall,
// at most two marks share a place, and between breaks labels rise. One mark
// alone means that labels are the measure moved by a constant.
func NewCalibration(marks ...Mark) (Calibration, error) {
	for i, m := range marks {
		if max(m.At, -m.At, m.K, -m.K) > farthestMark || min(m.At, m.K) < -farthestMark {
			return Calibration{}, fmt.Errorf("chainage: mark %d, %d mm labelled %d mm, is further than any road goes; give millimetres", i+1, m.At, m.K)
		}
	}
	for i := 1; i < len(marks); i++ {
		a, b := marks[i-1], marks[i]
		switch {
		case b.At < a.At:
			return Calibration{}, fmt.Errorf("chainage: mark %d (%s) stands at %d mm, before mark %d at %d mm; give the marks in order along the route", i+1, FormatLabel(b.K), b.At, i, a.At)
		case b.At == a.At && i >= 2 && marks[i-2].At == a.At:
			return Calibration{}, fmt.Errorf("chainage: three marks stand at %d mm; a chain break is two", b.At)
		case b.At > a.At && b.K <= a.K:
			return Calibration{}, fmt.Errorf("chainage: label %s of mark %d does not rise from %s of mark %d; where the labels jump back, put two marks at one place", FormatLabel(b.K), i+1, FormatLabel(a.K), i)
		}
	}
	if n := len(marks); n > 1 && (marks[0].At == marks[1].At || marks[n-1].At == marks[n-2].At) {
		return Calibration{}, fmt.Errorf("chainage: the chain break at %d mm stands at the end of the marks; add the mark beyond it", marks[0].At)
	}
	return Calibration{slices.Clone(marks)}, nil
}

// Marks gives a copy of the marks.
func (c Calibration) Marks() []Mark { return slices.Clone(c.marks) }

// Label is the label of a place in millimetres; at a chain break it is the one
// ahead. Before the first mark and after the last, labels run on one to one.
func (c Calibration) Label(at int64) int64 {
	n := len(c.marks)
	switch {
	case n == 0:
		return at
	case at < c.marks[0].At:
		return c.marks[0].K + at - c.marks[0].At
	case at >= c.marks[n-1].At:
		return c.marks[n-1].K + at - c.marks[n-1].At
	}
	i, _ := slices.BinarySearchFunc(c.marks, at, func(m Mark, at int64) int {
		if m.At <= at {
			return -1
		}
		return 1
	})
	a, b := c.marks[i-1], c.marks[i]
	return a.K + scale(at-a.At, b.K-a.K, b.At-a.At)
}

// String is Label written as K12+345.
func (c Calibration) String(at int64) string { return FormatLabel(c.Label(at)) }

// At gives the places with a label, in order along the route: usually one, two
// or more where labels repeat, and an error naming the labels there are where
// it is none. A label that ends a piece before a break counts there as well.
// Without marks every label from zero is a place.
func (c Calibration) At(label int64) ([]int64, error) {
	n := len(c.marks)
	switch {
	case n == 0 && label >= 0:
		return []int64{label}, nil
	case n == 1:
		return []int64{c.marks[0].At + label - c.marks[0].K}, nil
	}
	var out []int64
	for i := 1; i < n; i++ {
		a, b := c.marks[i-1], c.marks[i]
		if a.At == b.At || label < a.K || label > b.K {
			continue
		}
		at := a.At + scale(label-a.K, b.At-a.At, b.K-a.K)
		if len(out) == 0 || out[len(out)-1] != at {
			out = append(out, at)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("chainage: the route has no %s; its labels run %s", FormatLabel(label), c.ranges())
	}
	return out, nil
}

// ranges names the labels of each piece between breaks.
func (c Calibration) ranges() string {
	if len(c.marks) == 0 {
		return "from K0+000"
	}
	var parts []string
	start := c.marks[0].K
	for i := 1; i < len(c.marks); i++ {
		last := i == len(c.marks)-1
		if last || c.marks[i].At == c.marks[i+1].At {
			parts = append(parts, FormatLabel(start)+" to "+FormatLabel(c.marks[i].K))
			if !last {
				i++
				start = c.marks[i].K
			}
		}
	}
	return strings.Join(parts, ", then ")
}

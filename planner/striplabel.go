package planner

import (
	"github.com/qiantu/qiantu/geo/chainage"
)

// ticksAtMost is how many ticks a strip has at most; a longer route has one
// every two kilometres, every five, and so on.
const ticksAtMost = 24

// labels lays out the calibration: its marks and both ends, its breaks, and a
// tick at every full kilometre of the labels.
func (s *stripper) labels() {
	c, length := s.Road.Calibration, s.Road.Length
	parts := c.Parts(length)
	for i, p := range parts {
		s.mark(p.Span.From, p.First)
		for _, m := range c.Marks() {
			if p.Span.From < m.At && m.At < p.Span.To {
				s.mark(m.At, m.K)
			}
		}
		if i == len(parts)-1 {
			s.mark(p.Span.To, p.Last)
		} else {
			s.Breaks = append(s.Breaks, StripBreak{p.Span.To, chainage.FormatLabel(p.Last), chainage.FormatLabel(parts[i+1].First)})
		}
	}
	s.ticks(parts)
}

func (s *stripper) mark(at, label int64) {
	s.Marks = append(s.Marks, StripMark{at, chainage.FormatLabel(label)})
}

func (s *stripper) ticks(parts []chainage.Part) {
	step := tickStep(s.Road.Length)
	for i, p := range parts {
		for label := ceilTo(p.First, step); label <= p.Last; label += step {
			places, err := s.Road.Calibration.PlacesOf(label, s.Road.Length)
			if err != nil {
				continue
			}
			for _, place := range places {
				if place.Part == i {
					s.Ticks = append(s.Ticks, StripMark{place.At, chainage.FormatLabel(label)})
				}
			}
		}
	}
}

// tickStep is the distance of ticks in mm: a kilometre, more on a long route.
func tickStep(length int64) int64 {
	const km = 1_000_000
	for unit := int64(km); ; unit *= 10 {
		for _, step := range []int64{unit, 2 * unit, 5 * unit} {
			if length/step <= ticksAtMost {
				return step
			}
		}
	}
}

func ceilTo(v, step int64) int64 {
	if v <= 0 {
		return v / step * step
	}
	return (v + step - 1) / step * step
}

package planner

import (
	"math/bits"

	"github.com/qiantu/qiantu/geo/chainage"
)

// ppm is the whole of a share.
const ppm = 1_000_000

// scale is v * num / den, rounded down, without overflow; 0 when den is 0.
func scale(v, num, den int64) int64 {
	if v <= 0 || num <= 0 || den <= 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(v), uint64(num))
	if hi >= uint64(den) {
		return int64(^uint64(0) >> 1)
	}
	q, _ := bits.Div64(hi, lo, uint64(den))
	return int64(q)
}

// hundred is the weight of a metre that counts whole.
const hundred = 100

// weighed is a length times a weight in per cent; a negative weight stands for
// what that weight leaves of the length. It is a difference of one rounded
// function of the measure, so that the weighed parts of a span sum to the
// weighed span however it is cut.
func weighed(span chainage.Span, weight int64) int64 {
	return weighedTo(span.To, weight) - weighedTo(span.From, weight)
}

func weighedTo(at, weight int64) int64 {
	if weight < 0 {
		return at - weighedTo(at, -weight)
	}
	return scale(at, weight, hundred)
}

// otherShare is the part of a weighed span that goes to the second township of
// a boundary road, again a difference of one rounded function of the measure.
func otherShare(span chainage.Span, weight, sharePPM int64) int64 {
	sharePPM = min(max(sharePPM, 0), ppm)
	return otherTo(span.To, weight, sharePPM) - otherTo(span.From, weight, sharePPM)
}

func otherTo(at, weight, sharePPM int64) int64 {
	if weight < 0 {
		return otherTo(at, hundred, sharePPM) - otherTo(at, -weight, sharePPM)
	}
	return scale(weighedTo(at, weight), sharePPM, ppm)
}

// owned is a township's part of a length.
type owned struct {
	township string
	amount   int64
}

// stretch is a span of one source.
type stretch struct {
	routeKey
	src  *stretchSource
	span chainage.Span
}

// owners splits the weighed length of a stretch among its townships, exactly.
func (s stretch) owners(weight int64) []owned {
	whole := weighed(s.span, weight)
	home, neighbour, share := s.src.townships()
	if share == 0 {
		return []owned{{home, whole}}
	}
	other := otherShare(s.span, weight, share)
	return []owned{{home, whole - other}, {neighbour, other}}
}

// townships are those that a source's metres belong to: one, or the second one
// of a boundary road with its share.
func (s *stretchSource) townships() (home, other string, sharePPM int64) {
	seg := s.segment
	if seg == nil {
		return s.roadTownship(), "", 0
	}
	if home = seg.Township; home == "" {
		home = s.roadTownship()
	}
	if seg.OtherTownship == "" || seg.OtherSharePPM <= 0 {
		return home, "", 0
	}
	return home, seg.OtherTownship, seg.OtherSharePPM
}

func (s *stretchSource) roadTownship() string {
	if s.road == nil {
		return ""
	}
	return s.road.Township
}

func (s stretch) class() string { return s.src.class() }

func (s *stretchSource) class() string {
	if s.segment != nil {
		return s.segment.Class
	}
	if s.road != nil {
		return s.road.Class
	}
	return ""
}

// layer says what parts of the source are parts of: what no segment covers is a
// part of its road.
func (s *stretchSource) layer() (string, ID) {
	switch {
	case s.segment != nil:
		return "road_segment", s.segment.ID
	case s.road != nil:
		return "road", s.road.ID
	}
	return "road", 0
}

// part makes the part that a stretch is in a figure.
func (s stretch) part(side Side, amount int64) Part {
	p := Part{Side: side, Layer: "road", ID: s.Road, Road: s.Road, Ver: s.Version, Span: s.span, Amount: amount}
	if s.src.segment != nil {
		p.Layer, p.ID = "road_segment", s.src.segment.ID
	}
	return p
}

// stretches cuts a set of a route at the borders of its sources.
func (a *Assessment) stretches(key routeKey, set chainage.Set) []stretch {
	var out []stretch
	a.eachStretch(key, set, func(st stretch) { out = append(out, st) })
	return out
}

// eachStretch visits them. Sources of a route are in order and do not overlap.
func (a *Assessment) eachStretch(key routeKey, set chainage.Set, visit func(stretch)) {
	sources := a.sources[key]
	for i := 0; i < len(set) && len(sources) > 0; {
		switch src := sources[0]; {
		case src.span.To <= set[i].From:
			sources = sources[1:]
		case set[i].To <= src.span.From:
			i++
		default:
			visit(stretch{key, src, chainage.Span{From: max(src.span.From, set[i].From), To: min(src.span.To, set[i].To)}})
			if set[i].To < src.span.To {
				i++
			} else {
				sources = sources[1:]
			}
		}
	}
}

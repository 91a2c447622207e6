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
	seg := s.src.segment
	if seg == nil {
		return []owned{{s.src.roadTownship(), whole}}
	}
	home := seg.Township
	if home == "" {
		home = s.src.roadTownship()
	}
	if seg.OtherTownship == "" || seg.OtherSharePPM <= 0 {
		return []owned{{home, whole}}
	}
	other := otherShare(s.span, weight, seg.OtherSharePPM)
	return []owned{{home, whole - other}, {seg.OtherTownship, other}}
}

func (s *stretchSource) roadTownship() string {
	if s.road == nil {
		return ""
	}
	return s.road.Township
}

func (s stretch) class() string {
	if s.src.segment != nil {
		return s.src.segment.Class
	}
	if s.src.road != nil {
		return s.src.road.Class
	}
	return ""
}

// part makes the part that a stretch is in a figure. What no segment covers is
// a part of its road.
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
	for _, src := range a.sources[key] {
		for _, span := range set.Clip(src.span.From, src.span.To) {
			out = append(out, stretch{key, src, span})
		}
	}
	return out
}

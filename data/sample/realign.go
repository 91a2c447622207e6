package sample

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// realigned is a road that had another line when it was built: between two of
// its vertices it ran farther up the slope.
type realigned struct {
	route    int
	from, to int            // vertices between which it was moved
	line     orb.LineString // the earlier line
	measure  []geo.Millimetre
}

// movedOn is the day of the new line.
var movedOn = day("2019-09-01")

// planRealign picks the longest of some roads and gives it an earlier line; nil
// where none is long enough.
func (m *maker) planRealign(roads []int) *realigned {
	best := -1
	for _, i := range roads {
		if len(m.routes[i].shape) >= 12 && !m.routes[i].washed && (best < 0 || m.routes[i].length() > m.routes[best].length()) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	shape := m.routes[best].shape
	h := &realigned{route: best, from: len(shape) / 3, to: len(shape) / 2, line: append(orb.LineString(nil), shape...)}
	for k := h.from + 1; k < h.to; k++ {
		rise := math.Sin(math.Pi * float64(k-h.from) / float64(h.to-h.from))
		h.line[k][1] = math.Round((h.line[k][1]+0.0009*rise)*1e7) / 1e7
	}
	h.measure = geo.Measure(h.line)
	return h
}

// length is the earlier length in millimetres.
func (h *realigned) length() int64 { return int64(h.measure[len(h.measure)-1]) }

// writeRealign makes the road's line its second, and says what became of each
// metre of the first.
func (m *maker) writeRealign(h *realigned) {
	if h == nil {
		return
	}
	id, now := roadID(h.route), m.routes[h.route].measure
	piece := planner.Segment{}
	for i := range m.load.Segments {
		if s := &m.load.Segments[i]; s.Road == id {
			s.Version, piece = 2, *s
		}
	}
	m.load.Roads[id-1].Version = 2
	piece.ID, piece.Version, piece.Line = planner.ID(len(m.load.Segments)+1), 1, h.line
	piece.Span = chainage.Span{To: h.length()}
	m.load.Segments = append(m.load.Segments, piece)
	m.load.Earlier = append(m.load.Earlier, data.EarlierVersion{
		RoadVersion: planner.RoadVersion{Road: id, Number: 1, Length: h.length(), To: movedOn}, Line: h.line,
	})
	first, last := int64(now[h.from]), int64(now[h.to])
	carried := func(id1 planner.ID, from, to chainage.Span) planner.Mapping {
		return planner.Mapping{ID: id1, Kind: planner.MappingCarried, FromRoad: id, FromVersion: 1, FromSpan: from, ToRoad: id, ToVersion: 2, ToSpan: to}
	}
	m.load.Operations = append(m.load.Operations, planner.Operation{
		Kind: "realign", On: movedOn, Reason: "滑坡改线", Tolerance: 15_000, By: "bureau",
		Mappings: []planner.Mapping{
			carried(1, chainage.Span{To: first}, chainage.Span{To: first}),
			{ID: 2, Kind: planner.MappingRetired, FromRoad: id, FromVersion: 1, FromSpan: chainage.Span{From: first, To: int64(h.measure[h.to])}},
			{ID: 3, Kind: planner.MappingNew, ToRoad: id, ToVersion: 2, ToSpan: chainage.Span{From: first, To: last}},
			carried(4, chainage.Span{From: int64(h.measure[h.to]), To: h.length()}, chainage.Span{From: last, To: m.routes[h.route].length()}),
		},
	})
}

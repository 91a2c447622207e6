package planner

import (
	"slices"
	"sort"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
)

// Replay is a programme's task as it was built.
type Replay struct {
	Programme *Programme
	From, To  Date // first day of the programme or of a report, and the snapshot's day
	Pieces    []ReplayPiece
}

// ReplayPiece is an interval of the task that was begun on one day and done on
// one day.
type ReplayPiece struct {
	Road    ID
	Span    chainage.Span  // mm of the version in force
	Line    orb.LineString // nil: not drawn
	Started Date           // zero: not started, or carried over
	Done    Date           // zero: does not count as completed
}

// Replay tells when each metre of a programme's task was begun and done. A zero
// programme is the current one. Lines are simplified for a screen: they leave
// the real one by at most five metres.
func (a *Assessment) Replay(programme ID) (*Replay, error) {
	i, err := a.programmeAt(programme)
	if err != nil {
		return nil, err
	}
	p := a.Programmes[i].Programme
	r := &Replay{Programme: p, From: p.Starts, To: a.Snapshot.AsOf}
	works := make([][]ReplayPiece, len(a.Programmes[i].Works))
	inParallel(len(works), func(j int) {
		w := &a.Programmes[i].Works[j]
		drawn := map[*stretchSource]*stretchSource{}
		for _, b := range a.builtOf(i, w) {
			works[j] = append(works[j], a.replayPieces(routeKey{w.Road, w.Version}, b, drawn)...)
		}
	})
	r.Pieces = slices.Concat(works...)
	for _, piece := range r.Pieces {
		if piece.Started != 0 {
			r.From = min(r.From, piece.Started)
		}
	}
	return r, nil
}

// replayPieces cuts an interval only where its line has a gap. Sources are
// measured once for all intervals of a route.
func (a *Assessment) replayPieces(key routeKey, b built, measured map[*stretchSource]*stretchSource) []ReplayPiece {
	var out []ReplayPiece
	for _, st := range a.stretches(key, chainage.Set{b.span}) {
		src := measured[st.src]
		if src == nil {
			src = st.src.withMeasure()
			measured[st.src] = src
		}
		line := src.cutForScreen(st.span)
		if n := len(out); n > 0 && out[n-1].goesOn(st.span, line) {
			out[n-1].Span.To = st.span.To
			out[n-1].Line = append(slices.Clip(out[n-1].Line), line[min(1, len(line)):]...)
			continue
		}
		out = append(out, ReplayPiece{Road: key.Road, Span: st.span, Line: line, Started: b.started, Done: b.done})
	}
	for i := range out {
		out[i].Line = forScreen(out[i].Line)
	}
	return out
}

// cutForScreen is cut with straight lines on the map between vertices: on those
// of a road a few centimetres from the geodesic, for a fraction of its price.
func (s *stretchSource) cutForScreen(span chainage.Span) orb.LineString {
	if s.measured == nil || span == s.span {
		return s.cut(span)
	}
	line, at := s.measured.Line(), s.measured.Measure()
	place := func(mm int64) (orb.Point, int) {
		to := geo.Millimetre(scale(mm-s.span.From, int64(s.measured.Length()), s.span.Length()))
		i := max(1, min(sort.Search(len(at), func(i int) bool { return at[i] >= to }), len(at)-1))
		if to >= at[i] || at[i] == at[i-1] {
			return line[i], i
		}
		f := float64(to-at[i-1]) / float64(at[i]-at[i-1])
		return orb.Point{line[i-1][0] + f*(line[i][0]-line[i-1][0]), line[i-1][1] + f*(line[i][1]-line[i-1][1])}, i
	}
	first, i := place(span.From)
	last, j := place(span.To)
	if span.From == s.span.From {
		first, i = line[0], 1
	}
	out := orb.LineString{first}
	for ; i < j; i++ {
		if line[i] != first {
			out = append(out, line[i])
		}
	}
	return append(out, last)
}

// withMeasure is the source with its line measured; the source itself has many
// readers and stays as it is.
func (s *stretchSource) withMeasure() *stretchSource {
	if s.measured != nil || len(s.line) < 2 {
		return s
	}
	own := *s
	own.measured = own.measure()
	return &own
}

func (p *ReplayPiece) goesOn(span chainage.Span, line orb.LineString) bool {
	if p.Span.To != span.From || (len(p.Line) == 0) != (len(line) == 0) {
		return false
	}
	return len(line) == 0 || p.Line[len(p.Line)-1] == line[0]
}

// screenDegrees is less than five metres anywhere: a degree of latitude has at
// most 111.7 km, one of longitude no more.
const screenDegrees = 4.4e-5

// forScreen simplifies a line; the one given stays as it is.
func forScreen(line orb.LineString) orb.LineString {
	if len(line) < 3 {
		return line
	}
	return simplify.DouglasPeucker(screenDegrees).LineString(slices.Clone(line))
}

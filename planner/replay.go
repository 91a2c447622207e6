package planner

import (
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"

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
		for _, b := range a.builtOf(i, w) {
			works[j] = append(works[j], a.replayPieces(routeKey{w.Road, w.Version}, b)...)
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

// replayPieces cuts an interval only where its line has a gap.
func (a *Assessment) replayPieces(key routeKey, b built) []ReplayPiece {
	var out []ReplayPiece
	for _, st := range a.stretches(key, chainage.Set{b.span}) {
		line := st.src.cut(st.span)
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

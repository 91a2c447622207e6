package planner

import (
	"github.com/paulmach/orb"

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
// programme is the current one.
func (a *Assessment) Replay(programme ID) (*Replay, error) {
	return nil, notYetBuilt("replay")
}

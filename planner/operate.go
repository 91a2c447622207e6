package planner

import (
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/chainage"
)

// OperationRequest is what somebody asks to be done with a route.
type OperationRequest struct {
	Kind      string // realign, split, merge, reverse, extend, shorten
	Road      ID
	On        Date // first day of the new version
	Reason    string
	By        string           // login
	Line      orb.LineString   // realign: the new line; extend: the line of the new piece
	At        *int64           // split: mm of measure; extend by a length: 0 in front, nil or the length behind
	Other     ID               // merge: the route that comes behind
	Spans     []chainage.Span  // shorten: what is taken off
	Length    *int64           // extend a length-only route: mm
	Tolerance *int64           // mm; nil: the default
	Mapping   []OperationPiece // the correction by hand of the pieces shown; nil: none
	AddToTask bool             // new metres become part of the task
	Name      string           // split: of the second route
	Code      string
}

// OperationPiece is what becomes of an interval. ToRoad 0 is the new route of a
// split; versions are not needed in a request.
type OperationPiece struct {
	Kind        MappingKind
	FromRoad    ID
	FromVersion int32
	FromSpan    chainage.Span
	ToRoad      ID
	ToVersion   int32
	ToSpan      chainage.Span
	Reversed    bool
}

// Length is what of the piece is on the new routes, or where it is retired on
// the old ones, in mm.
func (p *OperationPiece) Length() int64 {
	if p.Kind == MappingRetired {
		return p.FromSpan.Length()
	}
	return p.ToSpan.Length()
}

// OperationEffect is what an operation does, before it is done.
type OperationEffect struct {
	Unchanged bool // every metre stays where it is: there is nothing to store
	Pieces    []OperationPiece
	Events    []OperationEvent // reports on the routes; none when Unchanged
	Carried   int64            // mm, as they were measured before
	Retired   int64
	New       int64
	Completed OperationCompleted
	Roads     []Road // in their new versions
}

// OperationEvent is what becomes of a report.
type OperationEvent struct {
	ID      string
	Stage   Stage
	On      Date
	Fate    string // carried, cut, retired
	Carried int64  // mm, as measured before
	Retired int64
}

// OperationCompleted are the completed metres of all programmes, each once, as
// measured before. Before = Carried + Retired.
type OperationCompleted struct{ Before, Carried, Retired int64 }

// PlanOperation works out what is asked for: what is to be stored, and what it
// does. Nothing changes with it. Where every metre stays where it is there is
// nothing to store: the operation is nil.
func (a *Assessment) PlanOperation(r OperationRequest) (*Operation, *OperationEffect, error) {
	return nil, nil, notYetBuilt("operation")
}

package planner

import (
	"cmp"
	"strings"

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
	Farthest  int64  // mm that the carried place that moves most does
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
	o := &operator{a: a, r: r}
	if err := o.plan(); err != nil {
		return nil, nil, err
	}
	if o.unchanged {
		return nil, &OperationEffect{Unchanged: true, Carried: o.old[0].Length, Roads: o.old}, nil
	}
	effect := o.effect()
	return o.operation(), effect, nil
}

// plan finds the routes, makes the new ones, and says what becomes of each metre.
func (o *operator) plan() error {
	road, err := o.route(o.r.Road)
	if err != nil {
		return err
	}
	o.old = []Road{*road}
	if strings.TrimSpace(o.r.Reason) == "" {
		return Errorf(Invalid, "say why: the reason is kept with the operation")
	}
	make := map[string]func() error{
		"realign": o.realign, "split": o.split, "merge": o.merge, "reverse": o.reverse, "extend": o.extend, "shorten": o.shorten,
	}[o.r.Kind]
	if make == nil {
		return Errorf(Invalid, "there is no operation %q; write realign, split, merge, reverse, extend or shorten", o.r.Kind)
	}
	if err := make(); err != nil {
		return err
	}
	if _, p := o.a.leading(routeKey{road.ID, road.Version}); o.r.AddToTask && p == nil {
		return Errorf(Invalid, "%s is in no programme's task, so its new metres cannot be added to one", o.name(road))
	}
	if err := o.correct(); err != nil || o.unchanged {
		return err
	}
	return o.outfit()
}

// route is a route of the county that may be changed on the day.
func (o *operator) route(id ID) (*Road, error) {
	r := o.a.roads[id]
	if r == nil {
		return nil, Errorf(NotFound, "there is no road with number %d in force in %s", id, o.a.Snapshot.Region.Code)
	}
	if o.r.On.IsZero() {
		return nil, Errorf(Invalid, "say from which day the new version is in force")
	}
	for _, v := range o.a.Snapshot.Versions {
		switch {
		case v.Road != id, v.IsWithdrawn():
		case v.Number == r.Version && v.From != 0 && o.r.On <= v.From:
			return nil, Errorf(Invalid, "the version in force of %s began on %s; choose a later day than that", o.name(r), v.From)
		case v.Number == r.Version && v.To != 0:
			return nil, Errorf(Conflict, "the version of %s in force on %s ends on %s; look at that day and change the later one", o.name(r), o.a.Snapshot.AsOf, v.To)
		case v.From > o.r.On:
			return nil, Errorf(Conflict, "%s has another version from %s; choose a later day than that", o.name(r), v.From)
		}
	}
	return r, nil
}

// name is what an error calls a road.
func (o *operator) name(r *Road) string {
	return strings.TrimSpace(cmp.Or(strings.TrimSpace(r.Code+" "+r.Name), "road "+idString(r.ID)))
}

// next is a route in its next version.
func (o *operator) next(r *Road) Road {
	out := *r
	out.CoRouted = nil
	for _, v := range o.a.Snapshot.Versions {
		if v.Road == r.ID {
			out.Version = max(out.Version, v.Number)
		}
	}
	out.Version++
	return out
}

// drawn tells routes with a line from those without.
func drawn(r *Road) bool { return len(r.Line) >= 2 }

func keyOf(r *Road) chainage.Key { return chainage.Key{Road: int64(r.ID), Version: r.Version} }

package planner

import (
	"cmp"
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// operation is what is to be stored.
func (o *operator) operation() *Operation {
	out := &Operation{
		Kind: o.r.Kind, On: o.r.On, Reason: o.r.Reason, Tolerance: o.tolerance(), By: o.r.By,
		Ends: o.ends, New: o.new, Segments: o.segments, CoRouted: map[ID]chainage.Set{},
	}
	for i := range o.old {
		out.Old = append(out.Old, o.version(&o.old[i]))
	}
	for i := range o.new {
		if n := &o.new[i]; len(n.CoRouted) > 0 {
			out.CoRouted[n.ID] = n.CoRouted
		}
	}
	for _, p := range o.m {
		out.Mappings = append(out.Mappings, Mapping{
			Kind: MappingKind(p.Kind), FromRoad: ID(p.Old.Road), FromVersion: p.Old.Version, FromSpan: p.From,
			ToRoad: ID(p.New.Road), ToVersion: p.New.Version, ToSpan: p.To, Reversed: p.Reversed,
		})
	}
	if o.r.AddToTask {
		out.Scope, out.ScopeOf = o.scope()
	}
	return out
}

func (o *operator) version(r *Road) RoadVersion {
	for _, v := range o.a.Snapshot.Versions {
		if v.Road == r.ID && v.Number == r.Version {
			return v
		}
	}
	return RoadVersion{Road: r.ID, Number: r.Version, Length: r.Length}
}

// scope makes the new metres part of the task that the route is in.
func (o *operator) scope() ([]ScopeItem, ID) {
	_, p := o.a.leading(routeKey{o.old[0].ID, o.old[0].Version})
	if p == nil {
		return nil, 0
	}
	var out []ScopeItem
	for _, piece := range o.m {
		if piece.Kind == chainage.KindNew {
			out = append(out, ScopeItem{Road: ID(piece.New.Road), Version: piece.New.Version, Span: piece.To})
		}
	}
	if len(out) == 0 {
		return nil, 0
	}
	return out, p.ID
}

// effect is what the operation does.
func (o *operator) effect() *OperationEffect {
	balance := o.m.Balance()
	e := &OperationEffect{Carried: balance.CarriedFrom, Retired: balance.Retired, New: balance.New, Roads: o.new}
	var routes []chainage.Route
	for _, roads := range [][]Road{o.old, o.new} {
		for i := range roads {
			if drawn(&roads[i]) {
				routes = append(routes, lineRoute(&roads[i]))
			}
		}
	}
	e.Farthest = o.m.Farthest(routes...).MM
	for _, p := range o.m {
		e.Pieces = append(e.Pieces, OperationPiece{
			Kind: MappingKind(p.Kind), FromRoad: ID(p.Old.Road), FromVersion: p.Old.Version, FromSpan: p.From,
			ToRoad: ID(p.New.Road), ToVersion: p.New.Version, ToSpan: p.To, Reversed: p.Reversed,
		})
	}
	o.reports = map[string]int{}
	for i := range o.old {
		key := routeKey{o.old[i].ID, o.old[i].Version}
		for j := range o.a.ledger.events[key] {
			o.addEvent(e, &o.a.ledger.events[key][j])
		}
		o.addCompleted(e, key)
	}
	for i := range e.Events {
		e.Events[i].settle()
	}
	slices.SortStableFunc(e.Events, func(a, b OperationEvent) int {
		return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.ID, b.ID))
	})
	return e
}

// divide measures what becomes of a span of an old route, as measured before.
func (o *operator) divide(key routeKey, span chainage.Span) (carried, retired int64) {
	_, gone := o.m.Forward(chainage.Key{Road: int64(key.Road), Version: key.Version}, span)
	return span.Length() - gone.Length(), gone.Length()
}

// addEvent adds what becomes of a part of a report to what becomes of the
// report.
func (o *operator) addEvent(e *OperationEffect, part *event) {
	carried, retired := o.divide(part.key, part.span)
	i, seen := o.reports[part.ID]
	if !seen {
		i = len(e.Events)
		o.reports[part.ID] = i
		e.Events = append(e.Events, OperationEvent{ID: part.ID, Stage: part.Stage, On: part.On})
	}
	e.Events[i].Carried += carried
	e.Events[i].Retired += retired
}

func (e *OperationEvent) settle() {
	switch {
	case e.Retired == 0:
		e.Fate = string(MappingCarried)
	case e.Carried == 0:
		e.Fate = string(MappingRetired)
	default:
		e.Fate = "cut"
	}
}

// addCompleted divides what is completed on an old route.
func (o *operator) addCompleted(e *OperationEffect, key routeKey) {
	var completed []chainage.Set
	for _, w := range o.a.worksOf[key] {
		if w != nil {
			completed = append(completed, w.Completed)
		}
	}
	for _, span := range chainage.Union(completed...) {
		carried, retired := o.divide(key, span)
		e.Completed.Before += span.Length()
		e.Completed.Carried += carried
		e.Completed.Retired += retired
	}
}

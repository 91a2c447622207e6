package planner

import (
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// What a route's works and pieces are made of is compared here with an earlier
// assessment, field by field; where it is the same they are taken over.

// sameTasks says whether two lists of programmes make the same of reports.
func sameTasks(a, b []*Programme) bool {
	return slices.EqualFunc(a, b, func(x, y *Programme) bool {
		return x.ID == y.ID && x.Starts == y.Starts && x.CompletingStage == y.CompletingStage
	})
}

// sameOn says whether all that is judged of a route is as it was.
func (l *ledger) sameOn(key routeKey, old *ledger) bool {
	return slices.EqualFunc(l.scopes[key], old.scopes[key], chainage.Set.Equal) &&
		slices.Equal(l.tasks[key], old.tasks[key]) && slices.Equal(l.contracts[key], old.contracts[key]) &&
		slices.Equal(l.awards[key], old.awards[key]) && slices.Equal(l.bars[key], old.bars[key]) &&
		slices.Equal(l.cases[key], old.cases[key]) && l.corouted[key].Equal(old.corouted[key]) && l.sameEvents(key, old)
}

func (l *ledger) sameEvents(key routeKey, old *ledger) bool {
	is, was := l.events[key], old.events[key]
	if len(is) != len(was) {
		return false
	}
	for i := range is {
		x, y := &is[i], &was[i]
		if x.span != y.span || x.On != y.On || x.Progress.Programme != y.Progress.Programme || x.Stage != y.Stage ||
			(len(l.overridden) > 0 || len(old.overridden) > 0) && l.overridden[x.ID] != old.overridden[y.ID] {
			return false
		}
	}
	return true
}

// keep finds the routes whose works are as they were.
func (a *Assessment) keep(old *Assessment, order []*Programme) {
	if old == nil || !sameTasks(order, old.order()) {
		return
	}
	a.kept = make([]bool, len(a.ledger.routes))
	inParallel(len(a.kept), func(i int) { a.kept[i] = a.ledger.sameOn(a.ledger.routes[i], old.ledger) })
}

// oldWorks gives the works of a route that is kept, by programme.
func oldWorks(old *Assessment, key routeKey, programmes int) []Work {
	out := make([]Work, programmes)
	for i, w := range old.worksOf[key] {
		if w != nil {
			out[i] = *w
		}
	}
	return out
}

// keepPieces finds the routes whose pieces are as they were: what the map shows
// of a metre depends on its works, its source, and the day.
func (a *Assessment) keepPieces(old *Assessment) func(key routeKey) []Piece {
	none := func(routeKey) []Piece { return nil }
	if old == nil || a.kept == nil || a.Snapshot.AsOf != old.Snapshot.AsOf || a.Snapshot.Region.Code != old.Snapshot.Region.Code {
		return none
	}
	for i, p := range a.order() {
		if was := old.Programmes[i].Programme; p.Surface != was.Surface || p.AllSeason != was.AllSeason {
			return none
		}
	}
	return func(key routeKey) []Piece {
		if i, task := slices.BinarySearchFunc(a.ledger.routes, key, routeKey.compare); task && !a.kept[i] {
			return nil
		}
		l, was := a.ledger, old.ledger
		if len(l.scopes[key]) != len(was.scopes[key]) || !slices.Equal(l.cases[key], was.cases[key]) || !l.corouted[key].Equal(was.corouted[key]) {
			return nil
		}
		return a.oldPieces(old, key)
	}
}

// oldPieces gives the pieces of a route whose sources are as they were.
func (a *Assessment) oldPieces(old *Assessment, key routeKey) []Piece {
	is, was := a.sources[key], old.sources[key]
	if !slices.EqualFunc(is, was, sameSource) {
		return nil
	}
	at := old.piecesOf[key]
	out, n := slices.Clone(old.Pieces[at[0]:at[1]]), 0
	for i := range out {
		for out[i].source != was[n] {
			n++
		}
		out[i].source = is[n]
	}
	return out
}

// sameSource says whether two sources give the same pieces.
func sameSource(x, y *stretchSource) bool {
	if x.span != y.span || x.class() != y.class() || (x.segment == nil) != (y.segment == nil) || !sameLine(x.line, y.line) {
		return false
	}
	s, t := x.segment, y.segment
	return s == nil || s.ID == t.ID && s.Surface == t.Surface && s.AllSeason == t.AllSeason && s.Built == t.Built &&
		s.Direction == t.Direction && s.Routable == t.Routable
}

package planner

import (
	"cmp"
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// holding is an interval that a task or a contract has of a route.
type holding struct {
	programme int // place in the order of programmes
	owner     ID  // the village that a task is for, or the contract; 0: none
	item      ID
	span      chainage.Span
}

func (h holding) compare(o holding) int {
	return cmp.Or(cmp.Compare(h.programme, o.programme), cmp.Compare(h.item, o.item), cmp.Compare(h.owner, o.owner),
		cmp.Compare(h.span.From, o.span.From), cmp.Compare(h.span.To, o.span.To))
}

// holdings are the tasks and contracts on each route.
type holdings struct {
	routes    []routeKey                  // those with a task, in order
	scopes    map[routeKey][]chainage.Set // the tasks by programme, in order of start
	tasks     map[routeKey][]holding
	contracts map[routeKey][]holding
}

func newHoldings() holdings {
	return holdings{nil, map[routeKey][]chainage.Set{}, map[routeKey][]holding{}, map[routeKey][]holding{}}
}

// addHoldings lifts every task and every contract: what stands in force, and
// what a change of its route took away, on the version that it was lost on.
func (l *ledger) addHoldings(s *Snapshot, order []*Programme) {
	l.holdings, l.gone = newHoldings(), newHoldings()
	place := make(map[ID]int, len(order))
	for i, p := range order {
		place[p.ID] = i
		for _, item := range p.Scope {
			l.hold(item, holding{i, item.Village, item.ID, item.Span}, func(h *holdings) map[routeKey][]holding { return h.tasks })
		}
	}
	for i := range s.Contracts {
		c := &s.Contracts[i]
		at, ok := place[c.Programme]
		for _, item := range c.Scope {
			if ok {
				l.hold(item, holding{at, c.ID, item.ID, item.Span}, func(h *holdings) map[routeKey][]holding { return h.contracts })
			}
		}
	}
	l.holdings.close(len(order), l.corouted)
	l.gone.close(len(order), nil)
}

func (l *ledger) hold(item ScopeItem, h holding, of func(*holdings) map[routeKey][]holding) {
	parts, lost := l.passages.trace(routeKey{item.Road, item.Version}, item.Span)
	put := func(to map[routeKey][]holding, parts []lifted) {
		for _, p := range parts {
			h.span = p.span
			to[p.key] = append(to[p.key], h)
		}
	}
	put(of(&l.holdings), parts)
	put(of(&l.gone), lost)
}

// close orders what was collected and makes the tasks of it.
func (h *holdings) close(programmes int, corouted map[routeKey]chainage.Set) {
	for key, list := range h.tasks {
		slices.SortFunc(list, holding.compare)
		sets := make([]chainage.Set, programmes)
		for i := range sets {
			sets[i] = spansOf(list, i).Subtract(corouted[key])
		}
		h.scopes[key] = sets
		h.routes = append(h.routes, key)
	}
	for _, list := range h.contracts {
		slices.SortFunc(list, holding.compare)
	}
	slices.SortFunc(h.routes, routeKey.compare)
}

func spansOf(list []holding, programme int) chainage.Set {
	var spans []chainage.Span
	for _, h := range list {
		if h.programme == programme {
			spans = append(spans, h.span)
		}
	}
	return chainage.NewSet(spans...)
}

// The owners of metres that have no one owner.
const (
	ownerNone    ID = 0
	ownerSeveral ID = -1
)

// ownedSet is the part of a task that one village, or one contract, has.
type ownedSet struct {
	owner ID
	set   chainage.Set
}

// byVillage splits a task among the villages it is for. A metre that several
// items of a task have is for the village of the one with the smallest id.
func (h *holdings) byVillage(key routeKey, programme int, task chainage.Set) []ownedSet {
	sets, left := map[ID]chainage.Set{}, task
	for _, item := range h.tasks[key] {
		if item.programme != programme || item.owner == ownerNone || len(left) == 0 {
			continue
		}
		span := chainage.NewSet(item.span)
		sets[item.owner] = sets[item.owner].Union(left.Intersect(span))
		left = left.Subtract(span)
	}
	return listOwners(sets, left)
}

// byContract splits a task among its contracts. What two contracts have counts
// for neither, unless a dispute was decided for one of them: then it has all of
// the task there.
func (h *holdings) byContract(key routeKey, programme int, task chainage.Set, awards []award) []ownedSet {
	list := h.contracts[key]
	sets := map[ID]chainage.Set{}
	for _, item := range list {
		if item.programme == programme {
			sets[item.owner] = sets[item.owner].Union(chainage.NewSet(item.span))
		}
	}
	var all []chainage.Span
	for _, set := range sets {
		all = append(all, set...)
	}
	several := task.Intersect(chainage.Repeated(all...))
	for id, set := range sets {
		sets[id] = task.Intersect(set).Subtract(several)
	}
	for _, a := range awards {
		if a.programme != programme {
			continue
		}
		span := chainage.NewSet(a.span)
		for id, set := range sets {
			sets[id] = set.Subtract(span)
		}
		several = several.Subtract(span)
		sets[a.contract] = sets[a.contract].Union(task.Intersect(span))
	}
	if len(several) > 0 {
		sets[ownerSeveral] = several
	}
	left := task
	for _, set := range sets {
		left = left.Subtract(set)
	}
	return listOwners(sets, left)
}

// listOwners orders owners by id; none comes first, several before it.
func listOwners(sets map[ID]chainage.Set, none chainage.Set) []ownedSet {
	out := make([]ownedSet, 0, len(sets)+1)
	if len(none) > 0 {
		out = append(out, ownedSet{ownerNone, none})
	}
	for id, set := range sets {
		if len(set) > 0 {
			out = append(out, ownedSet{id, set})
		}
	}
	slices.SortFunc(out, func(a, b ownedSet) int { return cmp.Compare(a.owner, b.owner) })
	return out
}

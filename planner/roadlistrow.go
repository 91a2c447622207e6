package planner

import (
	"cmp"
	"slices"
	"strings"

	"github.com/qiantu/qiantu/geo/chainage"
)

// lister makes the rows of the list of roads.
type lister struct {
	a         *Assessment
	q         RoadQuery
	programme int                // -1: none
	keys      map[ID][]routeKey  // versions of a road on which the programme has a task
	contracts map[ID][]*Contract // of a road
	items     map[ID]*ScopeItem  // of a road: the first of its task that says who answers
}

// findWorkers finds out which roads the programme has, and who works on which.
func (l *lister) findWorkers() {
	l.keys, l.contracts, l.items = map[ID][]routeKey{}, map[ID][]*Contract{}, map[ID]*ScopeItem{}
	if l.programme >= 0 {
		for _, w := range l.a.Programmes[l.programme].Works {
			l.keys[w.Road] = append(l.keys[w.Road], routeKey{w.Road, w.Version})
		}
		l.answering(l.a.Programmes[l.programme].Programme)
	}
	for i := range l.a.Snapshot.Contracts {
		c := &l.a.Snapshot.Contracts[i]
		if l.programme < 0 || c.Programme != l.a.Programmes[l.programme].Programme.ID {
			continue
		}
		for _, item := range c.Scope {
			for _, part := range l.lift(&item) {
				if list := l.contracts[part.key.Road]; !slices.Contains(list, c) {
					l.contracts[part.key.Road] = append(list, c)
				}
			}
		}
	}
}

func (l *lister) lift(item *ScopeItem) []lifted {
	parts, _ := l.a.ledger.lift(routeKey{item.Road, item.Version}, item.Span)
	return parts
}

func (l *lister) answering(p *Programme) {
	for i := range p.Scope {
		item := &p.Scope[i]
		if item.Responsible == "" && item.Phone == "" {
			continue
		}
		for _, part := range l.lift(item) {
			if l.items[part.key.Road] == nil {
				l.items[part.key.Road] = item
			}
		}
	}
}

// rows are the roads that the query has.
func (l *lister) rows() []RoadRow {
	var out []RoadRow
	for i := range l.a.Snapshot.Roads {
		r := &l.a.Snapshot.Roads[i]
		if row, ok := l.row(r); ok {
			out = append(out, row)
		}
	}
	for id := range l.keys {
		if l.a.roads[id] == nil {
			if row, ok := l.row(&Road{ID: id}); ok {
				out = append(out, row)
			}
		}
	}
	return out
}

func (l *lister) row(r *Road) (RoadRow, bool) {
	row := RoadRow{
		ID: r.ID, Code: r.Code, Name: r.Name, NameEN: r.NameEN, Class: r.Class, Township: l.a.townshipOf(r), Length: r.Length,
		Drawn: len(r.Line) >= 2, State: "no_task",
	}
	here := l.lies(r)
	for _, key := range l.keys[r.ID] {
		row.RoadSums.add(l.sums(l.a.worksOf[key][l.programme]))
	}
	if row.HasTask = row.Planned > 0; row.HasTask {
		l.judge(&row)
	}
	l.people(&row)
	l.reports(&row, r)
	return row, (here || row.HasTask) && l.wanted(&row)
}

// lies reports whether a road has anything to do with the township and class
// that are asked for.
func (l *lister) lies(r *Road) bool {
	if l.q.Village != 0 || l.q.Contract != 0 || l.q.Programme != 0 && l.q.State != "no_task" {
		return false // those with a task only
	}
	if l.q.Township == "" && l.q.Class == "" {
		return true
	}
	key := routeKey{r.ID, r.Version}
	return l.a.roads[r.ID] != nil && slices.ContainsFunc(l.a.sources[key], func(src *stretchSource) bool {
		return l.amount(stretch{key, src, src.span}) > 0
	})
}

// amount is what of a stretch belongs to the township and class asked for.
func (l *lister) amount(st stretch) int64 {
	if l.q.Class != "" && st.class() != l.q.Class {
		return 0
	}
	if l.q.Township == "" {
		return st.span.Length()
	}
	var sum int64
	for _, o := range st.owners(hundred) {
		if l.a.scopeOf(o.township) == l.q.Township {
			sum += o.amount
		}
	}
	return sum
}

func (l *lister) sums(w *Work) RoadSums {
	key := routeKey{w.Road, w.Version}
	measure := func(set chainage.Set) (sum int64) {
		if l.q.Village != 0 {
			set = set.Intersect(ownedBy(w.villages, l.q.Village))
		}
		if l.q.Contract != 0 {
			set = set.Intersect(ownedBy(w.contracts, l.q.Contract))
		}
		if l.q.Class == "" && l.q.Township == "" {
			return set.Length()
		}
		for _, st := range l.a.stretches(key, set) {
			sum += l.amount(st)
		}
		return sum
	}
	return RoadSums{measure(w.Scope), measure(w.Started), measure(w.Completed), measure(w.Disputed), measure(w.CarryOver)}
}

func ownedBy(sets []ownedSet, owner ID) chainage.Set {
	for i := range sets {
		if sets[i].owner == owner {
			return sets[i].set
		}
	}
	return nil
}

// judge holds a road's task against the plan of its township, or of the one
// that is asked for.
func (l *lister) judge(row *RoadRow) {
	p, asOf := l.a.Programmes[l.programme].Programme, l.a.Snapshot.AsOf
	share, rate := PlannedShare(p, cmp.Or(l.q.Township, row.Township), asOf), scale(row.Completed, ppm, row.Planned)
	row.PlanPPM, row.RatePPM = &share, &rate
	s := Standing{Planned: row.Planned, Completed: row.Completed, PlanPPM: share}
	row.Level = lagLevel(&s, p, asOf, l.a.Snapshot.Rules.WarningStepsPPM)
	switch {
	case row.Disputed > 0:
		row.State = "disputed"
	case row.Completed+row.CarryOver >= row.Planned:
		row.State = "done"
	case row.Started+row.CarryOver > 0:
		row.State = "doing"
	default:
		row.State = "not_started"
	}
}

// people are who answers for a road: of a contract, else of the task.
func (l *lister) people(row *RoadRow) {
	for _, c := range l.contracts[row.ID] {
		row.Contracts = append(row.Contracts, c.Code)
		if row.Responsible == "" {
			row.Responsible, row.Phone = cmp.Or(c.Responsible, c.Contractor), c.Phone
		}
	}
	slices.Sort(row.Contracts)
	if item := l.items[row.ID]; item != nil && row.Responsible == "" {
		row.Responsible, row.Phone = item.Responsible, item.Phone
	}
}

// reports are those that lie on the road now.
func (l *lister) reports(row *RoadRow, r *Road) {
	events := l.a.ledger.events[routeKey{r.ID, r.Version}]
	var last *event
	for i := range events {
		e := &events[i]
		if i == 0 || events[i-1].ID != e.ID {
			row.Reports++
		}
		if last == nil || e.On > last.On || e.On == last.On && e.Recorded.After(last.Recorded) {
			last = e
		}
	}
	if last != nil {
		row.LastOn, row.LastBy = last.On, cmp.Or(last.Reporter, last.By)
	}
}

// wanted holds a row against the rest of the query.
func (l *lister) wanted(row *RoadRow) bool {
	q := &l.q
	switch {
	case q.State != "" && q.State != row.State,
		q.Level != "" && (!row.HasTask || q.Level != row.Level.LevelName()),
		q.Drawn != nil && *q.Drawn != row.Drawn,
		!hasText(q.Responsible, row.Responsible),
		!hasText(q.Q, row.Code, row.Name, row.NameEN):
		return false
	}
	return true
}

// hasText reports whether a text is part of one of some others, whatever the case.
func hasText(part string, of ...string) bool {
	part = strings.ToLower(strings.TrimSpace(part))
	return slices.ContainsFunc(of, func(text string) bool { return strings.Contains(strings.ToLower(text), part) })
}

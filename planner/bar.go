package planner

import (
	"cmp"
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// bar keeps reports from counting on a span: a dispute that was decided against
// what had been claimed, or an inspection that failed.
type bar struct {
	span   chainage.Span
	stage  int  // void: this stage and later ones; failed: acceptance
	before Date // reports of days before this one
	failed bool
	id     ID // of the inspection, or of the dispute
}

// caseSpan is where a dispute that is still open holds claims: those of its stage
// and of later ones.
type caseSpan struct {
	id    ID
	span  chainage.Span
	stage int
}

// held is where open cases hold the claims of a stage on a route.
func (l *ledger) held(key routeKey, stage int) chainage.Set {
	var out chainage.Set
	for _, c := range l.cases[key] {
		if c.stage <= stage {
			out = out.Union(chainage.NewSet(c.span))
		}
	}
	return out
}

// meets reports whether a report of a stage is kept from counting.
func (b *bar) meets(stage int, on Date) bool {
	if b.failed && stage != b.stage || stage < b.stage {
		return false
	}
	return on < b.before
}

// award is a span that a decision gave to a contract.
type award struct {
	programme int
	contract  ID
	span      chainage.Span
}

// evaluated is the condition that an inspection measured on a span.
type evaluated struct {
	span       chainage.Span
	pqi        int64 // thousandths
	inspection ID
}

// addDisputes lifts the cases: an open one holds claims, unless none of its own
// is left; a decided one has its outcome.
func (l *ledger) addDisputes(s *Snapshot, order []*Programme) {
	decided := slices.Clone(s.Disputes)
	slices.SortStableFunc(decided, func(a, b Dispute) int { return cmp.Or(cmp.Compare(a.Decided, b.Decided), cmp.Compare(a.ID, b.ID)) })
	for i := range decided {
		d := &decided[i]
		parts, _ := l.passages.trace(routeKey{d.Road, d.Version}, d.Span)
		for _, p := range parts {
			switch {
			case d.isOpen():
				if !d.Withdrawn {
					l.cases[p.key] = append(l.cases[p.key], caseSpan{d.ID, p.span, stageIndex(d.Stage)})
				}
			case d.Outcome == OutcomeVoid:
				l.bars[p.key] = append(l.bars[p.key], bar{p.span, stageIndex(d.Stage), d.Decided, false, d.ID})
			case d.Outcome == OutcomeAwarded:
				if at, ok := programmeOf(s, order, d.Awarded); ok {
					l.awards[p.key] = append(l.awards[p.key], award{at, d.Awarded, p.span})
				}
			}
		}
	}
}

// programmeOf is the place of the programme that a contract builds for.
func programmeOf(s *Snapshot, order []*Programme, contract ID) (int, bool) {
	i, ok := slices.BinarySearchFunc(s.Contracts, contract, func(c Contract, id ID) int { return cmp.Compare(c.ID, id) })
	if !ok {
		return 0, false
	}
	at := slices.IndexFunc(order, func(p *Programme) bool { return p.ID == s.Contracts[i].Programme })
	return at, at >= 0
}

// addInspections lifts the findings: what failed, and what was measured.
func (l *ledger) addInspections(s *Snapshot) {
	held := slices.Clone(s.Inspections)
	slices.SortStableFunc(held, func(a, b Inspection) int { return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.ID, b.ID)) })
	for i := range held {
		in := &held[i]
		if in.Result == "" || in.On > s.AsOf {
			continue
		}
		parts, _ := l.passages.trace(routeKey{in.Road, in.Version}, in.Span)
		for _, p := range parts {
			if in.Result == InspectionFail {
				l.bars[p.key] = append(l.bars[p.key], bar{p.span, stageIndex(StageAcceptance), in.On + 1, true, in.ID})
			}
			if in.PQIMilli != nil {
				l.measured[p.key] = append(l.measured[p.key], evaluated{p.span, *in.PQIMilli, in.ID})
			}
		}
	}
}

// The lower bounds of the pavement quality index, in thousandths.
const (
	pqiFair = 70_000
	pqiGood = 80_000
)

// condition is the state of the metres of a route that were evaluated, each by
// the latest inspection that measured it.
type condition struct{ good, fair, poor chainage.Set }

func (l *ledger) condition(key routeKey) condition {
	var c condition
	var done chainage.Set
	for i := len(l.measured[key]) - 1; i >= 0; i-- {
		m := &l.measured[key][i]
		fresh := chainage.NewSet(m.span).Subtract(done)
		to := &c.poor
		switch {
		case m.pqi >= pqiGood:
			to = &c.good
		case m.pqi >= pqiFair:
			to = &c.fair
		}
		*to, done = to.Union(fresh), done.Union(fresh)
	}
	return c
}

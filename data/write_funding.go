package data

import (
	"github.com/qiantu/qiantu/planner"
)

// fundingOf lists the money of a load. A programme's own two amounts become a
// row where the load has no detail, and must be the sum where it has.
func fundingOf(l *Load) ([]planner.FundingItem, error) {
	out := append([]planner.FundingItem(nil), l.Funding...)
	planned, paid, detailed := map[planner.ID]int64{}, map[planner.ID]int64{}, map[planner.ID]bool{}
	for i := range l.Funding {
		f := &l.Funding[i]
		planned[f.Programme] += amount(f.PlannedFen)
		paid[f.Programme] += amount(f.PaidFen)
		detailed[f.Programme] = true
	}
	for i := range l.Programmes {
		p := &l.Programmes[i]
		switch {
		case p.PlannedFen == nil && p.PaidFen == nil:
		case !detailed[p.ID]:
			out = append(out, planner.FundingItem{Programme: p.ID, Source: "programme", PlannedFen: p.PlannedFen, PaidFen: p.PaidFen})
		case p.PlannedFen != nil && *p.PlannedFen != planned[p.ID]:
			return nil, planner.Errorf(planner.Invalid, "programme %d plans %d fen, its funding adds up to %d", p.ID, *p.PlannedFen, planned[p.ID])
		case p.PaidFen != nil && *p.PaidFen != paid[p.ID]:
			return nil, planner.Errorf(planner.Invalid, "programme %d has paid %d fen, its funding adds up to %d", p.ID, *p.PaidFen, paid[p.ID])
		}
	}
	return out, nil
}

// amount gives money that is not known as none.
func amount(fen *int64) int64 {
	if fen == nil {
		return 0
	}
	return *fen
}

func (w *writer) funding() error {
	rows, err := fundingOf(w.load)
	if err != nil {
		return err
	}
	id, err := w.reserve("funding", idsOf(rows, func(f *planner.FundingItem) planner.ID { return f.ID }))
	if err != nil {
		return err
	}
	columns := []string{"id", "programme", "source", "item", "planned_fen", "allocated_fen", "paid_fen"}
	err = w.copyRows("funding", columns, len(rows), func(i int) []any {
		f := rows[i]
		return []any{id[i], w.ids["programme"][f.Programme], f.Source, f.Item, f.PlannedFen, f.AllocatedFen, f.PaidFen}
	})
	if err != nil {
		return err
	}
	return w.totals()
}

// totals writes what documents print as sums.
func (w *writer) totals() error {
	l := w.load
	id, err := w.reserve("funding_total", idsOf(l.Totals, func(f *planner.FundingTotal) planner.ID { return f.ID }))
	if err != nil {
		return err
	}
	columns := []string{"id", "programme", "source", "planned_fen", "allocated_fen", "paid_fen", "document"}
	return w.copyRows("funding_total", columns, len(l.Totals), func(i int) []any {
		f := &l.Totals[i]
		return []any{id[i], w.ids["programme"][f.Programme], f.Source, f.PlannedFen, f.AllocatedFen, f.PaidFen, f.Document}
	})
}

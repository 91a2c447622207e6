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

// moneyRow is a row of money that is stored: as it is, or as it was.
type moneyRow[T any] struct {
	row                      *T
	id                       planner.ID // local; 0 of a row as it was
	planned, allocated, paid *int64
	from, to                 planner.Date // zero: always
}

// moneyRows lists rows as they are and then as they were. amounts gives what a
// row is now.
func moneyRows[T any](rows []T, earlier []EarlierMoney, amounts func(*T) (id planner.ID, planned, allocated, paid *int64)) ([]moneyRow[T], error) {
	out := make([]moneyRow[T], len(rows), len(rows)+len(earlier))
	place := map[planner.ID]int{}
	for i := range rows {
		out[i].row = &rows[i]
		out[i].id, out[i].planned, out[i].allocated, out[i].paid = amounts(&rows[i])
		place[out[i].id] = i
	}
	for _, e := range earlier {
		i, ok := place[e.Of]
		if !ok || e.To <= e.From {
			return nil, planner.Errorf(planner.Invalid, "earlier money of row %d, from %s up to %s, is of no row or of no day", e.Of, e.From, e.To)
		}
		out[i].from = max(out[i].from, e.To)
		out = append(out, moneyRow[T]{out[i].row, 0, e.PlannedFen, e.AllocatedFen, e.PaidFen, e.From, e.To})
	}
	return out, nil
}

func moneyID[T any](m *moneyRow[T]) planner.ID { return m.id }

func (w *writer) funding() error {
	items, err := fundingOf(w.load)
	if err != nil {
		return err
	}
	rows, err := moneyRows(items, w.load.Funded, func(f *planner.FundingItem) (planner.ID, *int64, *int64, *int64) {
		return f.ID, f.PlannedFen, f.AllocatedFen, f.PaidFen
	})
	if err != nil {
		return err
	}
	id, err := w.reserve("funding", idsOf(rows, moneyID))
	if err != nil {
		return err
	}
	columns := []string{"id", "programme", "source", "item", "planned_fen", "allocated_fen", "paid_fen", "valid"}
	err = w.copyRows("funding", columns, len(rows), func(i int) []any {
		m := rows[i]
		f := m.row
		return []any{id[i], w.ids["programme"][f.Programme], f.Source, f.Item, m.planned, m.allocated, m.paid, putDays(m.from, m.to)}
	})
	if err != nil {
		return err
	}
	return w.totals()
}

// totals writes what documents print as sums.
func (w *writer) totals() error {
	l := w.load
	rows, err := moneyRows(l.Totals, l.Summed, func(f *planner.FundingTotal) (planner.ID, *int64, *int64, *int64) {
		return f.ID, f.PlannedFen, f.AllocatedFen, f.PaidFen
	})
	if err != nil {
		return err
	}
	id, err := w.reserve("funding_total", idsOf(rows, moneyID))
	if err != nil {
		return err
	}
	columns := []string{"id", "programme", "source", "planned_fen", "allocated_fen", "paid_fen", "document", "valid"}
	return w.copyRows("funding_total", columns, len(rows), func(i int) []any {
		m := rows[i]
		f := m.row
		return []any{id[i], w.ids["programme"][f.Programme], f.Source, m.planned, m.allocated, m.paid, f.Document, putDays(m.from, m.to)}
	})
}

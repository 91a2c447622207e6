package data

import (
	"github.com/qiantu/qiantu/planner"
)

func (w *writer) programmes() error {
	l := w.load
	id, err := w.reserve("programme", idsOf(l.Programmes, func(p *planner.Programme) planner.ID { return p.ID }))
	if err != nil {
		return err
	}
	columns := []string{"id", "code", "name", "name_en", "kind", "starts", "deadline", "completing_stage", "surface", "all_season", "source"}
	err = w.copyRows("programme", columns, len(l.Programmes), func(i int) []any {
		p := &l.Programmes[i]
		return []any{
			id[i], null(p.Code), p.Name, p.NameEN, or(p.Kind, "hamlet_road"), putDate(p.Starts), putDate(p.Deadline),
			or(string(p.CompletingStage), string(planner.StageSurface)), or(p.Surface, "cement"), or(string(p.AllSeason), "yes"), l.Source,
		}
	})
	if err != nil {
		return err
	}
	if err := w.scope(id); err != nil {
		return err
	}
	if err := w.plan(id); err != nil {
		return err
	}
	return w.funding()
}

func (w *writer) scope(programme []planner.ID) error {
	type item struct {
		programme planner.ID
		planner.ScopeItem
	}
	var items []item
	for i := range w.load.Programmes {
		for _, s := range w.load.Programmes[i].Scope {
			items = append(items, item{programme[i], s})
		}
	}
	id, err := w.reserve("programme_scope", idsOf(items, func(s *item) planner.ID { return s.ID }))
	if err != nil {
		return err
	}
	return w.copyRows("programme_scope", []string{"id", "programme", "road", "road_version", "span"}, len(items), func(i int) []any {
		s := &items[i]
		return []any{id[i], s.programme, w.ids["road"][s.Road], versionOf(s.Version), putSpan(s.Span)}
	})
}

func (w *writer) plan(programme []planner.ID) error {
	type point struct {
		programme planner.ID
		planner.PlanPoint
	}
	var all []point
	for i := range w.load.Programmes {
		for _, p := range w.load.Programmes[i].Plan {
			all = append(all, point{programme[i], p})
		}
	}
	return w.copyRows("plan_point", []string{"programme", "township", "on_date", "share_ppm"}, len(all), func(i int) []any {
		return []any{all[i].programme, all[i].Township, putDate(all[i].On), all[i].SharePPM}
	})
}

// fundingRow is a row of table funding; a nil amount is not known.
type fundingRow struct {
	programme     planner.ID
	source, item  string
	planned, paid *int64
}

// fundingOf lists the money of a load. A programme's own two amounts become a
// row where the load has no detail, and must be the sum where it has.
func fundingOf(l *Load) ([]fundingRow, error) {
	var out []fundingRow
	planned, paid, detailed := map[planner.ID]int64{}, map[planner.ID]int64{}, map[planner.ID]bool{}
	for i := range l.Funding {
		f := &l.Funding[i]
		out = append(out, fundingRow{f.Programme, f.Source, f.Item, &f.PlannedFen, &f.PaidFen})
		planned[f.Programme] += f.PlannedFen
		paid[f.Programme] += f.PaidFen
		detailed[f.Programme] = true
	}
	for i := range l.Programmes {
		p := &l.Programmes[i]
		switch {
		case p.PlannedFen == nil && p.PaidFen == nil:
		case !detailed[p.ID]:
			out = append(out, fundingRow{p.ID, "programme", "", p.PlannedFen, p.PaidFen})
		case p.PlannedFen != nil && *p.PlannedFen != planned[p.ID]:
			return nil, planner.Errorf(planner.Invalid, "programme %d plans %d fen, its funding adds up to %d", p.ID, *p.PlannedFen, planned[p.ID])
		case p.PaidFen != nil && *p.PaidFen != paid[p.ID]:
			return nil, planner.Errorf(planner.Invalid, "programme %d has paid %d fen, its funding adds up to %d", p.ID, *p.PaidFen, paid[p.ID])
		}
	}
	return out, nil
}

func (w *writer) funding() error {
	rows, err := fundingOf(w.load)
	if err != nil {
		return err
	}
	return w.copyRows("funding", []string{"programme", "source", "item", "planned_fen", "paid_fen"}, len(rows), func(i int) []any {
		f := rows[i]
		return []any{w.ids["programme"][f.programme], f.source, f.item, f.planned, f.paid}
	})
}

func (w *writer) progress() error {
	l := w.load
	columns := []string{"id", "road", "road_version", "span", "stage", "on_date", "recorded_at", "programme", "reporter", "evidence"}
	return w.copyRows("progress", columns, len(l.Progress), func(i int) []any {
		p := &l.Progress[i]
		evidence := p.Evidence
		if evidence == nil {
			evidence = []string{}
		}
		return []any{
			p.ID, w.ids["road"][p.Road], versionOf(p.Version), putSpan(p.Span), string(p.Stage), putDate(p.On), p.Recorded,
			w.optional("programme", p.Programme), p.Reporter, evidence,
		}
	})
}

func (w *writer) disputes() error {
	l := w.load
	id, err := w.reserve("dispute", idsOf(l.Disputes, func(d *planner.Dispute) planner.ID { return d.ID }))
	if err != nil {
		return err
	}
	return w.copyRows("dispute", []string{"id", "road", "road_version", "span", "valid", "reason"}, len(l.Disputes), func(i int) []any {
		d := &l.Disputes[i]
		return []any{id[i], w.ids["road"][d.Road], versionOf(d.Version), putSpan(d.Span), putFrom(d.Opened), d.Reason}
	})
}

func (w *writer) warnings() error {
	l := w.load
	id, err := w.reserve("warning", idsOf(l.Warnings, func(g *planner.Warning) planner.ID { return g.ID }))
	if err != nil {
		return err
	}
	return w.copyRows("warning", []string{"id", "township", "level", "reason", "valid"}, len(l.Warnings), func(i int) []any {
		g := &l.Warnings[i]
		return []any{id[i], g.Township, int16(g.Level), g.Reason, putFrom(g.From)}
	})
}

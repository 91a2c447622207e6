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
	columns := []string{"id", "code", "name", "name_en", "kind", "starts", "deadline", "completing_stage", "surface", "all_season", "reported_mm", "source"}
	err = w.copyRows("programme", columns, len(l.Programmes), func(i int) []any {
		p := &l.Programmes[i]
		return []any{
			id[i], null(p.Code), p.Name, p.NameEN, or(p.Kind, "hamlet_road"), putDate(p.Starts), putDate(p.Deadline),
			or(string(p.CompletingStage), string(planner.StageSurface)), or(p.Surface, "cement"), or(string(p.AllSeason), "yes"), p.ReportedMM, l.Source,
		}
	})
	if err != nil {
		return err
	}
	if err := w.scope(id); err != nil {
		return err
	}
	return w.plan(id)
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
	columns := []string{"id", "programme", "road", "road_version", "span", "village", "responsible", "phone"}
	return w.copyRows("programme_scope", columns, len(items), func(i int) []any {
		s := &items[i]
		return []any{
			id[i], s.programme, w.ids["road"][s.Road], versionOf(s.Version), putSpan(s.Span), w.optional("village", s.Village),
			s.Responsible, s.Phone,
		}
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

func (w *writer) progress() error {
	l := w.load
	columns := []string{
		"id", "road", "road_version", "span", "stage", "on_date", "recorded_at", "programme", "contract", "reporter", "by_user",
		"entered", "note", "evidence",
	}
	return w.copyRows("progress", columns, len(l.Progress), func(i int) []any {
		p := &l.Progress[i]
		return []any{
			p.ID, w.ids["road"][p.Road], versionOf(p.Version), putSpan(p.Span), string(p.Stage), putDate(p.On), p.Recorded,
			w.optional("programme", p.Programme), w.optional("contract", p.Contract), p.Reporter, p.By, or(p.Entered, "import"), p.Note,
			texts(p.Evidence),
		}
	})
}

// texts gives a list that is empty rather than null.
func texts(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
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

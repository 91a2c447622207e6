package data

import (
	"github.com/qiantu/qiantu/planner"
)

func (w *writer) water() error {
	l := w.load
	id, err := w.reserve("water_project", idsOf(l.Water, func(p *planner.WaterProject) planner.ID { return p.ID }))
	if err != nil {
		return err
	}
	columns := []string{"id", "code", "name", "kind", "status", "capacity_m3d", "dry_capacity_m3d", "loss_pct", "designed_persons", "geom", "source"}
	err = w.copyRows("water_project", columns, len(l.Water), func(i int) []any {
		p := &l.Water[i]
		return []any{id[i], null(p.Code), p.Name, or(p.Kind, "other"), or(p.Status, "unknown"), p.CapacityM3D, p.DryCapacityM3D, p.LossPct,
			p.DesignedPersons, put(p.Point), l.Source}
	})
	if err != nil {
		return err
	}
	var links [][2]planner.ID
	for i := range l.Water {
		for _, village := range l.Water[i].Serves {
			links = append(links, [2]planner.ID{id[i], w.ids["village"][village]})
		}
	}
	return w.copyRows("supply_link", []string{"project", "village"}, len(links), func(i int) []any {
		return []any{links[i][0], links[i][1]}
	})
}

func (w *writer) surveys() error {
	l := w.load
	id, err := w.reserve("water_survey", idsOf(l.Surveys, func(s *planner.WaterSurvey) planner.ID { return s.ID }))
	if err != nil {
		return err
	}
	columns := []string{
		"id", "village", "on_date", "litres_per_day", "quality_ok", "tap", "fetch_minutes", "distance_m", "climb_m",
		"reliability_pct", "close_cost_fen", "source",
	}
	return w.copyRows("water_survey", columns, len(l.Surveys), func(i int) []any {
		s := &l.Surveys[i]
		return []any{
			id[i], w.ids["village"][s.Village], putDate(s.On), s.LitresPerDay, s.QualityOK, s.Tap, s.FetchMinutes, s.DistanceM, s.ClimbM,
			s.ReliabilityPct, s.CloseCostFen, or(s.Source, l.Source),
		}
	})
}

func (w *writer) sites() error {
	l := w.load
	id, err := w.reserve("relocation_site", idsOf(l.Sites, func(s *planner.Site) planner.ID { return s.ID }))
	if err != nil {
		return err
	}
	err = w.copyRows("relocation_site", []string{"id", "code", "name", "name_en", "mode", "township", "geom", "land", "source"}, len(l.Sites), func(i int) []any {
		s := &l.Sites[i]
		return []any{id[i], null(s.Code), s.Name, s.NameEN, or(s.Mode, "market_town"), null(s.Township), put(s.Gate), or(s.Land, "unknown"), l.Source}
	})
	if err != nil {
		return err
	}
	var limited []int
	for i, s := range l.Sites {
		if s.CapacityHouseholds != nil || s.CapacityPersons != nil || s.Jobs != nil || s.WaterM3D != nil || s.SchoolPlaces != nil {
			limited = append(limited, i)
		}
	}
	columns := []string{"site", "households", "persons", "jobs", "water_m3d", "school_places"}
	return w.copyRows("site_capacity", columns, len(limited), func(k int) []any {
		s := &l.Sites[limited[k]]
		return []any{id[limited[k]], s.CapacityHouseholds, s.CapacityPersons, s.Jobs, s.WaterM3D, s.SchoolPlaces}
	})
}

// siteBuilding is a building and the local id of its site.
type siteBuilding struct {
	site planner.ID
	planner.Building
}

func buildingsOf(l *Load) []siteBuilding {
	var out []siteBuilding
	for i := range l.Sites {
		for _, b := range l.Sites[i].Buildings {
			out = append(out, siteBuilding{l.Sites[i].ID, b})
		}
	}
	return out
}

func (w *writer) buildings() error {
	all := buildingsOf(w.load)
	id, err := w.reserve("building", idsOf(all, func(b *siteBuilding) planner.ID { return b.ID }))
	if err != nil {
		return err
	}
	err = w.copyRows("building", []string{"id", "site", "name", "dwellings"}, len(all), func(i int) []any {
		return []any{id[i], w.ids["relocation_site"][all[i].site], all[i].Name, all[i].Dwellings}
	})
	if err != nil {
		return err
	}
	type event struct {
		building planner.ID
		planner.BuildingEvent
	}
	var events []event
	for i := range all {
		for _, e := range all[i].Events {
			events = append(events, event{id[i], e})
		}
	}
	return w.copyRows("building_stage", []string{"id", "building", "stage", "on_date", "recorded_at"}, len(events), func(i int) []any {
		e := &events[i]
		return []any{e.ID, e.building, string(e.Stage), putDate(e.On), e.Recorded}
	})
}

func (w *writer) moves() error {
	l := w.load
	id, err := w.reserve("move", idsOf(l.Moves, func(m *planner.Move) planner.ID { return m.ID }))
	if err != nil {
		return err
	}
	columns := []string{"id", "village", "site", "households", "persons", "registered", "registered_persons", "eligible"}
	err = w.copyRows("move", columns, len(l.Moves), func(i int) []any {
		m := &l.Moves[i]
		return []any{id[i], w.ids["village"][m.Village], w.ids["relocation_site"][m.Site], m.Households, m.Persons, m.Registered, m.RegisteredPersons, m.Eligible}
	})
	if err != nil {
		return err
	}
	type event struct {
		move planner.ID
		planner.MoveEvent
	}
	var events []event
	for i := range l.Moves {
		for _, e := range l.Moves[i].Events {
			events = append(events, event{id[i], e})
		}
	}
	columns = []string{"id", "move", "stage", "households", "persons", "registered", "registered_persons", "on_date", "recorded_at"}
	return w.copyRows("move_event", columns, len(events), func(i int) []any {
		e := &events[i]
		return []any{e.ID, e.move, e.Stage, e.Households, e.Persons, e.Registered, e.RegisteredPersons, putDate(e.On), e.Recorded}
	})
}

func (w *writer) target() error {
	t := w.load.Target
	if t == nil {
		return nil
	}
	rows := []struct {
		metric string
		value  int64
		unit   planner.Unit
	}{
		{targetHouseholds, t.Households, planner.UnitHousehold},
		{targetPersons, t.Persons, planner.UnitPerson},
		{targetRegisteredHouseholds, t.RegisteredHouseholds, planner.UnitHousehold},
		{targetRegisteredPersons, t.RegisteredPersons, planner.UnitPerson},
	}
	return w.copyRows("target", []string{"metric", "scope", "value", "unit", "deadline"}, len(rows), func(i int) []any {
		return []any{rows[i].metric, "region:" + w.load.County, rows[i].value, string(rows[i].unit), putDate(t.Deadline)}
	})
}

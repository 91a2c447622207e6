package data

import (
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

func (r *reader) sites(snap *planner.Snapshot) error {
	sites, err := list(r, query.RelocationSiteList, func(rows pgx.Rows, s *planner.Site) error {
		return rows.Scan(&s.ID, &s.Code, &s.Name, &s.NameEN, &s.Mode, &s.Township, into[orb.Point]{&s.Gate},
			&s.CapacityHouseholds, &s.CapacityPersons, &s.Jobs, &s.WaterM3D, &s.SchoolPlaces)
	})
	if err != nil {
		return err
	}
	buildings, err := r.buildings()
	if err != nil {
		return err
	}
	for i := range sites {
		sites[i].Buildings = buildings[sites[i].ID]
	}
	snap.Sites = sites
	return nil
}

// buildings reads the buildings of each site with what was reported of them.
func (r *reader) buildings() (map[planner.ID][]planner.Building, error) {
	type event struct {
		building planner.ID
		planner.BuildingEvent
	}
	events, err := list(r, query.BuildingStageList, func(rows pgx.Rows, e *event) error {
		return rows.Scan(&e.building, &e.ID, &e.Stage, dateInto{&e.On}, utcInto{&e.Recorded})
	})
	if err != nil {
		return nil, err
	}
	of := map[planner.ID][]planner.BuildingEvent{}
	for _, e := range events {
		of[e.building] = append(of[e.building], e.BuildingEvent)
	}
	type row struct {
		site planner.ID
		planner.Building
	}
	rows, err := listArgs(r, query.BuildingList, func(rows pgx.Rows, b *row) error {
		return rows.Scan(&b.site, &b.ID, &b.Name, &b.Dwellings)
	}, r.county, r.known)
	if err != nil {
		return nil, err
	}
	out := map[planner.ID][]planner.Building{}
	for _, b := range rows {
		b.Events = of[b.ID]
		out[b.site] = append(out[b.site], b.Building)
	}
	return out, nil
}

func (r *reader) moves(snap *planner.Snapshot) error {
	type event struct {
		move planner.ID
		planner.MoveEvent
	}
	events, err := list(r, query.MoveEventList, func(rows pgx.Rows, e *event) error {
		return rows.Scan(&e.move, &e.ID, &e.Stage, &e.Households, &e.Persons, &e.Registered, &e.RegisteredPersons,
			dateInto{&e.On}, utcInto{&e.Recorded})
	})
	if err != nil {
		return err
	}
	of := map[planner.ID][]planner.MoveEvent{}
	for _, e := range events {
		of[e.move] = append(of[e.move], e.MoveEvent)
	}
	snap.Moves, err = list(r, query.MoveList, func(rows pgx.Rows, m *planner.Move) error {
		err := rows.Scan(&m.ID, &m.Village, &m.Site, &m.Households, &m.Persons, &m.Registered, &m.RegisteredPersons)
		m.Events = of[m.ID]
		return err
	})
	return err
}

// The metrics a relocation target is stored under, one row each.
const (
	targetHouseholds           = "M18 households"
	targetPersons              = "M18 persons"
	targetRegisteredHouseholds = "M19 registered_households"
	targetRegisteredPersons    = "M19 registered_persons"
)

func (r *reader) target(snap *planner.Snapshot) error {
	type row struct {
		metric   string
		value    int64
		deadline planner.Date
	}
	rows, err := list(r, query.TargetList, func(rows pgx.Rows, t *row) error {
		return rows.Scan(&t.metric, &t.value, dateInto{&t.deadline})
	})
	if err != nil {
		return err
	}
	var target planner.RelocationTarget
	field := map[string]*int64{
		targetHouseholds: &target.Households, targetPersons: &target.Persons,
		targetRegisteredHouseholds: &target.RegisteredHouseholds, targetRegisteredPersons: &target.RegisteredPersons,
	}
	for _, t := range rows {
		if to := field[t.metric]; to != nil {
			*to = t.value
			target.Deadline = max(target.Deadline, t.deadline)
			snap.Target = &target
		}
	}
	return nil
}

package data

import (
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

func (r *reader) sites(snap *planner.Snapshot) {
	list(r, query.RelocationSiteList, func(rows pgx.Rows, s *planner.Site) error {
		return rows.Scan(&s.ID, &s.Code, &s.Name, &s.NameEN, &s.Mode, &s.Township, into[orb.Point]{&s.Gate}, &s.Land,
			&s.CapacityHouseholds, &s.CapacityPersons, &s.Jobs, &s.WaterM3D, &s.SchoolPlaces)
	}, &snap.Sites)
	r.buildings(snap)
	r.register(snap)
}

// buildings reads the buildings of each site with what was reported of them.
func (r *reader) buildings(snap *planner.Snapshot) {
	type event struct {
		building planner.ID
		planner.BuildingEvent
	}
	var events []event
	list(r, query.BuildingStageList, func(rows pgx.Rows, e *event) error {
		return rows.Scan(&e.building, &e.ID, &e.Stage, dateInto{&e.On}, utcInto{&e.Recorded})
	}, &events)
	type row struct {
		site planner.ID
		planner.Building
	}
	var rows []row
	listArgs(r, query.BuildingList, func(rows pgx.Rows, b *row) error {
		return rows.Scan(&b.site, &b.ID, &b.Name, &b.Dwellings)
	}, &rows, r.county, r.known)
	r.then(func() error {
		of := map[planner.ID][]planner.BuildingEvent{}
		for _, e := range events {
			of[e.building] = append(of[e.building], e.BuildingEvent)
		}
		on := map[planner.ID][]planner.Building{}
		for _, b := range rows {
			b.Events = of[b.ID]
			on[b.site] = append(on[b.site], b.Building)
		}
		for i := range snap.Sites {
			snap.Sites[i].Buildings = on[snap.Sites[i].ID]
		}
		return nil
	})
}

func (r *reader) moves(snap *planner.Snapshot) {
	type event struct {
		move planner.ID
		planner.MoveEvent
	}
	var events []event
	list(r, query.MoveEventList, func(rows pgx.Rows, e *event) error {
		return rows.Scan(&e.move, &e.ID, &e.Stage, &e.Households, &e.Persons, &e.Registered, &e.RegisteredPersons,
			dateInto{&e.On}, utcInto{&e.Recorded})
	}, &events)
	list(r, query.MoveList, func(rows pgx.Rows, m *planner.Move) error {
		return rows.Scan(&m.ID, &m.Village, &m.Site, &m.Households, &m.Persons, &m.Registered, &m.RegisteredPersons, &m.Eligible)
	}, &snap.Moves)
	r.then(func() error {
		of := map[planner.ID][]planner.MoveEvent{}
		for _, e := range events {
			of[e.move] = append(of[e.move], e.MoveEvent)
		}
		for i := range snap.Moves {
			snap.Moves[i].Events = of[snap.Moves[i].ID]
		}
		return nil
	})
}

// The metrics a relocation target is stored under, one row each.
const (
	targetHouseholds           = "M18 households"
	targetPersons              = "M18 persons"
	targetRegisteredHouseholds = "M19 registered_households"
	targetRegisteredPersons    = "M19 registered_persons"
)

func (r *reader) target(snap *planner.Snapshot) {
	var rows []targetRow
	list(r, query.TargetList, func(rows pgx.Rows, t *targetRow) error {
		return rows.Scan(&t.metric, &t.value, dateInto{&t.deadline})
	}, &rows)
	r.then(func() error {
		snap.Target = targetOf(rows)
		return nil
	})
}

type targetRow struct {
	metric   string
	value    int64
	deadline planner.Date
}

// targetOf puts a target together; nil: none is set.
func targetOf(rows []targetRow) (set *planner.RelocationTarget) {
	var target planner.RelocationTarget
	field := map[string]*int64{
		targetHouseholds: &target.Households, targetPersons: &target.Persons,
		targetRegisteredHouseholds: &target.RegisteredHouseholds, targetRegisteredPersons: &target.RegisteredPersons,
	}
	for _, t := range rows {
		if to := field[t.metric]; to != nil {
			*to = t.value
			target.Deadline = max(target.Deadline, t.deadline)
			set = &target
		}
	}
	return set
}

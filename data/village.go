package data

import (
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

func (r *reader) villages(snap *planner.Snapshot) {
	list(r, query.VillageList, scanVillage, &snap.Villages)
}

func scanVillage(rows pgx.Rows, v *planner.Village) error {
	var p planner.Population
	var c struct {
		on            planner.Date
		asked, agreed *int64
	}
	err := rows.Scan(&v.ID, &v.Code, &v.Name, &v.NameEN, &v.Kind, &v.Township, &v.Hazard, &v.Surveyed, into[orb.Point]{&v.Point},
		dateInto{&p.AsOf}, &p.Households, &p.Persons, &p.PoorHouseholds, &p.PoorPersons, &p.Source,
		dateInto{&c.on}, &c.asked, &c.agreed)
	if err == nil && !p.AsOf.IsZero() {
		v.Population = &p
	}
	if err == nil && c.asked != nil {
		v.Consent = &planner.Consent{AsOf: c.on, Asked: *c.asked, Agreed: *c.agreed}
	}
	return err
}

func (r *reader) facilities(snap *planner.Snapshot) {
	list(r, query.FacilityList, func(rows pgx.Rows, f *planner.Facility) error {
		return rows.Scan(&f.ID, &f.Kind, &f.Name, into[orb.Point]{&f.Point})
	}, &snap.Facilities)
}

func (r *reader) references(snap *planner.Snapshot) {
	list(r, query.ReferenceList, func(rows pgx.Rows, f *planner.Reference) error {
		return rows.Scan(&f.ID, &f.Layer, &f.Kind, &f.Name, into[orb.Geometry]{&f.Geometry})
	}, &snap.References)
}

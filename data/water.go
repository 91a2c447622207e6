package data

import (
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

func (r *reader) water(snap *planner.Snapshot) (err error) {
	snap.Water, err = list(r, query.WaterProjectList, func(rows pgx.Rows, p *planner.WaterProject) error {
		return rows.Scan(&p.ID, &p.Code, &p.Name, &p.Kind, &p.Status, &p.CapacityM3D, &p.DesignedPersons,
			into[orb.Point]{&p.Point}, &p.Serves)
	})
	return err
}

func (r *reader) surveys(snap *planner.Snapshot) (err error) {
	snap.Surveys, err = list(r, query.WaterSurveyList, func(rows pgx.Rows, s *planner.WaterSurvey) error {
		return rows.Scan(&s.ID, &s.Village, dateInto{&s.On}, &s.LitresPerDay, &s.QualityOK, &s.Tap, &s.FetchMinutes,
			&s.DistanceM, &s.ClimbM, &s.ReliabilityPct, &s.CloseCostFen, &s.Source)
	})
	return err
}

func (r *reader) standard(snap *planner.Snapshot) error {
	w := &snap.Standard
	err := r.tx.QueryRow(r.ctx, query.WaterStandardGet, r.county, r.on, r.known).Scan(&w.Code, &w.Version,
		&w.LitresGood, &w.LitresBasic, &w.MinutesGood, &w.MinutesBasic, &w.DistanceGood, &w.DistanceBasic,
		&w.ClimbGood, &w.ClimbBasic, &w.ReliableGood, &w.ReliableBasic)
	if errors.Is(err, pgx.ErrNoRows) {
		return planner.Errorf(planner.Invalid, "no water standard is in force on %s; add a row with code '' to water_standard", snap.AsOf)
	}
	return err
}

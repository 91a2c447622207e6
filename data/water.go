package data

import (
	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

func (r *reader) water(snap *planner.Snapshot) {
	list(r, query.WaterProjectList, func(rows pgx.Rows, p *planner.WaterProject) error {
		return rows.Scan(&p.ID, &p.Code, &p.Name, &p.Kind, &p.Status, &p.CapacityM3D, &p.DryCapacityM3D, &p.LossPct,
			&p.DesignedPersons, into[orb.Point]{&p.Point}, &p.Serves)
	}, &snap.Water)
}

func (r *reader) surveys(snap *planner.Snapshot) {
	list(r, query.WaterSurveyList, func(rows pgx.Rows, s *planner.WaterSurvey) error {
		return rows.Scan(&s.ID, &s.Village, dateInto{&s.On}, &s.LitresPerDay, &s.QualityOK, &s.Tap, &s.FetchMinutes,
			&s.DistanceM, &s.ClimbM, &s.ReliabilityPct, &s.CloseCostFen, &s.Source)
	}, &snap.Surveys)
}

func (r *reader) standard(snap *planner.Snapshot) {
	var found []planner.WaterStandard
	list(r, query.WaterStandardGet, func(rows pgx.Rows, w *planner.WaterStandard) error {
		return rows.Scan(&w.Code, &w.Version, &w.Climate,
			&w.LitresGood, &w.LitresBasic, &w.MinutesGood, &w.MinutesBasic, &w.DistanceGood, &w.DistanceBasic,
			&w.ClimbGood, &w.ClimbBasic, &w.ReliableGood, &w.ReliableBasic)
	}, &found)
	r.then(func() error {
		if len(found) == 0 {
			return planner.Errorf(planner.Invalid, "no water standard is in force on %s; add a row with code '' to water_standard", snap.AsOf)
		}
		snap.Standard = found[0]
		return checkStandards(found)
	})
}

// checkStandards holds each standard against the nation's, and against those
// above it that are of the same climate.
func checkStandards(found []planner.WaterStandard) error {
	for i := range found {
		nation := planner.NationalStandard(found[i].Climate)
		for _, above := range append([]planner.WaterStandard{nation}, found[i+1:]...) {
			if above.Climate != found[i].Climate {
				continue
			}
			if err := found[i].CheckTightens(&above); err != nil {
				return err
			}
		}
	}
	return nil
}

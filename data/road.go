package data

import (
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

func (r *reader) roads(snap *planner.Snapshot) {
	list(r, query.RoadList, scanRoad, &snap.Roads)
	r.coRouted(snap)
}

// coRouted gives the roads their sections that count on another one.
func (r *reader) coRouted(snap *planner.Snapshot) {
	type part struct {
		road planner.ID
		span chainage.Span
	}
	var parts []part
	list(r, query.RoadCoroutedList, func(rows pgx.Rows, p *part) error {
		return rows.Scan(&p.road, &p.span.From, &p.span.To)
	}, &parts)
	r.then(func() error {
		spans := map[planner.ID][]chainage.Span{}
		for _, p := range parts {
			spans[p.road] = append(spans[p.road], p.span)
		}
		for i := range snap.Roads {
			snap.Roads[i].CoRouted = chainage.NewSet(spans[snap.Roads[i].ID]...)
		}
		return nil
	})
}

// versions reads every version of every road, and what became of metres when
// one replaced another.
func (r *reader) versions(snap *planner.Snapshot) {
	listArgs(r, query.RoadVersionList, func(rows pgx.Rows, v *planner.RoadVersion) error {
		return rows.Scan(&v.Road, &v.Number, &v.Length, dateInto{&v.From}, dateInto{&v.To})
	}, &snap.Versions, r.county, r.known)
	listArgs(r, query.RoadMappingList, func(rows pgx.Rows, m *planner.Mapping) error {
		return rows.Scan(&m.ID, &m.Operation, dateInto{&m.On}, &m.Kind, &m.FromRoad, &m.FromVersion, &m.FromSpan.From, &m.FromSpan.To,
			&m.ToRoad, &m.ToVersion, &m.ToSpan.From, &m.ToSpan.To, &m.Reversed)
	}, &snap.Mappings, r.county, r.known)
}

func scanRoad(rows pgx.Rows, d *planner.Road) error {
	var at, k []int64
	err := rows.Scan(&d.ID, &d.Code, &d.Name, &d.NameEN, &d.Class, &d.Township,
		&d.Version, &d.Length, into[orb.LineString]{&d.Line}, &at, &k)
	if err != nil {
		return err
	}
	d.Calibration, err = calibration(at, k)
	if err != nil {
		return fmt.Errorf("data: calibration of road %d %q: %w", d.ID, d.Name, err)
	}
	return nil
}

func calibration(at, k []int64) (chainage.Calibration, error) {
	if len(at) == 0 {
		return chainage.Calibration{}, nil
	}
	marks := make([]chainage.Mark, len(at))
	for i := range at {
		marks[i] = chainage.Mark{At: at[i], K: k[i]}
	}
	return chainage.NewCalibration(marks...)
}

// sameRoadMetres is how far from a county's own roads a neighbour's may lie all
// along and still be the same road, drawn twice.
const sameRoadMetres = 5

func (r *reader) segments(snap *planner.Snapshot) {
	var halo []planner.Segment
	list(r, query.RoadSegmentList, scanSegment, &snap.Segments)
	listArgs(r, query.RoadSegmentHalo, scanSegment, &halo, r.county, r.on, r.known, float64(HaloMetres), float64(sameRoadMetres))
	r.then(func() error {
		for i := range halo {
			halo[i].Halo = true
		}
		snap.Segments = append(snap.Segments, halo...)
		byID(snap.Segments, func(s planner.Segment) planner.ID { return s.ID })
		return nil
	})
}

func scanSegment(rows pgx.Rows, s *planner.Segment) error {
	return rows.Scan(&s.ID, &s.Road, &s.Version, &s.Span.From, &s.Span.To, &s.Class, &s.Surface, &s.WidthMM, &s.AllSeason, &s.Built,
		&s.Direction, &s.Routable, &s.Township, &s.OtherTownship, &s.OtherSharePPM, into[orb.LineString]{&s.Line}, &s.Noded)
}

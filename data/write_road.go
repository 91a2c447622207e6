package data

import (
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

func (w *writer) roads() error {
	l := w.load
	id, err := w.reserve("road", idsOf(l.Roads, func(r *planner.Road) planner.ID { return r.ID }))
	if err != nil {
		return err
	}
	err = w.copyRows("road", []string{"id", "code", "name", "name_en", "class", "township", "source"}, len(l.Roads), func(i int) []any {
		r := &l.Roads[i]
		return []any{id[i], null(r.Code), r.Name, r.NameEN, or(r.Class, "unknown"), null(r.Township), l.Source}
	})
	if err != nil {
		return err
	}
	if err := w.versions(id); err != nil {
		return err
	}
	return w.coRouted(id)
}

// versions writes the versions of the routes: those in force begin where the
// last of the earlier ones ends.
func (w *writer) versions(id []planner.ID) error {
	l := w.load
	columns := []string{"road", "number", "valid", "length_mm", "geom", "calibration_at", "calibration_k"}
	begins := map[planner.ID]planner.Date{}
	err := w.copyRows("road_version", columns, len(l.Earlier), func(i int) []any {
		v := &l.Earlier[i]
		begins[v.Road] = max(begins[v.Road], v.To)
		at, k := putCalibration(v.Calibration)
		return []any{w.ids["road"][v.Road], versionOf(v.Number), putDays(v.From, v.To), v.Length, put(v.Line), at, k}
	})
	if err != nil {
		return err
	}
	return w.copyRows("road_version", columns, len(l.Roads), func(i int) []any {
		r := &l.Roads[i]
		at, k := putCalibration(r.Calibration)
		return []any{id[i], versionOf(r.Version), putFrom(begins[r.ID]), r.Length, put(r.Line), at, k}
	})
}

// versionOf gives the number of a route version; the first is 1.
func versionOf(version int32) int32 { return max(1, version) }

func putCalibration(c chainage.Calibration) (at, k []int64) {
	at, k = []int64{}, []int64{}
	for _, mark := range c.Marks() {
		at, k = append(at, mark.At), append(k, mark.K)
	}
	return at, k
}

func (w *writer) coRouted(id []planner.ID) error {
	type part struct {
		road int
		span chainage.Span
	}
	var parts []part
	for i := range w.load.Roads {
		for _, span := range w.load.Roads[i].CoRouted {
			parts = append(parts, part{i, span})
		}
	}
	return w.copyRows("road_corouted", []string{"road", "road_version", "span"}, len(parts), func(i int) []any {
		p := parts[i]
		return []any{id[p.road], versionOf(w.load.Roads[p.road].Version), putSpan(p.span)}
	})
}

func (w *writer) segments() error {
	l := w.load
	id, err := w.reserve("road_segment", idsOf(l.Segments, func(s *planner.Segment) planner.ID { return s.ID }))
	if err != nil {
		return err
	}
	columns := []string{
		"id", "road", "road_version", "span", "class", "surface", "width_mm", "all_season", "built",
		"direction", "routable", "township", "other_township", "other_share_ppm", "geom", "source",
	}
	road := w.ids["road"]
	return w.copyRows("road_segment", columns, len(l.Segments), func(i int) []any {
		s := &l.Segments[i]
		var share any
		if s.OtherTownship != "" || s.OtherSharePPM != 0 {
			share = s.OtherSharePPM
		}
		return []any{
			id[i], road[s.Road], versionOf(s.Version), putSpan(s.Span), or(s.Class, "unknown"), or(s.Surface, "unknown"), s.WidthMM,
			or(string(s.AllSeason), "unknown"), or(string(s.Built), "unknown"), or(string(s.Direction), "both"), s.Routable,
			null(s.Township), null(s.OtherTownship), share, put(s.Line), l.Source,
		}
	})
}

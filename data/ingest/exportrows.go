package ingest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/planner"
)

// texts are columns of text by name.
func texts(names ...string) []exportColumn {
	out := make([]exportColumn, len(names))
	for i, n := range names {
		out[i] = exportColumn{n, n, asText}
	}
	return out
}

func counts(names ...string) []exportColumn {
	out := texts(names...)
	for i := range out {
		out[i].kind = asCount
	}
	return out
}

func countText(n *int64) string {
	if n == nil {
		return ""
	}
	return strconv.FormatInt(*n, 10)
}

func measure(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}

// metresText writes millimetres as metres, exactly.
func metresText(mm int64) string {
	return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%d.%03d", mm/1000, mm%1000), "0"), ".")
}

func (e *exporter) regions() exportTable {
	t := exportTable{columns: texts("code", "name", "name_en", "level", "parent", "attribution")}
	for _, r := range append([]planner.Region{e.s.Region}, e.s.Townships...) {
		row := exportRow{cells: []string{r.Code, r.Name, r.NameEN, string(r.Level), r.Parent, r.Source}}
		if len(r.Boundary) > 0 {
			row.shape = r.Boundary
		}
		t.rows = append(t.rows, row)
	}
	return t
}

func (e *exporter) villages() exportTable {
	t := exportTable{points: true, columns: append(texts("code", "name", "name_en", "kind", "township", "hazard", "surveyed", "as_of"), counts("households", "persons")...)}
	for i := range e.s.Villages {
		v := &e.s.Villages[i]
		on, persons := "", ""
		if v.Population != nil {
			on, persons = v.Population.AsOf.String(), countText(v.Population.Persons)
		}
		t.rows = append(t.rows, exportRow{[]string{
			v.Code, v.Name, v.NameEN, v.Kind, v.Township, v.Hazard, yesNo(v.Surveyed), on, e.households["village"][uint64(v.ID)], persons,
		}, v.Point})
	}
	return t
}

func yesNo(yes bool) string {
	if yes {
		return string(planner.Yes)
	}
	return string(planner.No)
}

func (e *exporter) facilities() exportTable {
	t := exportTable{points: true, columns: texts("kind", "name")}
	for _, f := range e.s.Facilities {
		t.rows = append(t.rows, exportRow{[]string{f.Kind, f.Name}, f.Point})
	}
	return t
}

// roads have what all of their segments agree on; where they differ, the layer
// road_segment says it.
func (e *exporter) roads() exportTable {
	t := exportTable{columns: append(texts("code", "name", "name_en", "township", "class", "surface", "all_season", "built"), exportColumn{"length_m", "length_m", asNumber}, exportColumn{"width_m", "width_m", asNumber})}
	of := map[planner.ID][]*planner.Segment{}
	for i := range e.s.Segments {
		if s := &e.s.Segments[i]; !s.Halo {
			of[s.Road] = append(of[s.Road], s)
		}
	}
	for i := range e.s.Roads {
		r := &e.s.Roads[i]
		same := func(say func(*planner.Segment) string) string {
			said := ""
			for k, s := range of[r.ID] {
				if k > 0 && say(s) != said {
					return ""
				}
				said = say(s)
			}
			return said
		}
		township := r.Township
		if township == "" {
			township = same(func(s *planner.Segment) string { return s.Township })
		}
		row := exportRow{cells: []string{
			r.Code, r.Name, r.NameEN, township, r.Class, same(func(s *planner.Segment) string { return s.Surface }), same(func(s *planner.Segment) string { return string(s.AllSeason) }),
			same(func(s *planner.Segment) string { return string(s.Built) }), metresText(r.Length), same(widthOf),
		}}
		if len(r.Line) > 1 {
			row.shape = r.Line
		}
		t.rows = append(t.rows, row)
	}
	return t
}

func widthOf(s *planner.Segment) string {
	if s.WidthMM == nil {
		return ""
	}
	return metresText(*s.WidthMM)
}

func (e *exporter) segments() exportTable {
	t := exportTable{lines: true, columns: append(texts("road", "class", "surface", "all_season", "built", "township"),
		exportColumn{"from_m", "from_m", asNumber}, exportColumn{"to_m", "to_m", asNumber}, exportColumn{"width_m", "width_m", asNumber})}
	for i := range e.s.Segments {
		s := &e.s.Segments[i]
		if s.Halo {
			continue
		}
		row := exportRow{cells: []string{
			e.roadRefs[s.Road], s.Class, s.Surface, string(s.AllSeason), string(s.Built), s.Township, metresText(s.Span.From), metresText(s.Span.To), widthOf(s),
		}}
		if len(s.Line) > 1 {
			row.shape = s.Line
		}
		t.rows = append(t.rows, row)
	}
	return t
}

func (e *exporter) works() exportTable {
	t := exportTable{points: true, columns: append(texts("code", "name", "kind", "status", "serves"),
		exportColumn{"capacity_m3d", "capacity", asNumber}, exportColumn{"dry_capacity_m3d", "dry_m3d", asNumber}, exportColumn{"loss_pct", "loss_pct", asNumber},
		exportColumn{"designed_persons", "designed", asCount})}
	for i := range e.s.Water {
		w := &e.s.Water[i]
		serves := make([]string, len(w.Serves))
		for k, id := range w.Serves {
			serves[k] = e.villageRefs[id]
		}
		t.rows = append(t.rows, exportRow{[]string{
			w.Code, w.Name, w.Kind, w.Status, strings.Join(serves, ";"), measure(w.CapacityM3D), measure(w.DryCapacityM3D), measure(w.LossPct), countText(w.DesignedPersons),
		}, w.Point})
	}
	return t
}

func (e *exporter) sites() exportTable {
	t := exportTable{points: true, columns: append(append(texts("code", "name", "name_en", "mode", "township", "land"), counts("households", "persons", "jobs")...),
		exportColumn{"water_m3d", "water_m3d", asNumber}, exportColumn{"school_places", "places", asCount})}
	for i := range e.s.Sites {
		s := &e.s.Sites[i]
		t.rows = append(t.rows, exportRow{[]string{
			s.Code, s.Name, s.NameEN, s.Mode, s.Township, s.Land, countText(s.CapacityHouseholds), countText(s.CapacityPersons), countText(s.Jobs), measure(s.WaterM3D), countText(s.SchoolPlaces),
		}, s.Gate})
	}
	return t
}

// moves are drawn from village to site. Of their events only the sums that are
// not masked could be told, so there are none here.
func (e *exporter) moves() exportTable {
	t := exportTable{lines: true, columns: append(texts("village", "site"), counts("households", "persons")...)}
	from, to := map[planner.ID]orb.Point{}, map[planner.ID]orb.Point{}
	for i := range e.s.Villages {
		from[e.s.Villages[i].ID] = e.s.Villages[i].Point
	}
	for i := range e.s.Sites {
		to[e.s.Sites[i].ID] = e.s.Sites[i].Gate
	}
	for i := range e.s.Moves {
		m := &e.s.Moves[i]
		t.rows = append(t.rows, exportRow{
			[]string{e.villageRefs[m.Village], e.siteRefs[m.Site], e.households["move"][uint64(m.ID)], strconv.FormatInt(m.Persons, 10)},
			orb.LineString{from[m.Village], to[m.Site]},
		})
	}
	return t
}

func (e *exporter) references() exportTable {
	t := exportTable{columns: texts("layer", "kind", "name")}
	for _, r := range e.s.References {
		t.rows = append(t.rows, exportRow{[]string{r.Layer, r.Kind, r.Name}, r.Geometry})
	}
	return t
}

package data

import (
	"slices"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/data/query"
	"github.com/qiantu/qiantu/planner"
)

// regions inserts the units of the load. One that is stored already must be
// the same, for it may be another county's parent too.
func (w *writer) regions() error {
	codes := make([]string, len(w.load.Regions))
	for i, g := range w.load.Regions {
		codes[i] = g.Code
	}
	rows, err := w.tx.Query(w.ctx, query.RegionStored, codes)
	if err != nil {
		return err
	}
	defer rows.Close()
	have := map[string]planner.Region{}
	for rows.Next() {
		var g planner.Region
		if err := scanRegion(rows, &g); err != nil {
			return err
		}
		have[g.Code] = g
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, g := range w.load.Regions {
		if was, ok := have[g.Code]; ok {
			if field := regionDiffers(was, g); field != "" {
				return planner.Errorf(planner.Conflict, "region %q (%s) is stored with another %s; change the stored one first, or leave it out of the load", g.Code, was.Name, field)
			}
			continue
		}
		if err := w.region(g); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) region(g planner.Region) error {
	county := w.load.County
	if g.Level == planner.LevelProvince || g.Level == planner.LevelPrefecture || g.Level == planner.LevelCounty {
		county = g.Code
	}
	var seat orb.Geometry
	if g.Seat != nil {
		seat = *g.Seat
	}
	_, err := w.tx.Exec(w.ctx, query.RegionInsert, g.Code, g.Level, g.Name, g.NameEN, g.Parent, county,
		put(g.Boundary), put(seat), putDate(g.DataDate), g.Sample, g.Notice, g.NoticeEN, g.Source)
	w.rows["region"]++
	return err
}

// regionDiffers names the first field in which two regions differ.
func regionDiffers(a, b planner.Region) string {
	seat := func(g planner.Region) orb.Point {
		if g.Seat == nil {
			return orb.Point{}
		}
		return *g.Seat
	}
	switch {
	case a.Level != b.Level:
		return "level"
	case a.Name != b.Name || a.NameEN != b.NameEN:
		return "name"
	case a.Parent != b.Parent:
		return "parent"
	case !a.Boundary.Equal(b.Boundary):
		return "boundary"
	case (a.Seat == nil) != (b.Seat == nil) || seat(a) != seat(b):
		return "seat"
	case a.DataDate != b.DataDate:
		return "data date"
	case a.Sample != b.Sample || a.Notice != b.Notice || a.NoticeEN != b.NoticeEN || a.Source != b.Source:
		return "notice or source"
	}
	return ""
}

func (w *writer) villages() error {
	l := w.load
	id, err := w.reserve("village", idsOf(l.Villages, func(v *planner.Village) planner.ID { return v.ID }))
	if err != nil {
		return err
	}
	columns := []string{"id", "code", "name", "name_en", "kind", "hazard", "surveyed", "geom", "source"}
	err = w.copyRows("village", columns, len(l.Villages), func(i int) []any {
		v := &l.Villages[i]
		return []any{id[i], null(v.Code), v.Name, v.NameEN, or(v.Kind, "hamlet"), or(v.Hazard, "unknown"), v.Surveyed, put(v.Point), l.Source}
	})
	if err != nil {
		return err
	}
	if err := w.villageRegions(id); err != nil {
		return err
	}
	return w.populations()
}

func (w *writer) villageRegions(id []planner.ID) error {
	var in []int
	for i, v := range w.load.Villages {
		if v.Township != "" {
			in = append(in, i)
		}
	}
	return w.copyRows("village_region", []string{"village", "township"}, len(in), func(k int) []any {
		return []any{id[in[k]], w.load.Villages[in[k]].Township}
	})
}

func (w *writer) populations() error {
	all := slices.Clone(w.load.Populations)
	for _, v := range w.load.Villages {
		if v.Population != nil {
			all = append(all, VillagePopulation{v.ID, *v.Population})
		}
	}
	columns := []string{"village", "as_of", "households", "persons", "poor_households", "poor_persons", "source"}
	return w.copyRows("population", columns, len(all), func(i int) []any {
		p := &all[i].Population
		return []any{w.ids["village"][all[i].Village], putDate(p.AsOf), p.Households, p.Persons, p.PoorHouseholds, p.PoorPersons, or(p.Source, w.load.Source)}
	})
}

// places stores facilities and reference geometry.
func (w *writer) places() error {
	l := w.load
	id, err := w.reserve("facility", idsOf(l.Facilities, func(f *planner.Facility) planner.ID { return f.ID }))
	if err != nil {
		return err
	}
	err = w.copyRows("facility", []string{"id", "kind", "name", "geom", "source"}, len(l.Facilities), func(i int) []any {
		f := &l.Facilities[i]
		return []any{id[i], f.Kind, f.Name, put(f.Point), l.Source}
	})
	if err != nil {
		return err
	}
	if id, err = w.reserve("reference", idsOf(l.References, func(f *planner.Reference) planner.ID { return f.ID })); err != nil {
		return err
	}
	return w.copyRows("reference", []string{"id", "layer", "kind", "name", "geom", "source"}, len(l.References), func(i int) []any {
		f := &l.References[i]
		return []any{id[i], f.Layer, f.Kind, f.Name, put(f.Geometry), l.Source}
	})
}

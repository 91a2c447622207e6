package api

import (
	"strings"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/planner"
)

// drawnAs returns what the map says of a thing. Counts that are masked are not
// in it, so a card built on it shows none either.
func drawnAs(a *planner.Assessment, layer string, id planner.ID) map[string]any {
	for _, l := range a.Layers() {
		if l.Name != layer {
			continue
		}
		for i := range l.Features {
			if l.Features[i].Properties["id"] == int64(id) {
				return l.Features[i].Properties
			}
		}
	}
	return nil
}

// shown turns some attributes of the map into facts, in the order given; what
// the map does not say is left out.
func shown(attributes map[string]any, names ...string) []factJSON {
	var out []factJSON
	for _, name := range names {
		if value, ok := attributes[name]; ok {
			out = append(out, measured(name, value, attributeUnit[name]))
		}
	}
	return out
}

// attributeUnit is the unit of the attributes that have one.
var attributeUnit = map[string]planner.Unit{
	"persons": planner.UnitPerson, "households": planner.UnitHousehold, "capacity_persons": planner.UnitPerson,
	"length_m": planner.UnitMetre, "rate": planner.UnitPercent,
}

func roadCard(a *planner.Assessment, id planner.ID) *featureJSON {
	r := findByID(a.Snapshot.Roads, id, func(r *planner.Road) planner.ID { return r.ID })
	if r == nil {
		return nil
	}
	var lines orb.MultiLineString
	c := newFeature("road", idText(id), r.Code, r.Name, nil)
	for i := range a.Pieces {
		if p := &a.Pieces[i]; p.Road == id && !p.Halo {
			c.Parts = append(c.Parts, piecePart(a, p))
			if p.Drawn() {
				lines = append(lines, p.Line())
			}
		}
	}
	if len(lines) > 0 {
		at := newFeature("", "", "", "", lines)
		c.Bounds, c.Center = at.Bounds, at.Center
	}
	c.Facts = []factJSON{fact("class", r.Class), measured("length", exactly(r.Length, planner.UnitKM), planner.UnitKM)}
	if len(lines) == 0 {
		c.Why = append(c.Why, whyJSON{"not_drawn", map[string]any{}})
	}
	return c
}

// piecePart tells of one piece of a road.
func piecePart(a *planner.Assessment, p *planner.Piece) partJSON {
	return partJSON{Layer: "road_segment", ID: idText(p.Segment), Name: labelsOf(a, p), Facts: pieceFacts(p)}
}

func labelsOf(a *planner.Assessment, p *planner.Piece) string {
	r := findByID(a.Snapshot.Roads, p.Road, func(r *planner.Road) planner.ID { return r.ID })
	if r == nil {
		return ""
	}
	return r.Calibration.String(p.Span.From) + " – " + r.Calibration.String(p.Span.To)
}

func pieceFacts(p *planner.Piece) []factJSON {
	return []factJSON{
		fact("state", string(p.State)), fact("class", p.Class), fact("surface", p.Surface), fact("all_season", string(p.AllSeason)),
		fact("built", string(p.Built)), fact("disputed", p.Disputed),
		measured("length", exactly(p.Span.Length(), planner.UnitKM), planner.UnitKM),
	}
}

func segmentCard(a *planner.Assessment, id planner.ID) *featureJSON {
	seg := findByID(a.Snapshot.Segments, id, func(s *planner.Segment) planner.ID { return s.ID })
	if seg == nil || seg.Halo {
		return nil
	}
	c := newFeature("road_segment", idText(id), "", "", geometryOf(seg.Line))
	if r := findByID(a.Snapshot.Roads, seg.Road, func(r *planner.Road) planner.ID { return r.ID }); r != nil {
		c.Code, c.Name = r.Code, r.Name
		c.Facts = append(c.Facts, fact("from", r.Calibration.String(seg.Span.From)), fact("to", r.Calibration.String(seg.Span.To)))
	}
	c.Facts = append(c.Facts,
		fact("class", seg.Class), fact("surface", seg.Surface), fact("all_season", string(seg.AllSeason)), fact("built", string(seg.Built)),
		fact("township", seg.Township), measured("length", exactly(seg.Span.Length(), planner.UnitKM), planner.UnitKM))
	if seg.WidthMM != nil {
		c.Facts = append(c.Facts, measured("width", exactly(*seg.WidthMM, metres), planner.UnitMetre))
	}
	for i := range a.Pieces {
		if p := &a.Pieces[i]; p.Segment == id && !p.Halo {
			c.Parts = append(c.Parts, piecePart(a, p))
		}
	}
	for i := range a.Snapshot.Progress {
		if e := &a.Snapshot.Progress[i]; e.Road == seg.Road && e.Version == seg.Version && e.Span.From < seg.Span.To && seg.Span.From < e.Span.To {
			c.Facts = append(c.Facts, known(e.On, e.Reporter, fact("stage", string(e.Stage)))...)
		}
	}
	return c
}

// geometryOf is nil for a line that is not drawn.
func geometryOf(line orb.LineString) orb.Geometry {
	if len(line) < 2 {
		return nil
	}
	return line
}

func villageCard(a *planner.Assessment, id planner.ID) *featureJSON {
	d := findByID(a.Villages, id, func(v *planner.VillageVerdict) planner.ID { return v.Village.ID })
	if d == nil {
		return nil
	}
	v := d.Village
	c := newFeature("village", idText(id), v.Code, v.Name, v.Point)
	c.Facts = []factJSON{
		fact("kind", v.Kind), fact("township", v.Township), fact("road_verdict", string(d.Road)), fact("water_verdict", string(d.Water)),
		fact("hazard", v.Hazard),
	}
	c.Facts = append(c.Facts, peopleFacts(a, v)...)
	c.Facts = append(c.Facts, surveyFacts(d.Survey)...)
	c.Why = append(roadReasons(d), waterReasons(d)...)
	return c
}

// peopleFacts tells who lives in a village; a small count of households is
// left out.
func peopleFacts(a *planner.Assessment, v *planner.Village) []factJSON {
	if v.Population == nil {
		return []factJSON{measured("persons", nil, planner.UnitPerson)}
	}
	p := v.Population
	facts := []factJSON{measured("persons", maybe(p.Persons), planner.UnitPerson)}
	if n, ok := v.Households(); ok && (n == 0 || n >= a.Snapshot.Rules.MaskBelow) {
		facts = append(facts, measured("households", n, planner.UnitHousehold))
	}
	return known(p.AsOf, p.Source, facts...)
}

func surveyFacts(s *planner.WaterSurvey) []factJSON {
	if s == nil {
		return nil
	}
	return known(s.On, s.Source,
		measured("litres_per_day", maybe(s.LitresPerDay), "l"), fact("quality_ok", maybe(s.QualityOK)), fact("tap", maybe(s.Tap)),
		measured("fetch_minutes", maybe(s.FetchMinutes), planner.UnitMinute), measured("reliability", maybe(s.ReliabilityPct), planner.UnitPercent),
		measured("close_cost", fen(s.CloseCostFen), planner.UnitYuan))
}

// fen writes money as yuan; nil stays null.
func fen(n *int64) any {
	if n == nil {
		return nil
	}
	return exactly(*n, planner.UnitYuan)
}

// roadReasons say why a village is not proven to be connected.
func roadReasons(d *planner.VillageVerdict) []whyJSON {
	if d.Link == nil {
		return nil
	}
	params := map[string]any{"missing_m": exactly(d.Link.MissingMM, metres)}
	if d.Link.Straight || d.Link.First == nil {
		return []whyJSON{{"no_road_near", params}}
	}
	p := d.Link.First
	params["segment"], params["surface"], params["all_season"], params["state"] = p.Segment, p.Surface, string(p.AllSeason), string(p.State)
	return []whyJSON{{"weakest_link", params}}
}

var waterIndicators = [...]string{"quantity", "quality", "convenience", "reliability"}

// waterReasons name the indicators that decide the verdict.
func waterReasons(d *planner.VillageVerdict) []whyJSON {
	grades := [...]planner.Grade{d.Grades.Quantity, d.Grades.Quality, d.Grades.Convenience, d.Grades.Reliability}
	var missing, failed []string
	for i, g := range grades {
		switch g {
		case planner.GradeMissing:
			missing = append(missing, waterIndicators[i])
		case planner.GradeFailed:
			failed = append(failed, waterIndicators[i])
		}
	}
	var out []whyJSON
	if len(failed) > 0 {
		out = append(out, whyJSON{"water_failed", map[string]any{"indicators": strings.Join(failed, ", ")}})
	}
	if len(missing) > 0 {
		out = append(out, whyJSON{"water_not_surveyed", map[string]any{"indicators": strings.Join(missing, ", ")}})
	}
	return out
}

func waterCard(a *planner.Assessment, id planner.ID) *featureJSON {
	w := findByID(a.Snapshot.Water, id, func(w *planner.WaterProject) planner.ID { return w.ID })
	if w == nil {
		return nil
	}
	c := newFeature("water_project", idText(id), w.Code, w.Name, w.Point)
	c.Facts = []factJSON{
		fact("kind", w.Kind), fact("state", w.Status), measured("capacity", maybe(w.CapacityM3D), "m³/d"),
		measured("designed_persons", maybe(w.DesignedPersons), planner.UnitPerson),
	}
	for _, served := range w.Serves {
		if v := findByID(a.Snapshot.Villages, served, func(v *planner.Village) planner.ID { return v.ID }); v != nil {
			c.Parts = append(c.Parts, partJSON{"village", idText(v.ID), v.Name, []factJSON{}})
		}
	}
	return c
}

func siteCard(a *planner.Assessment, id planner.ID) *featureJSON {
	s := findByID(a.Snapshot.Sites, id, func(s *planner.Site) planner.ID { return s.ID })
	if s == nil {
		return nil
	}
	c := newFeature("relocation_site", idText(id), s.Code, s.Name, s.Gate)
	c.Facts = append([]factJSON{fact("mode", s.Mode), fact("township", s.Township)},
		shown(drawnAs(a, "relocation_site", id), "households", "persons", "capacity_persons")...)
	c.Facts = append(c.Facts, measured("jobs", maybe(s.Jobs), planner.UnitCount))
	for i := range s.Buildings {
		b := &s.Buildings[i]
		part := partJSON{"building", idText(b.ID), b.Name, []factJSON{measured("dwellings", b.Dwellings, planner.UnitCount)}}
		for _, e := range b.Events {
			part.Facts = append(part.Facts, known(e.On, "", fact("stage", string(e.Stage)))...)
		}
		c.Parts = append(c.Parts, part)
	}
	return c
}

func moveCard(a *planner.Assessment, id planner.ID) *featureJSON {
	m := findByID(a.Snapshot.Moves, id, func(m *planner.Move) planner.ID { return m.ID })
	attributes := drawnAs(a, "move", id)
	if m == nil {
		return nil
	}
	name, _ := attributes["name"].(string)
	var line orb.LineString
	v := findByID(a.Snapshot.Villages, m.Village, func(v *planner.Village) planner.ID { return v.ID })
	s := findByID(a.Snapshot.Sites, m.Site, func(s *planner.Site) planner.ID { return s.ID })
	if v != nil && s != nil {
		line = orb.LineString{v.Point, s.Gate}
	}
	c := newFeature("move", idText(id), "", name, geometryOf(line))
	c.Facts = shown(attributes, "state", "households", "persons")
	for _, e := range m.Events {
		c.Facts = append(c.Facts, known(e.On, "", fact("stage", e.Stage))...)
	}
	return c
}

func facilityCard(a *planner.Assessment, id planner.ID) *featureJSON {
	f := findByID(a.Snapshot.Facilities, id, func(f *planner.Facility) planner.ID { return f.ID })
	if f == nil {
		return nil
	}
	c := newFeature("facility", idText(id), "", f.Name, f.Point)
	c.Facts = []factJSON{fact("kind", f.Kind)}
	return c
}

func referenceCard(a *planner.Assessment, id planner.ID) *featureJSON {
	r := findByID(a.Snapshot.References, id, func(r *planner.Reference) planner.ID { return r.ID })
	if r == nil {
		return nil
	}
	c := newFeature("reference", idText(id), "", r.Name, r.Geometry)
	c.Facts = []factJSON{fact("layer", r.Layer), fact("kind", r.Kind)}
	return c
}

func regionCard(a *planner.Assessment, code string) *featureJSON {
	region, standing := &a.Snapshot.Region, &a.County
	for i := range a.Snapshot.Townships {
		if a.Snapshot.Townships[i].Code == code {
			region, standing = &a.Snapshot.Townships[i], nil
		}
	}
	if region.Code != code {
		return nil
	}
	for i := range a.Townships {
		if a.Townships[i].Code == code {
			standing = &a.Townships[i]
		}
	}
	c := newFeature("region", code, code, region.Name, placeOf(region))
	c.Facts = []factJSON{fact("kind", string(region.Level))}
	if standing == nil || !standing.HasTask() {
		return c
	}
	rate := float64(standing.Completed) * 100 / float64(standing.Planned)
	c.Facts = append(c.Facts,
		measured("completion_rate", rate, planner.UnitPercent),
		measured("completed_length", exactly(standing.Completed, planner.UnitKM), planner.UnitKM),
		measured("planned_length", exactly(standing.Planned, planner.UnitKM), planner.UnitKM),
		fact("level", standing.Level.LevelName()))
	return c
}

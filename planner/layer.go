package planner

import (
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// Layer is a layer of the map with its features, by id.
type Layer struct {
	Name     string
	Features []Feature
}

// Feature is one thing on the map. Its id is stable while the thing is what it
// is: the row's, or, for a piece of road, made of its segment and start.
type Feature struct {
	ID         uint64
	Geometry   orb.Geometry
	Properties map[string]any // string, int64 or float64; see docs/stream.md
}

// LayerNames are the layers of the map in the order of drawing.
var LayerNames = []string{
	"reference", "region", "road", "move", "village", "water_project", "relocation_site", "facility", "region_label",
}

// Layers turns an assessment into the features of the map. What is not drawn
// (a length-only road, a township without a boundary) has no feature.
func (a *Assessment) Layers() []Layer {
	return []Layer{
		{"reference", a.referenceFeatures()}, {"region", a.regionFeatures()}, {"road", a.roadFeatures()},
		{"move", a.moveFeatures()}, {"village", a.villageFeatures()}, {"water_project", a.waterFeatures()},
		{"relocation_site", a.siteFeatures()}, {"facility", a.facilityFeatures()}, {"region_label", a.labelFeatures()},
	}
}

// feature makes a feature with the attributes that every one has.
func (a *Assessment) feature(id ID, code, name string, g orb.Geometry, more map[string]any) Feature {
	return a.named(uint64(id), int64(id), code, name, g, more)
}

func (a *Assessment) named(feature uint64, id int64, code, name string, g orb.Geometry, more map[string]any) Feature {
	more["id"], more["name"], more["county"] = id, name, a.Snapshot.Region.Code
	if code != "" {
		more["code"] = code
	}
	return Feature{ID: feature, Geometry: g, Properties: more}
}

// inEnglish adds the English name where there is one.
func inEnglish(properties map[string]any, name string) map[string]any {
	if name != "" {
		properties["name_en"] = name
	}
	return properties
}

func (a *Assessment) referenceFeatures() []Feature {
	out := make([]Feature, 0, len(a.Snapshot.References))
	for _, r := range a.Snapshot.References {
		if r.Geometry != nil {
			out = append(out, a.feature(r.ID, "", r.Name, r.Geometry, map[string]any{"layer": r.Layer, "kind": r.Kind}))
		}
	}
	return out
}

// regionID is the code as a number where it is one.
func regionID(code string) uint64 {
	if n, err := strconv.ParseUint(code, 10, 53); err == nil {
		return n
	}
	return featureID(code)
}

// LevelName is the word for a warning level on the map.
func (l WarningLevel) LevelName() string {
	return [...]string{"none", "blue", "yellow", "orange", "red"}[min(max(l, WarningNone), WarningRed)]
}

func (a *Assessment) standingOf(code string) *Standing {
	for i := range a.Townships {
		if a.Townships[i].Code == code {
			return &a.Townships[i]
		}
	}
	return &a.County
}

// regions visits the county and its townships with their attributes.
func (a *Assessment) regions(visit func(r *Region, properties map[string]any)) {
	list := append([]Region{a.Snapshot.Region}, a.Snapshot.Townships...)
	for i := range list {
		r := &list[i]
		s := a.standingOf(r.Code)
		properties := map[string]any{"kind": string(r.Level), "name_en": r.NameEN, "level": s.Level.LevelName()}
		if s.HasTask() {
			properties["rate"] = math.Round(float64(s.Completed)*10000/float64(s.Planned)) / 100
		}
		visit(r, properties)
	}
}

func (a *Assessment) regionFeatures() []Feature {
	var out []Feature
	a.regions(func(r *Region, properties map[string]any) {
		if len(r.Boundary) > 0 {
			id := regionID(r.Code)
			out = append(out, a.named(id, int64(id), r.Code, r.Name, r.Boundary, properties))
		}
	})
	return out
}

// labelFeatures are the points that names stand at: the seat, else the middle
// of the boundary.
func (a *Assessment) labelFeatures() []Feature {
	var out []Feature
	a.regions(func(r *Region, properties map[string]any) {
		var at orb.Point
		switch {
		case r.Seat != nil:
			at = *r.Seat
		case len(r.Boundary) > 0:
			at = r.Boundary.Bound().Center()
		default:
			return
		}
		id := regionID(r.Code)
		out = append(out, a.named(id, int64(id), r.Code, r.Name, at, properties))
	})
	return out
}

func (a *Assessment) roadFeatures() []Feature {
	var out []Feature
	for i := range a.Pieces {
		if p := &a.Pieces[i]; p.isShown() {
			out = append(out, a.roadFeature(p))
		}
	}
	return out
}

// isShown says whether a piece has a feature.
func (p *Piece) isShown() bool { return !p.Halo && p.Drawn() }

func (a *Assessment) roadFeature(p *Piece) Feature {
	code, name, english := "", "", ""
	if r := a.roads[p.Road]; r != nil {
		code, name, english = r.Code, r.Name, r.NameEN
	}
	properties := inEnglish(map[string]any{
		"state": string(p.State), "class": p.Class, "surface": p.Surface, "all_season": string(p.AllSeason),
		"segment": int64(p.Segment), "programme": flag(p.Programme != 0), "disputed": flag(p.Disputed),
		"length_m": metres(p.Span.Length()),
	}, english)
	if p.Edit != "" {
		properties["edit"] = p.Edit
	}
	return a.named(p.ID, int64(p.Road), code, name, p.Line(), properties)
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func (a *Assessment) villageFeatures() []Feature {
	out := make([]Feature, len(a.Villages))
	for i := range a.Villages {
		out[i] = a.villageFeature(&a.Villages[i])
	}
	return out
}

func (a *Assessment) villageFeature(d *VillageVerdict) Feature {
	v := d.Village
	properties := map[string]any{
		"state": string(d.Water), "verdict": string(d.Road), "supply": string(a.supplyAsked().of(a, d).Verdict), "kind": v.Kind, "township": v.Township,
	}
	if n, known, masked := a.villageHouseholds(v); known && !masked {
		properties["households"] = n
	}
	if n, ok := v.Persons(); ok {
		properties["persons"] = n
	}
	if a.asksOf(v) {
		properties["edit"] = EditPeople
	}
	if said := a.Snapshot.Plan.of(v.ID); said != nil {
		properties["decision"] = string(said.Decision)
	}
	return a.feature(v.ID, v.Code, v.Name, v.Point, inEnglish(properties, v.NameEN))
}

func (a *Assessment) waterFeatures() []Feature {
	out := make([]Feature, 0, len(a.Snapshot.Water))
	for i, w := range a.Snapshot.Water {
		out = append(out, a.feature(w.ID, w.Code, w.Name, w.Point, map[string]any{
			"state": w.Status, "kind": w.Kind, "too_small": flag(a.supplyAsked().Projects[i].Bottleneck),
		}))
	}
	return out
}

func (a *Assessment) siteFeatures() []Feature {
	out, capacity := make([]Feature, 0, len(a.Snapshot.Sites)), a.SiteCapacity()
	for i := range a.Snapshot.Sites {
		s := &a.Snapshot.Sites[i]
		properties := map[string]any{}
		var households, persons int64
		for _, m := range a.Snapshot.Moves {
			if m.Site == s.ID {
				households += m.Households
				persons += m.Persons
			}
		}
		if a.masks.shows(plannedHouseholds, siteCell(s.ID)) {
			properties["households"] = households
		}
		properties["persons"] = persons
		if s.CapacityPersons != nil {
			properties["capacity_persons"] = *s.CapacityPersons
		}
		properties["room"], properties["free"] = capacity[i].Most, capacity[i].Free
		if do := a.sitesAsked[s.ID].do; do != "" {
			properties["edit"] = do
		}
		out = append(out, a.feature(s.ID, s.Code, s.Name, s.Gate, inEnglish(properties, s.NameEN)))
	}
	return out
}

func (a *Assessment) moveFeatures() []Feature {
	out := make([]Feature, 0, len(a.Snapshot.Moves))
	for i := range a.Snapshot.Moves {
		m := &a.Snapshot.Moves[i]
		line := a.moveLine(m)
		if line == nil {
			continue
		}
		properties := map[string]any{
			"state": moveState(m), "persons": m.Persons, "site": int64(m.Site), "village": int64(m.Village),
		}
		if a.masks.shows(plannedHouseholds, moveCell(m.ID)) {
			properties["households"] = m.Households
		}
		out = append(out, a.feature(m.ID, "", a.moveName(m), line, properties))
	}
	return out
}

// moveState is moved once every planned household has moved in.
func moveState(m *Move) string {
	if count := countMove(m); count.Households > 0 && count.Households >= m.Households {
		return "moved"
	}
	return "planned"
}

func (a *Assessment) facilityFeatures() []Feature {
	out := make([]Feature, 0, len(a.Snapshot.Facilities))
	for _, f := range a.Snapshot.Facilities {
		out = append(out, a.feature(f.ID, "", f.Name, f.Point, map[string]any{"kind": f.Kind}))
	}
	return out
}

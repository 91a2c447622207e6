package planner

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/chainage"
)

// Card is one thing of the map with what is known of it and why it is judged as
// it is.
type Card struct {
	Layer  string
	ID     uint64 // the row's id; a region's is its code as a number, as on the map
	Code   string
	Name   string
	Center *orb.Point // nil: not drawn
	Bounds orb.Bound
	Facts  []Fact
	Why    []Why
	Parts  []EvidenceItem // roads: the pieces; sites and villages: the moves; Side is their state
}

// Fact is a named value. Number is nil for words, and for what is not known
// when Text is empty too.
type Fact struct {
	Name   string
	Text   string
	Number *float64
	Unit   Unit // of Number
	On     Date // the day it speaks of; zero: the snapshot's
	Source string
}

// Why is a reason in a form that any language can be made of.
type Why struct {
	Code   string            // connected, cut_off, no_road, season_unknown, ...
	Params map[string]string // names and amounts
}

// Card gives one thing by layer and row id; road by the id of the road, region
// by its code as a number.
func (a *Assessment) Card(layer string, id uint64) (*Card, error) {
	c := &Card{Layer: layer, ID: id}
	ok := false
	switch layer {
	case "village":
		ok = a.villageCard(c)
	case "road":
		ok = a.roadCard(c)
	case "relocation_site":
		ok = a.siteCard(c)
	case "move":
		ok = a.moveCard(c)
	case "region", "region_label":
		ok = a.regionCard(c)
	case "water_project", "facility", "reference":
		ok = a.placeCard(c)
	default:
		return nil, Errorf(NotFound, "layer %q is not known; the layers are road, village, water_project, relocation_site, move, facility, reference and region", layer)
	}
	if !ok {
		return nil, Errorf(NotFound, "there is no %s %d in %s", layer, id, a.Snapshot.Region.Code)
	}
	return c, nil
}

func (c *Card) words(name, text string) { c.Facts = append(c.Facts, Fact{Name: name, Text: text}) }

func (c *Card) number(name string, v float64, unit Unit) *Fact {
	c.Facts = append(c.Facts, Fact{Name: name, Number: &v, Unit: unit})
	return &c.Facts[len(c.Facts)-1]
}

// unknown adds a fact without a value.
func (c *Card) unknown(name string, unit Unit) {
	c.Facts = append(c.Facts, Fact{Name: name, Unit: unit})
}

func (c *Card) count(name string, v *int64, unit Unit) *Fact {
	if v == nil {
		c.unknown(name, unit)
		return &c.Facts[len(c.Facts)-1]
	}
	return c.number(name, float64(*v), unit)
}

func (c *Card) why(code string, params ...string) {
	w := Why{Code: code, Params: map[string]string{}}
	for i := 0; i+1 < len(params); i += 2 {
		w.Params[params[i]] = params[i+1]
	}
	c.Why = append(c.Why, w)
}

func (c *Card) place(g orb.Geometry) {
	if g == nil || g.Bound().IsEmpty() {
		return
	}
	c.Bounds = g.Bound()
	center := c.Bounds.Center()
	c.Center = &center
}

func (a *Assessment) villageCard(c *Card) bool {
	i, ok := a.village[ID(c.ID)]
	if !ok {
		return false
	}
	d := &a.Villages[i]
	v := d.Village
	c.Code, c.Name = v.Code, v.Name
	c.place(v.Point)
	c.words("road", string(d.Road))
	c.words("connected", string(d.Connected))
	c.words("smooth_access", string(d.Smooth))
	c.words("reached", string(d.Reached))
	c.words("water", string(d.Water))
	c.words("township", v.Township)
	c.words("hazard", v.Hazard)
	a.populationFacts(c, v.Population)
	a.whyRoad(c, d)
	a.whyWater(c, d)
	for i := range a.Snapshot.Moves {
		if m := &a.Snapshot.Moves[i]; m.Village == v.ID {
			a.addMove(c, m)
		}
	}
	return true
}

func (a *Assessment) populationFacts(c *Card, p *Population) {
	if p == nil {
		c.unknown("households", UnitHousehold)
		c.unknown("persons", UnitPerson)
		return
	}
	from := len(c.Facts)
	if p.Households == nil || !a.masks.small(*p.Households) {
		c.count("households", p.Households, UnitHousehold)
	} else {
		c.words("households", "masked")
	}
	c.count("persons", p.Persons, UnitPerson)
	for i := from; i < len(c.Facts); i++ {
		c.Facts[i].On, c.Facts[i].Source = p.AsOf, p.Source
	}
}

// whyRoad says why a village is connected or not.
func (a *Assessment) whyRoad(c *Card, d *VillageVerdict) {
	switch {
	case d.Connected == Yes:
		c.why("connected")
	case d.Connected == Unknown && !d.Village.Surveyed:
		c.why("not_surveyed")
	case d.Connected == Unknown:
		c.why("depends_on_unknown")
	}
	l := d.Link
	switch {
	case d.Connected == Yes:
	case l == nil:
		c.why("no_network")
	case l.Straight:
		c.why("no_road", "straight_m", trimMetres(l.MissingMM))
	case l.First != nil:
		name := ""
		if r := a.roads[l.First.Road]; r != nil && !l.First.Halo {
			name = r.Name
		}
		c.why(l.First.fault(), "missing_m", trimMetres(l.MissingMM), "road", idString(l.First.Road), "name", name,
			"segment", idString(l.First.Segment), "from", chainage.FormatLabel(l.First.Span.From))
	default:
		c.why("one_way")
	}
}

// fault says what keeps a piece from proving a connection.
func (p *Piece) fault() string {
	switch {
	case p.Disputed && p.Built != BuiltYes:
		return "piece_disputed"
	case !p.Routable:
		return "piece_not_for_motors"
	case p.Built == BuiltNone:
		return "piece_not_built"
	case p.Built == BuiltUnknown:
		return "piece_built_unknown"
	case p.AllSeason == No:
		return "piece_not_all_season"
	}
	return "piece_season_unknown"
}

func (a *Assessment) whyWater(c *Card, d *VillageVerdict) {
	if d.Survey == nil {
		c.why("water_not_surveyed")
		return
	}
	for _, g := range []struct {
		name  string
		grade Grade
	}{
		{"quantity", d.Grades.Quantity}, {"quality", d.Grades.Quality},
		{"convenience", d.Grades.Convenience}, {"reliability", d.Grades.Reliability},
	} {
		word := [...]string{"missing", "failed", "basic", "good"}[g.grade]
		c.why("water_"+g.name+"_"+word, "on", d.Survey.On.String())
	}
	if cost := d.Survey.CloseCostFen; cost != nil {
		c.number("water_close_cost", float64(*cost)/100, UnitYuan)
	}
}

func (a *Assessment) roadCard(c *Card) bool {
	r := a.roads[ID(c.ID)]
	if r == nil {
		return false
	}
	c.Code, c.Name = r.Code, r.Name
	if len(r.Line) > 0 {
		c.place(r.Line)
	}
	c.words("class", r.Class)
	c.number("length", float64(r.Length)/1e6, UnitKM)
	var whole orb.Bound
	for i := range a.Pieces {
		p := &a.Pieces[i]
		if p.Halo || p.Road != r.ID {
			continue
		}
		part := stretch{routeKey{p.Road, p.Version}, p.source, p.Span}.part("", p.Span.Length())
		item := a.open(&Figure{}, &part)
		item.Side = Side(p.State)
		c.Parts = append(c.Parts, item)
		if item.Center != nil {
			whole = joinBounds(whole, item.Bounds, len(c.Parts) == 1)
		}
	}
	if c.Center == nil && whole != (orb.Bound{}) {
		c.place(whole)
	}
	if c.Center == nil {
		c.why("not_drawn")
	}
	return true
}

func joinBounds(whole, b orb.Bound, first bool) orb.Bound {
	if first || whole == (orb.Bound{}) {
		return b
	}
	return whole.Union(b)
}

func (a *Assessment) siteCard(c *Card) bool {
	i, ok := a.site[ID(c.ID)]
	if !ok {
		return false
	}
	s := &a.Snapshot.Sites[i]
	c.Code, c.Name = s.Code, s.Name
	c.place(s.Gate)
	c.words("mode", s.Mode)
	c.words("township", s.Township)
	c.count("capacity_households", s.CapacityHouseholds, UnitHousehold)
	c.count("capacity_persons", s.CapacityPersons, UnitPerson)
	c.count("jobs", s.Jobs, UnitCount)
	var dwellings int64
	for _, b := range s.Buildings {
		dwellings += b.Dwellings
	}
	c.number("dwellings_planned", float64(dwellings), UnitCount)
	for i := range a.Snapshot.Moves {
		if m := &a.Snapshot.Moves[i]; m.Site == s.ID {
			a.addMove(c, m)
		}
	}
	a.householdFact(c, plannedHouseholds, "households_planned", siteCell(s.ID))
	a.householdFact(c, movedHouseholds, "households_moved_in", siteCell(s.ID))
	return true
}

// householdFact shows a count of households, or that it is masked.
func (a *Assessment) householdFact(c *Card, v household, name, cell string) {
	i, ok := a.masks.cells[cell]
	switch {
	case !ok:
		c.number(name, 0, UnitHousehold)
	case a.masks.hidden[v][i]:
		c.words(name, "masked")
	default:
		c.number(name, float64(a.masks.value[v][i]), UnitHousehold)
	}
}

// addMove lists a move on a card, by its persons.
func (a *Assessment) addMove(c *Card, m *Move) {
	part := Part{Side: Side(moveState(m)), Layer: "move", ID: m.ID, Amount: m.Persons}
	c.Parts = append(c.Parts, a.open(&Figure{}, &part))
}

func (a *Assessment) moveCard(c *Card) bool {
	i, ok := slices.BinarySearchFunc(a.Snapshot.Moves, ID(c.ID), func(m Move, id ID) int { return cmp.Compare(m.ID, id) })
	if !ok {
		return false
	}
	m := &a.Snapshot.Moves[i]
	c.Name = a.moveName(m)
	if line := a.moveLine(m); line != nil {
		c.place(line)
	}
	c.words("state", moveState(m))
	c.words("village", idString(m.Village))
	c.words("site", idString(m.Site))
	c.number("persons", float64(m.Persons), UnitPerson)
	a.householdFact(c, plannedHouseholds, "households_planned", moveCell(m.ID))
	a.householdFact(c, movedHouseholds, "households_moved_in", moveCell(m.ID))
	a.householdFact(c, demolishedHouseholds, "households_demolished", moveCell(m.ID))
	return true
}

func (a *Assessment) regionCard(c *Card) bool {
	found := false
	a.regions(func(r *Region, _ map[string]any) {
		if regionID(r.Code) != c.ID {
			return
		}
		found = true
		c.Code, c.Name = r.Code, r.Name
		switch {
		case len(r.Boundary) > 0:
			c.place(r.Boundary)
		case r.Seat != nil:
			c.place(*r.Seat)
		}
		a.standingFacts(c, a.standingOf(r.Code))
	})
	return found
}

func (a *Assessment) standingFacts(c *Card, s *Standing) {
	if !s.HasTask() {
		c.why("no_task")
		return
	}
	c.words("level", s.Level.LevelName())
	c.number("planned", float64(s.Planned)/1e6, UnitKM)
	c.number("completed", float64(s.Completed)/1e6, UnitKM)
	c.number("completion_rate", float64(s.Completed)*100/float64(s.Planned), UnitPercent)
	c.number("time_progress", float64(s.PlanPPM)/1e4, UnitPercent)
	if s.Rank > 0 {
		c.number("rank", float64(s.Rank), UnitCount)
	}
	p := a.Programmes[a.Current].Programme
	lag := lagLevel(s, p, a.Snapshot.AsOf, a.Snapshot.Rules.WarningStepsPPM)
	c.why("lag_"+lag.LevelName(), "deadline", p.Deadline.String())
	for _, w := range s.warnings {
		c.why("warned_by_hand", "level", w.Level.LevelName(), "reason", w.Reason, "from", w.From.String())
	}
}

func (a *Assessment) placeCard(c *Card) bool {
	for _, l := range a.Layers() {
		if l.Name != c.Layer {
			continue
		}
		for _, f := range l.Features {
			if f.ID == c.ID {
				c.fromFeature(f)
				return true
			}
		}
	}
	return false
}

// fromFeature shows the attributes of a feature as facts, by name.
func (c *Card) fromFeature(f Feature) {
	c.place(f.Geometry)
	names := make([]string, 0, len(f.Properties))
	for name := range f.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		text := propertyText(f.Properties[name])
		switch name {
		case "id", "county":
		case "code":
			c.Code = text
		case "name":
			c.Name = text
		default:
			c.words(name, text)
		}
	}
}

func propertyText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

package planner

import (
	"cmp"

	"github.com/qiantu/qiantu/geo/chainage"
)

func (a *Assessment) villageCard(c *Card, id ID) bool {
	i, ok := a.village[id]
	if !ok {
		return false
	}
	d := &a.Villages[i]
	v := d.Village
	c.Code, c.Name = v.Code, v.Name
	c.place(v.Point)
	c.add(
		text("kind", v.Kind), text("township", v.Township),
		text("road_verdict", string(d.Road)), text("connected", string(d.Connected)), text("smooth_access", string(d.Smooth)),
		text("reached", string(d.Reached)), text("water_verdict", string(d.Water)), text("hazard", v.Hazard))
	a.populationFacts(c, v)
	c.surveyFacts(d.Survey)
	a.supplyFacts(c, i)
	a.serviceFacts(c, i)
	a.planFacts(c, v)
	a.whyRoad(c, d)
	c.whyWater(d)
	a.whySupply(c, i)
	for i := range a.Snapshot.Moves {
		if m := &a.Snapshot.Moves[i]; m.Village == v.ID {
			a.addMove(c, m)
		}
	}
	return true
}

// planFacts are what the approved plan in force says of a village; nothing
// where there is none.
func (a *Assessment) planFacts(c *Card, v *Village) {
	said := a.Snapshot.Plan.of(v.ID)
	if said == nil {
		return
	}
	facts := []Fact{text("decision", string(said.Decision))}
	if s := find(a.Snapshot.Sites, said.Site, func(s *Site) ID { return s.ID }); s != nil {
		facts = append(facts, text("decided_site", s.Name))
	}
	c.add(known(a.Snapshot.Plan.On, a.Snapshot.Plan.Name, facts...)...)
}

func (a *Assessment) populationFacts(c *Card, v *Village) {
	p := v.Population
	if p == nil {
		c.add(Fact{Name: "persons", Unit: UnitPerson}, Fact{Name: "households", Unit: UnitHousehold})
		return
	}
	facts := []Fact{maybe("persons", p.Persons, UnitPerson)}
	if _, _, masked := a.villageHouseholds(v); masked {
		c.masked = true
	} else {
		facts = append(facts, maybe("households", p.Households, UnitHousehold))
	}
	c.add(known(p.AsOf, p.Source, facts...)...)
	switch said, withheld := a.shownConsent(v); {
	case withheld:
		c.masked = true
	case said != nil && said.Asked > 0:
		c.add(known(said.AsOf, "", measured("consent_share", 100*float64(said.Agreed)/float64(said.Asked), UnitPercent))...)
	}
}

// surveyFacts tells what the surveyor found, and what it costs to close the
// gap.
func (c *Card) surveyFacts(s *WaterSurvey) {
	if s == nil {
		return
	}
	cost := Fact{Name: "close_cost", Unit: UnitYuan}
	if s.CloseCostFen != nil {
		cost.Value = float64(*s.CloseCostFen) / 100
	}
	c.add(known(s.On, s.Source,
		maybe("litres_per_day", s.LitresPerDay, "l"), answer("quality_ok", s.QualityOK), answer("tap", s.Tap),
		maybe("fetch_minutes", s.FetchMinutes, UnitMinute), maybe("reliability", s.ReliabilityPct, UnitPercent), cost)...)
}

// whyRoad says why a village is connected or not, and where its way breaks.
func (a *Assessment) whyRoad(c *Card, d *VillageVerdict) {
	switch {
	case d.Connected == Yes:
		c.why("connected")
		return
	case d.Connected == Unknown && !d.Village.Surveyed:
		c.why("not_surveyed")
	case d.Connected == Unknown:
		c.why("depends_on_unknown")
	}
	l := d.Link
	switch {
	case l == nil:
		c.why("no_network")
	case l.Straight:
		c.why("no_road", "straight_m", metres(l.MissingMM))
	case l.First == nil:
		c.why("one_way")
	default:
		c.why(l.First.fault(), a.broken(l)...)
	}
}

// broken names the place where a way breaks first. The roads of a halo have
// numbers of their own, which say nothing in this county.
func (a *Assessment) broken(l *WeakLink) []any {
	at := l.Missing[0].Span.From
	params := []any{"missing_m", metres(l.MissingMM)}
	r := a.roads[l.First.Road]
	if l.First.Halo || r == nil {
		return append(params, "name", "", "from", chainage.FormatLabel(at))
	}
	return append(params, "name", cmp.Or(r.Name, r.Code), "from", r.Calibration.String(at),
		"road", idString(r.ID), "segment", idString(l.First.Segment))
}

// fault says what keeps a piece from proving a connection.
func (p *Piece) fault() string {
	switch {
	case p.isClosed():
		return "piece_closed"
	case p.Contested:
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

// whyWater gives the grade of each indicator.
func (c *Card) whyWater(d *VillageVerdict) {
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
}

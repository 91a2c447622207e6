package planner

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// Card is one thing of a county, opened: what is known of it with day and
// source, why it is judged as it is, and what it is made of. Counts of
// households that are masked are not in it; a reason says that they are not.
type Card struct {
	Layer  string // of the map, or road_segment
	ID     string // the row's number; a region's is its code
	Code   string
	Name   string
	Center *orb.Point // nil: not drawn
	Bounds orb.Bound  // of what is drawn
	Facts  []Fact
	Why    []Why
	Parts  []CardPart
	masked bool
}

// Fact is a named value. It is a text, a bool, or a float64 in Unit, shown in
// full: lengths are km with the millimetres behind the point. A nil Value is
// not known.
type Fact struct {
	Name   string
	Value  any
	Unit   Unit
	On     Date // the day it speaks of; zero: the snapshot's
	Source string
}

// Why is a reason in a form that any language can be made of. The codes are
// listed in docs/api.md.
type Why struct {
	Code   string
	Params map[string]any // texts, and numbers as float64
}

// CardPart is a thing that belongs to the one of the card: a piece of a road
// (road_segment, or road where no segment lies), a report on it (progress), a
// move, a building, a village.
type CardPart struct {
	Layer string
	ID    string
	Name  string
	Facts []Fact
}

// Card opens the thing of a layer with an id: village, road, road_segment,
// water_project, relocation_site, move, facility or reference.
func (a *Assessment) Card(layer string, id ID) (*Card, error) {
	c := &Card{Layer: layer, ID: idString(id)}
	open := map[string]func(*Card, ID) bool{
		"village": a.villageCard, "road": a.roadCard, "road_segment": a.segmentCard, "water_project": a.waterCard,
		"relocation_site": a.siteCard, "move": a.moveCard, "facility": a.facilityCard, "reference": a.referenceCard,
	}[layer]
	if open == nil {
		return nil, Errorf(NotFound, "there is no such layer; the layers are village, road, road_segment, water_project, relocation_site, move, facility, reference and region")
	}
	if !open(c, id) {
		return nil, Errorf(NotFound, "there is no %s with that number in %s", layer, a.Snapshot.Region.Code)
	}
	if c.masked {
		c.why("households_masked")
	}
	return c, nil
}

// RegionCard opens the county or one of its townships by its code.
func (a *Assessment) RegionCard(code string) (*Card, error) {
	r := &a.Snapshot.Region
	if code != r.Code {
		i, ok := slices.BinarySearchFunc(a.Snapshot.Townships, code, func(r Region, code string) int { return cmp.Compare(r.Code, code) })
		if !ok {
			return nil, Errorf(NotFound, "there is no region with that code in %s", r.Code)
		}
		r = &a.Snapshot.Townships[i]
	}
	c := &Card{Layer: "region", ID: r.Code, Code: r.Code, Name: r.Name}
	switch {
	case len(r.Boundary) > 0:
		c.place(r.Boundary)
	case r.Seat != nil:
		c.place(*r.Seat)
	}
	c.add(text("kind", string(r.Level)))
	a.standingFacts(c, a.standingOf(r.Code))
	return c, nil
}

func (a *Assessment) standingFacts(c *Card, s *Standing) {
	if !s.HasTask() {
		c.why("no_task")
		return
	}
	c.add(
		text("level", s.Level.LevelName()),
		measured("planned", kilometres(s.Planned), UnitKM),
		measured("completed", kilometres(s.Completed), UnitKM),
		measured("rate", float64(s.Completed)*100/float64(s.Planned), UnitPercent),
		measured("time_progress", float64(s.PlanPPM)/1e4, UnitPercent))
	if s.Rank > 0 {
		c.add(measured("rank", float64(s.Rank), UnitCount))
	}
	p := a.Programmes[a.Current].Programme
	lag := lagLevel(s, p, a.Snapshot.AsOf, a.Snapshot.Rules.WarningStepsPPM)
	c.why("lag_"+lag.LevelName(), "deadline", p.Deadline.String())
	for _, w := range s.warnings {
		c.why("warned_by_hand", "level", w.Level.LevelName(), "reason", w.Reason, "from", w.From.String())
	}
}

func (a *Assessment) facilityCard(c *Card, id ID) bool {
	f := find(a.Snapshot.Facilities, id, func(f *Facility) ID { return f.ID })
	if f == nil {
		return false
	}
	c.Name = f.Name
	c.place(f.Point)
	c.add(text("kind", f.Kind))
	return true
}

func (a *Assessment) referenceCard(c *Card, id ID) bool {
	r := find(a.Snapshot.References, id, func(r *Reference) ID { return r.ID })
	if r == nil {
		return false
	}
	c.Name = r.Name
	c.place(r.Geometry)
	c.add(text("layer", r.Layer), text("kind", r.Kind))
	return true
}

func (c *Card) add(facts ...Fact) { c.Facts = append(c.Facts, facts...) }

// why adds a reason; params are names and values in turn.
func (c *Card) why(code string, params ...any) {
	w := Why{Code: code, Params: map[string]any{}}
	for i := 0; i+1 < len(params); i += 2 {
		w.Params[params[i].(string)] = params[i+1]
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

// text is a word; an empty one is not known.
func text(name, value string) Fact {
	if value == "" {
		return Fact{Name: name}
	}
	return Fact{Name: name, Value: value}
}

func measured(name string, value float64, unit Unit) Fact {
	return Fact{Name: name, Value: value, Unit: unit}
}

// maybe is a number that may not be known.
func maybe[T int64 | float64](name string, value *T, unit Unit) Fact {
	if value == nil {
		return Fact{Name: name, Unit: unit}
	}
	return measured(name, float64(*value), unit)
}

// answer is a yes or no that may not be known.
func answer(name string, value *bool) Fact {
	if value == nil {
		return Fact{Name: name}
	}
	return Fact{Name: name, Value: *value}
}

// known puts day and source to facts.
func known(on Date, source string, facts ...Fact) []Fact {
	for i := range facts {
		facts[i].On, facts[i].Source = on, source
	}
	return facts
}

// kilometres are exact: a quotient by a power of ten is the float nearest to
// the decimal, so that its shortest digits are those of the millimetres.
func kilometres(mm int64) float64 { return float64(mm) / 1e6 }

// find is the element of a list in order of id that has the id; nil: none.
func find[T any](list []T, id ID, idOf func(*T) ID) *T {
	i, ok := slices.BinarySearchFunc(list, id, func(one T, id ID) int { return cmp.Compare(idOf(&one), id) })
	if !ok {
		return nil
	}
	return &list[i]
}

package data

import (
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// check finds what the database could not name as well: ids that stand twice,
// references to nothing, money that contradicts itself.
func (w *writer) check() error {
	l := w.load
	if l.County == "" {
		return planner.Errorf(planner.Invalid, "the load names no county")
	}
	c := checker{have: map[string]map[planner.ID]bool{}}
	ids(&c, "village", l.Villages, func(v *planner.Village) planner.ID { return v.ID })
	ids(&c, "road", l.Roads, func(r *planner.Road) planner.ID { return r.ID })
	ids(&c, "road_segment", l.Segments, func(s *planner.Segment) planner.ID { return s.ID })
	ids(&c, "programme", l.Programmes, func(p *planner.Programme) planner.ID { return p.ID })
	ids(&c, "water_project", l.Water, func(p *planner.WaterProject) planner.ID { return p.ID })
	ids(&c, "relocation_site", l.Sites, func(s *planner.Site) planner.ID { return s.ID })
	ids(&c, "move", l.Moves, func(m *planner.Move) planner.ID { return m.ID })
	ids(&c, "building", buildingsOf(l), func(b *siteBuilding) planner.ID { return b.ID })
	ids(&c, "site_follow_up", followUpsOf(l), func(f *planner.SiteFollowUp) planner.ID { return f.ID })
	ids(&c, "contract", l.Contracts, func(t *planner.Contract) planner.ID { return t.ID })
	c.references(l)
	c.works(l)
	if c.err == nil {
		_, c.err = fundingOf(l)
	}
	return c.err
}

// checker keeps the first fault.
type checker struct {
	have map[string]map[planner.ID]bool
	err  error
}

func (c *checker) fault(format string, args ...any) {
	if c.err == nil {
		c.err = planner.Errorf(planner.Invalid, format, args...)
	}
}

// ids notes the ids of a noun; they are above zero and unique.
func ids[T any](c *checker, noun string, things []T, id func(*T) planner.ID) {
	have := make(map[planner.ID]bool, len(things))
	for i := range things {
		one := id(&things[i])
		if one <= 0 {
			c.fault("%s number %d of the load has the id %d; ids run from 1", noun, i+1, one)
		}
		if have[one] {
			c.fault("two of the load's %s have the id %d", noun, one)
		}
		have[one] = true
	}
	c.have[noun] = have
}

// refers checks that a thing is in the load.
func (c *checker) refers(from string, id any, noun string, to planner.ID) {
	if !c.have[noun][to] {
		c.fault("%s %v names %s %d, which the load does not hold", from, id, noun, to)
	}
}

// uuid checks the id of a report, which its reporter gives it.
func (c *checker) uuid(noun, id string) {
	var parsed pgtype.UUID
	if err := parsed.Scan(id); err != nil {
		c.fault("a %s has the id %q, which is not a UUID", noun, id)
	}
}

// span checks a span as far as it can be without the route.
func (c *checker) span(from string, id any, span chainage.Span) {
	if span.From < 0 || span.To <= span.From {
		c.fault("%s %v has the span [%d,%d) mm; it must run forward from 0 or later", from, id, span.From, span.To)
	}
}

func (c *checker) references(l *Load) {
	for i := range l.Segments {
		s := &l.Segments[i]
		c.refers("road_segment", s.ID, "road", s.Road)
		c.span("road_segment", s.ID, s.Span)
		if s.Halo {
			c.fault("road_segment %d is of a neighbouring county's halo; only a county's own segments are stored", s.ID)
		}
	}
	for _, p := range l.Programmes {
		for _, s := range p.Scope {
			c.refers("the task of programme", p.ID, "road", s.Road)
			c.span("the task of programme", p.ID, s.Span)
			if s.Village != 0 {
				c.refers("the task of programme", p.ID, "village", s.Village)
			}
		}
	}
	for i := range l.Progress {
		p := &l.Progress[i]
		c.uuid("progress", p.ID)
		c.refers("progress", p.ID, "road", p.Road)
		c.span("progress", p.ID, p.Span)
		if p.Programme != 0 {
			c.refers("progress", p.ID, "programme", p.Programme)
		}
		if p.Contract != 0 {
			c.refers("progress", p.ID, "contract", p.Contract)
		}
	}
	for _, d := range l.Disputes {
		c.refers("dispute", d.ID, "road", d.Road)
		c.span("dispute", d.ID, d.Span)
	}
	c.people(l)
}

// people checks what refers to villages and sites.
func (c *checker) people(l *Load) {
	for _, p := range l.Populations {
		c.refers("a population count of", p.Population.AsOf, "village", p.Village)
	}
	for _, p := range l.Water {
		for _, v := range p.Serves {
			c.refers("water_project", p.ID, "village", v)
		}
	}
	for _, s := range l.Surveys {
		c.refers("water_survey", s.ID, "village", s.Village)
	}
	for _, m := range l.Moves {
		c.refers("move", m.ID, "village", m.Village)
		c.refers("move", m.ID, "relocation_site", m.Site)
		for _, e := range m.Events {
			c.uuid("move event", e.ID)
		}
	}
	for _, b := range buildingsOf(l) {
		for _, e := range b.Events {
			c.uuid("building stage", e.ID)
		}
	}
}

package planner

import (
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/chainage"
)

func (a *Assessment) roadCard(c *Card, id ID) bool {
	r := a.roads[id]
	if r == nil {
		return false
	}
	c.Code, c.Name = r.Code, r.Name
	c.add(text("class", r.Class), measured("length", kilometres(r.Length), UnitKM))
	if r.Township != "" {
		c.add(text("township", r.Township))
	}
	var drawn orb.MultiLineString
	for i := range a.Pieces {
		p := &a.Pieces[i]
		if p.Halo || p.Road != r.ID {
			continue
		}
		c.Parts = append(c.Parts, a.piecePart(p))
		if p.Drawn() {
			drawn = append(drawn, p.Line())
		}
	}
	events := a.ledger.events[routeKey{r.ID, r.Version}]
	for i := range events {
		c.Parts = append(c.Parts, a.progressPart(&events[i]))
	}
	c.place(drawn)
	if c.Center == nil {
		c.why("not_drawn")
	}
	return true
}

// piecePart is a piece between its K labels. Where no segment of the inventory
// lies it is a part of the road itself.
func (a *Assessment) piecePart(p *Piece) CardPart {
	part := CardPart{Layer: "road_segment", ID: idString(p.Segment), Name: a.between(p.Road, p.Span), Facts: []Fact{
		text("state", string(p.State)), text("class", p.Class), text("surface", p.Surface), text("all_season", string(p.AllSeason)),
		text("built", string(p.Built)), {Name: "disputed", Value: p.Disputed}, measured("length", kilometres(p.Span.Length()), UnitKM),
	}}
	if p.Segment == 0 {
		part.Layer, part.ID = "road", idString(p.Road)
	}
	return part
}

// progressPart is a report on an interval: what stage, on which day, by whom.
func (a *Assessment) progressPart(e *event) CardPart {
	facts := append([]Fact{measured("length", kilometres(e.span.Length()), UnitKM)},
		known(e.On, e.Reporter, text("stage", string(e.Stage)))...)
	return CardPart{Layer: "progress", ID: e.ID, Name: a.between(e.key.Road, e.span), Facts: facts}
}

// between writes an interval by its K labels.
func (a *Assessment) between(road ID, span chainage.Span) string {
	return a.label(road, span.From) + " – " + a.label(road, span.To)
}

// label writes a place on a road as its K label.
func (a *Assessment) label(road ID, mm int64) string {
	if r := a.roads[road]; r != nil {
		return r.Calibration.String(mm)
	}
	return chainage.FormatLabel(mm)
}

func (a *Assessment) segmentCard(c *Card, id ID) bool {
	var seg *Segment
	for i := range a.Snapshot.Segments {
		if s := &a.Snapshot.Segments[i]; s.ID == id && !s.Halo {
			seg = s
		}
	}
	if seg == nil {
		return false
	}
	if r := a.roads[seg.Road]; r != nil {
		c.Code, c.Name = r.Code, r.Name
	}
	if len(seg.Line) > 1 {
		c.place(seg.Line)
	}
	c.add(
		text("from", a.label(seg.Road, seg.Span.From)), text("to", a.label(seg.Road, seg.Span.To)),
		text("class", seg.Class), text("surface", seg.Surface), text("all_season", string(seg.AllSeason)), text("built", string(seg.Built)),
		text("township", seg.Township), measured("length", kilometres(seg.Span.Length()), UnitKM))
	if seg.WidthMM != nil {
		c.add(measured("width", metres(*seg.WidthMM), UnitMetre))
	}
	a.segmentWorks(c, seg)
	if c.Center == nil {
		c.why("not_drawn")
	}
	return true
}

// segmentWorks adds the pieces of a segment and the reports that touch it: who
// said what, and when. The intervals as reported are on the road's card.
func (a *Assessment) segmentWorks(c *Card, seg *Segment) {
	for i := range a.Pieces {
		if p := &a.Pieces[i]; p.Segment == seg.ID && !p.Halo {
			c.Parts = append(c.Parts, a.piecePart(p))
		}
	}
	for _, e := range a.ledger.events[routeKey{seg.Road, seg.Version}] {
		if e.span.From < seg.Span.To && seg.Span.From < e.span.To {
			c.add(known(e.On, e.Reporter, text("stage", string(e.Stage)))...)
		}
	}
}

package planner

import (
	"cmp"
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// stripper lays out one route.
type stripper struct {
	*Strip
	a   *Assessment
	key routeKey
}

// on gives the parts of an interval that lie on the route now.
func (s *stripper) on(road ID, version int32, span chainage.Span) []chainage.Span {
	p := s.a.ledger.passages
	if p == nil && (routeKey{road, version}) != s.key {
		return nil
	}
	parts, _ := p.trace(routeKey{road, version}, span)
	var out []chainage.Span
	for _, part := range parts {
		if part.key == s.key {
			out = append(out, part.span)
		}
	}
	return out
}

// task lays out what is to be built by whom, and what of it is done.
func (s *stripper) task() {
	for i := range s.a.Programmes {
		p := s.a.Programmes[i].Programme
		for j := range p.Scope {
			for _, span := range s.on(p.Scope[j].Road, p.Scope[j].Version, p.Scope[j].Span) {
				s.Scope = append(s.Scope, s.scopeItem(p, &p.Scope[j], span))
			}
		}
	}
	slices.SortStableFunc(s.Scope, func(a, b StripScope) int { return cmp.Compare(a.Span.From, b.Span.From) })
	for i := range s.a.Snapshot.Contracts {
		c := &s.a.Snapshot.Contracts[i]
		for j := range c.Scope {
			for _, span := range s.on(c.Scope[j].Road, c.Scope[j].Version, c.Scope[j].Span) {
				s.Contracts = append(s.Contracts, StripContract{c, span})
			}
		}
	}
	slices.SortStableFunc(s.Contracts, func(a, b StripContract) int { return cmp.Compare(a.Span.From, b.Span.From) })
	if w, p := s.a.leading(s.key); w != nil {
		s.Programme, s.Completed, s.CarryOver, s.Failed = p.ID, w.Completed, w.CarryOver, w.Failed
	}
}

func (s *stripper) scopeItem(p *Programme, item *ScopeItem, span chainage.Span) StripScope {
	out := StripScope{
		Programme: p.ID, Name: p.Name, Span: span, Village: item.Village, Responsible: item.Responsible, Phone: item.Phone,
	}
	if i, ok := s.a.village[item.Village]; ok {
		out.VillageName = s.a.Snapshot.Villages[i].Name
	}
	return out
}

// leading is the work on a route that is spoken of when no programme is named:
// that of the current one, else of the latest that has a task there.
func (a *Assessment) leading(key routeKey) (*Work, *Programme) {
	works := a.worksOf[key]
	if a.Current >= 0 && a.Current < len(works) && works[a.Current] != nil {
		return works[a.Current], a.Programmes[a.Current].Programme
	}
	for i := len(works) - 1; i >= 0; i-- {
		if works[i] != nil {
			return works[i], a.Programmes[i].Programme
		}
	}
	return nil, nil
}

// cases lays out disputes and inspections.
func (s *stripper) cases() {
	for i := range s.a.Snapshot.Disputes {
		d := &s.a.Snapshot.Disputes[i]
		if !d.isOpen() {
			continue
		}
		for _, span := range s.on(d.Road, d.Version, d.Span) {
			s.Disputed = append(s.Disputed, StripDispute{d.ID, span, Stages[max(0, stageIndex(d.Stage))]})
		}
	}
	for i := range s.a.Snapshot.Inspections {
		n := &s.a.Snapshot.Inspections[i]
		for _, span := range s.on(n.Road, n.Version, n.Span) {
			s.Inspections = append(s.Inspections, StripInspection{n, span})
		}
	}
	slices.SortStableFunc(s.Inspections, func(a, b StripInspection) int {
		return cmp.Or(cmp.Compare(a.Inspection.On, b.Inspection.On), cmp.Compare(a.Span.From, b.Span.From))
	})
}

// townships lays out whose metres they are.
func (s *stripper) townships() {
	for _, src := range s.a.sources[s.key] {
		code := stretch{s.key, src, src.span}.owners(hundred)[0].township
		if n := len(s.Townships); n > 0 && s.Townships[n-1].Code == code && s.Townships[n-1].Span.To == src.span.From {
			s.Townships[n-1].Span.To = src.span.To
			continue
		}
		s.Townships = append(s.Townships, StripTownship{code, s.a.townshipName(code), src.span})
	}
}

// townshipName is the name of a township of the county; empty: it has none.
func (a *Assessment) townshipName(code string) string {
	i, ok := slices.BinarySearchFunc(a.Snapshot.Townships, code, func(r Region, code string) int { return cmp.Compare(r.Code, code) })
	if !ok {
		return ""
	}
	return a.Snapshot.Townships[i].Name
}

// townshipOf is the township that a road is listed under: its own, else the one
// that most of its metres are in.
func (a *Assessment) townshipOf(r *Road) string {
	if r.Township != "" {
		return r.Township
	}
	key := routeKey{r.ID, r.Version}
	metres := map[string]int64{}
	best := ""
	for _, src := range a.sources[key] {
		code := stretch{key, src, src.span}.owners(hundred)[0].township
		metres[code] += src.span.Length()
		if best == "" || metres[code] > metres[best] {
			best = code
		}
	}
	return best
}

package planner

import "slices"

// SupposedRoads is what the edits of a question build.
type SupposedRoads struct {
	Segments []ID // in order
	MM       int64
	Yuan     int64 // at the price of the options, upkeep included
}

// SupposedRoads gives what the edits of the question build or improve that is
// not proven to be there without them, and what that costs. A plan made under
// the question finds these roads there, and none of their money in its costs;
// [Assessment.DecideSupposed] holds its budget against both.
func (a *Assessment) SupposedRoads(o DecideOptions) (SupposedRoads, error) {
	o, err := o.filled(&a.Snapshot.Rules)
	if err != nil {
		return SupposedRoads{}, err
	}
	prices := decidePrices{DecideOptions: o, road: roadScale{a.Snapshot.Rules.perKM(""), o.YuanPerKM * 100}}
	var out SupposedRoads
	var fen int64
	for i := range a.Pieces {
		p, was := &a.Pieces[i], &a.original().Pieces[i]
		if p.Edit == "" || p.isClosed() || p.meets(AccessConnected) != Yes || was.meets(AccessConnected) == Yes {
			continue
		}
		out.MM += p.Span.Length()
		fen += prices.buildFen(a.Snapshot.Rules.roadCost(p, p.Span)) + prices.upkeepFen(p.Span.Length())
		if p.Segment != 0 {
			out.Segments = append(out.Segments, p.Segment)
		}
	}
	out.Yuan = yuanUp(fen)
	out.Segments = sortedIDs(out.Segments)
	return out, nil
}

// sortedIDs are some ids in order, each once.
func sortedIDs(ids []ID) []ID {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Propose turns a plan made under a question into what is published of it: of
// the county as it is. Who is connected only over roads that the question
// supposes gets a road, these. What else the question supposes no plan makes
// true: moves to sites that are not there, are elsewhere or have no such room,
// supposed people and looser thresholds are refused, and so is an infeasible plan.
func (a *Assessment) Propose(p *DecisionPlan) (*PublishedPlan, error) {
	if err := a.proposable(p); err != nil {
		return nil, err
	}
	roads, err := a.SupposedRoads(p.Options)
	if err != nil {
		return nil, err
	}
	s := a.original().Snapshot
	out := &PublishedPlan{
		Revision: s.Revision, AsOf: s.AsOf, Objective: string(p.Options.Objective), Value: p.Objective, Bound: p.Bound, Money: p.Costs.Money + roads.Yuan,
	}
	for i := range p.Villages {
		v := &p.Villages[i]
		d := PublishedDecision{Village: v.Village, Decision: v.Decision, Site: v.Site, Segments: sortedIDs(slices.Clone(v.Segments))}
		if v.Known {
			d.Persons = &v.Persons
		}
		if d.Site != 0 && find(s.Sites, d.Site, func(s *Site) ID { return s.ID }) == nil {
			return nil, Errorf(Invalid, "village %d %s moves to site %d, which only this scenario has; enter it in the register of sites first, rebase, and move to that one", v.Village, v.Name, d.Site)
		}
		supposed := a.supposedWay(v, roads.Segments)
		d.Segments = sortedIDs(append(d.Segments, supposed...))
		if d.Decision == DecideConnected && len(supposed) > 0 {
			d.Decision = DecideRoad
		}
		if d.Decision == DecideConnected && a.original().Villages[a.village[v.Village]].Connected != Yes {
			return nil, Errorf(Invalid, "village %d %s is connected only as this scenario asks, not by the county's rules; take its season and thresholds back and submit again", v.Village, v.Name)
		}
		out.Villages = append(out.Villages, d)
	}
	return out, nil
}

// supposedWay are the supposed segments on the way of a village that stays and
// is not connected without them.
func (a *Assessment) supposedWay(v *VillageDecision, supposed []ID) []ID {
	i := a.village[v.Village]
	stays := v.Decision == DecideConnected || v.Decision == DecideRoad
	if len(supposed) == 0 || !stays || a.original().Villages[i].Connected == Yes {
		return nil
	}
	proof, err := a.Proof(v.Village)
	if err != nil { // the village is one of the assessment
		return nil
	}
	var out []ID
	for _, leg := range proof.Legs {
		if _, found := slices.BinarySearch(supposed, leg.Segment); found && !leg.Halo {
			out = append(out, leg.Segment)
		}
	}
	return sortedIDs(out)
}

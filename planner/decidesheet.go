package planner

import (
	"slices"

	"github.com/qiantu/qiantu/planner/solve"
)

// decideReading turns a solver's answer into a plan.
type decideReading struct {
	*decideCase
	answer *solve.DecidePlan
	p      *DecisionPlan
	by     []int32 // by node: the strand by which the plan reaches it
	extra  []int64 // by node: what reaching it adds to the plan
	addBy  []int32
	users  [][]ID // by strand
	lone   []lone // by row: what only it uses
}

// lone is what would not be built without a village.
type lone struct{ build, upkeep int64 }

func (c *decideCase) plan(answer *solve.DecidePlan) *DecisionPlan {
	r := &decideReading{decideCase: c, answer: answer, p: &DecisionPlan{Outcome: answer.Outcome, CostProven: answer.CostProven, Options: c.prices.DecideOptions, Costs: answer.Costs, BudgetPrice: answer.BudgetPrice}}
	if len(answer.Choices) < len(c.rows) || answer.Status == solve.Infeasible {
		return r.p
	}
	r.trace()
	row := 0
	for i := range c.cases {
		v := &c.cases[i]
		d := r.describe(v)
		if v.pinned == "" {
			r.decide(v, row, &d)
			row++
		} else {
			d.Decision, d.Why, d.Band = v.pinned, v.why, solve.BandFixed
			if v.pinned == DecideConnected {
				d.Band = solve.BandConnected
			}
			if v.why == WhyMoved {
				d.Site, d.Persons, d.Households = c.a.Snapshot.Sites[v.to].ID, v.settled.persons, v.settled.households
			}
		}
		r.p.Villages = append(r.p.Villages, d)
	}
	r.candidates()
	r.sites()
	r.years()
	r.sums()
	return r.p
}

// trace finds how the plan reaches every node, and what reaching others adds.
func (r *decideReading) trace() {
	g := r.graph
	_, r.by = g.spread(func(s int32) int64 {
		if r.answer.Built[s] {
			return 0
		}
		return -1
	})
	r.extra, r.addBy = g.spread(func(s int32) int64 {
		if r.answer.Built[s] {
			return 0
		}
		return g.strands[s].cost()
	})
	r.users, r.lone = make([][]ID, len(g.strands)), make([]lone, len(r.rows))
	for row, i := range r.rows {
		if r.answer.Choices[row].Verdict == solve.VerdictRoad {
			for _, s := range r.wayOf(i) {
				r.users[s] = append(r.users[s], r.id(i))
			}
		}
	}
	for row, i := range r.rows {
		if r.answer.Choices[row].Verdict != solve.VerdictRoad {
			continue
		}
		for _, s := range r.wayOf(i) {
			if len(r.users[s]) == 1 {
				r.lone[row].build += g.strands[s].build
				r.lone[row].upkeep += g.strands[s].upkeep
			}
		}
	}
}

func (r *decideReading) id(i int) ID { return r.a.Villages[r.cases[i].at].Village.ID }

// wayOf is the way of a village in the plan.
func (r *decideReading) wayOf(i int) []int32 {
	return r.graph.way(r.graph.node[r.cases[i].at], r.by)
}

// describe writes what does not depend on the answer.
func (r *decideReading) describe(v *villageCase) VillageDecision {
	d := &r.a.Villages[v.at]
	out := VillageDecision{
		Village: d.Village.ID, Code: d.Village.Code, Name: d.Village.Name, Township: d.Village.Township,
		Persons: v.rest.persons, Households: v.rest.households, Known: v.known, Settled: v.settled.persons,
		Rule: v.rule.Decision, RuleResult: v.rule, Violation: v.violation(d),
	}
	switch {
	case v.planned[1]:
		out.Published = DecideRelocate
	case v.planned[0]:
		out.Published = DecideRoad
	default:
		out.Published = v.listed
	}
	out.Costs.Stay, out.Costs.StayKnown = v.stay, v.stayOK
	if len(v.way) > 0 {
		alone := r.alone(v)
		out.Costs.RoadAlone = &alone
	}
	return out
}

// violation says whether a village is in both lists, or in none.
func (v *villageCase) violation(d *VillageVerdict) DecisionViolation {
	road := d.Connected == Yes || v.planned[0]
	switch {
	case road && v.whole && !hazardous(d.Village):
		return ViolationBoth
	case d.Connected == No && !road && !v.whole && v.listed != DecideInterim:
		return ViolationNone
	}
	return ""
}

// decide writes what the answer says of a row.
func (r *decideReading) decide(v *villageCase, row int, d *VillageDecision) {
	choice, w := r.answer.Choices[row], &r.model.Villages[row]
	d.Decision, d.Band = Decision(choice.Verdict), r.answer.Bands[row]
	d.Why = r.reason(v, d.Decision, w)
	share := r.answer.Shares[row]
	d.Costs.RoadShare, d.Money = share.Shared, share.Shared+share.Own
	d.Costs.Review, d.Costs.Leave = w.Review, w.Leave
	if w.CanInterim {
		d.Costs.Interim = &w.Interim
	}
	if node := r.graph.node[v.at]; len(v.way) > 0 {
		extra := r.lone[row].build + r.lone[row].upkeep
		if d.Decision != DecideRoad {
			extra = r.extra[node]
		}
		d.Costs.RoadExtra = &extra
	}
	if d.Decision == DecideRoad {
		d.Spans = r.graph.spans(r.wayOf(r.rows[row]))
		d.Segments = segmentsOf(d.Spans)
	}
	if site, cost := r.target(v, choice); site >= 0 {
		d.Costs.Move, d.Costs.MoveSite = &cost, r.a.Snapshot.Sites[site].ID
	}
	if d.Decision == DecideRelocate {
		d.Site = r.a.Snapshot.Sites[choice.Site].ID
		d.MoveMM = v.wayTo(choice.Site)
	}
	d.Differs = r.differs(v, d)
	d.Flip = r.flip(v, row, d)
}

// reason says what left no choice, if anything did.
func (r *decideReading) reason(v *villageCase, d Decision, w *solve.DecideVillage) DecisionWhy {
	switch {
	case w.Fixed.Verdict == solve.VerdictRoad:
		return WhyBegun
	case d == DecideRelocate && hazardous(r.a.Villages[v.at].Village):
		return WhyHazard
	case d == DecideReview && w.NoRoad && len(v.moves) == 0:
		return WhyNothing
	case d == DecideRoad && len(v.moves) == 0:
		return WhyOnlyRoad
	case d == DecideRelocate && w.NoRoad:
		return WhyOnlyMove
	}
	return WhyJoint
}

// wayTo is the way to a site that a village may move to.
func (v *villageCase) wayTo(site int32) *int64 {
	for i, m := range v.moves {
		if m.Site == site {
			return &v.far[i]
		}
	}
	return nil
}

// target is where a village moves to, or would: the cheapest site with room left.
func (r *decideReading) target(v *villageCase, choice solve.DecideChoice) (site int, cost int64) {
	site = -1
	for _, m := range v.moves {
		if choice.Verdict == solve.VerdictRelocate {
			if m.Site == choice.Site {
				return int(m.Site), m.Cost
			}
			continue
		}
		room := r.capacity[m.Site].Free - r.answer.Used[m.Site]
		if room >= v.rest.persons && (site < 0 || m.Cost < cost) {
			site, cost = int(m.Site), m.Cost
		}
	}
	return site, cost
}

// differs says why the plan is not what the local rule says.
func (r *decideReading) differs(v *villageCase, d *VillageDecision) DecisionWhy {
	budget := len(r.prices.Budget) > 0
	cheap := d.Costs.RoadExtra != nil && d.Costs.Move != nil && *d.Costs.RoadExtra+d.Costs.Stay <= *d.Costs.Move
	switch {
	case v.rule.Decision == "" || v.rule.Decision == d.Decision:
		return ""
	case d.Why == WhyBegun:
		return WhyFixed
	case d.Decision == DecideReview && d.Costs.Move == nil && v.rule.Decision == DecideRelocate:
		return WhyCapacity
	case d.Decision == DecideInterim && !budget:
		return WhyInterim
	case d.Decision == DecideReview, d.Decision == DecideInterim:
		return r.scarce(budget)
	case d.Decision == DecideRelocate && v.rule.Reason == "consent":
		return WhyConsent
	case v.rule.Decision == DecideReview:
		return WhyNear
	case d.Decision == DecideRoad && cheap:
		return WhySharedBranch
	case d.Decision == DecideRoad && d.Costs.Move == nil:
		return WhyCapacity
	case d.Published == d.Decision:
		return WhyPublished
	}
	return r.scarce(budget)
}

// scarce is what else may be the reason.
func (r *decideReading) scarce(budget bool) DecisionWhy {
	switch {
	case r.prices.Objective == solve.LeastUnserved:
		return WhyObjective
	case budget:
		return WhyBudget
	}
	return WhyJoint
}

func (r *decideReading) candidates() {
	for s := range r.graph.strands {
		st := &r.graph.strands[s]
		spans := r.graph.spans([]int32{int32(s)})
		r.p.Candidates = append(r.p.Candidates, RoadCandidate{
			Spans: spans, Segments: segmentsOf(spans), MM: st.mm, Build: st.build, Upkeep: st.upkeep, Built: r.answer.Built[s], Villages: r.users[s],
		})
	}
}

func (r *decideReading) sites() {
	for i := range r.a.Snapshot.Sites {
		s := &r.a.Snapshot.Sites[i]
		r.p.Sites = append(r.p.Sites, SiteDecision{Site: s.ID, Name: s.Name, Capacity: r.capacity[i], Used: r.answer.Used[i], Price: r.answer.SitePrice[i]})
	}
}

func (r *decideReading) years() {
	at := map[ID]int{}
	for i := range r.p.Villages {
		at[r.p.Villages[i].Village] = i
	}
	for y := range r.answer.Years {
		from := &r.answer.Years[y]
		to := DecisionYear{Spent: from.Spent, Laid: from.Laid, Connecting: from.Connecting, Served: from.Served}
		for _, row := range from.Villages {
			id := r.id(r.rows[row])
			to.Villages = append(to.Villages, id)
			r.p.Villages[at[id]].Year = y + 1
		}
		var spans []PieceSpan
		for _, s := range from.Segments {
			spans = append(spans, r.graph.spans([]int32{s})...)
		}
		slices.Sort(to.Villages)
		to.Segments = segmentsOf(spans)
		r.p.Years = append(r.p.Years, to)
	}
}

// sums counts the county and its townships.
func (r *decideReading) sums() {
	r.p.County = newDecisionSum(r.a.Snapshot.Region.Code, r.a.Snapshot.Region.Name)
	at := map[string]int{}
	s := sheet{}
	for _, t := range s.townshipScopes(r.a) {
		at[t.Code] = len(r.p.Townships)
		r.p.Townships = append(r.p.Townships, newDecisionSum(t.Code, t.Name))
	}
	for i := range r.p.Villages {
		v := &r.p.Villages[i]
		r.p.County.add(v)
		r.p.Townships[at[r.a.scopeOf(v.Township)]].add(v)
	}
}

func newDecisionSum(scope, name string) DecisionSum {
	return DecisionSum{Scope: scope, Name: name, Villages: map[Decision]int64{}, Persons: map[Decision]int64{}, Unknown: map[Decision]int64{}}
}

func (s *DecisionSum) add(v *VillageDecision) {
	s.Villages[v.Decision]++
	if v.Known {
		s.Persons[v.Decision] += v.Persons
	} else {
		s.Unknown[v.Decision]++
	}
	if v.Why != WhyMoved {
		s.Settled += v.Settled
	}
	if v.MoveMM != nil {
		s.Moved += v.Persons
		s.MovedMM += v.Persons * *v.MoveMM
	}
	own := v.Money - v.Costs.RoadShare
	s.Roads += v.Costs.RoadShare
	switch v.Decision {
	case DecideRoad:
		s.Stay += own
		if !v.Costs.StayKnown {
			s.Unpriced++
		}
	case DecideRelocate:
		s.Moves += own
	case DecideInterim:
		s.Interim += own
	}
	switch v.Violation {
	case ViolationBoth:
		s.Both++
	case ViolationNone:
		s.None++
	}
}

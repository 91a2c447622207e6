package planner

import (
	"math"
	"time"

	"github.com/qiantu/qiantu/planner/solve"
)

// ReportDecision is the report of a joint plan; [Assessment.DecisionReport]
// makes it.
const ReportDecision ReportKind = "decision"

// DecisionReport rolls a joint plan of the assessment up into figures, M30 of
// docs/metrics.md: the county first, with what the solver proved, then its
// townships, which add up to it. A plan without an answer has no figures, and is
// [Invalid] with its reason.
func (a *Assessment) DecisionReport(p *DecisionPlan, o ReportOptions) (*Report, error) {
	if err := o.check(ReportDecision); err != nil {
		return nil, err
	}
	if p.Status == solve.Infeasible {
		return nil, Errorf(Invalid, "there is no joint plan to report: %s", p.Reason)
	}
	r := &decisionReport{sheet: sheet{asOf: a.Snapshot.AsOf, rule: "decision/1"}, p: p, lists: map[string][]*VillageDecision{}}
	county := a.Snapshot.Region.Code
	for i := range p.Villages {
		v := &p.Villages[i]
		for _, scope := range []string{county, a.scopeOf(v.Township)} {
			r.lists[scope] = append(r.lists[scope], v)
		}
	}
	r.unit(county, a.Snapshot.Region.Name)
	r.proof()
	if o.By != "none" {
		for _, t := range r.townshipScopes(a) {
			if t.Code != a.unassigned() || r.lists[t.Code] != nil {
				r.unit(t.Code, t.Name)
			}
		}
	}
	out := &Report{Kind: ReportDecision, Region: county, Revision: a.Snapshot.Revision, AsOf: a.Snapshot.AsOf, Figures: r.figures}
	if !a.Snapshot.KnownAt.IsZero() {
		out.KnownAt = a.Snapshot.KnownAt.UTC().Format(time.RFC3339Nano)
	}
	return out, nil
}

// decisionReport writes the figures of a joint plan.
type decisionReport struct {
	sheet
	p     *DecisionPlan
	lists map[string][]*VillageDecision // by scope
}

func (r *decisionReport) unit(scope, name string) {
	r.at(scope, name)
	for _, d := range Decisions {
		is := func(v *VillageDecision) bool { return v.Decision == d }
		r.amount("M30 "+string(d)+"_villages", UnitCount, r.villages(is))
		r.amount("M30 "+string(d)+"_persons", UnitPerson, r.persons(is))
	}
	r.money()
	for _, c := range []struct {
		metric string
		is     func(v *VillageDecision) bool
	}{
		{"M30 in_both_lists", func(v *VillageDecision) bool { return v.Violation == ViolationBoth }},
		{"M30 in_no_list", func(v *VillageDecision) bool { return v.Violation == ViolationNone }},
		{"M30 proven_road", func(v *VillageDecision) bool { return v.Band == solve.BandRoad }},
		{"M30 proven_move", func(v *VillageDecision) bool { return v.Band == solve.BandMove }},
		{"M30 undecided_in_gap", func(v *VillageDecision) bool { return v.Band == solve.BandUndecided }},
		{"M30 services_unknown", func(v *VillageDecision) bool { return v.Decision == DecideRoad && !v.Costs.StayKnown }},
		{"M30 unlike_local_rule", func(v *VillageDecision) bool { return v.Differs != "" }},
	} {
		r.amount(c.metric, UnitCount, r.villages(c.is))
	}
	r.moves()
}

// villages counts those of the scope that are so.
func (r *decisionReport) villages(is func(*VillageDecision) bool) (out []Part) {
	for _, v := range r.lists[r.scope] {
		if is(v) {
			out = append(out, Part{Side: SideNumerator, Layer: "village", ID: v.Village, Amount: 1})
		}
	}
	return out
}

// persons counts their persons; a village without a count is one unknown.
func (r *decisionReport) persons(is func(*VillageDecision) bool) (out []Part) {
	for _, v := range r.lists[r.scope] {
		switch {
		case !is(v):
		case !v.Known:
			out = append(out, Part{Side: SideUnknown, Layer: "village", ID: v.Village, Amount: 1})
		case v.Persons != 0:
			out = append(out, Part{Side: SideNumerator, Layer: "village", ID: v.Village, Amount: v.Persons})
		}
	}
	return out
}

// money is what the plan spends, by kind: the roads as each village shares them.
func (r *decisionReport) money() {
	own := func(d Decision) func(*VillageDecision) int64 {
		return func(v *VillageDecision) int64 {
			if v.Decision != d {
				return 0
			}
			return v.Money - v.Costs.RoadShare
		}
	}
	for _, m := range []struct {
		metric string
		yuan   func(*VillageDecision) int64
	}{
		{"M30 roads_yuan", func(v *VillageDecision) int64 { return v.Costs.RoadShare }},
		{"M30 services_yuan", own(DecideRoad)},
		{"M30 moves_yuan", own(DecideRelocate)},
		{"M30 interim_yuan", own(DecideInterim)},
		{"M30 money_yuan", func(v *VillageDecision) int64 { return v.Money }},
	} {
		var parts []Part
		for _, v := range r.lists[r.scope] {
			if yuan := m.yuan(v); yuan != 0 {
				parts = append(parts, Part{Side: SideNumerator, Layer: "village", ID: v.Village, Amount: yuan * 100})
			}
		}
		r.amount(m.metric, UnitYuan, parts)
	}
}

// moves is the mean way of the persons whom the plan moves.
func (r *decisionReport) moves() {
	var parts []Part
	var persons int64
	for _, v := range r.lists[r.scope] {
		if v.MoveMM != nil {
			persons += v.Persons
			parts = append(parts, Part{Side: SideNumerator, Layer: "village", ID: v.Village, Amount: v.Persons * *v.MoveMM})
		}
	}
	f := r.row("M30 move_mean", UnitMetre, UnitPerson, parts).over(persons)
	if f.Value != nil {
		value := float64(f.Numerator) / float64(persons) / 1000
		f.Value = &value
	}
}

// proof is what the solver proved of the plan: its objective, in yuan or persons,
// a bound that no plan passes, and the gap between them.
func (r *decisionReport) proof() {
	unit := UnitYuan
	if r.p.Options.Objective == solve.LeastUnserved {
		unit = UnitPerson
	}
	base := func(x float64) int64 { return int64(math.Round(x * perUnit(unit))) }
	for _, m := range []struct {
		metric string
		value  float64
	}{{"M30 objective", r.p.Objective}, {"M30 bound", r.p.Bound}} {
		f := r.row(m.metric, unit, unit, nil)
		if !math.IsInf(m.value, 0) {
			f.Numerator, f.Value = base(m.value), &m.value
		}
	}
	f := r.row("M30 gap", UnitPercent, unit, nil)
	if gap := r.p.Gap(); !math.IsInf(gap, 0) {
		whole, value := base(math.Max(1, math.Abs(r.p.Objective))), gap*100
		f.Numerator, f.Denominator, f.Value = base(math.Abs(r.p.Objective-r.p.Bound)), &whole, &value
	}
}

package planner

import (
	"context"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/planner/solve"
)

// The report of a plan adds up: townships to the county, kinds of money to what
// the plan spends, villages and persons to those that are decided about; counted
// here off the rows of the plan, one by one.
func TestDecisionReport(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := demoCounty(rapid.Uint64Range(1, 40).Draw(rt, "seed"), 30, 9)
		a := Assess(s)
		o := DecideOptions{InterimPerHead: rapid.SampledFrom([]int64{0, 900}).Draw(rt, "interim"), YuanPerKM: rapid.SampledFrom([]int64{0, 50_000, 4_000_000}).Draw(rt, "km")}
		if rapid.Bool().Draw(rt, "unserved") {
			o.Objective = solve.LeastUnserved
		}
		p := must(a.Decide(context.Background(), o))
		if p.Status == solve.Infeasible {
			rt.Skip()
		}
		r := must(a.DecisionReport(p, ReportOptions{}))
		county, towns := map[string]*Figure{}, map[string]int64{}
		for i := range r.Figures {
			f := &r.Figures[i]
			if f.Scope == s.Region.Code {
				county[f.Metric] = f
			} else {
				towns[f.Metric] += f.Numerator
			}
		}
		for metric, f := range county {
			if sum := towns[metric]; sum != f.Numerator && !strings.HasSuffix(metric, "objective") && !strings.HasSuffix(metric, "bound") && !strings.HasSuffix(metric, "gap") {
				rt.Fatalf("%s: %d in the townships, %d in the county", metric, sum, f.Numerator)
			}
			if f.Value != nil && (math.IsNaN(*f.Value) || math.IsInf(*f.Value, 0)) {
				rt.Fatalf("%s is %v", metric, *f.Value)
			}
		}
		unpriced := int64(0)
		villages, persons, unknown := map[Decision]int64{}, map[Decision]int64{}, map[Decision]int64{}
		for _, v := range p.Villages {
			villages[v.Decision]++
			if d := a.Villages[a.village[v.Village]]; v.Decision == DecideRoad && (d.Water == WaterUnsurveyed || d.Water == WaterUnsafe && d.Survey.CloseCostFen == nil && s.Rules.Water.GapVillage+s.Rules.Water.GapPerson == 0) {
				unpriced++
			}
			if v.Known {
				persons[v.Decision] += v.Persons
			} else {
				unknown[v.Decision]++
			}
		}
		if n := county["M30 services_unknown"].Numerator; n != unpriced || p.County.Unpriced != unpriced {
			rt.Fatalf("service costs unknown of %d villages in the report and %d in the plan, want %d", n, p.County.Unpriced, unpriced)
		}
		for _, d := range Decisions {
			n, heads := county["M30 "+string(d)+"_villages"], county["M30 "+string(d)+"_persons"]
			if n.Numerator != villages[d] || heads.Numerator != persons[d] || heads.Unknown != unknown[d] || int64(len(n.IDs())) != villages[d] {
				rt.Fatalf("%s: %d villages, %d persons, %d unknown in the report, and %d, %d, %d in the plan", d, n.Numerator, heads.Numerator, heads.Unknown, villages[d], persons[d], unknown[d])
			}
		}
		for metric, yuan := range map[string]int64{"roads": p.Costs.Roads, "services": p.Costs.Stay, "moves": p.Costs.Moves, "interim": p.Costs.Interim, "money": p.Costs.Money} {
			if got := county["M30 "+metric+"_yuan"].Numerator; got != yuan*100 {
				rt.Fatalf("%s: %d fen, the plan spends %d yuan", metric, got, yuan)
			}
		}
		if gap := *county["M30 gap"].Value; math.Abs(gap-100*p.Gap()) > 1e-9 || *county["M30 objective"].Value != p.Objective || *county["M30 bound"].Value > p.Objective {
			rt.Fatalf("gap %v of %v and %v", gap, *county["M30 objective"].Value, *county["M30 bound"].Value)
		}
		if len(must(a.DecisionReport(p, ReportOptions{By: "none"})).Figures) != len(county) {
			rt.Fatal("without townships there is more than the county")
		}
	})
}

func TestDecisionReportRefuses(t *testing.T) {
	a := Assess(demoCounty(1, 12, 4))
	for want, c := range map[string]struct {
		status solve.Status
		by     string
	}{"no joint plan to report": {solve.Infeasible, ""}, `no breakdown by "village"`: {solve.Optimal, "village"}, `no breakdown by "class"`: {solve.Optimal, "class"}} {
		_, err := a.DecisionReport(&DecisionPlan{Outcome: solve.Outcome{Status: c.status}}, ReportOptions{By: c.by})
		if CodeOf(err) != Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

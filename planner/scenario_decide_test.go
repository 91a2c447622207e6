package planner

import (
	"context"
	"strconv"
	"strings"

	"github.com/qiantu/qiantu/planner/solve"
)

// joint: "joint km=400000 person=60000 budget=1000000,2000000 interim=500
// objective=unserved upkeep=0 haul=0 leave=0": the options of what follows.
func (sc *scenario) joint(_ []string, o map[string]string) {
	p := DecideOptions{
		YuanPerKM: sc.number(or(o["km"], "0")), YuanPerPerson: sc.number(or(o["person"], "0")), InterimPerHead: sc.number(or(o["interim"], "0")),
		UpkeepPerKM: sc.optional(o, "upkeep"), HaulPerKM: sc.optional(o, "haul"), LeavePerPerson: sc.optional(o, "leave"),
		Objective: solve.DecideObjective(o["objective"]),
	}
	if o["budget"] != "" {
		for _, b := range strings.Split(o["budget"], ",") {
			p.Budget = append(p.Budget, sc.number(b))
		}
	}
	sc.checks = append(sc.checks, func(*Assessment) { sc.planned = p })
}

// decide: "decide 1 road why=joint rule=relocate differs=shared_branch site=1
// alone=5 money=4 flip=500000": money in yuan, what a village's row says.
func (sc *scenario) decide(w []string, o map[string]string) {
	where, id, want := sc.line, sc.id(w[0]), w[1]
	sc.checks = append(sc.checks, func(a *Assessment) {
		p, err := a.Decide(context.Background(), sc.planned)
		if err != nil {
			sc.t.Errorf("%s: %v", where, err)
			return
		}
		checkPlan(sc.t, a, p)
		v := p.find(id)
		if v == nil {
			if want != "absent" {
				sc.t.Errorf("%s: the plan has no such village (%s %s)", where, p.Status, p.Reason)
			}
			return
		}
		if string(v.Decision) != want {
			sc.t.Errorf("%s: it is %q", where, v.Decision)
		}
		got := v.words()
		for key, value := range o {
			if key != w[0] && key != w[1] && got[key] != value {
				sc.t.Errorf("%s: %s is %q", where, key, got[key])
			}
		}
	})
}

func (p *DecisionPlan) find(id ID) *VillageDecision {
	for i := range p.Villages {
		if p.Villages[i].Village == id {
			return &p.Villages[i]
		}
	}
	return nil
}

// words are what a scenario may expect of a row.
func (v *VillageDecision) words() map[string]string {
	number := func(n *int64) string {
		if n == nil {
			return "-"
		}
		return strconv.FormatInt(*n, 10)
	}
	segments := make([]string, len(v.Segments))
	for i, s := range v.Segments {
		segments[i] = idString(s)
	}
	return map[string]string{
		"why": string(v.Why), "rule": string(v.Rule), "differs": or(string(v.Differs), "-"), "site": idString(v.Site), "band": string(v.Band),
		"alone": number(v.Costs.RoadAlone), "extra": number(v.Costs.RoadExtra), "share": strconv.FormatInt(v.Costs.RoadShare, 10), "move": number(v.Costs.Move),
		"stay": strconv.FormatInt(v.Costs.Stay, 10), "money": strconv.FormatInt(v.Money, 10), "persons": strconv.FormatInt(v.Persons, 10),
		"flip": number(v.Flip.YuanPerKM), "flip_person": number(v.Flip.YuanPerPerson), "flip_persons": number(v.Flip.Persons),
		"violation": or(string(v.Violation), "-"), "published": or(string(v.Published), "-"), "segments": or(strings.Join(segments, ","), "-"),
		"year": strconv.Itoa(v.Year), "settled": strconv.FormatInt(v.Settled, 10),
	}
}

// capacity: "capacity 1 of=156 by=jobs free=100 taken=0 over=0".
func (sc *scenario) capacity(w []string, o map[string]string) {
	where, id := sc.line, sc.id(w[0])
	sc.checks = append(sc.checks, func(a *Assessment) {
		c := a.SiteCapacity()[a.site[id]]
		got := map[string]string{
			"of": strconv.FormatInt(c.Most, 10), "by": or(string(c.Binding), "-"), "free": strconv.FormatInt(c.Free, 10),
			"taken": strconv.FormatInt(c.Taken, 10), "over": strconv.FormatInt(c.Over, 10),
		}
		for key, value := range o {
			if key != w[0] && got[key] != value {
				sc.t.Errorf("%s: %s is %q", where, key, got[key])
			}
		}
	})
}

package planner

import (
	"github.com/qiantu/qiantu/planner/solve"
)

// proposable refuses a plan that stands on facts of a question which no decision
// makes true: people and thresholds supposed, sites that are not there, are
// elsewhere or have not so much room, and villages that it leaves out.
func (a *Assessment) proposable(p *DecisionPlan) error {
	if p.Status == solve.Infeasible {
		return Errorf(Invalid, "there is no plan to submit: %s", p.Reason)
	}
	for _, check := range []func(*DecisionPlan) error{a.noFactSupposed, a.sitesAreThere, a.sitesHaveRoom, a.allDecided} {
		if err := check(p); err != nil {
			return err
		}
	}
	return nil
}

// noFactSupposed refuses supposed people, and thresholds looser than the rules.
func (a *Assessment) noFactSupposed(*DecisionPlan) error {
	for _, e := range a.Question.Edits {
		if e.Village != 0 {
			return Errorf(Invalid, "edit %q supposes people; a plan is of those who are counted: enter the count in the register, take the edit back and submit again", e)
		}
	}
	rules := &a.original().Snapshot.Rules
	for _, t := range []struct {
		name               string
		asked, rule, units int64
	}{
		{"connect_m", a.Question.ConnectMM, rules.ConnectMM, 1000}, {"rai_m", a.Question.RAIMM, rules.RAIBufferMM, 1000}, {"walk_min", a.Question.WalkMS, rules.RAIWalkMS, 60_000},
	} {
		if t.asked > t.rule {
			return Errorf(Invalid, "%s is %d, looser than the county's rule of %d; a plan is held against the rules: set it to %d or less and submit again", t.name, t.asked/t.units, t.rule/t.units, t.rule/t.units)
		}
	}
	return nil
}

// sitesAreThere refuses moves to sites that only the question has, or has
// elsewhere.
func (a *Assessment) sitesAreThere(p *DecisionPlan) error {
	for i := range p.Villages {
		v := &p.Villages[i]
		if v.Site == 0 {
			continue
		}
		at, there := a.original().site[v.Site]
		if !there {
			return Errorf(Invalid, "village %d %s moves to site %d, which only this scenario has; enter it in the register of sites first, rebase, and move to that one", v.Village, v.Name, v.Site)
		}
		if site := &a.original().Snapshot.Sites[at]; a.Snapshot.Sites[a.site[v.Site]].Gate != site.Gate {
			return Errorf(Invalid, "village %d %s moves to site %d %s, which this scenario has at another place; enter the place in the register of sites, rebase and submit again", v.Village, v.Name, v.Site, site.Name)
		}
	}
	return nil
}

// sitesHaveRoom refuses a plan that moves more persons to a site than it has
// room for without the question.
func (a *Assessment) sitesHaveRoom(p *DecisionPlan) error {
	capacity := a.original().SiteCapacity()
	for i := range p.Sites {
		s := &p.Sites[i]
		at, there := a.original().site[s.Site]
		if s.Used == 0 || !there { // who moves to one that is not there is refused by name
			continue
		}
		if c := &capacity[at]; s.Used+c.Taken > c.Most {
			return Errorf(Invalid, "site %d %s would have %d persons, %d of them moved there by this plan, but takes %d without this scenario; enter its capacity in the register of sites, rebase and submit again",
				s.Site, s.Name, s.Used+c.Taken, s.Used, c.Most)
		}
	}
	return nil
}

// allDecided refuses a plan without a decision for a village that has people, or
// may have.
func (a *Assessment) allDecided(p *DecisionPlan) error {
	decided := map[ID]bool{}
	for i := range p.Villages {
		decided[p.Villages[i].Village] = true
	}
	for i := range a.original().Snapshot.Villages {
		v := &a.original().Snapshot.Villages[i]
		if n, known := v.Persons(); (!known || n > 0) && !decided[v.ID] {
			return Errorf(Invalid, "the plan has no decision for village %d %s, where people live; make it again over the county as it is", v.ID, v.Name)
		}
	}
	return nil
}

// Stands refuses, as a [Conflict], a proposed plan that decides about a village
// or sends somebody to a site that a county no longer has.
func (p *PublishedPlan) Stands(now *Snapshot) error {
	for i := range p.Villages {
		d := &p.Villages[i]
		if find(now.Villages, d.Village, func(v *Village) ID { return v.ID }) == nil {
			return Errorf(Conflict, "the plan decides about village %d, which is no longer in the register; return it, so that it is rebased and submitted again", d.Village)
		}
		if d.Site != 0 && find(now.Sites, d.Site, func(s *Site) ID { return s.ID }) == nil {
			return Errorf(Conflict, "the plan moves village %d to site %d, which is no longer in the register; return it, so that it is rebased and submitted again", d.Village, d.Site)
		}
	}
	return nil
}

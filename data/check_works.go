package data

import "github.com/qiantu/qiantu/planner"

// works checks what belongs to the ledger of works.
func (c *checker) works(l *Load) {
	for _, f := range l.Funding {
		c.refers("funding", f.Source, "programme", f.Programme)
	}
	for _, f := range l.Totals {
		c.refers("the total of funding", f.Source, "programme", f.Programme)
	}
	for i := range l.Contracts {
		t := &l.Contracts[i]
		c.refers("contract", t.Code, "programme", t.Programme)
		for _, s := range t.Scope {
			c.refers("contract", t.Code, "road", s.Road)
			c.span("contract", t.Code, s.Span)
		}
	}
	for _, i := range l.Inspections {
		c.refers("inspection", i.ID, "road", i.Road)
		c.span("inspection", i.ID, i.Span)
	}
	for _, d := range l.Disputes {
		if d.Awarded != 0 {
			c.refers("dispute", d.ID, "contract", d.Awarded)
		}
	}
	c.versions(l)
	c.evidence(l)
}

// versions checks what speaks of versions that were replaced.
func (c *checker) versions(l *Load) {
	for i := range l.Earlier {
		v := &l.Earlier[i]
		c.refers("an earlier version", v.Number, "road", v.Road)
		if v.To.IsZero() {
			c.fault("version %d of road %d says of no day that it ended; only one version of a road is in force, and that is the road itself", v.Number, v.Road)
		}
	}
	for i := range l.Operations {
		for _, m := range l.Operations[i].Mappings {
			if m.Kind != planner.MappingNew {
				c.refers("a mapping of", l.Operations[i].On, "road", m.FromRoad)
			}
			if m.Kind != planner.MappingRetired {
				c.refers("a mapping of", l.Operations[i].On, "road", m.ToRoad)
			}
		}
	}
}

// evidence checks files, overrides and submissions.
func (c *checker) evidence(l *Load) {
	reports := make(map[string]bool, len(l.Progress))
	for i := range l.Progress {
		reports[l.Progress[i].ID] = true
	}
	for _, o := range l.Overrides {
		if !reports[o.Progress] {
			c.fault("an override of %s names report %s, which the load does not hold", o.Rule, o.Progress)
		}
	}
	for i := range l.Files {
		if f := &l.Files[i]; len(f.Body) == 0 || len(f.Body) > MaxFile {
			c.fault("the file %s has %d bytes; one to %d can be stored", f.Name, len(f.Body), MaxFile)
		}
	}
	for i := range l.Submissions {
		s := &l.Submissions[i]
		c.uuid("submission", s.ID)
		if s.Status == planner.SubmissionApplied {
			c.fault("submission %s is applied; an applied one is a report, give it as progress", s.ID)
		}
	}
}

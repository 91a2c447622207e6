package planner

import (
	"cmp"
	"slices"
)

// ComparedScenario is one side of a comparison: a scenario, or with a zero ID
// the county as it is, judged and planned.
type ComparedScenario struct {
	ID    ID
	Name  string
	Edits []string    // texts, as they stand
	A     *Assessment // as the scenario asks
	Plan  *DecisionPlan
	Roads SupposedRoads // of A at the plan's prices
}

// Comparison is what differs between scenarios, side by side: every list has
// only what is not the same for all, and its At is in the order of Of.
type Comparison struct {
	Of       []ComparedScenario
	Edits    []ComparedEdit
	Figures  []ComparedFigure
	Villages []ComparedVillage // by id
	Sites    []ComparedSite    // by id
	Plans    []ComparedPlan    // one for each, the same or not
}

// ComparedEdit is an edit that not all have.
type ComparedEdit struct {
	Edit string
	In   []bool
}

// ComparedFigure is a figure of the county that is not the same for all.
type ComparedFigure struct {
	Kind ReportKind
	At   []*Figure // nil: it has no such figure
}

// ComparedVillage is a village that is not judged or not decided the same way.
type ComparedVillage struct {
	Village  ID
	Name     string
	Township string
	At       []VillageStanding
}

// VillageStanding is what is judged and decided of a village. The zero one is
// of a village that is not there.
type VillageStanding struct {
	Road     RoadVerdict
	Supply   SupplyVerdict
	Decision Decision
	Site     ID
	Persons  *int64 // who is decided about; nil: not known
}

// ComparedSite is a site that is not the same for all.
type ComparedSite struct {
	Site ID
	Name string
	At   []*SiteStanding // nil: it is not there
}

// SiteStanding is how much of a site a plan takes.
type SiteStanding struct {
	Used     int64 // persons whom the plan moves there
	Taken    int64 // persons who have signed or moved in
	Most     int64
	Binding  CapacityLimit
	Lon, Lat float64
}

// ComparedPlan is a plan in sums.
type ComparedPlan struct {
	Sum   DecisionSum
	Roads SupposedRoads
	Money int64 // yuan: of the plan and of the supposed roads
}

// comparedReports are the reports whose figures are held beside each other.
var comparedReports = []ReportKind{ReportCoverage, ReportWater, ReportRelocation}

// Compare holds scenarios beside each other. It is as good for one as for many;
// nobody's plan may be nil.
func Compare(of []ComparedScenario) (*Comparison, error) {
	c := &Comparison{Of: of}
	c.edits()
	if err := c.figures(); err != nil {
		return nil, err
	}
	c.villages()
	c.sites()
	for i := range of {
		s := &of[i]
		c.Plans = append(c.Plans, ComparedPlan{s.Plan.County, s.Roads, s.Plan.Costs.Money + s.Roads.Yuan})
	}
	return c, nil
}

// edits lists, in the order in which they are met, those that somebody has not.
func (c *Comparison) edits() {
	seen := map[string]bool{}
	for i := range c.Of {
		for _, text := range c.Of[i].Edits {
			if seen[text] {
				continue
			}
			seen[text] = true
			in := make([]bool, len(c.Of))
			for k := range c.Of {
				in[k] = slices.Contains(c.Of[k].Edits, text)
			}
			if slices.Contains(in, false) {
				c.Edits = append(c.Edits, ComparedEdit{text, in})
			}
		}
	}
}

func (c *Comparison) figures() error {
	for _, kind := range comparedReports {
		columns := make([]map[string]*Figure, len(c.Of))
		var order []string
		for i := range c.Of {
			r, err := c.Of[i].A.Report(kind, ReportOptions{By: "none"})
			if err != nil {
				return err
			}
			columns[i] = map[string]*Figure{}
			for k := range r.Figures {
				key := r.Figures[k].Metric + "\x00" + r.Figures[k].Scope
				columns[i][key] = &r.Figures[k]
				if !slices.Contains(order, key) {
					order = append(order, key)
				}
			}
		}
		for _, key := range order {
			row := ComparedFigure{Kind: kind, At: make([]*Figure, len(c.Of))}
			for i := range columns {
				row.At[i] = columns[i][key]
			}
			if slices.ContainsFunc(row.At, func(f *Figure) bool { return !sameFigure(row.At[0], f) }) {
				c.Figures = append(c.Figures, row)
			}
		}
	}
	return nil
}

// sameFigure says whether two figures show the same; of two that are masked
// nothing is shown, so that nobody learns that they differ.
func sameFigure(a, b *Figure) bool {
	if a == nil || b == nil || a.Masked && b.Masked {
		return (a == nil) == (b == nil)
	}
	return a.Numerator == b.Numerator && sameValue(a.Denominator, b.Denominator) && sameValue(a.Value, b.Value) && a.Unknown == b.Unknown && a.Masked == b.Masked
}

func (c *Comparison) villages() {
	rows := map[ID]*ComparedVillage{}
	for i := range c.Of {
		s := &c.Of[i]
		decided := map[ID]*VillageDecision{}
		for k := range s.Plan.Villages {
			decided[s.Plan.Villages[k].Village] = &s.Plan.Villages[k]
		}
		supply := s.A.supplyAsked()
		for k := range s.A.Villages {
			d := &s.A.Villages[k]
			row := rows[d.Village.ID]
			if row == nil {
				row = &ComparedVillage{d.Village.ID, d.Village.Name, d.Village.Township, make([]VillageStanding, len(c.Of))}
				rows[d.Village.ID] = row
			}
			at := &row.At[i]
			at.Road, at.Supply = d.Road, supply.of(s.A, d).Verdict
			if v := decided[d.Village.ID]; v != nil {
				at.Decision, at.Site = v.Decision, v.Site
				if v.Known {
					at.Persons = &v.Persons
				}
			}
		}
	}
	for _, row := range rows {
		first := row.At[0]
		if slices.ContainsFunc(row.At, func(v VillageStanding) bool { return !first.same(&v) }) {
			c.Villages = append(c.Villages, *row)
		}
	}
	slices.SortFunc(c.Villages, func(a, b ComparedVillage) int { return cmp.Compare(a.Village, b.Village) })
}

func (v *VillageStanding) same(w *VillageStanding) bool {
	return v.Road == w.Road && v.Supply == w.Supply && v.Decision == w.Decision && v.Site == w.Site && sameValue(v.Persons, w.Persons)
}

func (c *Comparison) sites() {
	rows := map[ID]*ComparedSite{}
	for i := range c.Of {
		s := &c.Of[i]
		used := map[ID]int64{}
		for k := range s.Plan.Sites {
			used[s.Plan.Sites[k].Site] = s.Plan.Sites[k].Used
		}
		capacity := s.A.SiteCapacity()
		for k := range s.A.Snapshot.Sites {
			site := &s.A.Snapshot.Sites[k]
			row := rows[site.ID]
			if row == nil {
				row = &ComparedSite{site.ID, site.Name, make([]*SiteStanding, len(c.Of))}
				rows[site.ID] = row
			}
			row.At[i] = &SiteStanding{used[site.ID], capacity[k].Taken, capacity[k].Most, capacity[k].Binding, site.Gate[0], site.Gate[1]}
		}
	}
	for _, row := range rows {
		if slices.ContainsFunc(row.At, func(s *SiteStanding) bool { return !sameValue(row.At[0], s) }) {
			c.Sites = append(c.Sites, *row)
		}
	}
	slices.SortFunc(c.Sites, func(a, b ComparedSite) int { return cmp.Compare(a.Site, b.Site) })
}

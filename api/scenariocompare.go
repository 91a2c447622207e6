package api

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/qiantu/qiantu/planner"
)

// comparedAtMost is how many scenarios are held beside each other.
const comparedAtMost = 4

type compareInput struct {
	Region string `query:"region" required:"true" maxLength:"64"`
	IDs    string `query:"ids" required:"true" maxLength:"80" doc:"2 to 4 numbers of scenarios with commas between; 0: the county as it is"`
}

// comparisonJSON has what is not the same for all; at is in the order of of.
type comparisonJSON struct {
	Revision int64                 `json:"revision"`
	Of       []comparedJSON        `json:"of"`
	Edits    []comparedEditJSON    `json:"edits" doc:"that not all have"`
	Figures  []comparedFigureJSON  `json:"figures" doc:"of the county, that are not the same for all"`
	Villages []comparedVillageJSON `json:"villages" doc:"judged or decided otherwise"`
	Sites    []comparedSiteJSON    `json:"sites" doc:"used otherwise, or not there for all"`
}

// comparedJSON is one side: a scenario or the county as it is, and its plan in
// sums.
type comparedJSON struct {
	ID        planner.ID       `json:"id" doc:"0: the county as it is"`
	Name      string           `json:"name"`
	Version   int64            `json:"version"`
	Revision  int64            `json:"revision" doc:"of its base"`
	AsOf      string           `json:"as_of"`
	Objective string           `json:"objective"`
	Value     *float64         `json:"value" doc:"of the objective; null: no plan"`
	Bound     *float64         `json:"bound"`
	Gap       *float64         `json:"gap"`
	Status    string           `json:"status" doc:"optimal, feasible, stopped, infeasible"`
	Reason    string           `json:"reason" doc:"of infeasible"`
	Villages  map[string]int64 `json:"villages" doc:"by decision"`
	Persons   map[string]int64 `json:"persons" doc:"by decision"`
	Money     int64            `json:"money" doc:"yuan: the plan and the supposed roads"`
	Roads     int64            `json:"roads"`
	Stay      int64            `json:"stay"`
	Moves     int64            `json:"moves"`
	Interim   int64            `json:"interim"`
	Supposed  int64            `json:"supposed" doc:"yuan for roads that its edits build"`
	SupposedM exact            `json:"supposed_m"`
}

type comparedEditJSON struct {
	Edit string `json:"edit"`
	In   []bool `json:"in"`
}

type comparedFigureJSON struct {
	Kind planner.ReportKind `json:"kind"`
	At   []*rowJSON         `json:"at" doc:"null: no such figure"`
}

type comparedVillageJSON struct {
	ID       planner.ID            `json:"id"`
	Name     string                `json:"name"`
	Township string                `json:"township"`
	At       []villageStandingJSON `json:"at"`
}

type villageStandingJSON struct {
	Road     planner.RoadVerdict   `json:"road"`
	Supply   planner.SupplyVerdict `json:"supply"`
	Decision planner.Decision      `json:"decision" doc:"empty: in no plan"`
	Site     *planner.ID           `json:"site" doc:"null: nobody moves"`
	Persons  *int64                `json:"persons" doc:"who is decided about; null: not known"`
}

type comparedSiteJSON struct {
	ID   planner.ID          `json:"id"`
	Name string              `json:"name"`
	At   []*siteStandingJSON `json:"at" doc:"null: not there"`
}

type siteStandingJSON struct {
	Used    int64                 `json:"used" doc:"persons whom the plan moves there"`
	Taken   int64                 `json:"taken" doc:"persons who have signed or moved in"`
	Most    int64                 `json:"most" doc:"persons that fit"`
	Binding planner.CapacityLimit `json:"binding"`
	At      [2]float64            `json:"at"`
}

type compareOutput struct{ Body comparisonJSON }

// side is one scenario that is compared, planned.
type side struct {
	sc     *planner.Scenario // nil: the county as it is
	county *county
	planner.ComparedScenario
}

func (s *Server) compareScenarios(ctx context.Context, in *compareInput) (*compareOutput, error) {
	if err := s.allow(ctx, planner.ActionRead, in.Region, ""); err != nil {
		return nil, err
	}
	ids, err := readCompared(in.IDs)
	if err != nil {
		return nil, err
	}
	w := s.world.Load()
	sides := make([]side, len(ids))
	words := "comparison"
	for i, id := range ids {
		if sides[i], err = s.side(ctx, w, w.counties[in.Region], id); err != nil {
			return nil, s.fail(err)
		}
		words += fmt.Sprintf(" %d:%d at %s", id, sides[i].county.number, wordsOfOptions(&sides[i].Plan.Options))
		if sides[i].sc != nil {
			words += fmt.Sprintf(" v%d", sides[i].sc.Version)
		}
	}
	body, err := workOut(ctx, s, sides[0].county, words, weighComparison, func(context.Context) (*comparisonJSON, error) {
		return compareSides(sides)
	})
	if err != nil {
		return nil, s.fail(err)
	}
	out := *body
	out.Revision = w.revision
	return &compareOutput{out}, nil
}

func readCompared(text string) ([]planner.ID, error) {
	var ids []planner.ID
	for word := range strings.SplitSeq(text, ",") {
		n, err := wholeNumber(strings.TrimSpace(word), 0, 1<<53)
		if err != nil {
			return nil, badParam("ids", "%v", err)
		}
		if slices.Contains(ids, planner.ID(n)) {
			return nil, badParam("ids", "%d is named twice", n)
		}
		ids = append(ids, planner.ID(n))
	}
	if len(ids) < 2 || len(ids) > comparedAtMost {
		return nil, badParam("ids", "%d are named; from 2 to %d are compared", len(ids), comparedAtMost)
	}
	return ids, nil
}

// side judges and plans one side.
func (s *Server) side(ctx context.Context, w *world, live *county, id planner.ID) (side, error) {
	var out side
	var o planner.DecideOptions
	if id != 0 {
		sc, err := s.store.Scenario(ctx, live.info.Code, id)
		if err != nil {
			return out, err
		}
		out.sc, out.ID, out.Name, out.Edits, o = sc, id, sc.Name, sc.Standing(), sc.Options()
	}
	var err error
	if out.county, err = s.scenarioCounty(ctx, w, live, out.sc); err != nil {
		return out, err
	}
	out.A = out.county.assessment
	if out.Plan, err = s.scenarioPlan(ctx, out.county, o); err != nil {
		return out, err
	}
	out.Roads, err = out.A.SupposedRoads(o)
	return out, err
}

func compareSides(sides []side) (*comparisonJSON, error) {
	of := make([]planner.ComparedScenario, len(sides))
	for i := range sides {
		of[i] = sides[i].ComparedScenario
	}
	c, err := planner.Compare(of)
	if err != nil {
		return nil, err
	}
	out := &comparisonJSON{Edits: []comparedEditJSON{}, Figures: []comparedFigureJSON{}, Villages: []comparedVillageJSON{}, Sites: []comparedSiteJSON{}}
	for i := range sides {
		out.Of = append(out.Of, wireCompared(&sides[i], &c.Plans[i]))
	}
	for _, e := range c.Edits {
		out.Edits = append(out.Edits, comparedEditJSON(e))
	}
	for _, f := range c.Figures {
		row := comparedFigureJSON{Kind: f.Kind, At: make([]*rowJSON, len(f.At))}
		for i, at := range f.At {
			if at != nil {
				wired := wireRow(at)
				row.At[i] = &wired
			}
		}
		out.Figures = append(out.Figures, row)
	}
	out.standings(c)
	return out, nil
}

// standings are the villages and sites.
func (out *comparisonJSON) standings(c *planner.Comparison) {
	for _, v := range c.Villages {
		row := comparedVillageJSON{v.Village, v.Name, v.Township, make([]villageStandingJSON, len(v.At))}
		for i, at := range v.At {
			row.At[i] = villageStandingJSON{at.Road, at.Supply, at.Decision, orNoID(at.Site), at.Persons}
		}
		out.Villages = append(out.Villages, row)
	}
	for _, site := range c.Sites {
		row := comparedSiteJSON{site.Site, site.Name, make([]*siteStandingJSON, len(site.At))}
		for i, at := range site.At {
			if at != nil {
				row.At[i] = &siteStandingJSON{at.Used, at.Taken, at.Most, at.Binding, [2]float64{at.Lon, at.Lat}}
			}
		}
		out.Sites = append(out.Sites, row)
	}
}

func wireCompared(s *side, p *planner.ComparedPlan) comparedJSON {
	plan := s.Plan
	out := comparedJSON{
		ID: s.ID, Name: s.Name, Revision: s.county.live().snapshot.Revision, AsOf: s.A.Snapshot.AsOf.String(), Objective: string(plan.Options.Objective),
		Status: string(plan.Status), Reason: plan.Reason, Villages: map[string]int64{}, Persons: map[string]int64{},
		Money: p.Money, Roads: plan.Costs.Roads, Stay: plan.Costs.Stay, Moves: plan.Costs.Moves, Interim: plan.Costs.Interim,
		Supposed: p.Roads.Yuan, SupposedM: exactly(p.Roads.MM, metres),
		Value: finiteNumber(plan.Objective), Bound: finiteNumber(plan.Bound), Gap: finiteNumber(plan.Gap()),
	}
	if s.sc != nil {
		out.Version, out.Revision = s.sc.Version, s.sc.Base.Revision
	}
	for _, d := range planner.Decisions {
		out.Villages[string(d)], out.Persons[string(d)] = p.Sum.Villages[d], p.Sum.Persons[d]
	}
	return out
}

// weighComparison is about how many bytes a comparison takes.
func weighComparison(c *comparisonJSON) int64 {
	return int64(len(c.Of)) * int64(256*len(c.Figures)+96*len(c.Villages)+96*len(c.Sites)+256)
}

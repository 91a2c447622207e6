package api

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/planner"
)

// solvedJSON is what a solver says beside its answer. Null: there is no answer.
type solvedJSON struct {
	Objective *float64 `json:"objective"`
	Bound     *float64 `json:"bound"`
	Gap       *float64 `json:"gap"`
	Seconds   float64  `json:"seconds"`
	Status    string   `json:"status" enum:"optimal,feasible,infeasible,stopped"`
	Reason    string   `json:"reason,omitempty" doc:"of an infeasible one"`
}

// decisionPlanJSON is a joint plan on the wire. Money is yuan.
type decisionPlanJSON struct {
	solvedJSON
	GapYuan    *int64             `json:"gap_yuan" doc:"what a better plan could at most save, prices that are no money included; null: not known, or persons are minimised"`
	GapPersons *int64             `json:"gap_persons" doc:"handing up so many has the price of the gap; where persons are minimised: what a better plan could at most serve more"`
	ReviewEach int64              `json:"review_yuan_per_person" doc:"price of handing a person up, no money"`
	LeaveEach  int64              `json:"leave_yuan_per_person" doc:"price of leaving the published plan, no money"`
	Region     string             `json:"region"`
	Revision   int64              `json:"revision"`
	AsOf       string             `json:"as_of"`
	YuanPerKM  int64              `json:"yuan_per_km"`
	PerPerson  int64              `json:"yuan_per_person"`
	Goal       string             `json:"minimised" enum:"cost,unserved"`
	Budget     []int64            `json:"budget" doc:"by year; empty: no limit"`
	Costs      decisionCostsJSON  `json:"costs"`
	County     decisionSumJSON    `json:"county"`
	Townships  []decisionSumJSON  `json:"townships"`
	Sites      []decisionSiteJSON `json:"sites"`
	Years      []decisionYearJSON `json:"years"`
	Villages   []villageDecision  `json:"villages"`
	Segments   []decisionRoadJSON `json:"roads" doc:"stretches that are built"`
}

type decisionCostsJSON struct {
	Roads    int64 `json:"roads"`
	Stay     int64 `json:"stay"`
	Moves    int64 `json:"moves"`
	Interim  int64 `json:"interim"`
	Money    int64 `json:"money"`
	Review   int64 `json:"review" doc:"price, no money"`
	Leave    int64 `json:"leave" doc:"price, no money"`
	Unserved int64 `json:"unserved" doc:"persons"`
	Supposed int64 `json:"supposed" doc:"yuan of the roads that the scenario builds: in objective, bound and budget, not in money"`
}

type decisionSumJSON struct {
	Scope    string                     `json:"scope"`
	Name     string                     `json:"name"`
	Villages map[planner.Decision]int64 `json:"villages"`
	Persons  map[planner.Decision]int64 `json:"persons"`
	Unknown  map[planner.Decision]int64 `json:"persons_unknown" doc:"villages"`
	Unpriced int64                      `json:"services_unknown" doc:"villages that get a road while nobody knows what the services they lack cost: counted as nothing"`
	Settled  int64                      `json:"settled" doc:"persons who signed or moved in, of villages that are still decided about"`
	Money    int64                      `json:"money"`
	MeanMove *float64                   `json:"metres_moved_mean" doc:"over persons whom the plan moves; null: it moves nobody"`
	Both     int64                      `json:"violations_both"`
	None     int64                      `json:"violations_none"`
}

type decisionSiteJSON struct {
	Site     planner.ID `json:"site"`
	Name     string     `json:"name"`
	At       orb.Point  `json:"at" doc:"[lon,lat] of its gate"`
	Capacity int64      `json:"capacity" doc:"persons"`
	Binding  string     `json:"binding" enum:",persons,dwellings,jobs,water,school,supposed"`
	Taken    int64      `json:"taken" doc:"persons who signed or moved in"`
	Used     int64      `json:"used" doc:"persons whom the plan moves there"`
	Price    float64    `json:"price" doc:"what one more place would take off the objective, at the margin"`
}

type decisionYearJSON struct {
	Spent      int64        `json:"spent"`
	Laid       float64      `json:"laid_m"`
	Connecting float64      `json:"connecting_m"`
	Served     int64        `json:"served" doc:"persons"`
	Villages   []planner.ID `json:"villages"`
}

type decisionRoadJSON struct {
	Segments []planner.ID  `json:"segments"`
	Metres   float64       `json:"m"`
	Build    int64         `json:"build"`
	Upkeep   int64         `json:"upkeep" doc:"present value"`
	Villages []planner.ID  `json:"villages"`
	Class    string        `json:"class"`
	Names    []string      `json:"names"`
	Lines    [][][]float64 `json:"lines" doc:"where it runs, at most five metres off; empty: not drawn"`
}

// villageDecision is a row of the decision sheet.
type villageDecision struct {
	Village   planner.ID   `json:"village"`
	Code      string       `json:"code"`
	Name      string       `json:"name"`
	Township  string       `json:"township"`
	At        orb.Point    `json:"at" doc:"[lon,lat]"`
	Persons   *int64       `json:"persons" doc:"null: not known"`
	Settled   int64        `json:"settled"`
	Decision  string       `json:"decision" enum:"connected,road,relocate,interim,review"`
	Why       string       `json:"why"`
	Band      string       `json:"band"`
	Site      planner.ID   `json:"site" doc:"0: none"`
	Segments  []planner.ID `json:"segments"`
	RoadAlone *int64       `json:"cost_road_alone" doc:"its cheapest way if nobody else had a road"`
	RoadExtra *int64       `json:"cost_road_extra" doc:"what its road adds to the plan"`
	RoadShare int64        `json:"cost_road_share"`
	Stay      int64        `json:"cost_stay"`
	StayKnown bool         `json:"stay_known" doc:"false: nobody knows what the services it lacks cost; counted as nothing"`
	Move      *int64       `json:"cost_move"`
	MoveSite  planner.ID   `json:"move_site"`
	MoveM     exact        `json:"move_m" doc:"way of who moves, by road when dry, straight where there is none; null: nobody is sent there"`
	Interim   *int64       `json:"cost_interim"`
	Leave     int64        `json:"price_leave"`
	Money     int64        `json:"money"`
	Published string       `json:"published"`
	Violation string       `json:"violation"`
	Rule      string       `json:"rule"`
	Reason    string       `json:"rule_reason"`
	Differs   string       `json:"differs"`
	FlipTo    string       `json:"flip_to"`
	FlipKM    *int64       `json:"flip_yuan_per_km"`
	FlipEach  *int64       `json:"flip_yuan_per_person"`
	FlipHeads *int64       `json:"flip_persons"`
	Year      int          `json:"year"`
}

func wireSolved(objective, bound, gap, seconds float64, status, reason string) solvedJSON {
	return solvedJSON{finiteNumber(objective), finiteNumber(bound), finiteNumber(gap), seconds, status, reason}
}

// finiteNumber is null for what has no value.
func finiteNumber(x float64) *float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return nil
	}
	return &x
}

func wireDecision(a *planner.Assessment, p *planner.DecisionPlan, seconds float64) decisionPlanJSON {
	o, worth := &p.Options, p.GapWorth()
	out := decisionPlanJSON{
		GapYuan: worth.Yuan, GapPersons: worth.Persons, ReviewEach: o.ReviewPerPerson(), LeaveEach: *o.LeavePerPerson,
		solvedJSON: wireSolved(p.Objective, p.Bound, p.Gap(), seconds, string(p.Status), p.Reason),
		Region:     a.Snapshot.Region.Code, Revision: a.Snapshot.Revision, AsOf: a.Snapshot.AsOf.String(),
		YuanPerKM: o.YuanPerKM, PerPerson: o.YuanPerPerson, Goal: string(o.Objective), Budget: listed(o.Budget),
		Costs:     decisionCostsJSON{p.Costs.Roads, p.Costs.Stay, p.Costs.Moves, p.Costs.Interim, p.Costs.Money, p.Costs.Review, p.Costs.Leave, p.Costs.Unserved, p.Supposed},
		County:    wireDecisionSum(&p.County),
		Townships: []decisionSumJSON{}, Sites: []decisionSiteJSON{}, Years: []decisionYearJSON{}, Villages: []villageDecision{}, Segments: []decisionRoadJSON{},
	}
	for i := range p.Townships {
		out.Townships = append(out.Townships, wireDecisionSum(&p.Townships[i]))
	}
	for i := range p.Sites {
		out.Sites = append(out.Sites, wireDecisionSite(a, &p.Sites[i]))
	}
	for _, y := range p.Years {
		out.Years = append(out.Years, decisionYearJSON{y.Spent, y.Laid, y.Connecting, y.Served, listed(y.Villages)})
	}
	for i := range p.Villages {
		out.Villages = append(out.Villages, wireVillageDecision(a, &p.Villages[i]))
	}
	for i := range p.Candidates {
		if p.Candidates[i].Built {
			out.Segments = append(out.Segments, wireDecisionRoad(a, &p.Candidates[i]))
		}
	}
	return out
}

// listed is a list that is never null.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func wireDecisionSum(s *planner.DecisionSum) decisionSumJSON {
	return decisionSumJSON{s.Scope, s.Name, s.Villages, s.Persons, s.Unknown, s.Unpriced, s.Settled, s.Money(), s.MeanMove(), s.Both, s.None}
}

func wireDecisionSite(a *planner.Assessment, s *planner.SiteDecision) decisionSiteJSON {
	return decisionSiteJSON{s.Site, s.Name, gateOf(a, s.Site), s.Capacity.Most, string(s.Capacity.Binding), s.Capacity.Taken, s.Used, s.Price}
}

// gateOf is where a site is, pointOf where a village is.
func gateOf(a *planner.Assessment, id planner.ID) orb.Point {
	if s := byID(a.Snapshot.Sites, id, func(s *planner.Site) planner.ID { return s.ID }); s != nil {
		return s.Gate
	}
	return orb.Point{}
}

// byID finds a thing in a list by id; nil: there is none.
func byID[T any](list []T, id planner.ID, idOf func(*T) planner.ID) *T {
	i, ok := slices.BinarySearchFunc(list, id, func(one T, id planner.ID) int { return cmp.Compare(idOf(&one), id) })
	if !ok {
		return nil
	}
	return &list[i]
}

func pointOf(a *planner.Assessment, id planner.ID) orb.Point {
	if v := byID(a.Snapshot.Villages, id, func(v *planner.Village) planner.ID { return v.ID }); v != nil {
		return v.Point
	}
	return orb.Point{}
}

func wireVillageDecision(a *planner.Assessment, v *planner.VillageDecision) villageDecision {
	out := villageDecision{
		Village: v.Village, Code: v.Code, Name: v.Name, Township: v.Township, At: pointOf(a, v.Village), Settled: v.Settled,
		Decision: string(v.Decision), Why: string(v.Why), Band: string(v.Band), Site: v.Site, Segments: listed(v.Segments),
		RoadAlone: v.Costs.RoadAlone, RoadExtra: v.Costs.RoadExtra, RoadShare: v.Costs.RoadShare, Stay: v.Costs.Stay, StayKnown: v.Costs.StayKnown,
		Move: v.Costs.Move, MoveSite: v.Costs.MoveSite, Interim: v.Costs.Interim, Leave: v.Costs.Leave, Money: v.Money,
		Published: string(v.Published), Violation: string(v.Violation), Rule: string(v.Rule), Reason: v.RuleResult.Reason, Differs: string(v.Differs),
		FlipTo: string(v.Flip.To), FlipKM: v.Flip.YuanPerKM, FlipEach: v.Flip.YuanPerPerson, FlipHeads: v.Flip.Persons, Year: v.Year,
	}
	if v.Known {
		out.Persons = &v.Persons
	}
	if v.MoveMM != nil {
		out.MoveM = exactly(*v.MoveMM, metres)
	}
	return out
}

// WriteDecision writes a joint plan as JSON.
func WriteDecision(w io.Writer, a *planner.Assessment, p *planner.DecisionPlan, seconds float64) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(wireDecision(a, p, seconds)); err != nil {
		return fmt.Errorf("api: write decisions: %w", err)
	}
	return nil
}

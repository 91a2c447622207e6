package api

import (
	"encoding/json"
	"fmt"
	"io"
	"math"

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
	Region    string             `json:"region"`
	Revision  int64              `json:"revision"`
	AsOf      string             `json:"as_of"`
	YuanPerKM int64              `json:"yuan_per_km"`
	PerPerson int64              `json:"yuan_per_person"`
	Goal      string             `json:"minimised" enum:"cost,unserved"`
	Budget    []int64            `json:"budget" doc:"by year; empty: no limit"`
	Costs     decisionCostsJSON  `json:"costs"`
	County    decisionSumJSON    `json:"county"`
	Townships []decisionSumJSON  `json:"townships"`
	Sites     []decisionSiteJSON `json:"sites"`
	Years     []decisionYearJSON `json:"years"`
	Villages  []villageDecision  `json:"villages"`
	Segments  []decisionRoadJSON `json:"roads" doc:"stretches that are built"`
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
}

type decisionSumJSON struct {
	Scope    string                     `json:"scope"`
	Name     string                     `json:"name"`
	Villages map[planner.Decision]int64 `json:"villages"`
	Persons  map[planner.Decision]int64 `json:"persons"`
	Unknown  map[planner.Decision]int64 `json:"persons_unknown" doc:"villages"`
	Settled  int64                      `json:"settled" doc:"persons who signed or moved in, of villages that are still decided about"`
	Money    int64                      `json:"money"`
	Both     int64                      `json:"violations_both"`
	None     int64                      `json:"violations_none"`
}

type decisionSiteJSON struct {
	Site     planner.ID `json:"site"`
	Name     string     `json:"name"`
	Capacity int64      `json:"capacity" doc:"persons"`
	Binding  string     `json:"binding" enum:",persons,dwellings,jobs,water,school"`
	Taken    int64      `json:"taken" doc:"persons who signed or moved in"`
	Used     int64      `json:"used" doc:"persons whom the plan moves there"`
	Price    float64    `json:"price" doc:"what one more place would take off the objective, at the margin"`
	Center   []float64  `json:"center" doc:"lon and lat of its gate"`
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
	StayKnown bool         `json:"stay_known"`
	Move      *int64       `json:"cost_move"`
	MoveSite  planner.ID   `json:"move_site"`
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
	Center    []float64    `json:"center" doc:"lon and lat; null: not known"`
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
	o := &p.Options
	out := decisionPlanJSON{
		solvedJSON: wireSolved(p.Objective, p.Bound, p.Gap(), seconds, string(p.Status), p.Reason),
		Region:     a.Snapshot.Region.Code, Revision: a.Snapshot.Revision, AsOf: a.Snapshot.AsOf.String(),
		YuanPerKM: o.YuanPerKM, PerPerson: o.YuanPerPerson, Goal: string(o.Objective), Budget: listed(o.Budget),
		Costs:     decisionCostsJSON{p.Costs.Roads, p.Costs.Stay, p.Costs.Moves, p.Costs.Interim, p.Costs.Money, p.Costs.Review, p.Costs.Leave, p.Costs.Unserved},
		County:    wireDecisionSum(&p.County),
		Townships: []decisionSumJSON{}, Sites: []decisionSiteJSON{}, Years: []decisionYearJSON{}, Villages: []villageDecision{}, Segments: []decisionRoadJSON{},
	}
	for i := range p.Townships {
		out.Townships = append(out.Townships, wireDecisionSum(&p.Townships[i]))
	}
	for i := range p.Sites {
		out.Sites = append(out.Sites, wireDecisionSite(&p.Sites[i]))
	}
	for _, y := range p.Years {
		out.Years = append(out.Years, decisionYearJSON{y.Spent, y.Laid, y.Connecting, y.Served, listed(y.Villages)})
	}
	for i := range p.Villages {
		out.Villages = append(out.Villages, wireVillageDecision(&p.Villages[i]))
	}
	places := newDecisionPlaces(a.Snapshot)
	for i := range p.Candidates {
		if c := &p.Candidates[i]; c.Built {
			road := decisionRoadJSON{Segments: listed(c.Segments), Metres: float64(c.MM) / 1000, Build: c.Build, Upkeep: c.Upkeep, Villages: listed(c.Villages)}
			places.road(&road, c)
			out.Segments = append(out.Segments, road)
		}
	}
	places.put(&out)
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
	return decisionSumJSON{s.Scope, s.Name, s.Villages, s.Persons, s.Unknown, s.Settled, s.Money(), s.Both, s.None}
}

func wireDecisionSite(s *planner.SiteDecision) decisionSiteJSON {
	return decisionSiteJSON{Site: s.Site, Name: s.Name, Capacity: s.Capacity.Most, Binding: string(s.Capacity.Binding), Taken: s.Capacity.Taken, Used: s.Used, Price: s.Price}
}

func wireVillageDecision(v *planner.VillageDecision) villageDecision {
	out := villageDecision{
		Village: v.Village, Code: v.Code, Name: v.Name, Township: v.Township, Settled: v.Settled,
		Decision: string(v.Decision), Why: string(v.Why), Band: string(v.Band), Site: v.Site, Segments: listed(v.Segments),
		RoadAlone: v.Costs.RoadAlone, RoadExtra: v.Costs.RoadExtra, RoadShare: v.Costs.RoadShare, Stay: v.Costs.Stay, StayKnown: v.Costs.StayKnown,
		Move: v.Costs.Move, MoveSite: v.Costs.MoveSite, Interim: v.Costs.Interim, Leave: v.Costs.Leave, Money: v.Money,
		Published: string(v.Published), Violation: string(v.Violation), Rule: string(v.Rule), Reason: v.RuleResult.Reason, Differs: string(v.Differs),
		FlipTo: string(v.Flip.To), FlipKM: v.Flip.YuanPerKM, FlipEach: v.Flip.YuanPerPerson, FlipHeads: v.Flip.Persons, Year: v.Year,
	}
	if v.Known {
		out.Persons = &v.Persons
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

var decisionSheetColumns = []sheetColumn{
	{"编号 village", 10}, {"代码 code", 18}, {"名称 name", 16}, {"乡镇 township", 12}, {"人口 persons", 10}, {"决定 decision", 12}, {"缘由 why", 14}, {"把握 band", 16},
	{"安置点 site", 10}, {"路段 segments", 18}, {"修路增量 cost road", 14}, {"单独修路 road alone", 14}, {"分摊 road share", 14}, {"留住补短 stay", 12},
	{"搬迁 cost move", 14}, {"单村规则 rule", 12}, {"为何不同 differs", 16}, {"转折元每公里 flip", 14}, {"转折元每人 flip person", 14}, {"转折人口 flip persons", 14}, {"违例 violation", 10},
}

// DecisionSheet writes the decision sheet of a plan as a workbook.
func DecisionSheet(w io.Writer, a *planner.Assessment, p *planner.DecisionPlan) error {
	title := fmt.Sprintf("通与搬研判 decisions, %s, gap %.4f %%", p.Status, 100*p.Gap())
	about := aboutList(a, title, a.Snapshot.Revision)
	if len(p.Villages)+len(about)+2 > sheetRows {
		return planner.Errorf(planner.TooLarge, "%d villages do not fit in a spreadsheet of %d rows; ask for JSON or CSV", len(p.Villages), sheetRows)
	}
	s, err := newSpreadsheet(about, decisionSheetColumns)
	if err != nil {
		return err
	}
	for i := range p.Villages {
		v := wireVillageDecision(&p.Villages[i])
		id, site := int64(v.Village), optionalID(v.Site)
		if err := s.write(&id, v.Code, v.Name, v.Township, v.Persons, v.Decision, v.Why, v.Band, site, joinIDs(v.Segments), v.RoadExtra, v.RoadAlone,
			&v.RoadShare, &v.Stay, v.Move, v.Rule, v.Differs, v.FlipKM, v.FlipEach, v.FlipHeads, v.Violation); err != nil {
			return err
		}
	}
	return s.end(w)
}

// optionalID is nil for no thing.
func optionalID(id planner.ID) *int64 {
	if id == 0 {
		return nil
	}
	n := int64(id)
	return &n
}

// joinIDs lists ids in one text.
func joinIDs(ids []planner.ID) string {
	out := ""
	for i, id := range ids {
		if i > 0 {
			out += " "
		}
		out += idText(id)
	}
	return out
}

// assignJSON is an assignment on the wire.
type assignJSON struct {
	solvedJSON
	Region string             `json:"region"`
	AsOf   string             `json:"as_of"`
	Metric string             `json:"metric" enum:"m,s"`
	Split  bool               `json:"split"`
	Rows   []assignRowJSON    `json:"rows"`
	Left   []assignLeftJSON   `json:"left" doc:"who has to move and no site can be found for"`
	Sites  []decisionSiteJSON `json:"sites"`
	Ways   []waySummaryJSON   `json:"ways"`
}

type assignRowJSON struct {
	Village    planner.ID `json:"village"`
	Name       string     `json:"name"`
	Site       planner.ID `json:"site"`
	SiteName   string     `json:"site_name"`
	Households *int64     `json:"households" doc:"null: masked"`
	Persons    int64      `json:"persons"`
	Straight   exact      `json:"straight_m"`
	Metres     exact      `json:"m"`
	Seconds    exact      `json:"s"`
	WetMetres  exact      `json:"wet_m"`
	WetSeconds exact      `json:"wet_s"`
	Walk       *float64   `json:"walk_out_min"`
}

type assignLeftJSON struct {
	Village planner.ID `json:"village"`
	Name    string     `json:"name"`
	Persons *int64     `json:"persons"`
	Why     string     `json:"why"`
}

type waySummaryJSON struct {
	Name        string   `json:"name"`
	Mean        *float64 `json:"mean"`
	Median      *float64 `json:"median"`
	Max         *float64 `json:"max"`
	Over20km    *float64 `json:"over_20km_pct"`
	Persons     int64    `json:"persons"`
	Unreachable int64    `json:"unreachable"`
}

func wireAssignRow(r *planner.AssignRow) assignRowJSON {
	way := wireDistance(&r.Way)
	out := assignRowJSON{
		Village: way.From, Name: way.FromName, Site: way.To, SiteName: way.ToName, Persons: r.Persons,
		Straight: way.Straight, Metres: way.Metres, Seconds: way.Seconds, Walk: way.WalkOut,
	}
	if !r.Masked {
		out.Households = &r.Households
	}
	if r.WetMM != nil && r.WetMS != nil {
		out.WetMetres, out.WetSeconds = exactly(*r.WetMM, metres), exactly(*r.WetMS, metres)
	}
	return out
}

// WriteAssign writes an assignment as JSON.
func WriteAssign(w io.Writer, a *planner.Assessment, p *planner.AssignPlan, seconds float64) error {
	out := assignJSON{
		solvedJSON: wireSolved(p.Objective, p.Bound, p.Gap(), seconds, string(p.Status), p.Reason),
		Region:     a.Snapshot.Region.Code, AsOf: a.Snapshot.AsOf.String(), Metric: p.Metric, Split: p.Split,
		Rows: []assignRowJSON{}, Left: []assignLeftJSON{}, Sites: []decisionSiteJSON{}, Ways: []waySummaryJSON{},
	}
	for i := range p.Rows {
		out.Rows = append(out.Rows, wireAssignRow(&p.Rows[i]))
	}
	for _, l := range p.Left {
		out.Left = append(out.Left, assignLeftJSON{l.Village, l.Name, l.Persons, string(l.Why)})
	}
	for i := range p.Sites {
		out.Sites = append(out.Sites, wireDecisionSite(&p.Sites[i]))
	}
	newDecisionPlaces(a.Snapshot).putSites(out.Sites)
	for _, s := range p.Ways {
		out.Ways = append(out.Ways, waySummaryJSON(s))
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("api: write assignment: %w", err)
	}
	return nil
}

var assignSheetColumns = []sheetColumn{
	{"村编号 village", 10}, {"村 village name", 16}, {"安置点编号 site", 10}, {"安置点 site name", 16}, {"户数 households", 12}, {"人口 persons", 12},
	{"直线 straight m", 14}, {"路程 m", 14}, {"用时 s", 14}, {"雨季路程 wet m", 14}, {"雨季用时 wet s", 14},
}

// AssignSheet writes an assignment as a workbook. Counts of households are masked
// as everywhere.
func AssignSheet(w io.Writer, a *planner.Assessment, p *planner.AssignPlan) error {
	s, err := newSpreadsheet(aboutList(a, "搬迁安置分配 assignment", a.Snapshot.Revision), assignSheetColumns)
	if err != nil {
		return err
	}
	for i := range p.Rows {
		r := wireAssignRow(&p.Rows[i])
		village, site := int64(r.Village), int64(r.Site)
		if err := s.write(&village, r.Name, &site, r.SiteName, r.Households, &r.Persons, r.Straight, r.Metres, r.Seconds, r.WetMetres, r.WetSeconds); err != nil {
			return err
		}
	}
	return s.end(w)
}

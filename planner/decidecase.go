package planner

import (
	"context"

	"github.com/qiantu/qiantu/geo/route"
	"github.com/qiantu/qiantu/planner/solve"
)

// decideCase is a county put as a question to [solve.Decide], with what is
// needed to read the answer.
type decideCase struct {
	a        *Assessment
	prices   decidePrices
	graph    *decideGraph
	capacity []SiteCapacity
	cases    []villageCase // with people in them, by id
	rows     []int         // by village of the model: its case
	model    solve.BuildOrMove
}

// villageCase is a village as the joint plan sees it.
type villageCase struct {
	at      int    // in the assessment
	rest    people // who is still to be decided
	settled people // who signed or moved in
	left    people // who is planned to move and has not signed
	to      int    // the site of most of those who did; -1: none
	known   bool   // how many persons there are
	pinned  Decision
	why     DecisionWhy // of what is not for the solver to decide
	listed  Decision    // of the approved plan; empty: it says nothing, and moves and tasks are the published plan
	planned [2]bool     // the published plan has a road, a move
	whole   bool        // who signed, moved in or is planned to move are all there are
	site    int         // of the published move; -1: none
	begun   bool        // works on all of its missing road have begun
	stay    int64       // yuan to close its service gap
	stayOK  bool        // whether that is known
	way     []int32     // strands of its cheapest way alone
	moves   []solve.DecideMove
	far     []int64 // mm, beside moves
	local   LocalCase
	rule    LocalResult
}

// newDecideCase puts the question.
func (a *Assessment) newDecideCase(ctx context.Context, o DecideOptions) (*decideCase, error) {
	c := &decideCase{a: a, capacity: a.SiteCapacity()}
	c.prices = decidePrices{DecideOptions: o, road: roadScale{a.Snapshot.Rules.perKM(""), o.YuanPerKM * 100}}
	if err := c.gather(); err != nil {
		return nil, err
	}
	var wanted []int
	for i := range c.cases {
		if v := &c.cases[i]; v.pinned == "" && a.Villages[v.at].Connected != Yes {
			wanted = append(wanted, v.at)
		}
	}
	c.graph = a.newDecideGraph(wanted, &c.prices)
	for i := range c.cases {
		c.roads(&c.cases[i])
	}
	c.offer()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	for i := range c.cases {
		c.cases[i].localRule(c)
	}
	c.build()
	return c, nil
}

// gather finds who is still to be decided about.
func (c *decideCase) gather() error {
	household := c.a.meanHousehold()
	moves := c.movesOf()
	for i := range c.a.Villages {
		d := &c.a.Villages[i]
		v := villageCase{at: i, to: -1, site: -1}
		all := people{}
		all.persons, v.known = d.Village.Persons()
		if v.known && (all.persons <= 0) {
			continue
		}
		if all.persons > mostVillagePersons {
			return Errorf(Invalid, "village %d %s has %d persons, more than %d; mend its count before a plan is made", d.Village.ID, d.Village.Name, all.persons, mostVillagePersons)
		}
		if n, ok := d.Village.Households(); ok && n > 0 && n <= mostVillagePersons {
			all.households = n
		} else if household > 0 {
			all.households = max(scale(all.persons, ppm, household), 1)
		}
		c.move(&v, moves[d.Village.ID], all)
		c.list(&v, d.Village.ID)
		v.pin(d)
		c.service(&v, d)
		c.cases = append(c.cases, v)
	}
	return nil
}

// movesOf lists the moves of each village.
func (c *decideCase) movesOf() map[ID][]*Move {
	out := map[ID][]*Move{}
	for i := range c.a.Snapshot.Moves {
		m := &c.a.Snapshot.Moves[i]
		if _, ok := c.a.site[m.Site]; ok {
			out[m.Village] = append(out[m.Village], m)
		}
	}
	return out
}

// move takes those off who have signed or moved in, and finds where the
// published plan sends the others.
func (c *decideCase) move(v *villageCase, moves []*Move, all people) {
	var most, plannedMost, planned int64
	for _, m := range moves {
		done := committed(m)
		v.settled.persons += done.persons
		v.settled.households += done.households
		if done.persons > most {
			most, v.to = done.persons, c.a.site[m.Site]
		}
		left := max(m.Persons-done.persons, 0)
		planned += left
		v.left.persons += left
		v.left.households += max(m.Households-done.households, 0)
		if left > plannedMost {
			plannedMost, v.site, v.planned[1] = left, c.a.site[m.Site], true
		}
	}
	v.whole = len(moves) > 0 && (!v.known || v.settled.persons+planned >= all.persons)
	v.rest = people{max(all.households-v.settled.households, 0), max(all.persons-v.settled.persons, 0)}
	if v.rest.persons > 0 {
		v.rest.households = max(v.rest.households, 1)
	}
}

// list puts what the approved plan says of a village in the place of its planned
// moves and of tasks on its road. A village that the plan found connected, or
// sent to a site that is gone, is in the lists as before.
func (c *decideCase) list(v *villageCase, id ID) {
	said := c.a.Snapshot.Plan.of(id)
	if said == nil || said.Decision == DecideConnected {
		return
	}
	site := -1
	if said.Decision == DecideRelocate {
		at, there := c.a.site[said.Site]
		if !there {
			return
		}
		site = at
	}
	v.listed, v.site = said.Decision, site
	v.planned = [2]bool{said.Decision == DecideRoad, said.Decision == DecideRelocate}
	v.whole = v.planned[1] || v.known && v.rest.persons == 0
}

// pin decides what is a fact, or what nobody can reckon with.
func (v *villageCase) pin(d *VillageVerdict) {
	switch {
	case !v.known && d.Connected == Yes && !hazardous(d.Village):
		v.pinned, v.why = DecideConnected, WhyConnected
	case !v.known:
		v.pinned, v.why = DecideReview, WhyPersonsUnknown
	case v.rest.persons == 0:
		v.pinned, v.why = DecideRelocate, WhyMoved
	case d.Connected == Yes && !hazardous(d.Village):
		v.pinned, v.why = DecideConnected, WhyConnected
	}
}

// hazardous says that a village must not stay.
func hazardous(v *Village) bool { return v.Hazard == "high" || v.Hazard == "extreme" }

// service is what the village lacks if it stays: safe water, as far as surveys
// and rules put a price on it.
func (c *decideCase) service(v *villageCase, d *VillageVerdict) {
	rules := &c.a.Snapshot.Rules.Water
	v.stayOK = d.Water != WaterUnsurveyed
	switch {
	case d.Water != WaterUnsafe:
	case d.Survey.CloseCostFen != nil:
		v.stay = yuanUp(min(max(*d.Survey.CloseCostFen, 0), maxFen))
	default:
		v.stay = yuanUp(min(max(rules.GapVillage, 0), maxFen) + min(scale(v.rest.persons, rules.GapPerson, 1), maxFen))
		v.stayOK = rules.GapVillage > 0 || rules.GapPerson > 0
	}
}

// roads finds the cheapest way of a village by itself, and what is said of it.
func (c *decideCase) roads(v *villageCase) {
	d := &c.a.Villages[v.at]
	node := c.graph.node[v.at]
	if node < 0 || d.Connected == Yes {
		return
	}
	if node == 0 && v.pinned == "" { // nothing is missing, yet it is not proven to be connected
		v.pinned, v.why = DecideReview, WhyAccessUnknown
		return
	}
	v.way = c.graph.way(node, c.graph.by)
	inTask := true
	v.begun = true
	for _, s := range c.graph.spans(v.way) {
		inTask = inTask && (s.Piece.State == PieceDoing || s.Piece.State == PieceNotStarted || s.Piece.State == PiecePlanned)
		v.begun = v.begun && s.Piece.State == PieceDoing
	}
	if v.listed == "" {
		v.planned[0] = inTask
	}
}

// offer prices the moves of those who may move.
func (c *decideCase) offer() {
	free := sitesByFree(c.capacity)
	var wanted []int
	for i := range c.cases {
		if c.cases[i].pinned == "" {
			wanted = append(wanted, c.cases[i].at)
		}
	}
	if len(free) == 0 || len(wanted) == 0 {
		return
	}
	far := c.a.siteWays(wanted, free)
	next := 0
	for i := range c.cases {
		v := &c.cases[i]
		if v.pinned != "" {
			continue
		}
		for k, site := range free {
			if c.capacity[site].Free >= v.rest.persons {
				mm := far[k][next].haulMM()
				v.moves, v.far = append(v.moves, solve.DecideMove{Site: int32(site), Cost: c.prices.moveYuan(v.rest, mm)}), append(v.far, mm)
			}
		}
		next++
	}
}

// siteWays gives, for each of some sites, the ways of some villages to it, dry.
func (a *Assessment) siteWays(villages, sites []int) [][]DistanceRow {
	out := make([][]DistanceRow, len(sites))
	inParallel(len(sites), func(k int) { out[k] = a.dryTo(route.ByLength, &a.Snapshot.Sites[sites[k]], villages) })
	return out
}

// haulMM is the way by road, or straight where there is none.
func (r *DistanceRow) haulMM() int64 {
	if r.MM != nil {
		return *r.MM
	}
	return r.StraightMM
}

// localRule asks the rule about the village by itself.
func (v *villageCase) localRule(c *decideCase) {
	d := &c.a.Villages[v.at]
	if !v.known || v.why == WhyMoved || v.why == WhyAccessUnknown {
		return
	}
	var fen, mm int64
	for _, s := range v.way {
		fen, mm = fen+c.graph.strands[s].fen, mm+c.graph.strands[s].mm
	}
	p := d.Village.Population
	build := c.prices.buildFen(fen)
	v.local = LocalCase{
		Households: v.rest.households, Persons: v.rest.persons, Hazard: d.Village.Hazard, Connected: d.Connected == Yes,
		MissingMM: mm, StructuresFen: max(build-scale(mm, c.prices.Prices.RoadFenPerKM, 1_000_000), 0),
		UpkeepFen: c.prices.upkeepFen(mm), ServicesFen: v.stay * 100,
		RoadFeasible: len(v.way) > 0, MoveFeasible: len(v.moves) > 0, Unwilling: c.a.unwilling(d.Village),
		Poor: p.PoorPersons != nil && p.Persons != nil && 2**p.PoorPersons >= *p.Persons,
	}
	v.rule = LocalRule(v.local, *c.prices.Prices)
}

// build makes the model.
func (c *decideCase) build() {
	m := &c.model
	m.Nodes, m.Budget, m.Objective = int(c.graph.nodes), c.prices.Budget, c.prices.Objective
	for _, s := range c.graph.strands {
		m.Segments = append(m.Segments, solve.RoadSegment{A: s.ends[0], B: s.ends[1], Cost: s.cost(), Metres: float64(s.mm) / 1000})
	}
	for i := range c.capacity {
		m.Sites = append(m.Sites, c.capacity[i].Free)
	}
	dearest := int64(0)
	for i := range c.cases {
		if v := &c.cases[i]; v.pinned == "" {
			dearest = max(dearest, c.alone(v)+v.stay)
		}
	}
	for i := range c.cases {
		if v := &c.cases[i]; v.pinned == "" {
			c.rows = append(c.rows, i)
			m.Villages = append(m.Villages, c.row(v, dearest))
		}
	}
}

// alone is what the cheapest way of a village costs by itself; 0 without one.
func (c *decideCase) alone(v *villageCase) (sum int64) {
	for _, s := range v.way {
		sum += c.graph.strands[s].cost()
	}
	return sum
}

// row is a village as the solver knows it. One without a way stands on the
// network and must not stay.
func (c *decideCase) row(v *villageCase, dearest int64) solve.DecideVillage {
	d := &c.a.Villages[v.at]
	w := solve.DecideVillage{
		Node: max(c.graph.node[v.at], 0), Households: v.rest.households, Persons: v.rest.persons,
		NoRoad: hazardous(d.Village) || len(v.way) == 0, Stay: v.stay, Moves: v.moves,
		Review: max(v.rest.persons*c.prices.ReviewPerPerson(), dearest+1),
		Leave:  v.rest.persons * *c.prices.LeavePerPerson,
	}
	if c.prices.InterimPerHead > 0 && !hazardous(d.Village) {
		w.CanInterim, w.Interim, w.InterimUnserved = true, v.rest.persons*c.prices.InterimPerHead, v.rest.persons
	}
	switch {
	case v.begun && !w.NoRoad:
		w.Fixed.Verdict = solve.VerdictRoad
	case v.planned[1]:
		w.Published = solve.DecideChoice{Verdict: solve.VerdictRelocate, Site: int32(v.site)}
	case v.planned[0]:
		w.Published.Verdict = solve.VerdictRoad
	case v.listed == DecideInterim:
		w.Published.Verdict = solve.VerdictInterim
	}
	if w.Published.Verdict == "" {
		w.Leave = 0
	}
	for _, m := range v.moves {
		w.Review = max(w.Review, m.Cost+w.Leave+1)
	}
	return w
}

package planner

import "github.com/qiantu/qiantu/planner/solve"

// DecisionPlan is a joint plan and what it is made of. Money is whole yuan.
type DecisionPlan struct {
	solve.Outcome
	CostProven bool          // no plan with the same objective costs less
	Options    DecideOptions // with the defaults filled in

	Villages   []VillageDecision // with people in them, or an unknown number; by id
	Candidates []RoadCandidate
	Sites      []SiteDecision // by id
	Costs      solve.DecideCosts
	County     DecisionSum
	Townships  []DecisionSum // by code, then the unassigned; they add up to the county
	Years      []DecisionYear

	Supposed    int64   // yuan of the roads that a question builds, see [Assessment.DecideSupposed]; in no other sum
	BudgetPrice float64 // what one more yuan of budget would take off the objective, at the margin
}

// DecisionWhy is a code for a sentence: why a decision is no matter of cost, or
// why the joint plan differs from the local rule.
type DecisionWhy string

// Why a decision is what it is.
const (
	WhyConnected      DecisionWhy = "connected"
	WhyMoved          DecisionWhy = "moved"           // all have signed or moved in
	WhyBegun          DecisionWhy = "begun"           // works on all of its missing road have begun
	WhyHazard         DecisionWhy = "hazard"          // it must not stay
	WhyOnlyRoad       DecisionWhy = "only_road"       // no site has room for it
	WhyOnlyMove       DecisionWhy = "only_move"       // no road on the map leads to it
	WhyNothing        DecisionWhy = "none_feasible"   // neither
	WhyPersonsUnknown DecisionWhy = "persons_unknown" // nobody knows how many live there
	WhyAccessUnknown  DecisionWhy = "access_unknown"  // nothing is missing on the map, but it is not proven to be connected
	WhyJoint          DecisionWhy = "joint"           // it is part of the best plan for all
)

// Why the joint plan differs from the local rule, beside WhyJoint.
const (
	WhySharedBranch DecisionWhy = "shared_branch" // others need part of its road too
	WhyCapacity     DecisionWhy = "capacity"      // no site has room left
	WhyBudget       DecisionWhy = "budget"
	WhyFixed        DecisionWhy = "fixed"     // decided before
	WhyPublished    DecisionWhy = "published" // leaving the published plan has a price
	WhyNear         DecisionWhy = "near"      // the rule leaves it open, costs being near
	WhyInterim      DecisionWhy = "interim"   // bridging over costs less for now
	WhyConsent      DecisionWhy = "consent"   // too few households agree to move, which the plan does not ask
	WhyObjective    DecisionWhy = "objective" // persons served are counted, not money
)

// DecisionViolation says that a village is not in exactly one list of the
// published plan.
type DecisionViolation string

// The violations.
const (
	ViolationBoth DecisionViolation = "both" // has a road, built or in a task, and is to move
	ViolationNone DecisionViolation = "none" // is proven not to be connected, and in no list
)

// VillageDecision is what the joint plan says of a village, and all that it
// stands on.
type VillageDecision struct {
	Village    ID
	Code, Name string
	Township   string
	Persons    int64 // who is decided about: without those who signed or moved in, unless these are all
	Households int64
	Known      bool  // how many persons there are
	Settled    int64 // persons who signed or moved in
	Decision   Decision
	Why        DecisionWhy
	Band       solve.Band
	Site       ID          // of who moves; 0: nobody
	MoveMM     *int64      // the way there by road when dry, straight where there is none; nil: nobody is sent there by the plan
	Segments   []ID        // that its road is made of, of the inventory
	Spans      []PieceSpan // the stretches of these; nil: no road
	Costs      DecisionCosts
	Money      int64 // in the plan: its share of roads, and its own
	Published  Decision
	Violation  DecisionViolation
	Rule       Decision // of the local rule; empty: it has no answer
	RuleResult LocalResult
	Differs    DecisionWhy // why the joint plan says otherwise; empty: it does not
	Flip       DecisionFlip
	Year       int // of the budget, from 1; 0: nothing is done
}

// DecisionCosts are the alternatives of a village. A nil one is not open.
type DecisionCosts struct {
	RoadAlone *int64 // its cheapest way if nobody else had a road, with upkeep
	RoadExtra *int64 // what its road adds to the plan as it is: what dropping it saves, or connecting it takes
	RoadShare int64  // its share, by households, of what it uses; 0: it has no road in the plan
	Stay      int64  // service gap, should it stay with a road
	StayKnown bool   // false: not surveyed, counted as none
	Move      *int64 // to the site of the plan, else the cheapest that has room left
	MoveSite  ID
	Interim   *int64
	Review    int64 // price
	Leave     int64 // price of deciding otherwise than published
}

// DecisionFlip is where the advice for a village turns from road to move or
// back, all other villages staying as planned. Nil: nowhere.
type DecisionFlip struct {
	To            Decision
	YuanPerKM     *int64
	YuanPerPerson *int64
	Persons       *int64 // households in proportion
}

// RoadCandidate is a stretch of failing road that is built all or not at all.
type RoadCandidate struct {
	Spans         []PieceSpan
	Segments      []ID
	MM            int64
	Build, Upkeep int64
	Built         bool
	Villages      []ID // that it leads to in the plan
}

// SiteDecision is what the plan makes of a site.
type SiteDecision struct {
	Site     ID
	Name     string
	Capacity SiteCapacity
	Used     int64   // persons whom the plan moves there, beside those who signed or moved in
	Price    float64 // what one more place would take off the objective, at the margin
}

// DecisionSum counts a scope.
type DecisionSum struct {
	Scope, Name string
	Villages    map[Decision]int64
	Persons     map[Decision]int64
	Unknown     map[Decision]int64 // villages whose persons are not known
	Unpriced    int64              // villages that get a road while nobody knows what the services they lack cost: counted as nothing
	Settled     int64              // persons who signed or moved in and are in no count of Persons
	Roads       int64              // yuan
	Stay        int64
	Moves       int64
	Interim     int64
	Both, None  int64 // violations
	Moved       int64 // persons whom the plan moves
	MovedMM     int64 // person-millimetres of their ways
}

// Money is all of it.
func (s *DecisionSum) Money() int64 { return s.Roads + s.Stay + s.Moves + s.Interim }

// MeanMove is the mean way, in metres, of the persons whom the plan moves; nil:
// it moves nobody.
func (s *DecisionSum) MeanMove() *float64 {
	if s.Moved == 0 {
		return nil
	}
	mean := float64(s.MovedMM) / float64(s.Moved) / 1000
	return &mean
}

// DecisionYear is what is done in a year of the budget.
type DecisionYear struct {
	Spent      int64
	Laid       float64 // metres paid for
	Connecting float64 // metres over which somebody is connected from this year on
	Served     int64   // persons served from this year on
	Villages   []ID
	Segments   []ID
}

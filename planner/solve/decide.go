package solve

import "context"

// BuildOrMove asks for every village: build a road to it, move it, bridge over
// until later, or hand it up. Roads share their segments, sites their places,
// and everything the budget, so no village can be decided by itself. Costs are
// in whole yuan.
type BuildOrMove struct {
	Nodes     int // of the road graph; node 0 is the connected network
	Segments  []RoadSegment
	Villages  []DecideVillage
	Sites     []int64 // by site: the persons it can still take
	Budget    []int64 // by year, what is left carried over; one: in total; none: no limit
	Objective DecideObjective
}

// DecideObjective says what is made as small as can be.
type DecideObjective string

// What may be minimised, both within the budget. What is handed up costs no
// money, but has its price in the total cost.
const (
	LeastCost     DecideObjective = "cost"     // total cost: the money and what was put on handing up and on leaving the published plan
	LeastUnserved DecideObjective = "unserved" // persons not served; among such plans total cost
)

// RoadSegment is a candidate between two nodes, for both directions.
type RoadSegment struct {
	A, B   int32
	Cost   int64
	Metres float64
	State  SegmentState
}

// SegmentState tells whether a segment is up for decision.
type SegmentState int8

// What a segment may be. What was built before the question is no segment: its
// ends are one node.
const (
	SegmentOpen      SegmentState = iota
	SegmentFixed                  // is built whatever else is decided; its cost counts
	SegmentForbidden              // is not built
)

// DecideVillage is a village and what may become of it. One at node 0 is
// connected already and costs nothing, unless NoRoad or Fixed say otherwise.
type DecideVillage struct {
	Node                int32
	Households, Persons int64
	NoRoad              bool  // must not stay with a road: hazard, reservoir, red line
	Stay                int64 // water, power and the like that it lacks and needs when it stays with a road
	Moves               []DecideMove
	CanInterim          bool  // may stay without a road, served otherwise for the time being
	Interim             int64 // at this cost
	InterimUnserved     int64 // persons who count as unserved then
	Review              int64 // price put on handing it up; all its persons are unserved then. No money is spent

	Fixed     DecideChoice // a decision taken already; zero: none
	Published DecideChoice // what the published plan says; zero: nothing
	Leave     int64        // price put on deciding otherwise than published
}

// DecideMove is a site that a village may move to and what that costs in all.
type DecideMove struct {
	Site int32
	Cost int64
}

// Verdict is what becomes of a village.
type Verdict string

// Every village gets exactly one.
const (
	VerdictConnected Verdict = "connected" // it lies on the connected network
	VerdictRoad      Verdict = "road"
	VerdictRelocate  Verdict = "relocate"
	VerdictInterim   Verdict = "interim"
	VerdictReview    Verdict = "review"
)

// DecideChoice is a verdict, and the site of those who move.
type DecideChoice struct {
	Verdict Verdict
	Site    int32 // of [VerdictRelocate]; 0 otherwise
}

// DecidePlan is an answer to [BuildOrMove]. Without one (Objective is +Inf)
// only Outcome is set.
type DecidePlan struct {
	Outcome
	CostProven bool // no plan with the same objective costs less; always so with LeastCost when optimal

	Choices []DecideChoice // by village
	Built   []bool         // by segment
	Bands   []Band         // by village
	Turns   []DecideTurn   // by village; nil under a budget and with LeastUnserved
	Costs   DecideCosts
	Shares  []DecideShare // by village
	Used    []int64       // by site: persons who move there
	Years   []DecideYear  // by year of the budget; one where it is not by year

	// Dual prices at the bound, in units of the objective: what one more place at
	// a site, and one more yuan of budget, would take off it at the margin.
	SitePrice   []float64
	BudgetPrice float64
}

// Band tells how sure a verdict is: whether every plan that is as good as the one
// shown, or better, has it. That is proven by bounds, not by listing plans.
type Band string

// What may be known of a village.
const (
	BandConnected Band = "connected"        // nothing to decide
	BandRoad      Band = "proven-road"      // every plan within the gap builds its road
	BandMove      Band = "proven-move"      // every plan within the gap moves it, though maybe to another site
	BandNeither   Band = "proven-otherwise" // every plan within the gap bridges over or hands up, the same in all
	BandFixed     Band = "fixed"            // decided before, or only one way was open
	BandUndecided Band = "undecided"        // plans within the gap may differ
)

// DecideCosts takes a total apart. Money is what the budget is for.
type DecideCosts struct {
	Roads, Stay, Moves, Interim int64
	Review, Leave               int64 // prices, no money
	Money, Total                int64
	Unserved                    int64 // persons
}

// DecideShare is what one village costs. Every built segment is shared evenly
// by the households that it leads to, which is the Shapley value of an airport game
// (Littlechild and Owen, 1973); where there are none, by the villages.
type DecideShare struct {
	Own    int64   // staying, moving or bridging over
	Shared int64   // its share of the segments
	Alone  int64   // what would not be built without it: segments that lead to it only
	Metres float64 // of those
}

// Decide answers by branch and bound. Roads are an asymmetric prize-collecting
// Steiner arborescence: directed cuts from the network to each village, and one more arc
// priced at the best other thing that can become of it. Places at sites and
// budget are dualised and their prices found by subgradients; under them the cuts are
// bounded by Wong's dual ascent, whose reduced costs rule out
// segments and verdicts (Wong 1984; Leitner, Ljubic, Luipersbeck and Sinnl 2018;
// Gamrath, Koch, Maher, Rehfeldt and Shinano 2017). An error says what is wrong
// with the question; a question that has no answer is Infeasible, with the reason.
//
// When the context is done the best plan so far comes with its bound and status
// Stopped. Where nothing stops it, the answer depends on question, seed and threads only.
func Decide(ctx context.Context, q *BuildOrMove, limits Limits) (*DecidePlan, error) {
	if err := q.check(limits); err != nil {
		return nil, err
	}
	m := newDecideModel(q)
	if reason := m.impossible(); reason != "" {
		return &DecidePlan{Outcome: Outcome{Status: Infeasible, Objective: inf, Bound: inf, Reason: reason}}, nil
	}
	s := newDecideSearch(ctx, m, limits)
	s.run()
	return s.answer(), nil
}

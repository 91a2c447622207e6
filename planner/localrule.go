package planner

// Decision is what becomes of a village.
type Decision string

// The decisions of the local rule. Every village gets exactly one.
const (
	DecideConnected Decision = "connected"
	DecideRoad      Decision = "road"
	DecideRelocate  Decision = "relocate"
	DecideReview    Decision = "review"
)

// LocalCase is a village as the local rule sees it, by itself: what it shares
// with others is for the joint plan. Money is fen, lengths are millimetres.
type LocalCase struct {
	Households    int64
	Persons       int64
	Hazard        string // high and extreme move whatever it costs
	Reserved      bool   // in a reservoir zone or behind an ecological red line
	Connected     bool   // already reached by a hardened all-season road
	MissingMM     int64  // road to build
	StructuresFen int64  // bridges and tunnels
	UpkeepFen     int64  // present value of maintenance
	ServicesFen   int64  // water, power and school gaps, should it stay
	RoadFeasible  bool   // grade, geology, land
	MoveFeasible  bool   // site, jobs
	Unwilling     bool   // fewer households agree to move than must, [SiteRules].ConsentPPM of those asked
	Poor          bool   // incidence of poverty at least 50 %
}

// LocalPrices are the unit costs in fen, and what counts as near.
type LocalPrices struct {
	RoadFenPerKM   int64
	MovePerPerson  int64
	MovePerHouse   int64 // demolition award
	FollowUp       int64 // per person, present value
	ReclaimedPer   int64 // per household, value of the land
	RoadBelowPPM   int64 // cost of road over cost of move, below: road
	MoveAbovePPM   int64 // above: move; between: the tie-breaks, else review
	HamletHouses   int64 // tie-break: from so many households lean to the road
	HamletSmall    int64 // tie-break: under so many, and poor, lean to the move
	LeanOnTieBreak bool  // use the tie-breaks between the two ratios
}

// DefaultLocalPrices are the defaults of the domain page: 400,000 yuan/km, 60,000
// yuan a person, 0.8 and 1.2, 30 and 50 households.
func DefaultLocalPrices() LocalPrices {
	return LocalPrices{
		RoadFenPerKM: 400_000 * 100, MovePerPerson: 60_000 * 100,
		RoadBelowPPM: 800_000, MoveAbovePPM: 1_200_000, HamletHouses: 30, HamletSmall: 50,
	}
}

// LocalResult is the rule's answer with its components.
type LocalResult struct {
	Decision  Decision
	Reason    string // hazard, reserved, connected, only_move, only_road, cheaper_road, cheaper_move, tie_break, near, none_feasible, consent
	RoadFen   int64  // build + structures + upkeep + services
	BuildFen  int64
	MoveFen   int64 // persons + awards + follow-up - land
	RatioPPM  *int64
	BreakEven *int64 // mm of road that costs as much as the move; nil when the road is free
}

// LocalRule decides between road and move for one village: 通不了就搬、搬不了就通
// (domain 2.5). It is a pure function; the components are returned so that a
// screen shows them and not the verdict alone.
func LocalRule(c LocalCase, p LocalPrices) LocalResult {
	r := LocalResult{BuildFen: scale(c.MissingMM, p.RoadFenPerKM, 1_000_000)}
	fixed := c.StructuresFen + c.UpkeepFen + c.ServicesFen
	r.RoadFen = r.BuildFen + fixed
	r.MoveFen = c.Persons*(p.MovePerPerson+p.FollowUp) + c.Households*(p.MovePerHouse-p.ReclaimedPer)
	if p.RoadFenPerKM > 0 {
		even := scale(max(r.MoveFen-fixed, 0), 1_000_000, p.RoadFenPerKM)
		r.BreakEven = &even
	}
	if r.MoveFen > 0 {
		ratio := scale(r.RoadFen, ppm, r.MoveFen)
		r.RatioPPM = &ratio
	}
	r.Decision, r.Reason = c.decide(p, r.RatioPPM)
	return r
}

func (c *LocalCase) decide(p LocalPrices, ratio *int64) (Decision, string) {
	switch {
	case c.Hazard == "high" || c.Hazard == "extreme":
		return DecideRelocate, "hazard"
	case c.Reserved:
		return DecideRelocate, "reserved"
	case c.Connected:
		return DecideConnected, "connected"
	case !c.RoadFeasible && !c.MoveFeasible:
		return DecideReview, "none_feasible"
	case !c.MoveFeasible:
		return DecideRoad, "only_road"
	case c.Unwilling && !c.RoadFeasible:
		return DecideReview, "consent"
	case c.Unwilling:
		return DecideRoad, "consent"
	case !c.RoadFeasible:
		return DecideRelocate, "only_move"
	case ratio == nil:
		return DecideReview, "near"
	case *ratio < p.RoadBelowPPM:
		return DecideRoad, "cheaper_road"
	case *ratio > p.MoveAbovePPM:
		return DecideRelocate, "cheaper_move"
	case !p.LeanOnTieBreak:
		return DecideReview, "near"
	case c.Poor && c.Households < p.HamletSmall, c.Households < p.HamletHouses:
		return DecideRelocate, "tie_break"
	}
	return DecideRoad, "tie_break"
}

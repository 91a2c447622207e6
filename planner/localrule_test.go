package planner

import "testing"

// The worked example of the rule: 30 households of 5.27 persons break even with
// the move at 23.7 km of road, at 11.85 km where a kilometre costs twice as much.
func TestLocalRuleBreakEven(t *testing.T) {
	c := LocalCase{Households: 30, Persons: 158, RoadFeasible: true, MoveFeasible: true, MissingMM: 10_000_000}
	for _, k := range []struct{ yuan, even int64 }{{400_000, 23_700_000}, {800_000, 11_850_000}} {
		p := DefaultLocalPrices()
		p.RoadFenPerKM = k.yuan * 100
		r := LocalRule(c, p)
		if r.MoveFen != 948_000_000 || *r.BreakEven != k.even {
			t.Errorf("at %d yuan/km: move %d fen, break-even %d mm, want %d", k.yuan, r.MoveFen, *r.BreakEven, k.even)
		}
	}
}

func TestLocalRule(t *testing.T) {
	base := LocalCase{Households: 20, Persons: 100, RoadFeasible: true, MoveFeasible: true, MissingMM: 12_000_000}
	with := func(change func(*LocalCase)) LocalCase { c := base; change(&c); return c }
	for name, k := range map[string]struct {
		c        LocalCase
		yuan     int64
		decision Decision
		reason   string
	}{
		// 6 million to move; 4.8 million by road at 400,000 is r = 0.8, near; at 390,000 less
		"near":         {base, 400_000, DecideReview, "near"},
		"road":         {base, 390_000, DecideRoad, "cheaper_road"},
		"flips":        {base, 800_000, DecideRelocate, "cheaper_move"},
		"hazard":       {with(func(c *LocalCase) { c.Hazard = "extreme" }), 1, DecideRelocate, "hazard"},
		"reserved":     {with(func(c *LocalCase) { c.Reserved = true }), 1, DecideRelocate, "reserved"},
		"connected":    {with(func(c *LocalCase) { c.Connected = true }), 800_000, DecideConnected, "connected"},
		"only move":    {with(func(c *LocalCase) { c.RoadFeasible = false }), 1, DecideRelocate, "only_move"},
		"only road":    {with(func(c *LocalCase) { c.MoveFeasible = false }), 9_000_000, DecideRoad, "only_road"},
		"neither":      {with(func(c *LocalCase) { c.RoadFeasible, c.MoveFeasible = false, false }), 1, DecideReview, "none_feasible"},
		"unwilling":    {with(func(c *LocalCase) { c.Unwilling = true }), 9_000_000, DecideRoad, "consent"},
		"no way out":   {with(func(c *LocalCase) { c.Unwilling, c.RoadFeasible = true, false }), 1, DecideReview, "consent"},
		"must move":    {with(func(c *LocalCase) { c.Unwilling, c.Hazard = true, "high" }), 1, DecideRelocate, "hazard"},
		"no site":      {with(func(c *LocalCase) { c.Unwilling, c.MoveFeasible = true, false }), 1, DecideRoad, "only_road"},
		"nobody lives": {with(func(c *LocalCase) { c.Households, c.Persons = 0, 0 }), 1, DecideReview, "near"},
	} {
		p := DefaultLocalPrices()
		p.RoadFenPerKM = k.yuan * 100
		if r := LocalRule(k.c, p); r.Decision != k.decision || r.Reason != k.reason {
			t.Errorf("%s: %s because %s, want %s because %s", name, r.Decision, r.Reason, k.decision, k.reason)
		}
	}
}

func TestLocalRuleTieBreak(t *testing.T) {
	p := DefaultLocalPrices()
	p.LeanOnTieBreak = true
	c := LocalCase{Persons: 150, MissingMM: 22_500_000, RoadFeasible: true, MoveFeasible: true} // r = 1
	for _, k := range []struct {
		households int64
		poor       bool
		want       Decision
	}{{29, false, DecideRelocate}, {30, false, DecideRoad}, {49, true, DecideRelocate}, {50, true, DecideRoad}} {
		c.Households, c.Poor = k.households, k.poor
		if got := LocalRule(c, p).Decision; got != k.want {
			t.Errorf("%d households, poor %v: %s, want %s", k.households, k.poor, got, k.want)
		}
	}
}

package planner

import "github.com/qiantu/qiantu/geo/chainage"

// RoadCosts are what a kilometre of road costs to build or to make all-season,
// in fen, by class and terrain. Bridges and tunnels are not in it: nobody knows
// them before a survey.
type RoadCosts [roadCostClasses]TerrainCosts

// TerrainCosts are those of one group of classes.
type TerrainCosts struct {
	Unknown, Plain, Hill, Mountain int64
}

// The groups of classes that have a cost of their own.
const (
	RoadCostLow  = iota // class4, substandard, track, and all that is not listed
	RoadCostMid         // class3, tertiary
	RoadCostHigh        // class2 and better, secondary and better
	roadCostClasses
)

// DefaultRoadCosts are the defaults of the domain page for a hamlet road:
// 400,000 yuan/km, 300,000 in the plain, 400,000 in hills and 600,000 in
// mountains; twice and five times as much for better classes, of which the page
// knows nothing (our own guess).
func DefaultRoadCosts() RoadCosts {
	low := TerrainCosts{Unknown: 400_000_00, Plain: 300_000_00, Hill: 400_000_00, Mountain: 600_000_00}
	return RoadCosts{low, low.times(2), low.times(5)}
}

func (c TerrainCosts) times(n int64) TerrainCosts {
	return TerrainCosts{c.Unknown * n, c.Plain * n, c.Hill * n, c.Mountain * n}
}

// perKM is the cost of a kilometre in fen.
func (r *Rules) perKM(class string) int64 {
	costs := r.RoadCosts[roadCostGroup(class)]
	switch r.Terrain {
	case "plain":
		return costs.Plain
	case "hill":
		return costs.Hill
	case "mountain":
		return costs.Mountain
	}
	return costs.Unknown
}

func roadCostGroup(class string) int {
	switch rank := classRank(class); {
	case rank <= classOrder["secondary_link"]:
		return RoadCostHigh
	case rank <= classOrder["tertiary_link"]:
		return RoadCostMid
	}
	return RoadCostLow
}

// roadCost is the cost of a span of a piece: a difference of one rounded
// function of the measure, so that the parts of a span cost what it costs.
func (r *Rules) roadCost(p *Piece, span chainage.Span) int64 { return r.classCost(p.Class, span) }

func (r *Rules) classCost(class string, span chainage.Span) int64 {
	perKM := r.perKM(class)
	return scale(span.To, perKM, 1_000_000) - scale(span.From, perKM, 1_000_000)
}

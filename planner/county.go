package planner

import "github.com/paulmach/orb"

// County is a region that holds data, with what a list of regions shows.
type County struct {
	Region
	Bounds orb.Bound      // of all its geometry; empty when nothing is drawn
	Counts map[string]int // by layer: village, road, road_segment, water_project, relocation_site
}

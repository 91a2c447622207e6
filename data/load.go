package data

import "github.com/qiantu/qiantu/planner"

// Load is a county's worth of facts to be stored in one commit: all of it or
// nothing. Ids inside a Load are local, from 1 up per noun, and refer to each
// other; the store moves them to free ids of the database.
type Load struct {
	County      string              // code of the county every row belongs to
	Regions     []planner.Region    // parents first; those already stored are left alone when equal
	Villages    []planner.Village   // with Township and Population
	Populations []VillagePopulation // further dated counts
	Roads       []planner.Road
	Segments    []planner.Segment
	Programmes  []planner.Programme
	Funding     []Funding
	Progress    []planner.Progress
	Disputes    []planner.Dispute
	Warnings    []planner.Warning
	Water       []planner.WaterProject
	Surveys     []planner.WaterSurvey
	Sites       []planner.Site
	Moves       []planner.Move
	Target      *planner.RelocationTarget
	Facilities  []planner.Facility
	References  []planner.Reference
	Source      string // where the rows come from; stored with them
	Add         bool   // the county may hold rows already; these come on top
}

// VillagePopulation is a further dated count of a village.
type VillagePopulation struct {
	Village    planner.ID
	Population planner.Population
}

// Funding is money of a programme by source and item.
type Funding struct {
	Programme  planner.ID
	Source     string
	Item       string
	PlannedFen int64
	PaidFen    int64
}

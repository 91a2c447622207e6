package data

import (
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/geo/raster"
	"github.com/qiantu/qiantu/planner"
)

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
	Earlier     []EarlierVersion    // versions that those of Roads have replaced
	Operations  []planner.Operation // Kind, On, Reason, Tolerance, By and Mappings of deeds on the routes
	Programmes  []planner.Programme
	Contracts   []planner.Contract
	Funding     []planner.FundingItem
	Totals      []planner.FundingTotal
	Funded      []EarlierMoney // what rows of Funding said before
	Summed      []EarlierMoney // what rows of Totals said before
	Files       []File
	Progress    []planner.Progress
	Overrides   []planner.Override // of Progress
	Disputes    []planner.Dispute
	Inspections []planner.Inspection
	Submissions []planner.Submission // held, refused or withdrawn; the applied ones are Progress
	Warnings    []planner.Warning
	Duties      []planner.Duty
	Water       []planner.WaterProject
	Surveys     []planner.WaterSurvey
	Sites       []planner.Site
	Moves       []planner.Move
	Target      *planner.RelocationTarget
	Facilities  []planner.Facility
	References  []planner.Reference
	Terrain     *raster.Grid // heights of the land; nil: none, or what the county has
	Source      string       // where the rows come from; stored with them
	Add         bool         // the county may hold rows already; these come on top
}

// VillagePopulation is a further dated count of a village.
type VillagePopulation struct {
	Village    planner.ID
	Population planner.Population
}

// EarlierVersion is a version of a route that is no longer in force: From its
// day up to To, which is when the next one began. Segments of it name it.
type EarlierVersion struct {
	planner.RoadVersion
	Line        orb.LineString // nil: not drawn
	Calibration chainage.Calibration
}

// EarlierMoney is what a row of money said from a day up to the day on which its
// next amounts begin; those of the row itself hold from its last To on.
type EarlierMoney struct {
	Of                                planner.ID // the row
	From, To                          planner.Date
	PlannedFen, AllocatedFen, PaidFen *int64 // nil: not known
}

// File is an attachment with what is in it.
type File struct {
	planner.Attachment
	Body []byte
}

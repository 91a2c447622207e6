package planner

import (
	"time"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/route"
)

// Snapshot is everything known of one county at one revision, on one day, as
// known at one instant. It is read in one transaction and never changed.
// Slices are ordered by id, so that the same database gives the same bytes.
type Snapshot struct {
	Region     Region
	Revision   int64
	AsOf       Date
	KnownAt    time.Time
	Townships  []Region // the county's children in force, by code
	Villages   []Village
	Roads      []Road
	Segments   []Segment // those with Halo belong to neighbouring counties
	Programmes []Programme
	Progress   []Progress // not revoked at KnownAt, On <= AsOf
	Disputes   []Dispute  // opened on or before AsOf; those decided by then have their outcome
	Overrides  []Override // of Progress
	Warnings   []Warning  // in force on AsOf
	Duties     []Duty     // held on AsOf
	Water      []WaterProject
	Surveys    []WaterSurvey // the latest of each village on or before AsOf
	Standard   WaterStandard
	Sites      []Site
	Moves      []Move
	Target     *RelocationTarget // nil: none set
	Plan       *PublishedPlan    // approved and in force on the day; nil: none is
	Facilities []Facility
	References []Reference
	Rules      Rules
	Terrain    Terrain     // what Heights are of
	Heights    geo.Heights // of the land, whatever the day; nil: none are known, and every walk is level

	Versions    []RoadVersion // of all routes, in force or not
	Mappings    []Mapping     // what became of metres, of any day
	Contracts   []Contract
	Inspections []Inspection // held on or before AsOf, and those still to be held
	Funding     []FundingItem
	Totals      []FundingTotal
	Attachments []Attachment // named by Progress, Disputes and Inspections
}

// SnapshotQuery says which snapshot is wanted. A zero AsOf means the region's
// data date, a zero KnownAt the present belief.
type SnapshotQuery struct {
	Region  string
	AsOf    Date
	KnownAt time.Time
}

// Rules are the thresholds a county may set. They are data, with a version.
type Rules struct {
	Version         string
	ConnectMM       int64    // a path must end this near to the village's point
	RAIBufferMM     int64    // rural access: an all-season road this near
	RAIWalkMS       int64    // rural access: an all-season road so long a walk away, one way
	SnapMaxMM       int64    // access legs longer than this are unreachable
	WarningStepsPPM [4]int64 // lag behind plan from which blue, yellow, orange, red begin
	MaskBelow       int64    // household counts under this are masked

	FasterMM      int64 // more than this of one stage on one road in a day is not plausible
	EvidenceOffMM int64 // evidence further than this from the line is off it
	TrackOffMM    int64 // a track further than this from the line did not drive along it
	LengthOffPPM  int64 // chainage and geometry may differ by this

	JoinMM  int64            // an end of a road this near to another road is joined to it; 0: common vertices only
	GapMM   int64            // an end further from another road than that, but no further than this, is a finding
	Terrain string           // of roads whose own is not known: plain, hill, mountain, or empty for none
	Speeds  route.SpeedTable // modelled running speeds

	Water     WaterRules
	RoadCosts RoadCosts // to build a kilometre of road, or to make it all-season

	UrbanSeatMM int64        // villages this near to the county seat are urban; 0: the seat makes nobody urban
	Services    ServiceRules // within how long a service is near

	Site SiteRules // how relocation sites are judged
}

// DefaultRules are the defaults of the domain page: 200 m, 2 km, 30 minutes,
// warning steps of 5, 10, 20 and 30 percentage points, masking under 5
// households, ends of roads joined over 5 m and doubted up to 30 m.
func DefaultRules() Rules {
	return Rules{
		Version:         "2026-1",
		ConnectMM:       200_000,
		RAIBufferMM:     2_000_000,
		RAIWalkMS:       30 * 60_000,
		SnapMaxMM:       5_000_000,
		WarningStepsPPM: [4]int64{50_000, 100_000, 200_000, 300_000},
		MaskBelow:       5,
		FasterMM:        2_000_000,
		EvidenceOffMM:   200_000,
		TrackOffMM:      30_000,
		LengthOffPPM:    50_000,
		JoinMM:          5_000,
		GapMM:           30_000,
		Water:           DefaultWaterRules(),
		RoadCosts:       DefaultRoadCosts(),
		Services:        DefaultServiceRules(),
		Site:            DefaultSiteRules(),
	}
}

// Change says what became stale, never what it became.
type Change struct {
	Revision int64
	Counties []string // empty with All
	Layers   []string
	Cells    []Cell // zoom 12 tiles touched, old and new; nil: whole counties
	All      bool   // everything may have changed
}

// Cell is a zoom 12 tile.
type Cell struct{ X, Y uint32 }

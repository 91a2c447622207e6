package planner

import (
	"time"

	"github.com/paulmach/orb"
)

// Site is a resettlement area.
type Site struct {
	ID                 ID
	Code               string
	Name               string
	NameEN             string
	Mode               string // county_town, market_town, park, scenic, central_village, in_village, scattered
	Township           string
	Gate               orb.Point
	CapacityHouseholds *int64
	CapacityPersons    *int64
	Jobs               *int64
	WaterM3D           *float64
	SchoolPlaces       *int64
	Buildings          []Building

	Land       string           // owned, unused, acquire; else unknown
	Approvals  []SiteApproval   // by step
	FollowUps  []SiteFollowUp   // by id
	Types      []DwellingType   // in force on the day, by persons and area
	Costs      []SiteCost       // in force on the day, by item
	Scores     []StoredScore    // in force on the day, by factor
	Employment *EmploymentCount // the latest on or before the day; nil: none
}

// ApprovalStep is a step of the checklist of a site.
type ApprovalStep string

// ApprovalSteps lists the steps in the order in which they are usually taken
// (domain page 2.4).
var ApprovalSteps = []ApprovalStep{
	"siting_opinion", "planning_scheme", "hazard_assessment", "land_precheck", "environment",
	"forest_land", "implementation_plan", "drawing_review", "land_certificate",
}

// SiteApproval is what is known of one step of a site.
type SiteApproval struct {
	Step     ApprovalStep
	Needed   bool // false: the site can do without, and Note says why
	Due      Date // zero: none is set
	Applied  Date
	Granted  Date
	Document string // number of the paper
	Note     string
}

// FollowUpKinds lists what is done for those who have moved in.
var FollowUpKinds = []string{"school_places", "clinic", "insurance", "visit"}

// SiteFollowUp is one thing to be done at a site by a day.
type SiteFollowUp struct {
	ID          ID
	Kind        string // of FollowUpKinds
	Due         Date
	Done        Date   // zero: not yet
	Amount      *int64 // school places arranged, persons insured, households visited; nil: not counted
	Responsible string
	Note        string
}

// DwellingType are the dwellings of a site for households of one size.
type DwellingType struct {
	Persons   int64 // of the household it is for
	AreaDM2   int64 // of one dwelling, square decimetres
	Dwellings int64
}

// SiteCost is what one item of a site costs.
type SiteCost struct {
	Item string // housing, infrastructure, services, land, award
	Fen  int64
}

// StoredScore is a score of a factor that somebody gave, or a hard exclusion;
// it stands in place of a computed one.
type StoredScore struct {
	Factor   string   // a factor of the county's rules, an exclusion, or one of its own
	Score    *float64 // 0 to 100; nil: none
	Excluded bool
	Source   string
}

// EmploymentCount says how many of a site's households were counted, and how
// many of their people have a job.
type EmploymentCount struct {
	AsOf           Date
	Households     int64
	AbleHouseholds *int64 // with somebody able to work; nil: not counted
	Employed       int64  // persons
}

// Consent says how many households of a village were asked whether they move
// and how many agree.
type Consent struct {
	AsOf          Date
	Asked, Agreed int64
}

// DwellingStage is a step of a dwelling; the steps are cumulative.
type DwellingStage string

// The dwelling stages in order.
const (
	DwellingStarted          DwellingStage = "started"
	DwellingFoundationDone   DwellingStage = "foundation_done"
	DwellingStructureStarted DwellingStage = "structure_started"
	DwellingStructureDone    DwellingStage = "structure_done"
	DwellingCompleted        DwellingStage = "completed"
	DwellingDelivered        DwellingStage = "delivered"
	DwellingMovedIn          DwellingStage = "moved_in"
)

// DwellingStages lists the stages in order.
var DwellingStages = []DwellingStage{
	DwellingStarted, DwellingFoundationDone, DwellingStructureStarted, DwellingStructureDone,
	DwellingCompleted, DwellingDelivered, DwellingMovedIn,
}

// Building is a block of dwellings with the stages reported for it.
type Building struct {
	ID        ID
	Name      string
	Dwellings int64
	Events    []BuildingEvent // known and not revoked, by day
}

// BuildingEvent is one append-only report that a building reached a stage.
type BuildingEvent struct {
	ID       string // UUID
	Stage    DwellingStage
	On       Date
	Recorded time.Time
}

// Move is the task that people of a village move to a site.
type Move struct {
	ID                ID
	Village           ID
	Site              ID
	Households        int64 // planned
	Persons           int64
	Registered        int64 // households, a subset
	RegisteredPersons int64
	Eligible          *int64 // households whose old house has to be demolished; nil: not known
	Events            []MoveEvent
}

// MoveEvent is one append-only report on a move. Counts are increments.
type MoveEvent struct {
	ID                string // UUID
	Stage             string // signed, moved_in, demolished, reclaimed
	Households        int64
	Persons           int64
	Registered        int64
	RegisteredPersons int64
	On                Date
	Recorded          time.Time
}

// RelocationTarget is what the county has to reach by a day.
type RelocationTarget struct {
	Households           int64
	Persons              int64
	RegisteredHouseholds int64
	RegisteredPersons    int64
	Deadline             Date
}

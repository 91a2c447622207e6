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

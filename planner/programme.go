package planner

import (
	"time"

	"github.com/qiantu/qiantu/geo/chainage"
)

// Stage is a step of the works on a metre of road.
type Stage string

// The stages in building order. A metre is completed when its programme's
// completing stage (usually surface) is reported.
const (
	StageClearing   Stage = "clearing"
	StageRoadbed    Stage = "roadbed"
	StageSubbase    Stage = "subbase"
	StageBase       Stage = "base"
	StageSurface    Stage = "surface"
	StageDrainage   Stage = "drainage"
	StageAcceptance Stage = "acceptance"
)

// Stages lists all stages in building order.
var Stages = []Stage{StageClearing, StageRoadbed, StageSubbase, StageBase, StageSurface, StageDrainage, StageAcceptance}

// Programme is a year's task: which intervals of which routes are to be built,
// by when, for how much. Programmes are never added together.
type Programme struct {
	ID              ID
	Code            string
	Name            string
	NameEN          string
	Kind            string // hamlet_road, ...
	Starts          Date
	Deadline        Date
	CompletingStage Stage   // the stage that makes a metre completed
	Surface         string  // what a completed metre is surfaced with
	AllSeason       Ternary // what a completed metre is
	PlannedFen      *int64
	PaidFen         *int64
	ReportedMM      *int64 // the total length that its own list prints; nil: none
	Scope           []ScopeItem
	Plan            []PlanPoint // cumulative planned share; empty: linear from Starts to Deadline
}

// ScopeItem is one interval of a programme's task.
type ScopeItem struct {
	ID          ID
	Road        ID
	Version     int32
	Span        chainage.Span
	Village     ID     // whom it is for; 0: not said
	Responsible string // who answers for it
	Phone       string
}

// PlanPoint is the planned cumulative share on a day, for one township or, with
// an empty Township, for all. Between points the share is linear.
type PlanPoint struct {
	Township string
	On       Date
	SharePPM int64 // of the township's task, parts per million
}

// Progress is one append-only report that a stage was reached on an interval of
// a route version. It is corrected by revoking, never by editing.
type Progress struct {
	ID        string // UUID made by the reporter's device
	Road      ID
	Version   int32
	Span      chainage.Span
	Stage     Stage
	On        Date      // valid time
	Recorded  time.Time // when we knew
	Programme ID        // 0: whichever programme has the metre in its scope
	Contract  ID        // 0: not said
	Reporter  string    // who says so
	By        string    // login of who entered it; empty: an import
	Entered   string    // how: import, typed, strip, map, sheet, track, realign
	Note      string
	Evidence  []string // hashes of photos and files
}

// WarningLevel orders the warnings; a bigger one is worse.
type WarningLevel int

// The levels of domain.md 2.8.
const (
	WarningNone WarningLevel = iota
	WarningBlue
	WarningYellow
	WarningOrange
	WarningRed
)

// Warning is a warning made by hand; the automatic ones are computed.
type Warning struct {
	ID       ID
	Township string
	Level    WarningLevel
	Reason   string
	From     Date
}

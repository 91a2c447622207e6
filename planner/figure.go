package planner

import "github.com/qiantu/qiantu/geo/chainage"

// Unit is the unit a figure's value is shown in.
type Unit string

// The units of a figure.
const (
	UnitPercent   Unit = "%"
	UnitKM        Unit = "km"
	UnitCount     Unit = "count"
	UnitYuan      Unit = "yuan"
	UnitPerson    Unit = "person"
	UnitHousehold Unit = "household"
	UnitMinute    Unit = "min"
	UnitMetre     Unit = "m"
	UnitYuanPerKM Unit = "yuan/km"
	UnitRatio     Unit = "ratio"
	UnitM3Day     Unit = "m³/d"
	UnitDay       Unit = "d"
	UnitM2        Unit = "m²"
)

// Figure is a measured point set: what is shown, and all it stands on.
//
// Numerator, Denominator and Unknown are exact integers in the base unit of
// Basis: millimetres for km, fen for yuan, milliseconds for min, litres for m³/d,
// square decimetres for m², one for the rest. A nil Denominator means the figure is a plain amount. A thing whose
// own amount is not known (a village without a count of persons) adds one to
// Unknown, so that it never disappears. Three kinds of figure read otherwise:
// a mean over moves has person-millimetres (person-milliseconds) over persons,
// its median and maximum the persons up to that distance over all persons, the
// planned share has parts per million over a million, and moved_in_households and moved_in_persons have the target as Denominator
// while Value is the Numerator. A unit cost, of the unit yuan/km, has fen over
// millimetres; one of the unit yuan by count, person or household has fen over how many,
// an area a person square decimetres over persons.
type Figure struct {
	Metric      string // "M02 completion_rate"
	Scope       string // region code, unassigned:CODE (of no township), programme:ID, source:NAME, class:X, village:ID, contract:ID, water_project:ID
	ScopeName   string
	Value       *float64 // in Unit; nil: denominator zero, or masked
	Numerator   int64
	Denominator *int64
	Unknown     int64
	Unit        Unit
	Basis       Unit
	AsOf        Date
	Rule        string
	Masked      bool   // household counts under the limit, or one that would give them away
	Parts       []Part // what it is made of, roads in a completion report excepted: those are in Made
	Made        *Made  // roads, to be named by IDs and opened by [Assessment.Evidence]; nil: Parts has all
}

// Part is one thing a figure is made of.
type Part struct {
	Side   Side
	Layer  string // road_segment, road (length-only), village, move, building, ...
	ID     ID
	Code   string        // region code, for parts of layer region
	Road   ID            // roads: the route the span lies on
	Ver    int32         // roads: its version
	Span   chainage.Span // roads: mm of the route's measure; else zero
	Amount int64         // in the base unit of the figure's Basis
	Events []string      // ids of the progress events that prove it; filled by Evidence
}

// Side says where a part counts.
type Side string

// The sides of a figure.
const (
	SideNumerator Side = "numerator"
	SideRest      Side = "rest" // in the denominator only
	SideUnknown   Side = "unknown"
	SideCarryOver Side = "carry_over"
	SideDisputed  Side = "disputed"
)

// ReportKind names a report.
type ReportKind string

// The reports.
const (
	ReportCompletion ReportKind = "completion"
	ReportCoverage   ReportKind = "coverage"
	ReportWater      ReportKind = "water"
	ReportRelocation ReportKind = "relocation"
)

// ReportOptions narrow a report.
type ReportOptions struct {
	By       string  // township (default), village, programme, class, contract, project, none
	WithinMM []int64 // coverage: straight-line distances to count villages at
	Class    string  // coverage: "tertiary+": that road class or a better one
}

// Report is the answer to one of the three questions.
type Report struct {
	Kind     ReportKind
	Region   string
	Revision int64
	AsOf     Date
	KnownAt  string // RFC 3339; empty: the present belief
	Figures  []Figure

	Programme *Programme // completion of a county: that the rows of the region and its townships speak of; nil: none, or of several counties

	Thresholds *Thresholds // coverage: what its verdicts stand on; nil: another report
}

// Thresholds are what decides in coverage who is connected and who counts for
// rural access: the county's rules, or what a question puts in their place.
type Thresholds struct {
	ConnectMM int64 // as in [Rules]
	RAIMM     int64 // RAIBufferMM of [Rules]
	WalkMS    int64 // RAIWalkMS of [Rules]
}

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
)

// Figure is a measured point set: what is shown, and all it stands on.
//
// Numerator, Denominator and Unknown are exact integers in the base unit of
// Basis: millimetres for km, fen for yuan, milliseconds for min, one for the
// rest. A nil Denominator means the figure is a plain amount.
type Figure struct {
	Metric      string // "M02 completion_rate"
	Scope       string // region code, programme:ID, class:X
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
	Parts       []Part // what it is made of
}

// Part is one thing a figure is made of.
type Part struct {
	Side   Side
	Layer  string // road_segment, village, move, building, ...
	ID     ID
	Span   chainage.Span // roads: mm of the route's measure; else zero
	Amount int64         // in the base unit of the figure's Basis
	Events []string      // ids of the progress events that prove it
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
	ReportRelocation ReportKind = "relocation"
)

// ReportOptions narrow a report.
type ReportOptions struct {
	By       string  // township (default), village, programme, class, none
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
}

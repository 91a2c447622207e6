package planner

import (
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/chainage"
)

// Cause is a reason why a figure moved.
type Cause string

// The causes, in the order in which they are taken.
const (
	CauseBase        Cause = "base"        // tasks, programmes and their plans, townships, contracts, the inventory
	CauseRule        Cause = "rule"        // thresholds
	CauseRealignment Cause = "realignment" // versions and mappings
	CauseCorrections Cause = "corrections" // revocations, disputes, inspections, warnings, late reports
	CauseWorks       Cause = "works"       // reports of later days
)

// Causes lists them in order.
var Causes = []Cause{CauseBase, CauseRule, CauseRealignment, CauseCorrections, CauseWorks}

// Difference says why a figure moved between two snapshots of a county.
type Difference struct {
	Metric  string
	Scope   string
	Unit    Unit
	Basis   Unit
	Before  *Snapshot
	After   *Snapshot
	From    Moved // the figure before
	To      Moved
	TotalPP *float64 // shown To less shown From, of percentages; nil: no percentage
	Steps   []DifferenceStep
}

// Moved is a figure, or what a step moved of one, in the base unit of Basis.
type Moved struct {
	Value       *float64 // in Unit; nil: none
	Numerator   int64
	Denominator int64
	Unknown     int64
}

// DifferenceStep is what one cause moved. Over all steps Numerator, Denominator
// and Unknown sum exactly to the difference, and ValuePP to the difference of
// the two values as they are shown, with two decimals.
type DifferenceStep struct {
	Cause       Cause
	Numerator   int64
	Denominator int64
	Unknown     int64
	ValuePP     *float64 // percentage points; nil: no percentage
	Items       []DifferenceItem
}

// DifferenceItem is an interval, or another part of the figure, that entered or
// left a side of it.
type DifferenceItem struct {
	Layer       string // road, programme, warning, region
	Road        ID     // of that layer, or its id
	Version     int32
	Code        string
	Name        string
	Span        chainage.Span // mm of Version
	LabelFrom   string
	LabelTo     string
	From, To    Side  // where its metres counted and count; empty: nowhere
	Amount      int64 // of the numerator; where that stays, of the denominator; else of the unknown
	Numerator   int64
	Denominator int64
	Unknown     int64
	Why         string // task, plan, rule, retired, new, realigned, late_report, revoked, dispute, inspection, reported, other
	Events      []string
	Center      *orb.Point // nil: not drawn
	Bounds      orb.Bound
}

// Explain says why a figure of the completion report moved from one snapshot to
// another.
func Explain(before, after *Snapshot, metric, scope string) (*Difference, error) {
	return nil, notYetBuilt("difference")
}

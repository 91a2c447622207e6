package planner

import (
	"cmp"
	"math/big"

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
	Why         string // one of the reasons below
	Events      []string
	Center      *orb.Point // nil: not drawn
	Bounds      orb.Bound
}

// The reasons of an item. base: task, plan, inventory, money, or base. rule.
// realignment: retired, new, realigned (its measure changed). corrections:
// late_report, revoked, dispute, inspection, warning, other. works: reported,
// other (what a report before it leaves over).

// Explain says why a figure of the completion report moved from one snapshot to
// another. What differs is taken over cause by cause, and the figure is computed
// after each; a step is the figure after it less the one before it. A scope that
// a snapshot does not have is nothing there.
func Explain(before, after *Snapshot, metric, scope string) (*Difference, error) {
	earlier := assessRoads(nil, before)
	return ExplainBetween(earlier, assessRoads(earlier, after), metric, scope)
}

// ExplainBetween is [Explain] of two snapshots that are judged already.
func ExplainBetween(earlier, later *Assessment, metric, scope string) (*Difference, error) {
	before, after := earlier.Snapshot, later.Snapshot
	if kindOf(metric) != ReportCompletion {
		return nil, Errorf(Invalid, "why %q moved is not explained; the figures of the completion report are", metric)
	}
	if before.Region.Code != after.Region.Code {
		return nil, Errorf(Invalid, "%s and %s are two counties; the two reports must be of one", before.Region.Code, after.Region.Code)
	}
	states := statesBetween(earlier, later, metric, scope)
	first, last := states[0], states[len(states)-1]
	d := &Difference{Before: before, After: after, From: first.moved(), To: last.moved()}
	shape := cmp.Or(first.figure, last.figure)
	if shape == nil {
		_, err := last.a.figure(metric, scope)
		return nil, err
	}
	d.Metric, d.Scope, d.Unit, d.Basis = shape.Metric, shape.Scope, shape.Unit, shape.Basis
	shown := shownValues(states, shape.Unit)
	for i, cause := range Causes {
		from, to := states[i].moved(), states[i+1].moved()
		step := DifferenceStep{
			Cause: cause, Numerator: to.Numerator - from.Numerator, Denominator: to.Denominator - from.Denominator, Unknown: to.Unknown - from.Unknown,
			Items: itemsBetween(states[i], states[i+1], cause),
		}
		if shown != nil {
			step.ValuePP = hundredths(shown[i+1] - shown[i])
		}
		d.Steps = append(d.Steps, step)
	}
	if shown != nil {
		d.TotalPP = hundredths(shown[len(shown)-1] - shown[0])
	}
	return d, nil
}

// state is the figure in one of the worlds between the two snapshots.
type state struct {
	a      *Assessment
	figure *Figure // nil: there is none
}

// statesBetween judges the worlds from the earlier snapshot to the later. One
// in which nothing was taken over is the one before it.
func statesBetween(earlier, later *Assessment, metric, scope string) []*state {
	at := func(a *Assessment) *state {
		figure, err := a.figure(metric, scope)
		if err != nil {
			figure = nil
		}
		return &state{a, figure}
	}
	states := []*state{at(earlier)}
	for _, world := range worldsBetween(earlier.Snapshot, later.Snapshot) {
		last := states[len(states)-1]
		if world == nil {
			states = append(states, last)
			continue
		}
		states = append(states, at(assessRoads(last.a, world)))
	}
	return append(states, at(later))
}

func (s *state) moved() Moved {
	if s.figure == nil {
		return Moved{}
	}
	m := Moved{Value: s.figure.Value, Numerator: s.figure.Numerator, Unknown: s.figure.Unknown}
	if s.figure.Denominator != nil {
		m.Denominator = *s.figure.Denominator
	}
	return m
}

// shownValues are the values of a percentage in hundredths of a percentage
// point, as they are shown: exact fractions rounded once. Their differences add
// up. Where the percentage has no value for a while the last one stands; where
// it has none at one of the ends there is nothing to show, nor of other units.
func shownValues(states []*state, unit Unit) []int64 {
	first, last := states[0].moved(), states[len(states)-1].moved()
	if unit != UnitPercent || first.Denominator == 0 || last.Denominator == 0 {
		return nil
	}
	out := make([]int64, len(states))
	for i, s := range states {
		if m := s.moved(); m.Denominator != 0 {
			out[i] = roundedHundredths(m.Numerator, m.Denominator)
		} else {
			out[i] = out[i-1]
		}
	}
	return out
}

// roundedHundredths is 10000 times a fraction, rounded half away from zero.
func roundedHundredths(num, den int64) int64 {
	r := new(big.Rat).SetFrac(big.NewInt(num), big.NewInt(den))
	r.Mul(r, big.NewRat(10_000, 1))
	half := big.NewRat(int64(2*r.Sign()), 4)
	r.Add(r, half)
	return new(big.Int).Quo(r.Num(), r.Denom()).Int64()
}

func hundredths(v int64) *float64 {
	shown := float64(v) / 100
	return &shown
}

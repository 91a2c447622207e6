package planner

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/qiantu/qiantu/geo/chainage"
)

// CheckEntry says what an entry means and which of the rules of docs/works.md it
// breaks. It is pure: nothing is stored. today is the server's day; an
// assessment as of that day or later is needed, so that what was reported since
// is seen. mayTownship says whether the person may enter for a township (its
// code; empty: metres that no township of the county has); nil: for all.
//
// Many entries are checked faster by one [Checker].
func (a *Assessment) CheckEntry(e *Entry, today Date, mayTownship func(township string) bool) *CheckedEntry {
	return NewChecker(a).Check(e, today, mayTownship)
}

// Checker holds entries against the rules, one after another. What it has looked
// up of a road it keeps, and what [Checker.Take] gives it counts as stored, so
// that the rows of a sheet see each other. It is for one goroutine.
type Checker struct {
	a     *Assessment
	order []*Programme // by their first day
	asked int          // names looked for without an index
	names *roadNames   // nil: no name was asked for yet
	known map[ID]*knownRoad
	files map[string]*Attachment
}

// NewChecker makes a checker over what an assessment knows.
func NewChecker(a *Assessment) *Checker {
	return &Checker{a: a, order: byStart(a.Snapshot.Programmes), known: map[ID]*knownRoad{}}
}

// Take lets a report count as stored for the entries that are checked after it.
func (c *Checker) Take(p *Progress) {
	if p == nil || stageIndex(p.Stage) < 0 {
		return
	}
	if road := c.a.roads[p.Road]; road != nil && road.Version == p.Version {
		k := c.roadOf(road)
		k.add(claim{Progress: p, span: p.Span, stage: stageIndex(p.Stage)})
	}
}

// Check is [Assessment.CheckEntry].
func (c *Checker) Check(e *Entry, today Date, mayTownship func(township string) bool) *CheckedEntry {
	k := &entryCheck{Checker: c, e: e, today: today, may: mayTownship, out: &CheckedEntry{}}
	k.checkLost()
	k.road = k.findRoad()
	k.stage = k.findStage()
	k.on = k.findDay()
	k.checkFiles()
	if k.road != nil {
		k.road = k.road.without(e.ID)
		k.out.Road = k.road.road.ID
	}
	if k.road != nil && k.findPlace() {
		k.out.Span = &k.span
		k.holdPlace()
		if k.stage >= 0 && !k.on.IsZero() {
			k.holdReport()
		}
	}
	k.finish()
	return k.out
}

// entryCheck is one entry being checked.
type entryCheck struct {
	*Checker
	e     *Entry
	today Date
	may   func(string) bool
	out   *CheckedEntry

	road    *knownRoad // nil: not known
	span    chainage.Span
	labels  bool           // the interval was said by labels
	stage   int            // in Stages; -1: not known
	on      Date           // zero: not known
	refused bool           // the person may not enter for a township of the interval
	claimed []chainage.Set // by programme, in order: whose task the metres are
}

// holdPlace holds the interval against the rules that need no stage and no day.
func (k *entryCheck) holdPlace() {
	k.out.Length = k.span.Length()
	k.checkCoRouted()
	k.checkTownship()
	k.checkDrawnLength()
	k.checkRound()
	k.checkEvidencePlace()
	k.checkTrack()
}

// holdReport holds the report against the rules on what was reported before.
func (k *entryCheck) holdReport() {
	p := k.progress()
	k.out.Progress = p
	k.claimed = k.attribute(k.road, p, p.Span)
	k.out.Fresh = k.set().Subtract(k.road.reported(k.stage, 0, math.MaxInt32-1)).Length()
	k.checkProgramme()
	k.checkEarlier()
	k.checkContractTask()
	k.checkContracts()
	k.checkPredecessor()
	k.checkSpeed()
	k.checkFuture()
	k.checkDuplicate()
	k.checkStarts()
	k.checkNoEvidence()
}

// set is the interval as a set.
func (k *entryCheck) set() chainage.Set { return chainage.NewSet(k.span) }

// progress is the report that the entry means, anchored to the version in force.
func (k *entryCheck) progress() *Progress {
	evidence := slices.Clone(k.e.Evidence)
	slices.Sort(evidence)
	return &Progress{
		ID: k.e.ID, Road: k.road.road.ID, Version: k.road.road.Version, Span: k.span,
		Stage: Stages[k.stage], On: k.on, Programme: k.e.Programme, Contract: k.contractID(),
		Reporter: strings.TrimSpace(k.e.Reporter), Entered: cmp.Or(k.e.Entered, "typed"), Note: k.e.Note,
		Evidence: slices.Compact(evidence),
	}
}

// find notes that a rule is broken, everywhere.
func (k *entryCheck) find(rule string, severity Severity, params map[string]any) {
	k.out.Findings = append(k.out.Findings, RuleFinding{Rule: rule, Severity: severity, Params: params})
}

// findOn notes that a rule is broken on each span of a set; measure is the name
// of the parameter that has its metres.
func (k *entryCheck) findOn(set chainage.Set, rule string, severity Severity, measure string, params map[string]any) {
	for _, span := range set {
		with := map[string]any{measure: metres(span.Length())}
		for name, value := range params {
			with[name] = value
		}
		k.out.Findings = append(k.out.Findings, RuleFinding{Rule: rule, Severity: severity, Params: with, Span: &span})
	}
}

// finish puts the reasons of the entry to the rules that they answer, and says
// what becomes of it. What blocks cannot be overridden, nor R17 by somebody who
// may not enter for the township.
func (k *entryCheck) finish() {
	k.out.Status = SubmissionApplied
	for i := range k.out.Findings {
		f := &k.out.Findings[i]
		if f.Severity == SeverityHold && (f.Rule != "R17" || !k.refused) {
			f.Override = k.reasonFor(f.Rule)
		}
		if f.Severity == SeverityBlock || f.Severity == SeverityHold && f.Override == "" {
			k.out.Status = SubmissionHeld
		}
	}
	if k.out.Progress == nil {
		k.out.Status = SubmissionHeld
	}
	if k.out.Status != SubmissionApplied {
		k.out.Dispute = nil
	}
	slices.SortStableFunc(k.out.Findings, func(a, b RuleFinding) int { return cmp.Compare(a.Rule, b.Rule) })
}

func (k *entryCheck) reasonFor(rule string) string {
	for _, o := range k.e.Overrides {
		if o.Rule == rule && strings.TrimSpace(o.Reason) != "" {
			return strings.TrimSpace(o.Reason)
		}
	}
	return ""
}

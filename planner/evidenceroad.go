package planner

import (
	"cmp"
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

func (a *Assessment) openRoad(f *Figure, p *Part, item *EvidenceItem) {
	item.Layer, item.ID, item.Span = "road", p.Road, p.Span
	if p.Layer == "road_segment" {
		item.Segment = p.ID
	}
	key := routeKey{p.Road, p.Ver}
	if r := a.roads[p.Road]; r != nil {
		item.Code, item.Name, item.Township = r.Code, r.Name, r.Township
		item.LabelFrom, item.LabelTo = r.Calibration.String(p.Span.From), r.Calibration.String(p.Span.To)
	}
	for _, src := range a.sources[key] {
		if src.span.From <= p.Span.From && p.Span.To <= src.span.To {
			if src.segment != nil && src.segment.Township != "" {
				item.Township = src.segment.Township
			}
			if line := src.cut(p.Span); len(line) > 0 {
				item.place(line)
			}
			break
		}
	}
	item.Events = a.eventsOn(f, p)
	a.openFindings(f, p, item)
}

// proof says which reports prove the numerator of a metric; those that are not
// named here are opened with every report on them.
type proof int

const (
	anyReport proof = iota
	anyStage        // what counts, whatever the stage
	completing
	accepting
	failing // what an inspection took out
)

var provenBy = map[string]proof{
	"C02 started_length": anyStage, "M01 start_rate": anyStage, "M03 physical_progress": anyStage,
	"C03 completed_length": completing, "M02 completion_rate": completing, "M31 deviation": completing, "M31 spi": completing,
	"C05 carry_over_length": completing, "C43 repeated_length": completing, "C44 overridden_length": completing,
	"C40 accepted_length": accepting, "C41 failed_length": failing,
}

// eventsOn lists the reports that overlap a part, by day; for what counts as
// completed only those of a completing stage, and never one that counts for
// nothing there.
func (a *Assessment) eventsOn(f *Figure, p *Part) []EvidenceEvent {
	key, by := routeKey{p.Road, p.Ver}, anyReport
	if p.Side == SideNumerator {
		by = provenBy[f.Metric]
	}
	events := a.ledger.events[key]
	if f.Metric == "C09 retired_length" {
		events = a.ledger.retired
	}
	var out []EvidenceEvent
	for i := range events {
		e := &events[i]
		if e.key == key && e.span.From < p.Span.To && p.Span.From < e.span.To && a.proves(e, by, p.Span) {
			out = append(out, a.openEvent(e))
		}
	}
	return out
}

func (a *Assessment) proves(e *event, by proof, span chainage.Span) bool {
	stage := stageIndex(e.Stage)
	if by == anyReport || stage < 0 {
		return by == anyReport
	}
	counted, failed := a.ledger.standing(e, stage)
	switch {
	case by == failing:
		return len(failed.Clip(span.From, span.To)) > 0
	case by == completing && !a.completes(e.Stage), by == accepting && e.Stage != StageAcceptance:
		return false
	case by == anyStage && len(failed.Clip(span.From, span.To)) > 0:
		return true
	}
	return len(counted.Clip(span.From, span.To)) > 0
}

func (a *Assessment) openEvent(e *event) EvidenceEvent {
	overrides := a.Snapshot.Overrides
	from, _ := slices.BinarySearchFunc(overrides, e.ID, func(o Override, id string) int { return cmp.Compare(o.Progress, id) })
	to := from
	for to < len(overrides) && overrides[to].Progress == e.ID {
		to++
	}
	return EvidenceEvent{
		ID: e.ID, Stage: string(e.Stage), On: e.On, Span: e.span, Reporter: e.Reporter, Evidence: e.Evidence, Recorded: e.Recorded,
		By: e.By, Entered: e.Entered, Contract: e.Progress.Contract, Note: e.Note, Overrides: overrides[from:to:to],
	}
}

// completes reports whether a stage completes a metre of some programme.
func (a *Assessment) completes(s Stage) bool {
	for i := range a.Snapshot.Programmes {
		if stageIndex(a.Snapshot.Programmes[i].CompletingStage) == stageIndex(s) {
			return true
		}
	}
	return false
}

// openFindings lists the inspections and disputes that a part stands on.
func (a *Assessment) openFindings(f *Figure, p *Part, item *EvidenceItem) {
	key := routeKey{p.Road, p.Ver}
	meets := func(s chainage.Span) bool { return s.From < p.Span.To && p.Span.From < s.To }
	switch {
	case f.Metric == "C41 failed_length":
		for _, b := range a.ledger.bars[key] {
			if b.failed && meets(b.span) {
				item.Inspections = append(item.Inspections, b.id)
			}
		}
	case f.Metric == "M11 good_fair_rate" || f.Metric == "M11 good_rate":
		for _, m := range a.ledger.measured[key] {
			if p.Side != SideUnknown && meets(m.span) {
				item.Inspections = append(item.Inspections, m.inspection)
			}
		}
	case p.Side == SideDisputed || f.Metric == "C06 disputed_length":
		for _, c := range a.ledger.cases[key] {
			if meets(c.span) && c.stage <= a.lastCompleting() {
				item.Disputes = append(item.Disputes, c.id)
			}
		}
	}
}

// lastCompleting is the latest stage that completes a programme: later cases hold
// nothing out.
func (a *Assessment) lastCompleting() int {
	last := 0
	for i := range a.Programmes {
		last = max(last, stageIndex(a.Programmes[i].Programme.CompletingStage))
	}
	return last
}

// openFunds names a contract, an item of funds, or a printed sum of them.
func (a *Assessment) openFunds(p *Part, item *EvidenceItem) {
	switch p.Layer {
	case "contract":
		if k := find(a.Snapshot.Contracts, p.ID, func(k *Contract) ID { return k.ID }); k != nil {
			item.Code, item.Name = k.Code, k.Name
		}
	case "funding":
		if f := find(a.Snapshot.Funding, p.ID, func(f *FundingItem) ID { return f.ID }); f != nil {
			item.Code, item.Name = f.Source, f.Item
		}
	case "funding_total":
		if t := find(a.Snapshot.Totals, p.ID, func(t *FundingTotal) ID { return t.ID }); t != nil {
			item.Code, item.Name = t.Source, t.Document
		}
	}
}

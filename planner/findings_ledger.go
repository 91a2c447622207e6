package planner

import (
	"cmp"
	"time"

	"github.com/qiantu/qiantu/geo/chainage"
)

// eastmost is how far ahead of universal time a day begins on earth.
const eastmost = 14 * time.Hour

// ledgerWide holds the rules that need no look at one road after another.
func (f *finder) ledgerWide() {
	files := map[string]bool{}
	for i := range f.a.Snapshot.Attachments {
		files[f.a.Snapshot.Attachments[i].Hash] = true
	}
	for i := range f.a.Snapshot.Progress {
		f.checkReport(&f.a.Snapshot.Progress[i], files)
	}
	f.checkScopes()
	for i := range f.a.Snapshot.Totals {
		f.checkTotal(&f.a.Snapshot.Totals[i])
	}
	for _, p := range f.a.Programmes {
		f.checkPrinted(p.Programme)
		f.checkFunnel(p)
	}
}

// of notes a finding on an interval of a route version, where it lies today;
// on a road that is not known, or on none, as it is.
func (f *finder) of(road ID, version int32, span chainage.Span, finding RuleFinding) {
	parts, _ := f.a.ledger.lift(routeKey{road, version}, span)
	for _, part := range parts {
		if at := f.a.roads[part.key.Road]; at != nil && at.Version == part.key.Version {
			f.road = f.roadOf(at)
			finding.Span = &part.span
			f.addSpan(part.span, finding)
			return
		}
	}
	finding.Span = &span
	f.out = append(f.out, LedgerFinding{RuleFinding: finding, Road: road})
}

// checkReport: R08, a day that had not come anywhere when the report was
// recorded; R22, evidence of which there is no file.
func (f *finder) checkReport(p *Progress, files map[string]bool) {
	if !p.Recorded.IsZero() && p.On > DateOf(p.Recorded.Add(eastmost)) && !f.answered[[2]string{p.ID, "R08"}] {
		f.of(p.Road, p.Version, p.Span, RuleFinding{Rule: "R08", Severity: SeverityHold, Params: map[string]any{
			"on": p.On.String(), "today": DateOf(p.Recorded).String(), "progress": p.ID,
		}})
	}
	for _, hash := range p.Evidence {
		if !files[hash] {
			f.of(p.Road, p.Version, p.Span, RuleFinding{Rule: "R22", Severity: SeverityNote, Params: map[string]any{
				"hash": hash, "progress": p.ID,
			}})
		}
	}
}

// checkScopes: R31, tasks and contracts beyond the end of their road, or on a
// version of which nothing is known.
func (f *finder) checkScopes() {
	lengths := map[routeKey]int64{}
	for _, v := range f.a.Snapshot.Versions {
		lengths[routeKey{v.Road, v.Number}] = v.Length
	}
	for i := range f.a.Snapshot.Roads {
		r := &f.a.Snapshot.Roads[i]
		lengths[routeKey{r.ID, r.Version}] = r.Length
	}
	check := func(of string, items []ScopeItem) {
		for _, item := range items {
			length, known := lengths[routeKey{item.Road, item.Version}]
			if known && item.Span.From >= 0 && item.Span.To <= length {
				continue
			}
			f.of(item.Road, item.Version, item.Span, RuleFinding{Rule: "R31", Severity: SeverityHold, Params: map[string]any{
				"of": of, "beyond_m": metres(max(item.Span.To-length, -item.Span.From)), "length_m": metres(length),
			}})
		}
	}
	for _, p := range f.order {
		check(p.Name, p.Scope)
	}
	for i := range f.a.Snapshot.Contracts {
		check(f.contractName(f.a.Snapshot.Contracts[i].ID), f.a.Snapshot.Contracts[i].Scope)
	}
}

// checkTotal: R35, a printed sum of money that is not the sum of its items. What
// some item does not say is not held against it.
func (f *finder) checkTotal(t *FundingTotal) {
	for _, column := range []struct {
		name    string
		printed *int64
		of      func(*FundingItem) *int64
	}{{"planned", t.PlannedFen, plannedFen}, {"allocated", t.AllocatedFen, allocatedFen}, {"paid", t.PaidFen, paidFen}} {
		sum, known, some := int64(0), true, false
		for i := range f.a.Snapshot.Funding {
			item := &f.a.Snapshot.Funding[i]
			if item.Programme != t.Programme || t.Source != "" && item.Source != t.Source {
				continue
			}
			if amount := column.of(item); amount != nil {
				sum, some = sum+*amount, true
			} else {
				known = false
			}
		}
		if column.printed == nil || !known || !some || sum == *column.printed {
			continue
		}
		f.out = append(f.out, LedgerFinding{RuleFinding: RuleFinding{Rule: "R35", Severity: SeverityNote, Params: map[string]any{
			"programme": f.programmeName(t.Programme), "source": t.Source, "amount": column.name, "document": t.Document,
			"printed": float64(*column.printed) / 100, "computed": float64(sum) / 100,
		}}})
	}
}

// checkPrinted: R36, a total length that a programme's list prints and that is not
// what its intervals give, each metre once. A total of as few digits as it has is
// right when it is theirs rounded or cut off.
func (f *finder) checkPrinted(p *Programme) {
	if p.ReportedMM == nil || len(p.Scope) == 0 {
		return
	}
	spans := map[routeKey][]chainage.Span{}
	for _, item := range p.Scope {
		key := routeKey{item.Road, item.Version}
		spans[key] = append(spans[key], straight(item.Span))
	}
	var sum int64
	for _, on := range spans {
		sum += chainage.NewSet(on...).Length()
	}
	digit := lastDigit(*p.ReportedMM)
	if over := sum - *p.ReportedMM; -over <= digit/2 && over < max(digit, 1) {
		return
	}
	f.out = append(f.out, LedgerFinding{RuleFinding: RuleFinding{Rule: "R36", Severity: SeverityNote, Params: map[string]any{
		"programme": f.programmeName(p.ID), "printed_m": metres(*p.ReportedMM), "computed_m": metres(sum),
	}}})
}

// lastDigit is what the last digit of a printed length is worth, in mm, at most a
// kilometre.
func lastDigit(mm int64) int64 {
	digit := int64(1)
	for digit < 1_000_000 && mm%(10*digit) == 0 {
		digit *= 10
	}
	return digit
}

func (f *finder) programmeName(id ID) string {
	for _, p := range f.order {
		if p.ID == id {
			return cmp.Or(p.Name, p.Code)
		}
	}
	return idString(id)
}

// checkFunnel: R28, a programme has more of a stage than of the one before it
// that is reported at all.
func (f *finder) checkFunnel(p ProgrammeWork) {
	sums := make([]int64, len(Stages))
	for i := range p.Works {
		for stage, set := range p.Works[i].Stages {
			sums[stage] += set.Length()
		}
	}
	before := -1
	for stage := range Stages {
		if Stages[stage] == StageDrainage || sums[stage] == 0 {
			continue
		}
		if before >= 0 && sums[stage] > sums[before] {
			f.out = append(f.out, LedgerFinding{RuleFinding: RuleFinding{Rule: "R28", Severity: SeverityNote, Params: map[string]any{
				"programme": cmp.Or(p.Programme.Name, p.Programme.Code), "stage": string(Stages[stage]), "length_m": metres(sums[stage]),
				"before": string(Stages[before]), "before_m": metres(sums[before]),
			}}})
		}
		if alwaysKept(Stages[stage]) {
			before = stage
		}
	}
}

// alwaysKept says whether every list has a stage. Clearing and subbase are often
// not written down.
func alwaysKept(s Stage) bool { return s != StageClearing && s != StageSubbase }

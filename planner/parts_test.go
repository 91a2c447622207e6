package planner

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// everyReport are all reports with all breakdowns.
func everyReport(t testing.TB, a *Assessment) []Figure {
	t.Helper()
	var out []Figure
	for kind, breakdowns := range map[ReportKind][]string{
		ReportCompletion: {"township", "programme", "class", "state", "village", "contract", "none"},
		ReportCoverage:   {"township", "village"},
		ReportWater:      {"township", "village", "project"},
		ReportRelocation: {"township", "none"},
	} {
		for _, by := range breakdowns {
			options := ReportOptions{By: by, Class: map[ReportKind]string{ReportCoverage: "tertiary+"}[kind]}
			r, err := a.report(kind, options, &opening{scope: everyScope})
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, r.Figures...)
			checkClosed(t, must(a.Report(kind, options)), r)
		}
	}
	return out
}

// checkParts holds every figure against the evidence that opens it.
func checkParts(t testing.TB, a *Assessment) {
	t.Helper()
	for _, f := range everyReport(t, a) {
		g, items, err := a.Evidence(f.Metric, f.Scope)
		if err != nil {
			t.Errorf("%s at %s: %v", f.Metric, f.Scope, err)
			continue
		}
		if g.Numerator != f.Numerator {
			t.Errorf("%s at %s: numerator %d, as evidence %d", f.Metric, f.Scope, f.Numerator, g.Numerator)
		}
		checkItems(t, &f, items)
	}
}

// checkOwnParts does so without looking each figure up again.
func checkOwnParts(t testing.TB, a *Assessment) {
	t.Helper()
	for _, f := range everyReport(t, a) {
		items := make([]EvidenceItem, len(f.Parts))
		for i := range f.Parts {
			items[i] = a.open(&f, &f.Parts[i])
		}
		checkItems(t, &f, items)
	}
}

func checkItems(t testing.TB, f *Figure, items []EvidenceItem) {
	t.Helper()
	if f.Masked {
		if f.Value != nil || f.Denominator != nil || f.Numerator != 0 || len(items) > 0 {
			t.Errorf("%s at %s is masked and still shows %+v", f.Metric, f.Scope, f)
		}
		return
	}
	sum := map[Side]int64{}
	for _, item := range items {
		sum[item.Side] += item.Amount
	}
	if sum[SideNumerator] != f.Numerator || sum[SideUnknown] != f.Unknown {
		t.Errorf("%s at %s: numerator %d, unknown %d; evidence %v", f.Metric, f.Scope, f.Numerator, f.Unknown, sum)
	}
	if f.Denominator != nil && (*f.Denominator == 0) != (f.Value == nil) && f.Unit == UnitPercent {
		t.Errorf("%s at %s: denominator %d, value %v", f.Metric, f.Scope, *f.Denominator, f.Value)
	}
}

// checkClosed holds a report as it is given against the same one with all its
// parts: it says the same, of the same things.
func checkClosed(t testing.TB, closed, open *Report) {
	t.Helper()
	if len(closed.Figures) != len(open.Figures) {
		t.Fatalf("%d figures, opened %d", len(closed.Figures), len(open.Figures))
	}
	for i := range closed.Figures {
		f, g := closed.Figures[i], open.Figures[i]
		if sumSide(g.Parts, SideNumerator) != f.Numerator && !f.Masked {
			t.Errorf("%s at %s: numerator %d, its parts %d", f.Metric, f.Scope, f.Numerator, sumSide(g.Parts, SideNumerator))
		}
		named := g
		named.Made = nil
		if diff := cmp.Diff(f.IDs(), named.IDs()); diff != "" {
			t.Errorf("%s at %s: closed (-), opened (+) %s", f.Metric, f.Scope, diff)
		}
		f.Parts, f.Made, g.Parts, g.Made = nil, nil, nil, nil
		if diff := cmp.Diff(f, g); diff != "" {
			t.Errorf("%s at %s: %s", f.Metric, f.Scope, diff)
		}
	}
}

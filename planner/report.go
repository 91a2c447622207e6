package planner

import "time"

// Report rolls an assessment up into figures, one for each metric and scope,
// in a fixed order: the region, its children by code, the programmes, the
// classes; in each the metrics in the order of docs/metrics.md.
//
// What the road figures of a completion report are made of is named by
// [Figure.IDs], and opened by [Assessment.Evidence].
func (a *Assessment) Report(kind ReportKind, o ReportOptions) (*Report, error) {
	return a.report(kind, o, nil)
}

func (a *Assessment) report(kind ReportKind, o ReportOptions, open *opening) (*Report, error) {
	if err := o.check(kind); err != nil {
		return nil, err
	}
	r := &Report{Kind: kind, Region: a.Snapshot.Region.Code, Revision: a.Snapshot.Revision, AsOf: a.Snapshot.AsOf}
	if !a.Snapshot.KnownAt.IsZero() {
		r.KnownAt = a.Snapshot.KnownAt.UTC().Format(time.RFC3339Nano)
	}
	var err error
	switch kind {
	case ReportCompletion:
		r.Figures = a.reportCompletion(o, open)
		if a.Current >= 0 {
			r.Programme = a.Programmes[a.Current].Programme
		}
	case ReportCoverage:
		rules := &a.Snapshot.Rules
		r.Thresholds = &Thresholds{rules.ConnectMM, rules.RAIBufferMM, rules.RAIWalkMS}
		r.Figures, err = a.reportCoverage(o)
	case ReportWater:
		r.Figures = a.reportWater(o)
	case ReportRelocation:
		r.Figures = a.reportRelocation(o)
	default:
		err = Errorf(NotFound, "report %q is not known; ask for completion, coverage, water or relocation", kind)
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// check refuses a breakdown that a report does not have.
func (o ReportOptions) check(kind ReportKind) error {
	ok := false
	switch o.By {
	case "", "township", "none":
		ok = true
	case "village":
		ok = kind != ReportRelocation && kind != ReportDecision
	case "programme", "class", "state", "contract":
		ok = kind == ReportCompletion
	case "project":
		ok = kind == ReportWater
	}
	if !ok {
		return Errorf(Invalid, "the %s report has no breakdown by %q; write township or none, village for completion, coverage or water, programme, class, state or contract for completion, project for water", kind, o.By)
	}
	for _, mm := range o.WithinMM {
		if mm <= 0 || mm > 1_000_000_000 {
			return Errorf(Invalid, "within %s m is not a distance; write metres from 1 to 1000000", trimMetres(mm))
		}
	}
	return nil
}

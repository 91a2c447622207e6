package data_test

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// works draws the ledger of works of a county, but for its reports.
func (g drawer) works(l *data.Load) {
	for i := range l.Programmes {
		p := &l.Programmes[i]
		g.contracts(l, p)
		g.money(l, p)
	}
	for i := range rapid.IntRange(0, 3).Draw(g.t, "files") {
		f := data.File{Body: []byte{byte(i), 0, 255}, Attachment: planner.Attachment{
			Hash: strings.Repeat(fmt.Sprintf("%02x", i), 32), Name: g.of("", "照片.jpg"), Media: g.of("image/jpeg", "application/pdf"), By: g.of("", "wang"),
		}}
		if g.yes("taken") {
			f.Taken = g.instant()
		}
		if g.yes("placed") {
			f.Place = ptr(g.point())
		}
		l.Files = append(l.Files, f)
	}
	for _, r := range l.Roads {
		if g.yes("inspected") {
			l.Inspections = append(l.Inspections, g.inspection(l, r))
		}
	}
}

// realigned makes a route's version its second: the first metres were carried
// from an earlier one, backwards or not, the others are new.
func (g drawer) realigned(l *data.Load, r *planner.Road) {
	length, on := g.int(2, 50_000_000), g.date()
	carried := g.int(1, min(length, r.Length))
	v := data.EarlierVersion{RoadVersion: planner.RoadVersion{Road: r.ID, Number: 1, Length: length, To: on}}
	if g.yes("began") {
		v.From = on - planner.Date(g.int(1, 3000))
	}
	if g.yes("drawn") {
		v.Line = g.line()
	}
	r.Version = 2
	each(l.Segments, func(s *planner.Segment) {
		if s.Road == r.ID {
			s.Version = 2
		}
	})
	id := planner.ID(3*len(l.Operations) + 1)
	o := planner.Operation{Kind: "realign", On: on, Reason: "洪水", Tolerance: g.int(0, 30_000), By: g.of("", "wang"), Mappings: []planner.Mapping{{
		ID: id, Kind: planner.MappingCarried, FromRoad: r.ID, FromVersion: 1, FromSpan: chainage.Span{To: carried},
		ToRoad: r.ID, ToVersion: 2, ToSpan: chainage.Span{To: carried}, Reversed: g.yes("reversed"),
	}}}
	if carried < length {
		o.Mappings = append(o.Mappings, planner.Mapping{ID: id + 1, Kind: planner.MappingRetired, FromRoad: r.ID, FromVersion: 1, FromSpan: chainage.Span{From: carried, To: length}})
	}
	if carried < r.Length {
		o.Mappings = append(o.Mappings, planner.Mapping{ID: id + 2, Kind: planner.MappingNew, ToRoad: r.ID, ToVersion: 2, ToSpan: chainage.Span{From: carried, To: r.Length}})
	}
	l.Earlier, l.Operations = append(l.Earlier, v), append(l.Operations, o)
}

func (g drawer) contracts(l *data.Load, p *planner.Programme) {
	for k := range rapid.IntRange(0, 2).Draw(g.t, "contracts") {
		c := planner.Contract{
			ID: planner.ID(len(l.Contracts) + 1), Programme: p.ID, Code: fmt.Sprintf("HT-%d", k), Name: g.name(), Contractor: g.of("", "路桥公司"),
			Responsible: g.of("", "王"), Phone: g.of("", "0857"), PriceFen: g.count(),
		}
		if g.yes("signed") {
			c.Signed, c.Deadline = day("2020-02-01"), day("2020-11-30")
		}
		for _, s := range p.Scope {
			if g.yes("builds it") {
				c.Scope = append(c.Scope, planner.ScopeItem{ID: planner.ID(1000*int(c.ID) + int(s.Road)), Road: s.Road, Version: s.Version, Span: s.Span})
			}
		}
		l.Contracts = append(l.Contracts, c)
	}
}

// money draws detail, or leaves it out; the programme's own amounts are sums.
func (g drawer) money(l *data.Load, p *planner.Programme) {
	for _, source := range []string{"中央", "省级"} {
		if !g.yes("paid by") {
			continue
		}
		f := planner.FundingItem{ID: planner.ID(len(l.Funding) + 1), Programme: p.ID, Source: source, Item: g.of("", "路基"), PlannedFen: ptr(g.int(0, 1e9)), AllocatedFen: g.count(), PaidFen: g.count()}
		l.Funding = append(l.Funding, f)
		if p.PlannedFen == nil {
			p.PlannedFen = new(int64)
		}
		*p.PlannedFen += *f.PlannedFen
		if f.PaidFen != nil {
			if p.PaidFen == nil {
				p.PaidFen = new(int64)
			}
			*p.PaidFen += *f.PaidFen
		}
	}
	if p.PlannedFen != nil && g.yes("summed") {
		l.Totals = append(l.Totals, planner.FundingTotal{ID: planner.ID(len(l.Totals) + 1), Programme: p.ID, Source: g.of("", "中央"), PlannedFen: g.count(), Document: "文件"})
	}
}

func (g drawer) inspection(l *data.Load, r planner.Road) planner.Inspection {
	i := planner.Inspection{
		ID: planner.ID(len(l.Inspections) + 1), Kind: planner.InspectionKind(g.of("planned", "unannounced", "random")), Road: r.ID, Version: r.Version,
		Span: g.span(r.Length), On: g.date(), Result: planner.InspectionResult(g.of("", "pass", "fail")), Inspector: g.of("", "陈"), Note: g.of("", "裂缝"),
		PQIMilli: maybe(g, func() int64 { return g.int(0, 100_000) }), Seed: maybe(g, func() int64 { return g.int(-5, 5) }), By: g.of("", "chen"),
	}
	if len(l.Files) > 0 && g.yes("shown") {
		i.Evidence = []string{l.Files[0].Hash}
	}
	return i
}

func (g drawer) reports(l *data.Load) {
	for _, r := range l.Roads {
		for range rapid.IntRange(0, 3).Draw(g.t, "reports") {
			g.report(l, r)
		}
		if g.yes("disputed") {
			l.Disputes = append(l.Disputes, g.dispute(l, r))
		}
	}
	if g.yes("warned") {
		l.Warnings = []planner.Warning{{ID: 1, Township: g.township(), Level: planner.WarningYellow, Reason: "雨", From: g.date()}}
	}
}

func (g drawer) report(l *data.Load, r planner.Road) {
	p := planner.Progress{
		ID: g.uuid(), Road: r.ID, Version: r.Version, Span: g.span(r.Length), Stage: planner.Stages[g.int(0, 6)], On: g.date(), Recorded: g.instant(),
		Reporter: g.of("", "王"), By: g.of("", "wang"), Entered: g.of("import", "typed", "strip", "map", "sheet", "track", "realign"), Note: g.of("", "雨"),
		Evidence: []string{},
	}
	if len(l.Programmes) > 0 && g.yes("for a programme") {
		p.Programme, p.Evidence = l.Programmes[0].ID, []string{"ab", "c,\"d"}
	}
	if len(l.Contracts) > 0 && g.yes("under a contract") {
		p.Contract = l.Contracts[0].ID
	}
	if len(l.Files) > 0 && g.yes("shown") {
		p.Evidence = append(p.Evidence, l.Files[len(l.Files)-1].Hash)
	}
	if g.yes("overridden") {
		l.Overrides = append(l.Overrides, planner.Override{Progress: p.ID, Rule: g.of("R04", "R05"), Reason: "看过", By: "wang"})
	}
	l.Progress = append(l.Progress, p)
}

func (g drawer) dispute(l *data.Load, r planner.Road) planner.Dispute {
	d := planner.Dispute{
		ID: planner.ID(len(l.Disputes) + 1), Road: r.ID, Version: r.Version, Span: g.span(r.Length), Stage: planner.Stages[g.int(0, 6)], Opened: g.date(),
		Reason: "?", Holder: g.of("", "村委"), Decider: g.of("", "局"), OpenedBy: g.of("", "wang"),
	}
	if len(l.Progress) > 0 && g.yes("claimed") {
		d.Claims = []string{l.Progress[0].ID}
	}
	if !g.yes("decided") {
		return d
	}
	d.Decided, d.Decision, d.DecidedBy, d.Outcome = d.Opened+planner.Date(g.int(0, 900)), "看过", "chen", planner.Outcome(g.of("stands", "void"))
	if len(l.Contracts) > 0 && g.yes("awarded") {
		d.Outcome, d.Awarded = planner.OutcomeAwarded, l.Contracts[0].ID
	}
	if len(l.Files) > 0 && g.yes("surveyed again") {
		d.Evidence = []string{l.Files[0].Hash}
	}
	return d
}

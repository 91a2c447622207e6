package planner

import (
	"slices"
	"strings"
)

// dispute: "dispute 1.5-2 road=1", "... void=2020-05-01 stage=base",
// "... awarded=2 decided=2020-05-01".
func (sc *scenario) dispute(w []string, o map[string]string) {
	d := Dispute{ID: ID(len(sc.s.Disputes) + 1), Road: sc.id(o["road"]), Version: sc.version(o), Span: sc.spanIn(w), Stage: Stage(o["stage"])}
	for _, outcome := range []Outcome{OutcomeStands, OutcomeVoid, OutcomeAwarded} {
		if day := o[string(outcome)]; day != "" {
			d.Outcome, d.Decided = outcome, must(ParseDate(or(o["decided"], day)))
		}
	}
	if d.Outcome == OutcomeAwarded {
		d.Awarded = sc.id(o["to"])
	}
	sc.s.Disputes = append(sc.s.Disputes, d)
}

// mapping: "mapping 0-2 road=1 version=1 to=1:2:1-3 on=2020-05-01 reversed";
// "retired" and "new" have one side only.
func (sc *scenario) mapping(w []string, o map[string]string) {
	m := Mapping{ID: ID(len(sc.s.Mappings) + 1), Operation: sc.id(or(o["operation"], "1")), On: must(ParseDate(o["on"])), Kind: MappingCarried, Reversed: o["reversed"] == "yes"}
	switch {
	case o["retired"] == "yes":
		m.Kind = MappingRetired
	case o["new"] == "yes":
		m.Kind = MappingNew
	}
	if m.Kind != MappingNew {
		m.FromRoad, m.FromVersion, m.FromSpan = sc.id(o["road"]), sc.version(o), sc.spanIn(w)
	}
	if m.Kind != MappingRetired {
		to := strings.Split(o["to"], ":")
		m.ToRoad, m.ToVersion, m.ToSpan = sc.id(to[0]), int32(sc.number(to[1])), sc.span(to[2])
	}
	sc.s.Mappings = append(sc.s.Mappings, m)
}

// contract: "contract 1 programme=1 road=1 0-2 price=100", again for more.
func (sc *scenario) contract(w []string, o map[string]string) {
	id := sc.id(w[0])
	i := slices.IndexFunc(sc.s.Contracts, func(c Contract) bool { return c.ID == id })
	if i < 0 {
		i = len(sc.s.Contracts)
		sc.s.Contracts = append(sc.s.Contracts, Contract{ID: id, Code: "HT-" + w[0], Programme: sc.id(o["programme"]), PriceFen: sc.optional(o, "price")})
	}
	c := &sc.s.Contracts[i]
	c.Scope = append(c.Scope, ScopeItem{ID: ID(len(c.Scope) + 1), Road: sc.id(o["road"]), Version: sc.version(o), Span: sc.spanIn(w)})
}

// inspected: "inspected 0-1 road=1 on=2020-06-01 fail pqi=81500".
func (sc *scenario) inspected(w []string, o map[string]string) {
	in := Inspection{ID: ID(len(sc.s.Inspections) + 1), Kind: InspectionPlanned, Road: sc.id(o["road"]), Version: sc.version(o), Span: sc.spanIn(w),
		On: must(ParseDate(o["on"])), Result: InspectionPass, PQIMilli: sc.optional(o, "pqi")}
	if o["fail"] == "yes" {
		in.Result = InspectionFail
	}
	sc.s.Inspections = append(sc.s.Inspections, in)
}

// override: "override a R04".
func (sc *scenario) override(w []string, _ map[string]string) {
	sc.s.Overrides = append(sc.s.Overrides, Override{Progress: w[0], Rule: w[1], Reason: "why"})
}

// fund: "fund province bridge programme=1 planned=100 allocated=80 paid=40".
func (sc *scenario) fund(w []string, o map[string]string) {
	sc.s.Funding = append(sc.s.Funding, FundingItem{ID: ID(len(sc.s.Funding) + 1), Programme: sc.id(o["programme"]), Source: w[0], Item: w[1],
		PlannedFen: sc.optional(o, "planned"), AllocatedFen: sc.optional(o, "allocated"), PaidFen: sc.optional(o, "paid")})
}

// printed: "printed province programme=1 paid=50"; "whole" is the programme.
func (sc *scenario) printed(w []string, o map[string]string) {
	sc.s.Totals = append(sc.s.Totals, FundingTotal{ID: ID(len(sc.s.Totals) + 1), Programme: sc.id(o["programme"]), Source: strings.TrimPrefix(w[0], "whole"),
		PlannedFen: sc.optional(o, "planned"), AllocatedFen: sc.optional(o, "allocated"), PaidFen: sc.optional(o, "paid")})
}

// proof: "proof C03 completed_length at county: a b": the reports that the
// numerator opens to.
func (sc *scenario) proof(w []string, _ map[string]string) {
	head, tail, _ := strings.Cut(strings.Join(w, " "), ": ")
	metric, scope, _ := strings.Cut(head, " at ")
	where := sc.line
	sc.checks = append(sc.checks, func(a *Assessment) {
		_, items, err := a.Evidence(metric, scope)
		if err != nil {
			sc.t.Errorf("%s: %v", where, err)
		}
		var got []string
		for _, item := range items {
			for _, e := range item.Events {
				if item.Side == SideNumerator && !slices.Contains(got, e.ID) {
					got = append(got, e.ID)
				}
			}
		}
		slices.Sort(got)
		if strings.Join(got, " ") != tail {
			sc.t.Errorf("%s: opens to %v", where, got)
		}
	})
}

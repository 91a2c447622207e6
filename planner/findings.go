package planner

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
)

// LedgerFinding is a rule that something stored breaks, numbered as at entry
// (docs/works.md).
type LedgerFinding struct {
	RuleFinding
	Road      ID // 0: no one road
	RoadName  string
	Township  string // region code, of the first metre
	LabelFrom string
	LabelTo   string
	Center    *orb.Point // nil: not drawn
	Bounds    orb.Bound  // of what is drawn
}

// Findings holds the rules against everything that is stored: what came in
// before a rule was there, what an import brought, what somebody answered for is
// left out. In order of road, rule and measure; what is of no one road first.
func (a *Assessment) Findings() []LedgerFinding {
	f := &finder{Checker: NewChecker(a), answered: map[[2]string]bool{}}
	for _, o := range a.Snapshot.Overrides {
		f.answered[[2]string{o.Progress, o.Rule}] = true
	}
	f.ledgerWide()
	f.checkEnds()
	for i := range a.Snapshot.Roads {
		f.road = f.roadOf(&a.Snapshot.Roads[i])
		f.ofRoad()
	}
	slices.SortStableFunc(f.out, func(x, y LedgerFinding) int {
		return cmp.Or(cmp.Compare(x.Road, y.Road), cmp.Compare(x.Rule, y.Rule), cmp.Compare(startOf(x.Span), startOf(y.Span)),
			cmp.Compare(fmt.Sprint(x.Params), fmt.Sprint(y.Params)))
	})
	return f.out
}

func startOf(s *chainage.Span) int64 {
	if s == nil {
		return -1
	}
	return s.From
}

// finder collects what is found, road by road.
type finder struct {
	*Checker
	road     *knownRoad
	answered map[[2]string]bool // report and rule
	drawn    *stretchSource     // of the road that something was last found on
	out      []LedgerFinding
}

// ofRoad holds the rules against what is known of one road.
func (f *finder) ofRoad() {
	f.checkSegments()
	f.checkDrawn()
	f.checkContractOverlap()
	if len(f.road.claims) == 0 {
		return
	}
	f.checkOutside()
	f.checkOrder()
	f.checkRepeated()
	f.checkRivals()
}

// add notes a finding on each span of a set.
func (f *finder) add(set chainage.Set, rule string, severity Severity, measure string, params map[string]any) {
	for _, span := range set {
		with := map[string]any{measure: metres(span.Length())}
		for name, value := range params {
			with[name] = value
		}
		f.addSpan(span, RuleFinding{Rule: rule, Severity: severity, Params: with, Span: &span})
	}
}

// addSpan notes a finding on the road, with where it lies.
func (f *finder) addSpan(span chainage.Span, finding RuleFinding) {
	road := f.road.road
	l := LedgerFinding{
		RuleFinding: finding, Road: road.ID, RoadName: cmp.Or(road.Name, road.Code), Township: road.Township,
		LabelFrom: road.Calibration.String(span.From), LabelTo: road.Calibration.String(span.To),
	}
	for _, src := range f.a.sources[f.road.key] {
		if src.span.From <= span.From && span.From < src.span.To && src.segment != nil && src.segment.Township != "" {
			l.Township = src.segment.Township
		}
	}
	inside := chainage.Span{From: max(span.From, 0), To: min(span.To, road.Length)}
	if line := f.line().cut(inside); inside.Length() > 0 && len(line) > 1 {
		l.Bounds = line.Bound()
		center := l.Bounds.Center()
		l.Center = &center
	}
	f.out = append(f.out, l)
}

// line is what is drawn of the road, measured once for all that is found on it.
func (f *finder) line() *stretchSource {
	road := f.road.road
	if f.drawn == nil || f.drawn.road != road {
		f.drawn = &stretchSource{road: road, span: chainage.Span{To: road.Length}, line: road.Line}
		if len(road.Line) > 1 {
			f.drawn.measured = f.drawn.measure()
		}
	}
	return f.drawn
}

// checkSegments: R33 and R34, segments that overlap, and metres of a road with
// segments that none has.
func (f *finder) checkSegments() {
	var spans []chainage.Span
	for _, src := range f.a.sources[f.road.key] {
		if src.segment != nil {
			spans = append(spans, src.segment.Span)
		}
	}
	if len(spans) == 0 {
		return
	}
	whole := chainage.Span{To: f.road.road.Length}
	f.add(chainage.Repeated(spans...), "R33", SeverityHold, "overlap_m", nil)
	f.add(chainage.NewSet(spans...).Complement(whole), "R34", SeverityNote, "gap_m", nil)
}

// checkDrawn: R07, for the whole road.
func (f *finder) checkDrawn() {
	road := f.road.road
	if len(road.Line) < 2 {
		return
	}
	whole := chainage.Span{To: road.Length}
	labelled, drawn := labelLength(road, whole), int64(geo.Length(road.Line))
	limit := f.a.Snapshot.Rules.LengthOffPPM
	if off := max(labelled-drawn, drawn-labelled); limit > 0 && off > scale(labelled, limit, ppm) {
		f.addSpan(whole, RuleFinding{Rule: "R07", Severity: SeverityNote, Span: &whole, Params: map[string]any{
			"chainage_m": metres(labelled), "drawn_m": metres(drawn), "percent": percentOf(off, labelled),
		}})
	}
}

// checkContractOverlap: R30, metres that two contracts of a programme have; and
// R32, metres of a contract that are not of its programme's task.
func (f *finder) checkContractOverlap() {
	items := f.road.contracts
	for i, item := range items {
		contract := f.contract(item.contract)
		outside := item.set.Subtract(f.road.corouted)
		for j, p := range f.order {
			if p.ID == contract.Programme {
				outside = outside.Subtract(f.road.scope(j))
			}
		}
		f.add(outside, "R32", SeverityHold, "outside_m", map[string]any{"contract": f.contractName(item.contract)})
		for _, other := range items[i+1:] {
			if f.contract(other.contract).Programme != contract.Programme {
				continue
			}
			f.add(item.set.Intersect(other.set), "R30", SeverityHold, "overlap_m", map[string]any{
				"contract": f.contractName(item.contract), "other": f.contractName(other.contract),
			})
		}
	}
}

// checkOutside: R01, reports on metres of no task; and R20, of days before their
// task began.
func (f *finder) checkOutside() {
	tasks := chainage.Union(f.road.scopes...).Union(f.road.corouted)
	var outside chainage.Set
	early := map[int]chainage.Set{}
	for _, c := range f.road.claims {
		if !f.answered[[2]string{c.ID, "R01"}] {
			outside = outside.Union(chainage.NewSet(c.span).Subtract(tasks))
		}
		if f.answered[[2]string{c.ID, "R20"}] {
			continue
		}
		for i, set := range f.attribute(f.road, c.Progress, c.span) {
			if c.On < f.order[i].Starts {
				early[i] = early[i].Union(chainage.NewSet(set...))
			}
		}
	}
	f.add(outside, "R01", SeverityHold, "outside_m", map[string]any{"programme": ""})
	for i, p := range f.order {
		f.add(early[i], "R20", SeverityHold, "length_m", map[string]any{"on": "", "starts": p.Starts.String(), "programme": p.Name})
	}
}

// checkOrder: R04, a stage without the one before it on its day.
func (f *finder) checkOrder() {
	for stage := range Stages {
		need := f.road.needsOf(stage)
		if need < 0 {
			continue
		}
		var missing chainage.Set
		for _, c := range f.road.claims {
			if c.stage == stage && !f.answered[[2]string{c.ID, "R04"}] {
				missing = missing.Union(f.lacks(c, need))
			}
		}
		f.add(missing, "R04", SeverityHold, "missing_m", map[string]any{"stage": string(Stages[stage]), "needs": string(Stages[need])})
	}
}

// lacks is what of a report has neither a stage nor one after it on its day, by
// other reports.
func (f *finder) lacks(c claim, need int) chainage.Set {
	missing := chainage.NewSet(c.span)
	if missing = f.road.lacksBut(missing, c.stage, need, c.On); len(missing) == 0 {
		return nil
	}
	for _, o := range f.road.claims { // its own stage, but for itself
		if o.stage == c.stage && o.On <= c.On && o.ID != c.ID {
			missing = missing.Subtract(chainage.NewSet(o.span))
		}
	}
	return missing
}

// checkRepeated: R09, reports that others before them had made already.
func (f *finder) checkRepeated() {
	before := make([]chainage.Set, len(Stages))
	claims := slices.Clone(f.road.claims)
	slices.SortStableFunc(claims, func(a, b claim) int {
		return cmp.Or(a.Recorded.Compare(b.Recorded), cmp.Compare(a.On, b.On), cmp.Compare(a.ID, b.ID))
	})
	for i, c := range claims {
		set := chainage.NewSet(c.span)
		by := saidBefore(claims[:i], c)
		if by != nil && before[c.stage].Covers(set) {
			f.addSpan(c.span, RuleFinding{Rule: "R09", Severity: SeverityNote, Span: &c.span, Params: map[string]any{
				"by": reporterOf(by.Progress), "on": by.On.String(), "progress": by.ID, "stage": string(c.Stage), "repeated": c.ID,
			}})
		}
		before[c.stage] = before[c.stage].Union(set)
	}
}

// checkRivals: R03, reports of one stage for different contracts on a metre on
// which no case is open or was decided.
func (f *finder) checkRivals() {
	if len(f.a.Snapshot.Contracts) == 0 {
		return
	}
	claims, cases := f.road.claims, f.cases()
	found := map[[3]string]chainage.Set{}
	for i := range claims {
		for j := range claims[:i] {
			x, y := &claims[j], &claims[i]
			if x.stage != y.stage || x.span.From >= y.span.To || y.span.From >= x.span.To {
				continue
			}
			f.rivalContracts(f.road.shareOf(y), f.road.shareOf(x), func(mine, other string, set chainage.Set) {
				pair := [3]string{string(x.Stage), min(mine, other), max(mine, other)}
				found[pair] = found[pair].Union(set)
			})
		}
	}
	for pair, set := range found {
		f.add(set.Subtract(cases), "R03", SeverityHold, "overlap_m", map[string]any{"stage": pair[0], "contract": pair[1], "other": pair[2]})
	}
}

// cases are the metres of the road that a dispute speaks of, open or decided.
func (f *finder) cases() chainage.Set {
	var out chainage.Set
	for i := range f.a.Snapshot.Disputes {
		d := &f.a.Snapshot.Disputes[i]
		parts, _ := f.a.ledger.lift(routeKey{d.Road, d.Version}, d.Span)
		for _, part := range parts {
			if part.key == f.road.key {
				out = out.Union(chainage.NewSet(part.span))
			}
		}
	}
	return out
}

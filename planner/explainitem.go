package planner

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/chainage"
)

// itemsBetween are the parts of a figure that entered or left one of its sides
// in a step, by road and measure; what is no interval of a road comes last.
func itemsBetween(from, to *state, cause Cause) []DifferenceItem {
	if from == to {
		return nil
	}
	c := newComparer(from, to, cause)
	var out []DifferenceItem
	for _, key := range slices.SortedFunc(maps.Keys(c.parts), routeKey.compare) {
		out = append(out, c.onRoute(key)...)
	}
	return append(out, c.others()...)
}

// comparer compares the parts of two figures.
type comparer struct {
	from, to *state
	cause    Cause
	metric   string
	whole    bool // the parts make up the denominator
	parts    map[routeKey][]sidePart

	reports               map[string]string // those that came or went, with the reason
	disputes, inspections map[routeKey][]chainage.Span
	reportsOn             map[routeKey][]*eventIn
}

// sidePart is a part of one of the two figures, where it lies in the later world.
type sidePart struct {
	span   chainage.Span
	side   Side
	amount int64
	later  bool
	scaled bool // its measure is not what it was
}

type eventIn struct {
	*event
	a *Assessment
}

// ofTheWhole are the rates whose parts make up their denominator.
var ofTheWhole = []string{"M01", "M02", "M03", "M06", "M08", "M11"}

func newComparer(from, to *state, cause Cause) *comparer {
	c := &comparer{from: from, to: to, cause: cause, parts: map[routeKey][]sidePart{}}
	c.metric = cmp.Or(from.figure, to.figure, &Figure{}).Metric
	id, _, _ := strings.Cut(c.metric, " ")
	c.whole = slices.Contains(ofTheWhole, id)
	for _, s := range []*state{from, to} {
		if s.figure == nil {
			continue
		}
		for i := range s.figure.Parts {
			if p := &s.figure.Parts[i]; p.Road != 0 {
				c.addPart(p, s == to)
			}
		}
	}
	c.findReasons()
	return c
}

// addPart puts a part where it lies in the later world; what of an earlier one
// has no place there stays where it was.
func (c *comparer) addPart(p *Part, later bool) {
	key := routeKey{p.Road, p.Ver}
	if later || c.cause != CauseRealignment {
		c.parts[key] = append(c.parts[key], sidePart{p.Span, p.Side, p.Amount, later, false})
		return
	}
	parts, lost := c.to.a.ledger.lift(key, p.Span)
	for _, l := range parts {
		c.parts[l.key] = append(c.parts[l.key], sidePart{l.span, p.Side, shareOf(p.Amount, p.Span, l.from), false, l.span.Length() != l.from.Length()})
	}
	placed := slices.Clone(lost)
	for _, l := range parts {
		placed = append(placed, l.from)
	}
	lost = append(slices.Clip(lost), chainage.NewSet(p.Span).Subtract(chainage.NewSet(placed...))...) // squeezed to nothing
	for _, span := range lost {
		c.parts[key] = append(c.parts[key], sidePart{span, p.Side, shareOf(p.Amount, p.Span, span), false, false})
	}
}

// shareOf is the share of an amount that a part of its span has: a difference
// of one rounded function, so that the parts of a span share all of it.
func shareOf(amount int64, whole, part chainage.Span) int64 {
	if part == whole {
		return amount
	}
	sign := int64(1)
	if amount < 0 {
		sign, amount = -1, -amount
	}
	to := func(at int64) int64 { return scale(at-whole.From, amount, whole.Length()) }
	return sign * (to(part.To) - to(part.From))
}

// findReasons collects the reports and cases that differ between the worlds.
func (c *comparer) findReasons() {
	if c.cause != CauseCorrections && c.cause != CauseWorks {
		return
	}
	c.reports, c.reportsOn = map[string]string{}, map[routeKey][]*eventIn{}
	came, went := "late_report", "revoked"
	if c.cause == CauseWorks {
		came, went = "reported", "reported"
	}
	for i := range c.to.a.Snapshot.Progress {
		c.reports[c.to.a.Snapshot.Progress[i].ID] = came
	}
	for i := range c.from.a.Snapshot.Progress {
		if id := c.from.a.Snapshot.Progress[i].ID; c.reports[id] == "" {
			c.reports[id] = went
		} else {
			delete(c.reports, id)
		}
	}
	for _, a := range []*Assessment{c.from.a, c.to.a} {
		for key, events := range a.ledger.events {
			for i := range events {
				if c.reports[events[i].ID] != "" {
					c.reportsOn[key] = append(c.reportsOn[key], &eventIn{&events[i], a})
				}
			}
		}
	}
	c.disputes, c.inspections = casesBetween(c.from.a, c.to.a)
}

// onRoute compares the parts on one route.
func (c *comparer) onRoute(key routeKey) []DifferenceItem {
	parts := c.parts[key]
	sets := make([]chainage.Set, len(parts))
	for i := range parts {
		sets[i] = chainage.Set{parts[i].span}
	}
	var out []DifferenceItem
	for _, l := range overlay(sets) {
		item, ok := c.compare(parts, l)
		if !ok {
			continue
		}
		item.Layer, item.Road, item.Version = "road", key.Road, key.Version
		item.Why, item.Events = c.why(key, &item)
		if n := len(out); n > 0 && out[n-1].goesOn(&item) {
			out[n-1].take(&item)
			continue
		}
		out = append(out, item)
	}
	for i := range out {
		c.name(key, &out[i])
	}
	return out
}

// compare sums the sides of both figures on a piece; false: nothing moved, or
// the millimetre by which shares of one thing may differ where it is cut
// otherwise.
func (c *comparer) compare(parts []sidePart, l layered) (DifferenceItem, bool) {
	item := DifferenceItem{Span: l.span}
	var sides [2]map[Side]int64
	for i := range sides {
		sides[i] = map[Side]int64{}
	}
	rounding := int64(1)
	for _, i := range l.claims {
		p := &parts[i]
		if p.scaled {
			rounding = 0
		}
		sides[yesNo(p.later)][p.side] += shareOf(p.amount, p.span, l.span)
	}
	item.From, item.To = mainSide(sides[0]), mainSide(sides[1])
	item.Numerator = sides[1][SideNumerator] - sides[0][SideNumerator]
	item.Unknown = sides[1][SideUnknown] - sides[0][SideUnknown]
	if c.whole {
		for _, side := range taskSides {
			item.Denominator += sides[1][side] - sides[0][side]
		}
	}
	item.Amount = cmp.Or(item.Numerator, item.Denominator, item.Unknown)
	moved := item.From != item.To || max(item.Amount, -item.Amount) > rounding
	return item, moved
}

// mainSide is where most of an amount stands; the numerator where two are alike.
func mainSide(amounts map[Side]int64) Side {
	best, most := Side(""), int64(-1)
	for _, side := range []Side{SideNumerator, SideRest, SideCarryOver, SideDisputed, SideUnknown} {
		if mm, ok := amounts[side]; ok && mm > most {
			best, most = side, mm
		}
	}
	return best
}

func (d *DifferenceItem) goesOn(next *DifferenceItem) bool {
	return d.Span.To == next.Span.From && d.From == next.From && d.To == next.To && d.Why == next.Why &&
		slices.Equal(d.Events, next.Events) && (d.Amount < 0) == (next.Amount < 0)
}

func (d *DifferenceItem) take(next *DifferenceItem) {
	d.Span.To = next.Span.To
	d.Numerator += next.Numerator
	d.Denominator += next.Denominator
	d.Unknown += next.Unknown
	d.Amount = cmp.Or(d.Numerator, d.Denominator, d.Unknown)
}

// why says what moved a piece, and which reports did.
func (c *comparer) why(key routeKey, item *DifferenceItem) (string, []string) {
	switch c.cause {
	case CauseBase:
		id, _, _ := strings.Cut(c.metric, " ")
		if slices.Contains([]string{"C08", "M06", "M08", "M11"}, id) {
			return "inventory", nil
		}
		return "task", nil
	case CauseRule:
		return "rule", nil
	case CauseRealignment:
		if strings.HasPrefix(c.metric, "C09 ") && item.From == "" { // its metres are those that are gone
			return "retired", nil
		}
		if force, ok := c.to.a.inForce(key.Road); item.To == "" && (!ok || force != key) {
			return "retired", nil
		} else if item.From == "" {
			return "new", nil
		}
		return "realigned", nil
	}
	var events []string
	why := ""
	for _, e := range c.reportsOn[key] {
		if e.span.From < item.Span.To && item.Span.From < e.span.To && c.proves(e, item.Span) && !slices.Contains(events, e.ID) {
			events = append(events, e.ID)
			why = c.reports[e.ID]
		}
	}
	meets := func(span chainage.Span) bool { return span.From < item.Span.To && item.Span.From < span.To }
	switch {
	case why != "":
	case slices.ContainsFunc(c.disputes[key], meets):
		why = "dispute"
	case slices.ContainsFunc(c.inspections[key], meets):
		why = "inspection"
	default:
		why = "other"
	}
	return why, events
}

// proves says whether a report stands behind what moved; behind what failed also
// the one that was accepted again.
func (c *comparer) proves(e *eventIn, span chainage.Span) bool {
	by := provenBy[c.metric]
	return e.a.proves(e.event, by, span) || by == failing && e.a.proves(e.event, accepting, span)
}

// name names a piece as the later world does where it knows the version.
func (c *comparer) name(key routeKey, item *DifferenceItem) {
	a := c.to.a
	if force, ok := a.inForce(key.Road); !ok || force != key {
		a = c.from.a
	}
	label := chainage.FormatLabel
	if r := a.roads[key.Road]; r != nil {
		item.Code, item.Name = r.Code, r.Name
		if r.Version == key.Version {
			label = func(mm int64) string { return chainage.FormatLabel(r.Calibration.Label(mm)) }
		}
	}
	item.LabelFrom, item.LabelTo = label(item.Span.From), label(item.Span.To)
	bounds, drawn := orb.Bound{}, false
	for _, st := range a.stretches(key, chainage.Set{item.Span}) {
		if line := st.src.cut(st.span); len(line) > 0 {
			if !drawn {
				bounds, drawn = line.Bound(), true
			}
			bounds = bounds.Union(line.Bound())
		}
	}
	if drawn {
		center := bounds.Center()
		item.Bounds, item.Center = bounds, &center
	}
}

// others compares the parts that are no interval of a road.
func (c *comparer) others() []DifferenceItem {
	type name struct {
		layer string
		id    ID
		code  string
		side  Side
	}
	var order []name
	amounts, parts := map[name]int64{}, map[name]*Part{}
	opens := map[name]*state{}
	for i, s := range []*state{c.from, c.to} {
		if s.figure == nil {
			continue
		}
		sign := int64(2*i - 1)
		for i := range s.figure.Parts {
			p := &s.figure.Parts[i]
			if p.Road != 0 {
				continue
			}
			n := name{p.Layer, p.ID, p.Code, p.Side}
			if parts[n] == nil {
				order = append(order, n)
			}
			amounts[n] += sign * p.Amount
			parts[n], opens[n] = p, s
		}
	}
	slices.SortFunc(order, func(a, b name) int {
		return cmp.Or(cmp.Compare(a.layer, b.layer), cmp.Compare(a.id, b.id), cmp.Compare(a.code, b.code), cmp.Compare(a.side, b.side))
	})
	var out []DifferenceItem
	for _, n := range order {
		if amounts[n] == 0 {
			continue
		}
		p := *parts[n]
		opened := opens[n].a.open(opens[n].figure, &p)
		item := DifferenceItem{
			Layer: opened.Layer, Road: opened.ID, Code: opened.Code, Name: opened.Name, To: n.side, Amount: amounts[n],
			Why: c.whyOther(n.layer), Center: opened.Center, Bounds: opened.Bounds,
		}
		if n.side == SideUnknown {
			item.Unknown = item.Amount
		} else {
			item.Numerator = item.Amount
		}
		out = append(out, item)
	}
	return out
}

func (c *comparer) whyOther(layer string) string {
	switch {
	case layer == "funding" || layer == "funding_total":
		return "money"
	case layer == "programme" && c.cause == CauseBase:
		return "plan"
	case layer == "warning":
		return "warning"
	}
	return string(c.cause)
}

package planner

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo/chainage"
)

// This file judges a county millimetre by millimetre, straight from the words
// of docs/works.md. It shares no code with what it is held against.

// spot is one millimetre of a route version.
type spot struct {
	road ID
	ver  int32
	at   int64
}

type bruteModel struct {
	s *Snapshot
	// where the millimetres of each interval lie now, and where they were lost
	scope, gone [2][]spots // by programme and item
	contract    [][]spots
	contractOff [][]spots
	event       []spots
	dispute     []spots
	inspection  []spots
}

type spots map[spot]bool

// walk follows one millimetre from version to version.
func (m *bruteModel) walk(from spot, afterDay Date, after ID, way int, now, lost spots) {
	for _, r := range m.s.Roads {
		if r.ID == from.road && r.Version == from.ver {
			now[from] = true
			return
		}
	}
	day, op := Date(0), ID(0)
	for _, p := range m.s.Mappings { // the next operation that this version goes through
		ahead := p.On <= m.s.AsOf && p.Kind != MappingNew && p.FromRoad == from.road && p.FromVersion == from.ver && way >= 0
		back := p.On > m.s.AsOf && p.Kind != MappingRetired && p.ToRoad == from.road && p.ToVersion == from.ver && way <= 0
		later := way == 0 || way > 0 && (p.On > afterDay || p.On == afterDay && p.Operation > after) ||
			way < 0 && (p.On < afterDay || p.On == afterDay && p.Operation < after)
		nearer := day == 0 || ahead && (p.On < day || p.On == day && p.Operation < op) || back && (p.On > day || p.On == day && p.Operation > op)
		if (ahead || back) && later && nearer {
			day, op = p.On, p.Operation
			if way == 0 && ahead {
				way = 1
			} else if way == 0 {
				way = -1
			}
		}
	}
	if day == 0 {
		now[from] = true
		return
	}
	for _, p := range m.s.Mappings {
		if p.On != day || p.Operation != op {
			continue
		}
		a, b, toRoad, toVer := p.FromSpan, p.ToSpan, p.ToRoad, p.ToVersion
		mine := p.FromRoad == from.road && p.FromVersion == from.ver && p.Kind != MappingNew
		if way < 0 {
			a, b, toRoad, toVer = p.ToSpan, p.FromSpan, p.FromRoad, p.FromVersion
			mine = p.ToRoad == from.road && p.ToVersion == from.ver && p.Kind != MappingRetired
		}
		if !mine || from.at < a.From || from.at >= a.To {
			continue
		}
		if p.Kind != MappingCarried || b.To == b.From {
			break
		}
		// the rounded places of its two ends, in proportion, halves up
		x, y, n, d := from.at-a.From, from.at+1-a.From, b.To-b.From, a.To-a.From
		lo, hi := (2*x*n+d)/(2*d), (2*y*n+d)/(2*d)
		if p.Reversed {
			lo, hi = n-hi, n-lo
		}
		for k := lo; k < hi; k++ {
			m.walk(spot{toRoad, toVer, b.From + k}, day, op, way, now, lost)
		}
		return
	}
	lost[from] = true
}

func (m *bruteModel) follow(road ID, ver int32, span chainage.Span) (now, lost spots) {
	now, lost = spots{}, spots{}
	for at := min(span.From, span.To); at < max(span.From, span.To); at++ {
		m.walk(spot{road, ver, at}, 0, 0, 0, now, lost)
	}
	return now, lost
}

func newBruteModel(s *Snapshot) *bruteModel {
	m := &bruteModel{s: s}
	for i, p := range s.Programmes {
		for _, item := range p.Scope {
			now, lost := m.follow(item.Road, item.Version, item.Span)
			m.scope[i], m.gone[i] = append(m.scope[i], now), append(m.gone[i], lost)
		}
	}
	for _, c := range s.Contracts {
		var all, off []spots
		for _, item := range c.Scope {
			now, lost := m.follow(item.Road, item.Version, item.Span)
			all, off = append(all, now), append(off, lost)
		}
		m.contract, m.contractOff = append(m.contract, all), append(m.contractOff, off)
	}
	add := func(to *[]spots, road ID, ver int32, span chainage.Span) {
		now, _ := m.follow(road, ver, span)
		*to = append(*to, now)
	}
	for _, e := range s.Progress {
		add(&m.event, e.Road, e.Version, e.Span)
	}
	for _, d := range s.Disputes {
		add(&m.dispute, d.Road, d.Version, d.Span)
	}
	for _, in := range s.Inspections {
		add(&m.inspection, in.Road, in.Version, in.Span)
	}
	return m
}

func anyHas(list []spots, p spot) bool {
	return slices.ContainsFunc(list, func(s spots) bool { return s[p] })
}

func (m *bruteModel) inTask(programme int, p spot) bool {
	for _, r := range m.s.Roads {
		if r.ID == p.road && r.Version == p.ver && r.CoRouted.Contains(p.at) {
			return false
		}
	}
	return anyHas(m.scope[programme], p)
}

// owner is the programme that a report counts for on one millimetre; -1: none.
func (m *bruteModel) owner(e *Progress, p spot) int {
	first, second := m.inTask(0, p), m.inTask(1, p)
	switch {
	case e.Programme == 1 && first:
		return 0
	case e.Programme == 2 && second:
		return 1
	case e.Programme != 0:
		return -1
	case second && (e.On >= secondStart || !first):
		return 1
	case first:
		return 0
	}
	return -1
}

// told is what reports say of a millimetre of a programme's task.
type bruteClaims struct {
	count       map[Stage]int
	clean       map[Stage]int // of reports that needed no override
	failed, any bool
}

func (m *bruteModel) claims(programme int, p spot) bruteClaims {
	c := bruteClaims{count: map[Stage]int{}, clean: map[Stage]int{}}
	for i := range m.s.Progress {
		e := &m.s.Progress[i]
		if !m.event[i][p] || m.owner(e, p) != programme || m.void(e, p) {
			continue
		}
		c.any = true
		if m.fails(e, p) {
			c.failed = true
			continue
		}
		c.count[e.Stage]++
		if !slices.ContainsFunc(m.s.Overrides, func(o Override) bool { return o.Progress == e.ID }) {
			c.clean[e.Stage]++
		}
	}
	c.failed = c.failed && c.count[StageAcceptance] == 0
	return c
}

func (m *bruteModel) void(e *Progress, p spot) bool {
	order := "clearing roadbed subbase base surface drainage acceptance"
	for i, d := range m.s.Disputes {
		stage := cmp.Or(d.Stage, StageSurface)
		if d.Outcome == OutcomeVoid && m.dispute[i][p] && e.On < d.Decided && strings.Index(order, string(e.Stage)) >= strings.Index(order, string(stage)) {
			return true
		}
	}
	return false
}

func (m *bruteModel) fails(e *Progress, p spot) bool {
	for i, in := range m.s.Inspections {
		if e.Stage == StageAcceptance && in.Result == InspectionFail && in.On <= m.s.AsOf && m.inspection[i][p] && e.On <= in.On {
			return true
		}
	}
	return false
}

// held says whether an open case holds claims of a stage on a millimetre: one on
// that stage or on one before it, unless all its claims were withdrawn.
func (m *bruteModel) held(stage Stage, p spot) bool {
	order := "clearing roadbed subbase base surface drainage acceptance"
	for i, d := range m.s.Disputes {
		from := cmp.Or(d.Stage, StageSurface)
		if d.Outcome == "" && !d.Withdrawn && m.dispute[i][p] && strings.Index(order, string(from)) <= strings.Index(order, string(stage)) {
			return true
		}
	}
	return false
}

// weight is the share in per cent that the furthest stage gives that no case
// holds.
func (m *bruteModel) weight(c *bruteClaims, p spot) int64 {
	most := int64(0)
	for stage, weight := range map[Stage]int64{StageClearing: 5, StageRoadbed: 40, StageSubbase: 45, StageBase: 60, StageSurface: 90, StageDrainage: 100, StageAcceptance: 100} {
		if c.count[stage] > 0 && !m.held(stage, p) {
			most = max(most, weight)
		}
	}
	return most
}

// village is whom a millimetre is for.
func (m *bruteModel) village(programme int, in []spots, p spot) ID {
	best, village := ID(0), ID(0)
	for i, item := range m.s.Programmes[programme].Scope {
		if in[i][p] && item.Village != 0 && (best == 0 || item.ID < best) {
			best, village = item.ID, item.Village
		}
	}
	return village
}

// contractOf is who builds a millimetre; -1: several.
func (m *bruteModel) contractOf(programme int, in [][]spots, p spot, awards bool) ID {
	found, last := ID(0), -1
	for i, c := range m.s.Contracts {
		if c.Programme == m.s.Programmes[programme].ID && anyHas(in[i], p) {
			if found != 0 {
				found = -1
				break
			}
			found = c.ID
		}
	}
	for i, d := range m.s.Disputes {
		mine := slices.ContainsFunc(m.s.Contracts, func(c Contract) bool {
			return c.ID == d.Awarded && c.Programme == m.s.Programmes[programme].ID
		})
		if awards && d.Outcome == OutcomeAwarded && mine && m.dispute[i][p] &&
			(last < 0 || d.Decided > m.s.Disputes[last].Decided || d.Decided == m.s.Disputes[last].Decided && d.ID > m.s.Disputes[last].ID) {
			last, found = i, d.Awarded
		}
	}
	return found
}

// bruteTally sums metrics by scope.
type bruteTally map[string]map[string]int64

func (b bruteTally) add(metric, scope string, mm int64) {
	if b[metric] == nil {
		b[metric] = map[string]int64{}
	}
	b[metric][scope] += mm
}

// spread adds one millimetre, or a weight in per cent of it, to the scopes of the
// county.
func (m *bruteModel) spread(b bruteTally, metric string, programme int, p spot, lost bool, weight int64) {
	whole := (p.at+1)*weight/100 - p.at*weight/100
	b.add(metric, "programme:"+idString(m.s.Programmes[programme].ID), whole)
	if programme != m.current() {
		return
	}
	villages, contracts := m.scope[programme], m.contract
	if lost {
		villages, contracts = m.gone[programme], m.contractOff
	}
	named := func(prefix string, id ID) string {
		return prefix + map[ID]string{0: "none", -1: "several"}[id] + strings.TrimLeft(idString(max(id, 0)), "0")
	}
	b.add(metric, named("village:", m.village(programme, villages, p)), whole)
	b.add(metric, named("contract:", m.contractOf(programme, contracts, p, !lost)), whole)
	m.spreadUnits(b, metric, p, weight)
}

// spreadUnits adds to the county, its townships and the class of the road.
func (m *bruteModel) spreadUnits(b bruteTally, metric string, p spot, weight int64) {
	whole := (p.at+1)*weight/100 - p.at*weight/100
	b.add(metric, "county", whole)
	township, class, other, share := "", "", "", int64(0)
	for _, r := range m.s.Roads {
		if r.ID == p.road {
			township, class = r.Township, r.Class
		}
	}
	for _, s := range m.s.Segments {
		if s.Road == p.road && s.Version == p.ver && s.Span.From <= p.at && p.at < s.Span.To {
			township, class, other, share = s.Township, s.Class, s.OtherTownship, s.OtherSharePPM
		}
	}
	b.add(metric, "class:"+class, whole)
	theirs := (p.at+1)*weight/100*share/1_000_000 - p.at*weight/100*share/1_000_000
	unit := func(code string) string {
		if code == "T1" || code == "T2" || code == "T3" {
			return code
		}
		return "unassigned:county"
	}
	b.add(metric, unit(township), whole-theirs)
	b.add(metric, unit(other), theirs)
}

func (m *bruteModel) current() int {
	switch {
	case m.s.AsOf >= secondStart:
		return 1
	case m.s.AsOf >= firstStart:
		return 0
	}
	return -1
}

// tally judges every millimetre that any task has.
func (m *bruteModel) tally() bruteTally {
	b := bruteTally{}
	for programme := range m.s.Programmes {
		every, gone := spots{}, spots{}
		for i := range m.scope[programme] {
			for p := range m.scope[programme][i] {
				every[p] = true
			}
			for p := range m.gone[programme][i] {
				gone[p] = true
			}
		}
		for p := range gone {
			m.spread(b, "C09 retired_length", programme, p, true, 100)
		}
		for p := range every {
			if m.inTask(programme, p) {
				m.judge(b, programme, p)
			}
		}
	}
	m.network(b)
	return b
}

// network judges every millimetre of every road: it is built where the inventory
// or a report that counts says so, whoever is to have it.
func (m *bruteModel) network(b bruteTally) {
	for _, r := range m.s.Roads {
		for at := int64(0); at < r.Length; at++ {
			p := spot{r.ID, r.Version, at}
			built := false
			for _, s := range m.s.Segments {
				built = built || s.Road == r.ID && s.Version == r.Version && s.Span.From <= at && at < s.Span.To && s.Built == BuiltYes
			}
			claimed := false
			for i := range m.s.Programmes {
				claimed = claimed || m.inTask(i, p) && m.claims(i, p).count[m.s.Programmes[i].CompletingStage] > 0
			}
			if !r.CoRouted.Contains(at) && (built || claimed) {
				m.spreadUnits(b, "C08 road_length", p, 100)
			}
			if claimed { // what the histories' programmes build is cement, all the year round
				m.spreadUnits(b, "M06 hardened_rate", p, 100)
				m.spreadUnits(b, "M08 all_season_rate", p, 100)
			}
		}
	}
}

func (m *bruteModel) judge(b bruteTally, programme int, p spot) {
	done := m.s.Programmes[programme].CompletingStage
	c := m.claims(programme, p)
	claimed := c.count[done] > 0
	earlier := m.s.Programmes[0].CompletingStage
	carried := programme == 1 && m.inTask(0, p) && m.claims(0, p).count[earlier] > 0
	carriedHeld, held := carried && m.held(earlier, p), m.held(done, p)
	for metric, is := range map[string]bool{
		"C01 planned_length":       true,
		"C02 started_length":       c.any && !carried,
		"C03 completed_length":     claimed && !carried && !held,
		"C05 carry_over_length":    carried && !carriedHeld,
		"C06 disputed_length":      carriedHeld || claimed && !carried && held,
		"C40 accepted_length":      c.count[StageAcceptance] > 0 && !carried && !m.held(StageAcceptance, p),
		"C41 failed_length":        c.failed,
		"C42 two_contracts_length": m.contractOf(programme, m.contract, p, true) == -1,
		"C43 repeated_length":      c.count[done] > 1,
		"C44 overridden_length":    claimed && c.clean[done] == 0 && !carried && !held,
	} {
		if is {
			m.spread(b, metric, programme, p, false, 100)
		}
	}
	if weight := m.weight(&c, p); claimed && !carried && !held {
		m.spread(b, "M03 physical_progress", programme, p, false, 100)
	} else if !carried {
		m.spread(b, "M03 physical_progress", programme, p, false, weight)
	}
}

// Over random histories, on any day, every length of every scope is what one
// millimetre after another gives; so townships, classes, villages and contracts
// each sum to the county.
func TestHistoriesMillimetreByMillimetre(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := newHistory(rapid.Uint64().Draw(rt, "seed"))
		for range 5 {
			checkDay(rt, h, Date(h.between(1, lastDay+60)))
		}
	})
}

// Every kind of length is met in the histories often enough to be tested.
func TestHistoriesAreRich(t *testing.T) {
	met := map[string]int{}
	for seed := range uint64(300) {
		for metric, by := range newBruteModel(newHistory(seed).at(lastDay)).tally() {
			if by["county"] > 0 {
				met[metric]++
			}
		}
	}
	for _, metric := range bruteMetrics {
		if met[metric] < 5 {
			t.Errorf("%s is met in %d of 300 histories", metric, met[metric])
		}
	}
}

// checkDay holds a day of a history against the model, with its facts in
// another order.
func checkDay(t *rapid.T, h *history, day Date) {
	s := h.at(day)
	want := newBruteModel(s).tally()
	mix(h, s.Progress, s.Overrides)
	mix(h, s.Mappings, s.Roads)
	mix(h, s.Disputes, s.Inspections)
	mix(h, s.Contracts, s.Segments)
	a := Assess(s)
	got := bruteTally{}
	for _, by := range []string{"township", "class", "village", "contract"} {
		r := must(a.Report(ReportCompletion, ReportOptions{By: by}))
		for i := range r.Figures {
			f := &r.Figures[i]
			if got[f.Metric] == nil {
				got[f.Metric] = map[string]int64{}
			}
			got[f.Metric][f.Scope] = f.Numerator
		}
	}
	for _, metric := range bruteMetrics {
		checkTally(t, metric, got[metric], want[metric])
	}
}

func mix[T, U any](h *history, list []T, other []U) {
	h.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	h.Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
}

var bruteMetrics = []string{
	"C01 planned_length", "C02 started_length", "C03 completed_length", "C05 carry_over_length", "C06 disputed_length", "C09 retired_length",
	"C40 accepted_length", "C41 failed_length", "C42 two_contracts_length", "C43 repeated_length", "C44 overridden_length",
	"M03 physical_progress", "C08 road_length", "M06 hardened_rate", "M08 all_season_rate",
}

// ofTheNetwork are the metrics that no task has: they have no villages and no
// contracts.
var ofTheNetwork = []string{"C08 road_length", "M06 hardened_rate", "M08 all_season_rate"}

func checkTally(t *rapid.T, metric string, got, want map[string]int64) {
	for scope, mm := range got {
		if mm != want[scope] {
			t.Fatalf("%s at %s: %d mm, millimetre by millimetre %d\ngot  %v\nwant %v", metric, scope, mm, want[scope], got, want)
		}
	}
	for scope, mm := range want {
		if _, there := got[scope]; mm != 0 && !there {
			t.Fatalf("%s at %s: no row, millimetre by millimetre %d", metric, scope, mm)
		}
	}
	for i, parts := range []string{"village:", "contract:", "class:", "T"} {
		if i < 2 && slices.Contains(ofTheNetwork, metric) {
			continue
		}
		var sum int64
		for scope, mm := range got {
			if strings.HasPrefix(scope, parts) || parts == "T" && strings.HasPrefix(scope, "unassigned:") {
				sum += mm
			}
		}
		if sum != got["county"] {
			t.Fatalf("%s: %s... sums to %d of %d: %v", metric, parts, sum, got["county"], got)
		}
	}
}

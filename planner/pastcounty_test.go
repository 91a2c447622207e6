package planner

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo/chainage"
)

// pastCounty is a random past of a county of three short roads: what was so on
// which day, and when it was known. Days and instants run from 1 to 100.
type pastCounty struct {
	base     *Snapshot
	segments map[routeKey][]Segment
	lengths  map[routeKey]int64
	change   *pastChange // of road 1; nil: none
	progress []pastReport
	scopes   []pastScope
	disputes []pastDispute
	checks   []pastInspection
	rules    int // instant from which the warning steps are others
}

type pastReport struct {
	Progress
	known, revoked int
}

type pastScope struct {
	programme, contract int // one of them, from 1
	item                ScopeItem
	known, gone         int
}

type pastDispute struct {
	Dispute
	known, decidedKnown int
}

type pastInspection struct {
	Inspection
	known int
}

type pastChange struct {
	on, known int
	mappings  []Mapping
}

func instant(n int) time.Time { return time.Unix(int64(n), 0).UTC() }

func drawPast(t *rapid.T) *pastCounty {
	h := &pastCounty{segments: map[routeKey][]Segment{}, lengths: map[routeKey]int64{}, rules: 200}
	h.base = &Snapshot{Region: Region{Code: "county"}, Rules: DefaultRules(), Standard: testStandard}
	for _, code := range []string{"T1", "T2", "T3"} {
		h.base.Townships = append(h.base.Townships, Region{Code: code, Name: "town " + code})
	}
	for id := ID(1); id <= 2; id++ {
		h.base.Villages = append(h.base.Villages, Village{ID: id, Name: fmt.Sprint("village ", id), Township: "T1"})
		h.base.Contracts = append(h.base.Contracts, Contract{ID: id, Programme: 2, Code: fmt.Sprint("HT-0", id), Contractor: "company"})
	}
	h.base.Programmes = []Programme{
		{ID: 1, Name: "first", Starts: 10, Deadline: 120, CompletingStage: StageSurface},
		{ID: 2, Name: "second", Starts: 30, Deadline: 160, CompletingStage: StageSurface},
	}
	for id := ID(1); id <= 3; id++ {
		h.route(t, routeKey{id, 1}, roadMM)
	}
	if rapid.Bool().Draw(t, "realigned") {
		h.realign(t)
	}
	if rapid.Bool().Draw(t, "rules") {
		h.rules = drawDay(t, "rules known")
	}
	for i := rapid.IntRange(1, 6).Draw(t, "scopes"); i > 0; i-- {
		h.scope(t, ID(i))
	}
	for i := rapid.IntRange(0, 12).Draw(t, "reports"); i > 0; i-- {
		h.report(t, i)
	}
	for i := rapid.IntRange(0, 2).Draw(t, "disputes"); i > 0; i-- {
		h.dispute(t, ID(i))
	}
	for i := rapid.IntRange(0, 2).Draw(t, "inspections"); i > 0; i-- {
		h.inspect(t, ID(i))
	}
	return h
}

func drawDay(t *rapid.T, what string) int { return rapid.IntRange(1, 100).Draw(t, what) }

func (h *pastCounty) route(t *rapid.T, key routeKey, length int64) {
	h.lengths[key] = length
	for from := rapid.Int64Range(0, 9).Draw(t, "first"); from < length; {
		to := min(length, from+rapid.Int64Range(5, 40).Draw(t, "length"))
		seg := Segment{
			ID: ID(key.Road)*1000 + ID(key.Version)*100 + ID(len(h.segments[key])), Road: key.Road, Version: key.Version,
			Span: chainage.Span{From: from, To: to}, Routable: true, Surface: "gravel", AllSeason: Unknown,
			Class:    rapid.SampledFrom([]string{"class3", "class4"}).Draw(t, "class"),
			Township: rapid.SampledFrom([]string{"T1", "T2", "elsewhere"}).Draw(t, "township"),
			Built:    rapid.SampledFrom([]Built{BuiltNone, BuiltYes}).Draw(t, "built"),
		}
		if rapid.Bool().Draw(t, "boundary") {
			seg.OtherTownship, seg.OtherSharePPM = "T3", rapid.Int64Range(1, ppm-1).Draw(t, "share")
		}
		h.segments[key] = append(h.segments[key], seg)
		from = to + rapid.Int64Range(0, 3).Draw(t, "gap")
	}
}

// realign lays road 1 anew: something is carried, something retired, something new.
func (h *pastCounty) realign(t *rapid.T) {
	a := rapid.Int64Range(1, roadMM-2).Draw(t, "cut")
	b := rapid.Int64Range(a, roadMM-1).Draw(t, "go on")
	added := rapid.Int64Range(0, 20).Draw(t, "new")
	old, next := routeKey{1, 1}, routeKey{1, 2}
	length := a + added + roadMM - b
	h.route(t, next, length)
	piece := func(kind MappingKind, from, to chainage.Span) {
		m := Mapping{ID: ID(len(h.change.mappings) + 1), Operation: 1, On: Date(h.change.on), Kind: kind}
		if from.Length() > 0 {
			m.FromRoad, m.FromVersion, m.FromSpan = old.Road, old.Version, from
		}
		if to.Length() > 0 {
			m.ToRoad, m.ToVersion, m.ToSpan = next.Road, next.Version, to
		}
		if from.Length() > 0 || to.Length() > 0 {
			h.change.mappings = append(h.change.mappings, m)
		}
	}
	h.change = &pastChange{on: drawDay(t, "on"), known: drawDay(t, "known")}
	piece(MappingCarried, chainage.Span{To: a}, chainage.Span{To: a})
	piece(MappingRetired, chainage.Span{From: a, To: b}, chainage.Span{})
	piece(MappingNew, chainage.Span{}, chainage.Span{From: a, To: a + added})
	piece(MappingCarried, chainage.Span{From: b, To: roadMM}, chainage.Span{From: a + added, To: length})
}

// anchor is an interval of a version that is known from an instant on.
func (h *pastCounty) anchor(t *rapid.T) (key routeKey, span chainage.Span, known int) {
	key = routeKey{ID(rapid.IntRange(1, 3).Draw(t, "road")), 1}
	known = drawDay(t, "known")
	if h.change != nil && key.Road == 1 && rapid.Bool().Draw(t, "new version") {
		key.Version, known = 2, max(known, h.change.known)
	}
	from := rapid.Int64Range(0, h.lengths[key]-1).Draw(t, "from")
	return key, chainage.Span{From: from, To: rapid.Int64Range(from+1, h.lengths[key]).Draw(t, "to")}, known
}

func (h *pastCounty) scope(t *rapid.T, id ID) {
	key, span, known := h.anchor(t)
	s := pastScope{item: ScopeItem{ID: id, Road: key.Road, Version: key.Version, Span: span}, known: known, gone: 200}
	if rapid.IntRange(0, 3).Draw(t, "contract") == 0 {
		s.contract = rapid.IntRange(1, 2).Draw(t, "which")
	} else {
		s.programme = rapid.IntRange(1, 2).Draw(t, "which")
		s.item.Village = ID(rapid.IntRange(0, 2).Draw(t, "village"))
	}
	if rapid.IntRange(0, 2).Draw(t, "first") > 0 {
		s.known = 0
	}
	if rapid.IntRange(0, 3).Draw(t, "goes") == 0 {
		s.gone = s.known + drawDay(t, "gone")
	}
	h.scopes = append(h.scopes, s)
}

func (h *pastCounty) report(t *rapid.T, i int) {
	key, span, known := h.anchor(t)
	r := pastReport{known: known, revoked: 200}
	r.Progress = Progress{
		ID: fmt.Sprintf("e%02d", i), Road: key.Road, Version: key.Version, Span: span, On: Date(drawDay(t, "on")), Recorded: instant(known),
		Stage:     rapid.SampledFrom([]Stage{StageSurface, StageRoadbed, StageAcceptance}).Draw(t, "stage"),
		Programme: ID(rapid.IntRange(0, 2).Draw(t, "programme")), Reporter: rapid.SampledFrom([]string{"Li", "Wang"}).Draw(t, "reporter"),
	}
	if rapid.IntRange(0, 3).Draw(t, "revoked") == 0 {
		r.revoked = known + drawDay(t, "revoked known")
	}
	h.progress = append(h.progress, r)
}

func (h *pastCounty) dispute(t *rapid.T, id ID) {
	key, span, known := h.anchor(t)
	d := pastDispute{known: known, decidedKnown: known + drawDay(t, "decided known")}
	opened := drawDay(t, "opened")
	d.Dispute = Dispute{
		ID: id, Road: key.Road, Version: key.Version, Span: span, Stage: StageSurface, Opened: Date(opened),
		Decided: Date(opened + rapid.IntRange(1, 60).Draw(t, "lasts")), Outcome: rapid.SampledFrom([]Outcome{OutcomeStands, OutcomeVoid, OutcomeAwarded}).Draw(t, "outcome"),
	}
	if d.Outcome == OutcomeAwarded {
		d.Awarded = 1
	}
	h.disputes = append(h.disputes, d)
}

func (h *pastCounty) inspect(t *rapid.T, id ID) {
	key, span, known := h.anchor(t)
	pqi := rapid.Int64Range(50_000, 100_000).Draw(t, "pqi")
	n := pastInspection{known: known}
	n.Inspection = Inspection{ID: id, Kind: InspectionPlanned, Road: key.Road, Version: key.Version, Span: span, On: Date(drawDay(t, "on")), PQIMilli: &pqi}
	n.Result = rapid.SampledFrom([]InspectionResult{InspectionPass, InspectionFail}).Draw(t, "result")
	h.checks = append(h.checks, n)
}

// at is the snapshot of a day as known at an instant.
func (h *pastCounty) at(asOf, known int) *Snapshot {
	s := *h.base
	s.AsOf, s.KnownAt = Date(asOf), instant(known)
	s.Programmes, s.Contracts = slices.Clone(s.Programmes), slices.Clone(s.Contracts)
	if known >= h.rules {
		s.Rules.Version, s.Rules.WarningStepsPPM = "other", [4]int64{10_000, 20_000, 30_000, 40_000}
	}
	for id := ID(1); id <= 3; id++ {
		h.addRoute(&s, id, asOf, known)
	}
	for _, p := range h.scopes {
		switch {
		case known < p.known || known >= p.gone:
		case p.contract > 0:
			s.Contracts[p.contract-1].Scope = append(s.Contracts[p.contract-1].Scope, p.item)
		default:
			s.Programmes[p.programme-1].Scope = append(s.Programmes[p.programme-1].Scope, p.item)
		}
	}
	for _, r := range h.progress {
		if r.known <= known && known < r.revoked && int(r.On) <= asOf {
			s.Progress = append(s.Progress, r.Progress)
		}
	}
	for _, d := range h.disputes {
		if d.known > known || int(d.Opened) > asOf {
			continue
		}
		if d.decidedKnown > known || int(d.Decided) > asOf {
			d.Decided, d.Outcome, d.Awarded = 0, "", 0
		}
		s.Disputes = append(s.Disputes, d.Dispute)
	}
	for _, n := range h.checks {
		if n.known <= known && int(n.On) <= asOf {
			s.Inspections = append(s.Inspections, n.Inspection)
		}
	}
	return &s
}

func (h *pastCounty) addRoute(s *Snapshot, id ID, asOf, known int) {
	key := routeKey{id, 1}
	s.Versions = append(s.Versions, RoadVersion{Road: id, Number: 1, Length: roadMM})
	if h.change != nil && id == 1 && h.change.known <= known {
		s.Versions[len(s.Versions)-1].To = Date(h.change.on)
		s.Versions = append(s.Versions, RoadVersion{Road: 1, Number: 2, Length: h.lengths[routeKey{1, 2}], From: Date(h.change.on)})
		s.Mappings = h.change.mappings
		if h.change.on <= asOf {
			key.Version = 2
		}
	}
	s.Roads = append(s.Roads, Road{ID: id, Code: fmt.Sprintf("C00%d520527", id), Name: fmt.Sprint("road ", id), Version: key.Version, Class: "class4", Length: h.lengths[key]})
	s.Segments = append(s.Segments, h.segments[key]...)
}

package planner

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/qiantu/qiantu/geo/chainage"
)

// history is everything that ever happens to a random county: routes that are
// realigned, split, merged and turned round, and what is anchored to any of
// their versions. It is what a database holds; at gives what it reads on a day.
type history struct {
	*rand.Rand // the draws of package rapid lean towards small numbers, and little would ever meet
	versions   []RoadVersion
	live       []RoadVersion // those not yet ended, while the history is made
	days       Date          // of the latest operation
	next       ID            // of an operation, then of a new road
	whole      Snapshot
	corouted   map[routeKey]chainage.Set
	segments   map[routeKey][]Segment
}

const (
	firstStart  = 10 // of the first programme
	secondStart = 50
	lastDay     = 100
)

func newHistory(seed uint64) *history {
	h := &history{Rand: rand.New(rand.NewPCG(seed, 1)), next: 100, days: 1, corouted: map[routeKey]chainage.Set{}, segments: map[routeKey][]Segment{}}
	h.whole = Snapshot{Region: Region{Code: "county"}, Rules: DefaultRules(), Standard: testStandard}
	for _, code := range []string{"T1", "T2", "T3"} {
		h.whole.Townships = append(h.whole.Townships, Region{Code: code, Name: code})
	}
	for id := ID(1); id <= 2; id++ {
		h.begin(RoadVersion{Road: id, Number: 1, Length: h.long(1, roadMM)})
	}
	for range h.between(0, 4) {
		h.operate()
	}
	h.works()
	h.cases()
	return h
}

// begin puts a version in force, with segments and co-routed spans of its own.
func (h *history) begin(v RoadVersion) {
	h.live = append(h.live, v)
	key := routeKey{v.Road, v.Number}
	if h.between(0, 3) == 0 {
		h.corouted[key] = chainage.NewSet(h.span(v.Length))
	}
	for from := h.long(0, 9); from < v.Length; {
		to := min(v.Length, from+h.long(1, 40))
		seg := Segment{
			ID: v.Road*10_000 + ID(v.Number)*100 + ID(len(h.segments[key])), Road: v.Road, Version: v.Number, Span: chainage.Span{From: from, To: to},
			Class: pickOf(h, "class3", "class4", "track"), Township: pickOf(h, "T1", "T2", "T3", "elsewhere"),
			Built: pickOf(h, BuiltNone, BuiltYes, BuiltUnknown), Surface: "gravel", AllSeason: Unknown,
		}
		if h.between(0, 2) == 0 {
			seg.OtherTownship, seg.OtherSharePPM = "T2", h.long(1, ppm-1)
		}
		h.segments[key] = append(h.segments[key], seg)
		from = to + h.long(0, 3)
	}
}

func (h *history) between(from, to int) int  { return from + h.IntN(to-from+1) }
func (h *history) long(from, to int64) int64 { return from + h.Int64N(to-from+1) }
func pickOf[T any](h *history, list ...T) T  { return list[h.IntN(len(list))] }

func (h *history) span(length int64) chainage.Span {
	from := h.long(0, length-1)
	return chainage.Span{From: from, To: h.long(from+1, length)}
}

// end takes the i-th live version out of force.
func (h *history) end(i int) RoadVersion {
	v := h.live[i]
	v.To = h.days
	h.live = slices.Delete(h.live, i, i+1)
	h.versions = append(h.versions, v)
	return v
}

func (h *history) fresh(road ID, length int64) RoadVersion {
	number := int32(1)
	for _, v := range append(h.versions, h.live...) {
		if v.Road == road {
			number = max(number, v.Number+1)
		}
	}
	return RoadVersion{Road: road, Number: number, Length: length, From: h.days}
}

// operate is one deed on the routes.
func (h *history) operate() {
	h.days += Date(h.between(0, 40))
	h.next++
	i := h.between(0, len(h.live)-1)
	switch kind := pickOf[string](h, "realign", "split", "merge", "unmapped"); {
	case kind == "split" && h.live[i].Length > 1:
		h.split(i)
	case kind == "merge" && len(h.live) > 1:
		h.merge(i, (i+1)%len(h.live))
	case kind == "unmapped":
		old := h.end(i)
		h.begin(h.fresh(old.Road, old.Length))
	default:
		h.realign(i)
	}
}

func (h *history) piece(kind MappingKind, old RoadVersion, from chainage.Span, now RoadVersion, to chainage.Span, reversed bool) {
	m := Mapping{ID: ID(len(h.whole.Mappings) + 1), Operation: h.next, On: h.days, Kind: kind, Reversed: reversed}
	if kind != MappingNew {
		m.FromRoad, m.FromVersion, m.FromSpan = old.Road, old.Number, from
	}
	if kind != MappingRetired {
		m.ToRoad, m.ToVersion, m.ToSpan = now.Road, now.Number, to
	}
	h.whole.Mappings = append(h.whole.Mappings, m)
}

func (h *history) split(i int) {
	old := h.end(i)
	at := h.long(1, old.Length-1)
	first := h.fresh(old.Road, at)
	second := h.fresh(h.next, old.Length-at)
	h.piece(MappingCarried, old, chainage.Span{To: at}, first, chainage.Span{To: at}, false)
	h.piece(MappingCarried, old, chainage.Span{From: at, To: old.Length}, second, chainage.Span{To: old.Length - at}, false)
	h.begin(first)
	h.begin(second)
}

func (h *history) merge(i, j int) {
	a, b := h.live[i], h.live[j]
	h.end(i)
	h.end(slices.IndexFunc(h.live, func(v RoadVersion) bool { return v.Road == b.Road }))
	now := h.fresh(a.Road, a.Length+b.Length)
	turned := h.between(0, 1) == 1
	h.piece(MappingCarried, a, chainage.Span{To: a.Length}, now, chainage.Span{To: a.Length}, false)
	h.piece(MappingCarried, b, chainage.Span{To: b.Length}, now, chainage.Span{From: a.Length, To: now.Length}, turned)
	h.begin(now)
}

// realign cuts a route into pieces that are carried, some of them to another
// length, retired, or set between as new; sometimes the other way round.
func (h *history) realign(i int) {
	old := h.end(i)
	type step struct {
		kind     MappingKind
		from, to int64
	}
	var steps []step
	var length int64
	for at := int64(0); at < old.Length; {
		to := min(old.Length, at+h.long(1, old.Length))
		s := step{pickOf[MappingKind](h, MappingCarried, MappingCarried, MappingRetired), to - at, 0}
		if s.kind == MappingCarried {
			s.to = pickOf[int64](h, s.from, s.from, s.from+3, max(1, s.from/3))
		}
		steps = append(steps, s)
		if h.between(0, 3) == 0 {
			steps = append(steps, step{MappingNew, 0, h.long(1, 9)})
		}
		length, at = length+s.to, to
		if n := len(steps); steps[n-1].kind == MappingNew {
			length += steps[n-1].to
		}
	}
	if length == 0 {
		steps, length = append(steps, step{MappingNew, 0, 5}), 5
	}
	now, reversed := h.fresh(old.Road, length), h.between(0, 1) == 1
	var from, to int64
	for _, s := range steps {
		span := chainage.Span{From: to, To: to + s.to}
		if reversed {
			span = chainage.Span{From: length - to - s.to, To: length - to}
		}
		h.piece(s.kind, old, chainage.Span{From: from, To: from + s.from}, now, span, reversed && s.kind == MappingCarried)
		from, to = from+s.from, to+s.to
	}
	h.begin(now)
}

// anywhere is an interval of any version there ever was.
func (h *history) anywhere() (routeKey, chainage.Span) {
	all := append(slices.Clone(h.versions), h.live...)
	v := all[h.between(0, len(all)-1)%h.between(1, len(all))] // most on the oldest, so that they meet
	return routeKey{v.Road, v.Number}, h.span(v.Length)
}

// works draws tasks, contracts and reports.
func (h *history) works() {
	s := &h.whole
	for id, starts := range []Date{firstStart, secondStart} {
		p := Programme{ID: ID(id + 1), Starts: starts, Deadline: starts + 200,
			CompletingStage: pickOf[Stage](h, StageSurface, StageSurface, StageAcceptance), Surface: "cement", AllSeason: Yes}
		for i := h.between(0, 5); i > 0; i-- {
			key, span := h.anywhere()
			p.Scope = append(p.Scope, ScopeItem{ID: ID(i), Road: key.Road, Version: key.Version, Span: span, Village: ID(h.between(0, 2))})
		}
		s.Programmes = append(s.Programmes, p)
	}
	for i := range h.between(0, 3) {
		c := Contract{ID: ID(i + 1), Code: fmt.Sprint("HT-", i), Programme: ID(h.between(1, 2))}
		for range h.between(1, 2) {
			key, span := h.anywhere()
			c.Scope = append(c.Scope, ScopeItem{ID: ID(len(c.Scope) + 1), Road: key.Road, Version: key.Version, Span: span})
		}
		s.Contracts = append(s.Contracts, c)
	}
	for i := h.between(0, 12); i > 0; i-- {
		key, span := h.anywhere()
		if h.between(0, 5) == 0 {
			span.From, span.To = span.To, span.From
		}
		s.Progress = append(s.Progress, Progress{
			ID: fmt.Sprint("e", i), Road: key.Road, Version: key.Version, Span: span,
			Stage: pickOf[Stage](h, StageSurface, StageSurface, StageRoadbed, StageAcceptance, StageAcceptance),
			On:    Date(h.between(1, lastDay)), Programme: ID(max(0, h.between(-3, 2))),
		})
		if h.between(0, 3) == 0 {
			s.Overrides = append(s.Overrides, Override{Progress: fmt.Sprint("e", i), Rule: "R04", Reason: "why"})
		}
	}
}

// cases draws disputes and inspections.
func (h *history) cases() {
	s := &h.whole
	for i := range h.between(0, 3) {
		key, span := h.anywhere()
		d := Dispute{ID: ID(i + 1), Road: key.Road, Version: key.Version, Span: span, Opened: Date(h.between(1, lastDay)),
			Stage: pickOf[Stage](h, "", StageSurface, StageRoadbed, StageDrainage, StageAcceptance), Withdrawn: h.between(0, 7) == 0}
		d.Outcome = pickOf[Outcome](h, "", OutcomeStands, OutcomeVoid, OutcomeAwarded)
		if d.Outcome != "" {
			d.Decided = d.Opened + Date(h.between(0, 30))
		}
		if d.Outcome == OutcomeAwarded {
			d.Awarded = ID(h.between(1, 3))
		}
		s.Disputes = append(s.Disputes, d)
	}
	for i := range h.between(0, 4) {
		key, span := h.anywhere()
		in := Inspection{ID: ID(i + 1), Road: key.Road, Version: key.Version, Span: span, On: Date(h.between(1, lastDay)),
			Result: pickOf[InspectionResult](h, "", InspectionPass, InspectionFail, InspectionFail)}
		if in.Result != "" && h.between(0, 1) == 1 {
			pqi := pickOf[int64](h, 69_999, 70_000, 79_999, 80_000, 95_000)
			in.PQIMilli = &pqi
		}
		s.Inspections = append(s.Inspections, in)
	}
}

// at is what a database gives of the history on a day: a report that was
// revoked is not in it.
func (h *history) at(day Date, revoked ...string) *Snapshot {
	s := h.whole
	s.AsOf = day
	s.Versions = append(slices.Clone(h.versions), h.live...)
	s.Mappings, s.Contracts, s.Overrides = slices.Clone(s.Mappings), slices.Clone(s.Contracts), slices.Clone(s.Overrides)
	for _, v := range s.Versions {
		if v.From > day || v.To != 0 && v.To <= day {
			continue
		}
		key := routeKey{v.Road, v.Number}
		s.Roads = append(s.Roads, Road{ID: v.Road, Version: v.Number, Length: v.Length, Class: "class4", Township: fmt.Sprint("T", v.Road), CoRouted: h.corouted[key]})
		s.Segments = append(s.Segments, h.segments[key]...)
	}
	s.Progress = slices.DeleteFunc(slices.Clone(s.Progress), func(e Progress) bool { return e.On > day || slices.Contains(revoked, e.ID) })
	s.Disputes = slices.DeleteFunc(slices.Clone(s.Disputes), func(d Dispute) bool { return d.Opened > day })
	for i := range s.Disputes {
		if d := &s.Disputes[i]; d.Decided > day {
			d.Decided, d.Outcome, d.Awarded = 0, "", 0
		}
	}
	s.Inspections = slices.DeleteFunc(slices.Clone(s.Inspections), func(in Inspection) bool { return in.On > day && in.Result != "" })
	return &s
}

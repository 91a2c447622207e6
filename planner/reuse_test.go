package planner

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
)

// copyOf is a snapshot that may be edited and shares no line with the first, as
// if it were read again.
func copyOf(s *Snapshot) *Snapshot {
	c := *s
	c.Segments, c.Villages, c.Progress = slices.Clone(s.Segments), slices.Clone(s.Villages), slices.Clone(s.Progress)
	c.Roads, c.Surveys, c.Disputes = slices.Clone(s.Roads), slices.Clone(s.Surveys), slices.Clone(s.Disputes)
	c.Moves, c.Facilities, c.Water = slices.Clone(s.Moves), slices.Clone(s.Facilities), slices.Clone(s.Water)
	for i := range c.Segments {
		c.Segments[i].Line = slices.Clone(c.Segments[i].Line)
	}
	for i := range c.Roads {
		c.Roads[i].Line = slices.Clone(c.Roads[i].Line)
	}
	return &c
}

// edits are what may happen to a county between two readings.
var edits = map[string]func(*rapid.T, *Snapshot){
	"season": func(t *rapid.T, s *Snapshot) {
		anySegment(t, s).AllSeason = rapid.SampledFrom([]Ternary{Yes, No, Unknown}).Draw(t, "season")
	},
	"built": func(t *rapid.T, s *Snapshot) {
		anySegment(t, s).Built = rapid.SampledFrom([]Built{BuiltYes, BuiltNone, BuiltUnknown}).Draw(t, "built")
	},
	"direction": func(t *rapid.T, s *Snapshot) {
		anySegment(t, s).Direction = rapid.SampledFrom([]Direction{Forward, Backward, Both}).Draw(t, "direction")
	},
	"routable": func(t *rapid.T, s *Snapshot) { seg := anySegment(t, s); seg.Routable = !seg.Routable },
	"halo":     func(t *rapid.T, s *Snapshot) { seg := anySegment(t, s); seg.Halo = !seg.Halo },
	"vertex": func(t *rapid.T, s *Snapshot) {
		seg := anySegment(t, s)
		i := rapid.IntRange(0, len(seg.Line)-1).Draw(t, "vertex")
		seg.Line[i] = anyPlace(t, s)
	},
	"end": func(t *rapid.T, s *Snapshot) { // near another road, or not quite
		seg, other := anySegment(t, s), anySegment(t, s)
		v := other.Line[rapid.IntRange(0, len(other.Line)-1).Draw(t, "near")]
		seg.Line[len(seg.Line)-1] = geo.Destination(v, rapid.SampledFrom([]float64{10, 80, 200}).Draw(t, "side"), rapid.SampledFrom([]float64{0.4, 3, 12, 40}).Draw(t, "metres"))
	},
	"short of its end": func(t *rapid.T, s *Snapshot) {
		seg := anySegment(t, s)
		n := len(seg.Line)
		seg.Line[n-1] = geo.Interpolate(seg.Line, max(0, geo.Length(seg.Line)-geo.Millimetre(rapid.SampledFrom([]int64{900, 4000, 4900, 20_000}).Draw(t, "short"))))
	},
	"joining": func(t *rapid.T, s *Snapshot) {
		s.Rules.JoinMM = rapid.SampledFrom([]int64{0, 1000, 5000, 50_000}).Draw(t, "join")
		s.Rules.GapMM = rapid.SampledFrom([]int64{0, 30_000}).Draw(t, "gap")
	},
	"noded": func(t *rapid.T, s *Snapshot) { seg := anySegment(t, s); seg.Noded = !seg.Noded },
	"of a map": func(t *rapid.T, s *Snapshot) {
		r := &s.Roads[rapid.IntRange(0, len(s.Roads)-1).Draw(t, "road")]
		r.Code = rapid.SampledFrom([]string{"way/1", "C1"}).Draw(t, "code")
	},
	"redrawn": func(t *rapid.T, s *Snapshot) { // with a vertex of another road in it: that one is split as well
		seg, other := anySegment(t, s), anySegment(t, s)
		seg.Line = slices.Insert(seg.Line, 1, other.Line[rapid.IntRange(0, len(other.Line)-1).Draw(t, "shared")])
	},
	"broken":  func(t *rapid.T, s *Snapshot) { anySegment(t, s).Line[0][0] = math.NaN() },
	"undrawn": func(t *rapid.T, s *Snapshot) { anySegment(t, s).Line = nil },
	"gone": func(t *rapid.T, s *Snapshot) {
		i := rapid.IntRange(0, len(s.Segments)-1).Draw(t, "gone")
		s.Segments = slices.Delete(s.Segments, i, i+1)
	},
	"new": func(t *rapid.T, s *Snapshot) {
		seg := *anySegment(t, s)
		line := orb.LineString{anyPlace(t, s), anyPlace(t, s)}
		seg.ID, seg.Line, seg.Road, seg.Span = ID(1000+len(s.Segments)), line, ID(1000+len(s.Roads)), chainage.Span{To: int64(geo.Length(line)) + 1}
		s.Segments = append(s.Segments, seg)
		s.Roads = append(s.Roads, Road{ID: seg.Road, Version: 1, Class: "class4", Length: seg.Span.To, Line: line})
	},
	"report": func(t *rapid.T, s *Snapshot) {
		r := s.Roads[rapid.IntRange(0, len(s.Roads)-1).Draw(t, "road")]
		from := rapid.Int64Range(0, r.Length-1).Draw(t, "from")
		to := rapid.Int64Range(from+1, r.Length).Draw(t, "to")
		stage := rapid.SampledFrom([]Stage{StageSurface, StageRoadbed}).Draw(t, "stage")
		s.Progress = append(s.Progress, Progress{ID: fmt.Sprint("new", len(s.Progress)), Road: r.ID, Version: 1, Span: chainage.Span{From: from, To: to}, Stage: stage, On: s.AsOf - 1})
	},
	"revoked": func(t *rapid.T, s *Snapshot) {
		if len(s.Progress) > 0 {
			i := rapid.IntRange(0, len(s.Progress)-1).Draw(t, "report")
			s.Progress = slices.Delete(s.Progress, i, i+1)
		}
	},
	"dispute": func(t *rapid.T, s *Snapshot) {
		r := s.Roads[rapid.IntRange(0, len(s.Roads)-1).Draw(t, "road")]
		s.Disputes = append(s.Disputes, Dispute{ID: ID(len(s.Disputes) + 1), Road: r.ID, Version: 1, Span: chainage.Span{To: r.Length/2 + 1}})
	},
	"decided": func(t *rapid.T, s *Snapshot) {
		if n := len(s.Disputes); n > 0 {
			d := &s.Disputes[rapid.IntRange(0, n-1).Draw(t, "dispute")]
			d.Decided, d.Outcome, d.Awarded = s.AsOf, rapid.SampledFrom([]Outcome{OutcomeStands, OutcomeVoid, OutcomeAwarded}).Draw(t, "outcome"), 1
		}
	},
	"inspected": func(t *rapid.T, s *Snapshot) {
		r, pqi := anyTask(t, s), int64(75_000)
		s.Inspections = append(slices.Clip(s.Inspections), Inspection{ID: ID(len(s.Inspections) + 1), Road: r.Road, Version: r.Version, Span: r.Span, On: s.AsOf,
			Result: InspectionFail, PQIMilli: &pqi})
	},
	"accepted": func(t *rapid.T, s *Snapshot) {
		r := anyTask(t, s)
		s.Progress = append(s.Progress, Progress{ID: fmt.Sprint("new", len(s.Progress)), Road: r.Road, Version: r.Version, Span: r.Span, Stage: StageAcceptance, On: s.AsOf - 5})
	},
	"contract": func(t *rapid.T, s *Snapshot) {
		s.Contracts = append(slices.Clip(s.Contracts), Contract{ID: ID(len(s.Contracts) + 1), Programme: 1, Scope: []ScopeItem{anyTask(t, s), anyTask(t, s)}})
	},
	"override": func(t *rapid.T, s *Snapshot) {
		if len(s.Progress) > 0 {
			s.Overrides = append(slices.Clip(s.Overrides), Override{Progress: s.Progress[0].ID, Rule: fmt.Sprint("R", len(s.Overrides)), Reason: "why"})
		}
	},
	"for a village": func(t *rapid.T, s *Snapshot) {
		s.Programmes = slices.Clone(s.Programmes)
		scope := slices.Clone(s.Programmes[0].Scope)
		if len(scope) > 0 {
			scope[rapid.IntRange(0, len(scope)-1).Draw(t, "item")].Village = 1
		}
		s.Programmes[0].Scope = scope
	},
	"programme": func(t *rapid.T, s *Snapshot) {
		s.Programmes = slices.Clone(s.Programmes)
		p := &s.Programmes[0]
		switch rapid.IntRange(0, 3).Draw(t, "what") {
		case 0:
			p.Starts++
		case 1:
			p.CompletingStage = StageAcceptance
		case 2:
			p.Surface = "asphalt"
		case 3:
			p.Scope = p.Scope[:len(p.Scope)/2]
		}
	},
	"day": func(t *rapid.T, s *Snapshot) { s.AsOf += Date(rapid.IntRange(-200, 30).Draw(t, "days")) },
	"realigned": func(t *rapid.T, s *Snapshot) {
		r := &s.Roads[rapid.IntRange(0, len(s.Roads)-1).Draw(t, "road")]
		if r.Version > 1 || r.Length < 20 {
			return
		}
		whole, kept := chainage.Span{To: r.Length}, chainage.Span{To: r.Length / 2}
		s.Mappings = append(slices.Clip(s.Mappings),
			Mapping{ID: ID(2*r.ID + 1), Operation: r.ID, On: s.AsOf, Kind: MappingCarried, FromRoad: r.ID, FromVersion: 1, FromSpan: kept, ToRoad: r.ID, ToVersion: 2, ToSpan: whole, Reversed: true},
			Mapping{ID: ID(2*r.ID + 2), Operation: r.ID, On: s.AsOf, Kind: MappingRetired, FromRoad: r.ID, FromVersion: 1, FromSpan: chainage.Span{From: kept.To, To: whole.To}})
		r.Version = 2
		for i := range s.Segments {
			if s.Segments[i].Road == r.ID {
				s.Segments[i].Version = 2
			}
		}
	},
	"village":  func(t *rapid.T, s *Snapshot) { anyVillage(t, s).Point = anyPlace(t, s) },
	"far":      func(t *rapid.T, s *Snapshot) { anyVillage(t, s).Point = orb.Point{179.9, 89} },
	"surveyed": func(t *rapid.T, s *Snapshot) { v := anyVillage(t, s); v.Surveyed = !v.Surveyed },
	"village gone": func(t *rapid.T, s *Snapshot) {
		if len(s.Villages) > 1 {
			s.Villages = s.Villages[:len(s.Villages)-1]
		}
	},
	"survey": func(t *rapid.T, s *Snapshot) {
		s.Surveys[rapid.IntRange(0, len(s.Surveys)-1).Draw(t, "survey")].LitresPerDay = nil
	},
	"tap": func(t *rapid.T, s *Snapshot) {
		tap := rapid.Bool().Draw(t, "tap")
		s.Surveys[rapid.IntRange(0, len(s.Surveys)-1).Draw(t, "survey")].Tap = &tap
	},
	"persons": func(t *rapid.T, s *Snapshot) {
		persons := rapid.Int64Range(0, 400).Draw(t, "persons")
		anyVillage(t, s).Population = &Population{Persons: &persons}
	},
	"work": func(t *rapid.T, s *Snapshot) {
		w := &s.Water[rapid.IntRange(0, len(s.Water)-1).Draw(t, "work")]
		capacity := float64(rapid.IntRange(0, 40).Draw(t, "capacity"))
		switch rapid.IntRange(0, 4).Draw(t, "what") {
		case 0:
			w.CapacityM3D = &capacity
		case 1:
			w.DryCapacityM3D = &capacity
		case 2:
			w.Status = rapid.SampledFrom([]string{"built", "building", "unknown"}).Draw(t, "state")
		case 3:
			w.Serves = append(slices.Clip(w.Serves), anyVillage(t, s).ID)
		case 4:
			w.Kind = "reservoir"
		}
	},
	"loss": func(t *rapid.T, s *Snapshot) { s.Rules.Water.LossPPM = rapid.Int64Range(0, 300_000).Draw(t, "loss") },
	"limit": func(t *rapid.T, s *Snapshot) {
		s.Rules.ConnectMM = rapid.SampledFrom([]int64{50_000, 200_000, 900_000}).Draw(t, "limit")
	},
	"seat":    func(t *rapid.T, s *Snapshot) { s.Facilities[0].Point = anyPlace(t, s) },
	"no seat": func(_ *rapid.T, s *Snapshot) { s.Facilities[0].Kind = "school" },
	"nothing": func(*rapid.T, *Snapshot) {},
}

// anySegment is a segment with a line where there is one.
func anySegment(t *rapid.T, s *Snapshot) *Segment {
	at := rapid.IntRange(0, len(s.Segments)-1).Draw(t, "segment")
	for i := range s.Segments {
		if seg := &s.Segments[(at+i)%len(s.Segments)]; len(seg.Line) >= 2 {
			return seg
		}
	}
	s.Segments[at].Line = orb.LineString{{104.5, 27}, {104.501, 27}}
	return &s.Segments[at]
}

// anyTask is an item of the task; of a road where there is none.
func anyTask(t *rapid.T, s *Snapshot) ScopeItem {
	if scope := s.Programmes[0].Scope; len(scope) > 0 {
		return scope[rapid.IntRange(0, len(scope)-1).Draw(t, "item")]
	}
	return ScopeItem{Road: s.Roads[0].ID, Version: s.Roads[0].Version, Span: chainage.Span{To: s.Roads[0].Length}}
}

func anyVillage(t *rapid.T, s *Snapshot) *Village {
	return &s.Villages[rapid.IntRange(0, len(s.Villages)-1).Draw(t, "village")]
}

// anyPlace is a place of the lattice, on it or a few metres beside.
func anyPlace(t *rapid.T, s *Snapshot) orb.Point {
	p := at(rapid.IntRange(0, 6).Draw(t, "x"), rapid.IntRange(0, 6).Draw(t, "y"))
	off := rapid.SampledFrom([]float64{0, 0, 0.0004, 0.0018, 0.002}).Draw(t, "off")
	return orb.Point{p[0] + off, p[1] + off}
}

// inFull writes down all that an assessment says.
func inFull(t testing.TB, a *Assessment) string {
	var b strings.Builder
	b.WriteString(everything(t, a))
	for i := range a.Pieces {
		p := &a.Pieces[i]
		fmt.Fprintln(&b, "piece", p.ID, p.Road, p.Version, p.Segment, p.Span, p.Counted, p.Halo, p.Direction, p.Routable, p.Class, p.pieceFacts, p.line)
	}
	for i := range a.Villages {
		v := a.Villages[i]
		fmt.Fprintln(&b, "village", v.Village.ID, v.Connected, v.Smooth, v.Reached, v.Road, v.NearRoad, v.Water, v.Grades, a.Supply("").Villages[i], a.Supply(SeasonDry).Villages[i])
		for _, near := range a.net.near[i] {
			fmt.Fprintln(&b, "  near", near)
		}
		if l := v.Link; l != nil {
			fmt.Fprintln(&b, "  link", l.MissingMM, l.Straight)
			for _, m := range l.Missing {
				fmt.Fprintln(&b, "  missing", m.Piece.ID, m.Piece.Segment, m.Span)
			}
		}
	}
	fmt.Fprintln(&b, a.Townships, a.County, a.net.ends)
	for e := range int32(a.net.graph.Edges()) {
		fmt.Fprintln(&b, "edge", a.net.graph.Edge(e), a.net.graph.Line(e))
	}
	for _, by := range []string{"class", "village", "contract"} {
		r := must(a.report(ReportCompletion, ReportOptions{By: by}, &opening{scope: everyScope}))
		for _, f := range r.Figures {
			fmt.Fprintln(&b, by, f.Metric, f.Scope, f.Numerator, number(f.Denominator), f.Unknown, f.Parts)
		}
	}
	for _, p := range a.Programmes {
		fmt.Fprintln(&b, p.Programme.ID, p.Works, p.Gone)
	}
	return b.String()
}

// A county judged after another one is judged as if it were the first, whatever
// has happened between.
func TestAfterIsTheSameAsAnew(t *testing.T) {
	names := make([]string, 0, len(edits))
	for name := range edits {
		names = append(names, name)
	}
	slices.Sort(names)
	rapid.Check(t, func(rt *rapid.T) {
		s := demoCounty(rapid.Uint64Range(1, 5).Draw(rt, "seed"), 50, 20)
		a := Assess(s)
		for range rapid.IntRange(1, 4).Draw(rt, "readings") {
			s = copyOf(s)
			for range rapid.IntRange(0, 3).Draw(rt, "edits") {
				edits[rapid.SampledFrom(names).Draw(rt, "edit")](rt, s)
			}
			a = AssessAfter(a, s)
			if diff := cmp.Diff(inFull(t, Assess(copyOf(s))), inFull(t, a)); diff != "" {
				rt.Fatalf("anew (-), after (+):\n%s", diff)
			}
		}
	})
}

// What is taken over is taken over: without this the test above would hold for
// code that always measures anew.
func TestAfterTakesOver(t *testing.T) {
	s := demoCounty(1, 200, 60)
	old := Assess(s)
	same := copyOf(s)
	same.Segments[0].AllSeason = Unknown
	if a := AssessAfter(old, same); a.net.wiring != old.net.wiring {
		t.Error("a change of season made a new graph")
	}
	moved := copyOf(s)
	beside := old.net.piece(old.net.near[0][0].Edge).Segment // ids count from 1
	moved.Segments[beside-1].Line[1][0] += 1e-5
	a := AssessAfter(old, moved)
	if a.net.wiring == old.net.wiring {
		t.Error("a change of a line kept the graph")
	}
	taken := 0
	for _, ok := range a.net.takeNear(old) {
		if ok {
			taken++
		}
	}
	if taken == 0 || taken == len(s.Villages) {
		t.Errorf("%d of %d villages were taken over after one line had changed", taken, len(s.Villages))
	}
}

// So it is with histories: another day, another belief.
func TestAfterOverHistories(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := newHistory(rapid.Uint64().Draw(rt, "seed"))
		day := Date(h.between(1, lastDay+60))
		var a *Assessment
		for range 4 {
			if h.between(0, 3) == 0 {
				day = Date(h.between(1, lastDay+60))
			}
			s := h.at(day, fmt.Sprint("e", h.between(1, 12)))
			if n := len(s.Progress); n > 0 && h.between(0, 2) == 0 {
				s.Progress[h.between(0, n-1)].On = Date(h.between(1, lastDay))
			}
			s.Programmes = slices.Clone(s.Programmes)
			if h.between(0, 3) == 0 {
				s.Programmes[1].Starts = Date(h.between(firstStart, lastDay))
			}
			a = AssessAfter(a, s)
			if diff := cmp.Diff(inFull(t, Assess(s)), inFull(t, a)); diff != "" {
				rt.Fatalf("anew (-), after (+):\n%s", diff)
			}
		}
	})
}

// What is kept is kept: works and pieces of routes that nothing was said of.
func TestAfterKeepsWorks(t *testing.T) {
	s := demoCounty(1, 200, 60)
	old := Assess(s)
	more := copyOf(s)
	e := more.Progress[0]
	e.ID, e.Span = "new", chainage.Span{From: e.Span.To, To: e.Span.To + 1000}
	more.Progress = append(more.Progress, e)
	a := AssessAfter(old, more)
	kept := 0
	for _, ok := range a.kept {
		if ok {
			kept++
		}
	}
	if kept != len(a.ledger.routes)-1 {
		t.Errorf("%d of %d routes were kept after one report", kept, len(a.ledger.routes))
	}
	again, whole := a.keepPieces(old), 0
	for _, key := range a.routes {
		if again(key) != nil {
			whole++
		}
	}
	if whole != len(a.routes)-1 {
		t.Errorf("the pieces of %d of %d routes were kept", whole, len(a.routes))
	}
}

func BenchmarkAssessAfter(b *testing.B) {
	s := demoCounty(1, 5000, 500)
	old := Assess(s)
	for _, name := range []string{"season", "report", "vertex"} {
		after := copyOf(s)
		switch seg := &after.Segments[0]; name {
		case "season":
			seg.AllSeason = Unknown
		case "report":
			done := s.Progress[0]
			done.ID, done.Span = "new", chainage.Span{From: done.Span.To, To: done.Span.To + 1000}
			after.Progress = append(after.Progress, done)
		case "vertex":
			seg.Line[1][0] += 1e-6
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				AssessAfter(old, after)
			}
		})
	}
}

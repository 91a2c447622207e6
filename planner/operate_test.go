package planner

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
)

// builtRoad is a county with one road, its task and random reports. A drawn
// road's chainage is a little longer than its line.
func builtRoad(rnd *rand.Rand, line orb.LineString, length int64) *Snapshot {
	if line != nil {
		length = int64(geo.Length(line)) * (1000 + rnd.Int64N(4)) / 1000
	}
	r := Road{ID: 1, Code: "C001520527", Name: "old road", Version: 1, Length: length, Line: line, Class: "class4", CoRouted: chainage.NewSet(chainage.Span{From: length / 10, To: length / 8})}
	s := &Snapshot{
		Region: Region{Code: "county"}, Rules: DefaultRules(), Standard: testStandard, AsOf: 100, Roads: []Road{r},
		Townships: []Region{{Code: "T1"}, {Code: "T2"}}, Versions: []RoadVersion{{Road: 1, Number: 1, Length: length}},
		Programmes: []Programme{{ID: 1, Starts: 10, Deadline: 200, CompletingStage: StageSurface, Scope: []ScopeItem{{ID: 1, Road: 1, Version: 1, Span: chainage.Span{To: length}}}}},
	}
	border := length/3 + rnd.Int64N(length/3)
	for i, span := range []chainage.Span{{To: border}, {From: border, To: length}} {
		s.Segments = append(s.Segments, Segment{
			ID: ID(i + 1), Road: 1, Version: 1, Span: span, Line: cutRoad(&r, span), Township: fmt.Sprint("T", i+1), Class: "class4", Surface: "earth",
			AllSeason: No, Built: BuiltYes, Direction: []Direction{Both, Forward}[i], Routable: true,
		})
	}
	for i := range 12 {
		from := rnd.Int64N(length - 1)
		s.Progress = append(s.Progress, Progress{
			ID: fmt.Sprintf("e%02d", i), Road: 1, Version: 1, Span: chainage.Span{From: from, To: min(length, from+1+rnd.Int64N(length/3))},
			Stage: []Stage{StageSurface, StageRoadbed}[i%2], On: Date(20 + i),
		})
	}
	return s
}

// done is the county after an operation, as the store would give it.
func done(s *Snapshot, o *Operation) *Snapshot {
	out := *s
	number := map[ID]ID{}
	next := ID(50)
	for i := range o.New {
		if id := o.New[i].ID; id <= 0 {
			number[id], next = next, next+1
		} else {
			number[id] = id
		}
	}
	ended := map[ID]bool{}
	out.Versions = slices.Clone(s.Versions)
	for _, v := range o.Old {
		ended[v.Road] = true
		for i := range out.Versions {
			if out.Versions[i].Road == v.Road && out.Versions[i].Number == v.Number {
				out.Versions[i].To = o.On
			}
		}
	}
	out.Roads = slices.DeleteFunc(slices.Clone(s.Roads), func(r Road) bool { return ended[r.ID] })
	out.Segments = slices.DeleteFunc(slices.Clone(s.Segments), func(seg Segment) bool { return ended[seg.Road] })
	for _, r := range o.New {
		r.CoRouted = o.CoRouted[r.ID]
		r.ID = number[r.ID]
		out.Roads = append(out.Roads, r)
		out.Versions = append(out.Versions, RoadVersion{Road: r.ID, Number: r.Version, Length: r.Length, From: o.On})
	}
	for _, seg := range o.Segments {
		seg.ID, seg.Road = ID(1000+len(out.Segments)+1000*len(s.Mappings)), number[seg.Road]
		out.Segments = append(out.Segments, seg)
	}
	out.Mappings = slices.Clone(s.Mappings)
	for _, m := range o.Mappings {
		m.ID, m.Operation, m.On = ID(len(out.Mappings)+1), ID(o.On), o.On
		if m.Kind != MappingRetired {
			m.ToRoad = number[m.ToRoad]
		}
		out.Mappings = append(out.Mappings, m)
	}
	if len(o.Scope) > 0 {
		out.Programmes = slices.Clone(s.Programmes)
		for _, item := range o.Scope {
			item.ID, item.Road = ID(900+len(out.Programmes[0].Scope)), number[item.Road]
			out.Programmes[0].Scope = append(slices.Clone(out.Programmes[0].Scope), item)
		}
	}
	return &out
}

func planned(t testing.TB, s *Snapshot, r OperationRequest) (*Operation, *OperationEffect) {
	t.Helper()
	if r.Road == 0 {
		r.Road = 1
	}
	r.On, r.Reason, r.By = cmpOr(r.On, 60), "relocated", "li"
	o, e, err := Assess(s).PlanOperation(r)
	if err != nil {
		t.Fatalf("%s: %v", r.Kind, err)
	}
	if o != nil {
		checkOperation(t, s, o, e)
	}
	return o, e
}

func cmpOr(a, b Date) Date {
	if a != 0 {
		return a
	}
	return b
}

// checkOperation holds an operation against what must be true of all: mapping,
// segments and reports reconcile to the millimetre, before and after.
func checkOperation(t testing.TB, s *Snapshot, o *Operation, e *OperationEffect) {
	t.Helper()
	old, new := map[chainage.Key]int64{}, map[chainage.Key]int64{}
	for _, v := range o.Old {
		old[chainage.Key{Road: int64(v.Road), Version: v.Number}] = v.Length
	}
	for i := range o.New {
		new[keyOf(&o.New[i])] = o.New[i].Length
		checkSegmentsOf(t, &o.New[i], o.Segments)
	}
	var m chainage.Mapping
	for _, p := range o.Mappings {
		m = append(m, chainage.Piece{
			Kind: chainage.Kind(p.Kind), Old: chainage.Key{Road: int64(p.FromRoad), Version: p.FromVersion}, From: p.FromSpan,
			New: chainage.Key{Road: int64(p.ToRoad), Version: p.ToVersion}, To: p.ToSpan, Reversed: p.Reversed,
		})
	}
	if err := m.Check(old, new); err != nil {
		t.Fatalf("%s: %v", o.Kind, err)
	}
	if e.Completed.Before != e.Completed.Carried+e.Completed.Retired {
		t.Fatalf("%s: completed %+v", o.Kind, e.Completed)
	}
	before := Assess(s)
	for _, event := range e.Events {
		var mm int64
		for _, v := range o.Old {
			for _, part := range before.ledger.events[routeKey{v.Road, v.Number}] {
				if part.ID == event.ID {
					mm += part.span.Length()
				}
			}
		}
		if event.Carried+event.Retired != mm || (event.Fate == "cut") != (event.Carried > 0 && event.Retired > 0) {
			t.Fatalf("%s: %+v of %d mm", o.Kind, event, mm)
		}
	}
	checkAfter(t, before, Assess(done(s, o)), o, e)
}

// checkAfter holds what the ledger makes of the stored operation against what
// was said before: a millimetre for each end of a piece that changes its length.
func checkAfter(t testing.TB, before, after *Assessment, o *Operation, e *OperationEffect) {
	t.Helper()
	var was, is, gone int64
	stretch := int64(0)
	for i := range o.Mappings {
		stretch += max(o.Mappings[i].FromSpan.Length()-o.Mappings[i].ToSpan.Length(), o.Mappings[i].ToSpan.Length()-o.Mappings[i].FromSpan.Length()) * int64(yesNo(o.Mappings[i].Kind == MappingCarried))
	}
	for _, w := range before.Programmes[0].Works {
		was += w.Completed.Length()
	}
	for _, w := range after.Programmes[0].Works {
		is += w.Completed.Length()
	}
	for _, w := range after.Programmes[0].Gone {
		gone += w.Retired.Length()
	}
	if was != e.Completed.Before || max(is-e.Completed.Carried, e.Completed.Carried-is) > stretch {
		t.Fatalf("%s: completed %d before and %d after, said %+v", o.Kind, was, is, e.Completed)
	}
	if gone != e.Retired { // all of the road is in the task
		t.Fatalf("%s: %d mm of the task are gone, said %d", o.Kind, gone, e.Retired)
	}
}

// checkSegmentsOf holds the segments of a new version: in order, drawn where
// the route is, meeting each other, and covering all of it.
func checkSegmentsOf(t testing.TB, r *Road, all []Segment) {
	t.Helper()
	at := int64(0)
	for i := range all {
		seg := &all[i]
		if seg.Road != r.ID {
			continue
		}
		if seg.Span.From != at || seg.Span.Length() <= 0 || seg.Version != r.Version {
			t.Fatalf("segment %+v of %+v begins not at %d", seg, r.ID, at)
		}
		at = seg.Span.To
		if drawn(r) && len(seg.Line) < 2 || !drawn(r) && seg.Line != nil {
			t.Fatalf("segment %v is drawn with %d vertices", seg.Span, len(seg.Line))
		}
		if drawn(r) && (at < r.Length) == (geo.Distance(seg.Line[len(seg.Line)-1], r.Line[len(r.Line)-1]) < 0.02) {
			t.Fatalf("segment %v of %d ends in the wrong place", seg.Span, r.Length)
		}
	}
	if at != r.Length {
		t.Fatalf("segments end at %d of %d", at, r.Length)
	}
}

// placesOf are the intervals in force of every report, and what is completed.
func placesOf(s *Snapshot) string {
	a := Assess(s)
	var out []string
	for key, events := range a.ledger.events {
		for _, e := range events {
			out = append(out, fmt.Sprint(e.ID, " on ", key.Road, " at ", e.span))
		}
	}
	slices.Sort(out)
	for _, w := range a.Programmes[0].Works {
		out = append(out, fmt.Sprint(w.Road, w.Completed))
	}
	return strings.Join(append(out, fmt.Sprint(a.County.Completed, a.County.Planned)), "\n")
}

// Split and merged back every report is where it was; so it is after reversing
// twice, and after extending and shortening by the same.
func TestThereAndBack(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 5))
	lines := append([]orb.LineString{nil}, realLines(t)[:25]...)
	for _, line := range lines {
		s := builtRoad(rnd, line, 5_300_000)
		length := s.Roads[0].Length
		want := placesOf(s)
		at := length/4 + rnd.Int64N(length/2)
		o, e := planned(t, s, OperationRequest{Kind: "split", At: &at, Name: "branch", Code: "C002520527"})
		if e.Retired+e.New != 0 || len(o.New) != 2 || o.New[1].Name != "branch" || o.New[0].Length != at {
			t.Fatalf("%+v", e)
		}
		halves := done(s, o)
		o, _ = planned(t, halves, OperationRequest{Kind: "merge", Other: 50, On: 61})
		if diff := cmp.Diff([]ID{50}, o.Ends); diff != "" {
			t.Fatal(diff)
		}
		back := done(halves, o)
		if diff := cmp.Diff(want, placesOf(back)); diff != "" {
			t.Fatalf("split and merged: %s", diff)
		}
		if line != nil && max(geo.Length(back.Roads[0].Line)-geo.Length(line), geo.Length(line)-geo.Length(back.Roads[0].Line)) > 2 {
			t.Fatal("the line is another one")
		}
		if len(back.Segments) != 3 && len(back.Segments) != 2 {
			t.Fatalf("%d segments", len(back.Segments))
		}
		turned := s
		for on := Date(70); on < 72; on++ {
			o, e := planned(t, turned, OperationRequest{Kind: "reverse", On: on})
			if e.Retired+e.New != 0 || !o.Mappings[0].Reversed {
				t.Fatalf("%+v", e)
			}
			turned = done(turned, o)
		}
		if diff := cmp.Diff(want, placesOf(turned)); diff != "" {
			t.Fatalf("reversed twice: %s", diff)
		}
		once, _ := planned(t, s, OperationRequest{Kind: "reverse"})
		if first := once.Segments[0]; first.Direction != Backward || first.Span.Length() != s.Segments[1].Span.Length() {
			t.Fatalf("reversed once: %+v", first)
		}
		if s.Segments[1].Direction != turned.Segments[1].Direction || s.Segments[1].Span != turned.Segments[1].Span {
			t.Fatalf("%+v", turned.Segments)
		}
	}
}

// A route of one length and its pieces: extended in front and behind, shortened,
// labels kept with chain breaks, new metres not built and of the township beside.
func TestExtendAndShorten(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 9))
	s := builtRoad(rnd, nil, 5_000_000)
	length, zero := int64(800_000), int64(0)
	o, e := planned(t, s, OperationRequest{Kind: "extend", Length: &length, AddToTask: true})
	if o.New[0].Length != 5_800_000 || e.New != length || e.Retired != 0 || len(o.Scope) != 1 || o.Scope[0].Span != (chainage.Span{From: 5_000_000, To: 5_800_000}) || o.ScopeOf != 1 {
		t.Fatalf("%+v", o)
	}
	if last := o.Segments[len(o.Segments)-1]; last.Built != BuiltNone || last.Surface != "unknown" || last.Township != "T2" || last.AllSeason != Unknown {
		t.Errorf("%+v", last)
	}
	o, _ = planned(t, s, OperationRequest{Kind: "extend", Length: &length, At: &zero})
	c := o.New[0].Calibration
	if c.String(0) != "K0+000" || c.String(length) != "K0+000" || c.String(length+1_000_000) != "K1+000" || o.Segments[0].Township != "T1" {
		t.Errorf("%v", c.Marks())
	}
	o, e = planned(t, s, OperationRequest{Kind: "shorten", Spans: []chainage.Span{{From: 1_000_000, To: 1_500_000}, {From: 4_900_000, To: 5_000_000}}})
	if c := o.New[0].Calibration; o.New[0].Length != 4_400_000 || e.Retired != 600_000 || c.String(1_000_000) != "K1+500" || c.String(4_400_000) != "K4+900" {
		t.Errorf("%v %+v", c.Marks(), e)
	}

	line := orb.LineString{{105, 27}, {105, 27.02}}
	drawn := builtRoad(rnd, line, 0)
	for _, k := range []struct {
		line  orb.LineString
		front bool
	}{
		{orb.LineString{{105, 27.02}, {105, 27.03}}, false}, {orb.LineString{{105, 27.03}, {105, 27.020001}}, false},
		{orb.LineString{{105, 26.99}, {105, 27}}, true}, {orb.LineString{{105, 27}, {105, 26.99}}, true},
	} {
		o, e := planned(t, drawn, OperationRequest{Kind: "extend", Line: k.line})
		n := o.New[0]
		if e.New != n.Length-drawn.Roads[0].Length || (o.Mappings[0].ToSpan.From > 0) != k.front || len(n.Line) != 3 {
			t.Errorf("%+v: %+v", k, o.Mappings)
		}
	}
	o, _ = planned(t, drawn, OperationRequest{Kind: "shorten", Spans: []chainage.Span{{From: 0, To: 100_000}}})
	if got := geo.Distance(o.New[0].Line[0], line[0]); got < 99 || got > 101 {
		t.Errorf("%v m were taken off", got)
	}
}

// What cannot be done is refused with the place and the mend.
func TestOperationsRefused(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 4))
	line := orb.LineString{{105, 27}, {105, 27.02}}
	s := builtRoad(rnd, line, 0)
	s.Roads = append(s.Roads, Road{ID: 2, Name: "undrawn", Version: 1, Length: 1000}, Road{ID: 3, Name: "far", Version: 1, Length: 1000, Line: orb.LineString{{106, 27}, {106, 27.01}}},
		Road{ID: 4, Name: "against", Version: 1, Length: 1000, Line: orb.LineString{{105, 27.03}, {105, 27.02}}})
	s.Versions = append(s.Versions, RoadVersion{Road: 4, Number: 1, From: 90})
	a := Assess(s)
	zero, much, some := int64(0), int64(1e12), int64(500)
	for _, k := range []struct {
		r    OperationRequest
		code Code
		says string
	}{
		{OperationRequest{Kind: "paint"}, Invalid, "paint"},
		{OperationRequest{Kind: "realign", Road: 9}, NotFound, "9"},
		{OperationRequest{Kind: "realign", Road: 2, Line: line}, Invalid, "draw it"},
		{OperationRequest{Kind: "realign"}, Invalid, "draw it"},
		{OperationRequest{Kind: "realign", Line: orb.LineString{{105, 27}, {105, 27.01}, {105.001, 27.005}, {104.999, 27.005}}}, Invalid, "meets itself"},
		{OperationRequest{Kind: "realign", Line: orb.LineString{{105, 27}, {105, 97}}}, Invalid, "97"},
		{OperationRequest{Kind: "realign", Line: orb.LineString{{105, 27}, {105, 27.03}}, Tolerance: &much}, Invalid, "tolerance"},
		{OperationRequest{Kind: "split"}, Invalid, "which place"}, {OperationRequest{Kind: "split", At: &zero}, Invalid, "between"},
		{OperationRequest{Kind: "merge"}, Invalid, "which other"}, {OperationRequest{Kind: "merge", Other: 1}, Invalid, "which other"},
		{OperationRequest{Kind: "merge", Other: 2}, Invalid, "not drawn"}, {OperationRequest{Kind: "merge", Other: 3}, Invalid, "99.27 km away"},
		{OperationRequest{Kind: "merge", Other: 4, On: 95}, Invalid, "reverse against first"},
		{OperationRequest{Kind: "merge", Other: 4}, Invalid, "later day"},
		{OperationRequest{Kind: "extend"}, Invalid, "draw the new piece"}, {OperationRequest{Kind: "extend", Road: 2, Line: line}, Invalid, "how long"},
		{OperationRequest{Kind: "extend", Road: 2}, Invalid, "how long"},
		{OperationRequest{Kind: "extend", Line: orb.LineString{{105.1, 27}, {105.2, 27}}}, Invalid, "both ends"},
		{OperationRequest{Kind: "extend", Line: orb.LineString{{105, 27.02}, {105.01, 27.01}, {104.99, 27.01}}}, Invalid, "meets itself"},
		{OperationRequest{Kind: "extend", Road: 2, Length: &some, AddToTask: true}, Invalid, "no programme's task"},
		{OperationRequest{Kind: "shorten"}, Invalid, "which stretches"}, {OperationRequest{Kind: "shorten", Spans: []chainage.Span{{From: 5000, To: 6000}}}, Invalid, "two parts"},
		{OperationRequest{Kind: "shorten", Spans: []chainage.Span{{To: s.Roads[0].Length}}}, Invalid, "nothing"},
		{OperationRequest{Kind: "reverse", Mapping: []OperationPiece{{Kind: MappingCarried, FromRoad: 1, FromSpan: chainage.Span{To: 5}, ToRoad: 1, ToSpan: chainage.Span{To: 5}}}}, Invalid, "no piece has"},
	} {
		k.r.Road, k.r.Reason, k.r.On = ID(max(1, k.r.Road)), "because", cmpOr(k.r.On, 60)
		_, _, err := a.PlanOperation(k.r)
		if CodeOf(err) != k.code || err != nil && !strings.Contains(err.Error(), k.says) {
			t.Errorf("%+v: %v; want %s, %q", k.r, err, k.code, k.says)
		}
	}
	for _, r := range []OperationRequest{{Kind: "reverse", Road: 1, On: 60}, {Kind: "reverse", Road: 1, Reason: "because"}} {
		if _, _, err := a.PlanOperation(r); CodeOf(err) != Invalid {
			t.Errorf("%+v: %v", r, err)
		}
	}
}

// The pieces that are found may be corrected by hand: here a stretch that was
// rebuilt in place is retired and new.
func TestMappingByHand(t *testing.T) {
	rnd := rand.New(rand.NewPCG(6, 6))
	s := builtRoad(rnd, orb.LineString{{105, 27}, {105, 27.02}}, 0)
	end := s.Roads[0].Length
	pieces := []OperationPiece{
		{Kind: MappingCarried, FromRoad: 1, FromSpan: chainage.Span{To: 1_000_000}, ToRoad: 1, ToSpan: chainage.Span{To: 1_000_000}},
		{Kind: MappingRetired, FromRoad: 1, FromSpan: chainage.Span{From: 1_000_000, To: end}},
		{Kind: MappingNew, ToRoad: 1, ToSpan: chainage.Span{From: 1_000_000, To: end}},
	}
	o, e := planned(t, s, OperationRequest{Kind: "realign", Line: s.Roads[0].Line, Mapping: pieces})
	if e.Retired != end-1_000_000 || e.New != e.Retired || o.New[0].Version != 2 || o.Mappings[0].FromVersion != 1 || o.Mappings[0].ToVersion != 2 {
		t.Fatalf("%+v", e)
	}
	cut := 0
	for _, event := range e.Events {
		if event.Fate == "cut" {
			cut++
		}
	}
	if cut == 0 {
		t.Error("no report was cut")
	}
}

// A version whose deed was taken back stands in no later deed's way, and its
// number is not given again.
func TestOperateAfterAWithdrawal(t *testing.T) {
	s := builtRoad(rand.New(rand.NewPCG(1, 2)), nil, 1_000_000)
	s.Versions = append(s.Versions, RoadVersion{Road: 1, Number: 2, Length: 1, From: 3_652_059, To: 3_652_059})
	o, _, err := Assess(s).PlanOperation(OperationRequest{Kind: "reverse", Road: 1, On: s.AsOf, Reason: "signs were turned"})
	if err != nil || o.New[0].Version != 3 {
		t.Fatalf("%+v, %v", o, err)
	}
}

package planner

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
)

// drawWorld is a random county on a random day: of one past or of another, in
// which routes are split, merged and turned round as well.
func drawWorld(t *rapid.T) *Snapshot {
	if rapid.Bool().Draw(t, "routes change") {
		return newHistory(rapid.Uint64().Draw(t, "seed")).at(Date(drawDay(t, "as of")))
	}
	return drawPast(t).at(drawDay(t, "as of"), drawDay(t, "known"))
}

// The strip shows what the ledger has: stage by stage the union, piece by piece
// exactly the reports that count there or lie in no task.
func TestStripIsTheLedger(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := Assess(drawWorld(rt))
		for i := range a.Snapshot.Roads {
			s, err := a.Strip(a.Snapshot.Roads[i].ID)
			if err != nil {
				rt.Fatal(err)
			}
			checkStrip(rt, a, s)
		}
	})
}

func checkStrip(t *rapid.T, a *Assessment, s *Strip) {
	key := routeKey{s.Road.ID, s.Road.Version}
	var task chainage.Set
	staged := make([]chainage.Set, len(Stages))
	for _, w := range a.worksOf[key] {
		if w == nil {
			continue
		}
		task = task.Union(w.Scope)
		for i := range staged {
			staged[i] = staged[i].Union(w.Stages[i])
		}
	}
	if w, _ := a.leading(key); w != nil && (!w.Completed.Equal(s.Completed) || !w.CarryOver.Equal(s.CarryOver) || !w.Failed.Equal(s.Failed)) {
		t.Fatalf("completed %v, the work has %v", s.Completed, w.Completed)
	}
	for i, stage := range Stages {
		var shown chainage.Set
		for _, st := range s.Stages {
			for _, span := range st.Spans {
				if st.Stage != stage {
					continue
				}
				if shown.Overlaps(chainage.Set{span.Span}) || span.Times != len(span.Events) || span.Times == 0 {
					t.Fatalf("%s: %+v over %v", stage, span, shown)
				}
				shown = shown.Union(chainage.Set{span.Span})
				checkStripSpan(t, a, key, stage, span)
			}
		}
		if got := shown.Intersect(task); !got.Equal(staged[i]) {
			t.Fatalf("%s: shown %v, the ledger has %v", stage, got, staged[i])
		}
	}
	for _, e := range s.Events {
		if e.Fate == "outside" && task.Overlaps(chainage.Set{e.Span}) && e.Progress.Programme == 0 {
			t.Fatalf("%s of %v is outside of %v", e.Progress.ID, e.Span, task)
		}
	}
}

// checkStripSpan holds the first report of a piece against all of its stage.
func checkStripSpan(t *rapid.T, a *Assessment, key routeKey, stage Stage, span StripSpan) {
	for _, e := range a.ledger.events[key] {
		if e.ID == span.Events[0] && (e.On != span.On || e.Reporter != span.Reporter || e.Stage != stage) {
			t.Fatalf("%+v begins with %+v", span, e.Progress)
		}
		if slices.Contains(span.Events, e.ID) && e.On < span.On {
			t.Fatalf("%+v: %s was before", span, e.ID)
		}
	}
}

// Labels, breaks and ticks of a route with a long chain; a photo 40 m beside
// the line; the fates of reports that add nothing, lie outside and are revoked
// by a decision.
func TestStripOfAKnownRoad(t *testing.T) {
	line := orb.LineString{{105, 27}, {105, 27.05}}
	length := int64(geo.Length(line))
	beside := geo.Destination(orb.Point{105, 27.025}, 90, 40)
	taken := time.Date(2020, 5, 1, 8, 0, 0, 0, time.UTC)
	labels, err := chainage.NewCalibration(chainage.Mark{}, chainage.Mark{At: 4_500_000, K: 4_500_000}, chainage.Mark{At: 4_500_000, K: 4_000_000}, chainage.Mark{At: length, K: length - 500_000})
	if err != nil {
		t.Fatal(err)
	}
	s := &Snapshot{
		Region: Region{Code: "county"}, Rules: DefaultRules(), Standard: testStandard, AsOf: 90,
		Townships: []Region{{Code: "T1", Name: "one"}, {Code: "T2", Name: "two"}},
		Villages:  []Village{{ID: 7, Name: "stone village"}},
		Roads:     []Road{{ID: 17, Code: "C101", Version: 1, Length: length, Line: line, Calibration: labels}},
		Segments: []Segment{
			{ID: 1, Road: 17, Version: 1, Span: chainage.Span{To: 2_000_000}, Township: "T1", Line: geo.Cut(line, 0, 2_000_000)},
			{ID: 2, Road: 17, Version: 1, Span: chainage.Span{From: 2_000_000, To: length}, Township: "T2", Line: geo.Cut(line, 2_000_000, geo.Length(line))},
		},
		Programmes: []Programme{{ID: 1, Name: "p", Starts: 10, Deadline: 100, CompletingStage: StageSurface, Scope: []ScopeItem{
			{ID: 1, Road: 17, Version: 1, Span: chainage.Span{To: 3_000_000}, Village: 7, Responsible: "Zhao", Phone: "1"}}}},
		Contracts:   []Contract{{ID: 4, Programme: 1, Code: "HT-03", Scope: []ScopeItem{{Road: 17, Version: 1, Span: chainage.Span{To: 1_000_000}}}}},
		Attachments: []Attachment{{Hash: "h", Media: "image/jpeg", Place: &beside, Taken: taken}, {Hash: "nowhere", Media: "application/pdf"}},
		Overrides:   []Override{{Progress: "a", Rule: "R04", Reason: "seen", By: "li"}},
		Disputes:    []Dispute{{ID: 1, Road: 17, Version: 1, Span: chainage.Span{From: 2_000_000, To: 3_000_000}, Stage: StageSurface, Opened: 50, Decided: 70, Outcome: OutcomeVoid}},
	}
	for i, r := range []struct {
		id       string
		from, to int64
	}{{"a", 0, 1_000_000}, {"b", 500_000, 800_000}, {"c", 4_000_000, 5_000_000}, {"d", 2_000_000, 3_000_000}} {
		s.Progress = append(s.Progress, Progress{
			ID: r.id, Road: 17, Version: 1, Span: chainage.Span{From: r.from, To: r.to}, Stage: StageSurface, On: Date(40 + i), Evidence: []string{"h", "nowhere", "lost"},
		})
	}
	strip, err := Assess(s).Strip(17)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]StripBreak{{4_500_000, "K4+500", "K4+000"}}, strip.Breaks); diff != "" {
		t.Error(diff)
	}
	ticks := []StripMark{{0, "K0+000"}, {1e6, "K1+000"}, {2e6, "K2+000"}, {3e6, "K3+000"}, {4e6, "K4+000"}, {4.5e6, "K4+000"}, {5.5e6, "K5+000"}}
	if diff := cmp.Diff(ticks, strip.Ticks); diff != "" {
		t.Error(diff)
	}
	fates := map[string]string{}
	for _, e := range strip.Events {
		fates[e.Progress.ID] = e.Fate
	}
	if diff := cmp.Diff(map[string]string{"a": "counted", "b": "repeated", "c": "outside", "d": "void"}, fates); diff != "" {
		t.Error(diff)
	}
	var spans []string
	for _, span := range strip.Stages[0].Spans {
		spans = append(spans, fmt.Sprint(span.Span, span.Events))
	}
	if diff := cmp.Diff([]string{"{0 500000} [a]", "{500000 800000} [a b]", "{800000 1000000} [a]", "{4000000 5000000} [c]"}, spans); diff != "" {
		t.Error(diff)
	}
	if len(strip.Pins) != 4 || strip.Pins[0].OffsetM < 39.9 || strip.Pins[0].OffsetM > 40.1 || max(strip.Pins[0].At-length/2, length/2-strip.Pins[0].At) > 50 || strip.Pins[0].Taken != taken {
		t.Errorf("pins %+v", strip.Pins)
	}
	if diff := cmp.Diff([]StripTownship{{"T1", "one", chainage.Span{To: 2_000_000}}, {"T2", "two", chainage.Span{From: 2_000_000, To: length}}}, strip.Townships); diff != "" {
		t.Error(diff)
	}
	if len(strip.Scope) != 1 || strip.Scope[0].VillageName != "stone village" || len(strip.Contracts) != 1 || strip.Events[0].Overrides[0].Rule != "R04" {
		t.Errorf("%+v", strip)
	}
	if strip.Events[2].LabelTo != "K4+500" {
		t.Errorf("%+v", strip.Events[2])
	}
	if _, err := Assess(s).Strip(18); CodeOf(err) != NotFound {
		t.Error(err)
	}
}

// The last point of a curve is the figure of the report, for the whole task and
// for each township; the replay has the same metres done by each day.
func TestCurveAndReplayAreTheReport(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := Assess(drawWorld(rt))
		rows := completionOf(t, a.Snapshot, "township")
		check := func(c *Curve, scope string) {
			last := c.Points[len(c.Points)-1]
			if last.On != a.Snapshot.AsOf || last.Started != numerators(t, rows, "C02 started_length")[scope] ||
				last.Completed != numerators(t, rows, "C03 completed_length")[scope] || c.Task != numerators(t, rows, "C01 planned_length")[scope] {
				rt.Fatalf("%s: task %d, last point %+v", scope, c.Task, last)
			}
			if !slices.IsSortedFunc(c.Points, func(a, b CurvePoint) int {
				return int(a.On-b.On) + int(min(0, b.Started-a.Started, b.Completed-a.Completed, b.Planned-a.Planned))*-1000
			}) {
				rt.Fatalf("%s: %+v", scope, c.Points)
			}
		}
		for i := range a.Programmes {
			id := a.Programmes[i].Programme.ID
			c, err := a.Curve(id, "")
			if err != nil {
				rt.Fatal(err)
			}
			check(c, fmt.Sprintf("programme:%d", id))
			checkReplay(rt, a, id, c)
		}
		if a.Current < 0 {
			return
		}
		for _, town := range append(slices.Clone(a.Snapshot.Townships), Region{Code: a.unassigned()}) {
			c, err := a.Curve(0, town.Code)
			if err != nil {
				rt.Fatal(err)
			}
			check(c, town.Code)
		}
	})
}

func checkReplay(t *rapid.T, a *Assessment, programme ID, c *Curve) {
	r, err := a.Replay(programme)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range c.Points {
		var task, started, done int64
		for _, piece := range r.Pieces {
			task += piece.Span.Length()
			if piece.Started != 0 && piece.Started <= p.On {
				started += piece.Span.Length()
			}
			if piece.Done != 0 && piece.Done <= p.On {
				done += piece.Span.Length()
			}
		}
		if task != c.Task || started != p.Started || done != p.Completed {
			t.Fatalf("by day %d: replay %d %d of %d, curve %+v of %d", p.On, started, done, task, p, c.Task)
		}
	}
}

// The lines of a replay leave the road by less than five metres, and those of
// one road meet.
func TestReplayLines(t *testing.T) {
	s := worksCounty()
	s.Roads, s.Progress, s.Contracts, s.Segments = s.Roads[:20], s.Progress[:1000], nil, s.Segments[:100]
	s.Programmes[0].Scope = s.Programmes[0].Scope[:20]
	a := Assess(s)
	r, err := a.Replay(0)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range r.Pieces {
		road := a.roads[p.Road]
		for _, at := range p.Line {
			if off, _ := geo.DistanceToLine(at, road.Line); off > 5 {
				t.Fatalf("%v of road %d: %v m off", p.Span, p.Road, off)
			}
		}
		middle := cutRoad(road, p.Span)
		if off, _ := geo.DistanceToLine(middle[len(middle)/2], p.Line); off > 5 {
			t.Fatalf("%v of road %d leaves out %v, %v m off", p.Span, p.Road, middle[len(middle)/2], off)
		}
		if i > 0 && r.Pieces[i-1].Road == p.Road && geo.Distance(r.Pieces[i-1].Line[len(r.Pieces[i-1].Line)-1], p.Line[0]) > 0.01 {
			t.Fatalf("%v of road %d does not begin where %v ends", p.Span, p.Road, r.Pieces[i-1].Span)
		}
	}
}

// A curve has at most 400 points, and the ends of months are among them.
func TestCurveIsThin(t *testing.T) {
	s := demoCounty(3, 400, 3)
	p := &s.Programmes[0]
	p.Starts = must(ParseDate("2014-01-01"))
	for i := range s.Progress {
		s.Progress[i].On = p.Starts + Date(i*37%2300)
	}
	for i := range 900 {
		e := s.Progress[i%len(s.Progress)]
		e.ID, e.On, e.Span.From, e.Span.To = fmt.Sprint("more", i), p.Starts+Date(i*2), e.Span.To, e.Span.To+int64(1000-i)
		s.Progress = append(s.Progress, e)
	}
	a := Assess(s)
	c, err := a.Curve(0, "")
	if err != nil {
		t.Fatal(err)
	}
	days := map[Date]bool{}
	for _, p := range c.Points {
		days[p.On] = true
	}
	if len(c.Points) > 400 || len(c.Points) < 390 || c.Points[0].On != p.Starts || !days[s.AsOf] || c.Plan[0].Planned != 0 || c.Plan[len(c.Plan)-1].Planned != c.Task {
		t.Errorf("%d points from %s, plan %v", len(c.Points), c.Points[0].On, c.Plan)
	}
	for on := p.Starts; on < s.AsOf; on = monthEnd(on) + 1 {
		if end := monthEnd(on); end <= s.AsOf && !days[end] {
			t.Errorf("%s is missing", end)
		}
	}
	if last := c.Points[len(c.Points)-1]; last.Completed != a.County.Completed {
		t.Errorf("last %d, county %d", last.Completed, a.County.Completed)
	}
}

// The sums over all rows are the county's figures; narrowed to a township, a
// class, a village or a contract they are its figures; pages make up the whole.
func TestRoadListIsTheReport(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := Assess(drawWorld(rt))
		figures := map[string]map[string]int64{}
		for _, f := range completionRows(t, a.Snapshot) {
			if figures[f.Scope] == nil {
				figures[f.Scope] = map[string]int64{}
			}
			figures[f.Scope][f.Metric] = f.Numerator
		}
		check := func(q RoadQuery, scope string) *RoadList {
			l := a.Roads(q)
			f := figures[scope]
			want := RoadSums{f["C01 planned_length"], f["C02 started_length"], f["C03 completed_length"], f["C06 disputed_length"], f["C05 carry_over_length"]}
			if l.Sums != want {
				rt.Fatalf("%+v: %+v, %s has %+v", q, l.Sums, scope, want)
			}
			return l
		}
		whole := check(RoadQuery{}, "county")
		check(RoadQuery{Programme: 1}, "programme:1")
		for _, town := range []string{"T1", "T2", "T3", "unassigned:county"} {
			check(RoadQuery{Township: town}, town)
		}
		check(RoadQuery{Class: "class3"}, "class:class3")
		if a.Current >= 0 && a.Programmes[a.Current].Programme.ID == 2 {
			check(RoadQuery{Village: 1}, "village:1")
			check(RoadQuery{Contract: 1}, "contract:1")
		}
		sorts := slices.Sorted(maps.Keys(roadColumns))
		by := rapid.SampledFrom([]string{"", "-"}).Draw(rt, "way") + rapid.SampledFrom(sorts).Draw(rt, "sort")
		all, pages := a.Roads(RoadQuery{Sort: by}).Items, []RoadRow(nil)
		for at := range whole.Total {
			pages = append(pages, a.Roads(RoadQuery{Sort: by, Offset: at, Limit: 1}).Items...)
		}
		if diff := cmp.Diff(all, pages); diff != "" || len(all) != whole.Total {
			rt.Fatalf("by %s: %s", by, diff)
		}
	})
}

func TestRoadListOfAKnownCounty(t *testing.T) {
	road := func(id ID, name string) Road {
		return Road{ID: id, Name: name, Version: 1, Length: 100, Township: "T1"}
	}
	s := &Snapshot{
		Region: Region{Code: "county"}, Rules: DefaultRules(), Standard: testStandard, AsOf: 60, Townships: []Region{{Code: "T1"}},
		Roads:      []Road{road(1, "done"), road(2, "doing"), road(3, "none"), road(4, "disputed"), road(5, "no task")},
		Programmes: []Programme{{ID: 1, Starts: 10, Deadline: 110, CompletingStage: StageSurface}},
		Contracts:  []Contract{{ID: 1, Programme: 1, Code: "HT-1", Contractor: "builders", Phone: "2", Scope: []ScopeItem{{Road: 1, Version: 1, Span: chainage.Span{To: 50}}}}},
		Disputes:   []Dispute{{ID: 1, Road: 4, Version: 1, Span: chainage.Span{To: 5}}},
		Progress: []Progress{
			{ID: "a", Road: 1, Version: 1, Span: chainage.Span{To: 100}, Stage: StageSurface, On: 20, Reporter: "Li"},
			{ID: "b", Road: 2, Version: 1, Span: chainage.Span{To: 22}, Stage: StageSurface, On: 30, Reporter: "Wang"},
			{ID: "c", Road: 2, Version: 1, Span: chainage.Span{To: 90}, Stage: StageRoadbed, On: 25, Reporter: "Li"},
			{ID: "d", Road: 4, Version: 1, Span: chainage.Span{To: 50}, Stage: StageSurface, On: 40, By: "zhao"},
		},
	}
	for id := ID(1); id <= 4; id++ {
		s.Programmes[0].Scope = append(s.Programmes[0].Scope, ScopeItem{ID: id, Road: id, Version: 1, Span: chainage.Span{To: 100}, Responsible: "Chen", Phone: "1"})
	}
	a := Assess(s)
	names := func(q RoadQuery) (out []string) {
		for _, row := range a.Roads(q).Items {
			out = append(out, row.Name)
		}
		return out
	}
	no := false
	for _, k := range []struct {
		q    RoadQuery
		want []string
	}{
		{RoadQuery{Sort: "-lag_pp"}, []string{"none", "doing", "disputed", "done", "no task"}},
		{RoadQuery{Sort: "rate"}, []string{"none", "doing", "disputed", "done", "no task"}},
		{RoadQuery{Sort: "-completed_m"}, []string{"done", "disputed", "doing", "no task", "none"}},
		{RoadQuery{State: "done"}, []string{"done"}}, {RoadQuery{State: "doing"}, []string{"doing"}}, {RoadQuery{State: "not_started"}, []string{"none"}},
		{RoadQuery{State: "disputed"}, []string{"disputed"}}, {RoadQuery{State: "no_task"}, []string{"no task"}},
		{RoadQuery{State: "no_task", Programme: 1}, []string{"no task"}},
		{RoadQuery{Programme: 1}, []string{"disputed", "doing", "done", "none"}},
		{RoadQuery{Level: "orange"}, []string{"doing"}}, {RoadQuery{Level: "red"}, []string{"none"}}, {RoadQuery{Level: "none"}, []string{"done"}}, {RoadQuery{Level: "blue"}, []string{"disputed"}},
		{RoadQuery{Responsible: "BUILD"}, []string{"done"}}, {RoadQuery{Responsible: "chen"}, []string{"disputed", "doing", "none"}},
		{RoadQuery{Contract: 1}, []string{"done"}}, {RoadQuery{Q: "DO"}, []string{"doing", "done"}}, {RoadQuery{Drawn: &no, Limit: 1, Offset: 4}, []string{"none"}},
		{RoadQuery{Village: 9}, nil}, {RoadQuery{Programme: 9}, nil}, {RoadQuery{Offset: 99}, nil},
	} {
		if diff := cmp.Diff(k.want, names(k.q)); diff != "" {
			t.Errorf("%+v: %s", k.q, diff)
		}
	}
	row := a.Roads(RoadQuery{Q: "doing"}).Items[0]
	if *row.Rate() != 22 || *row.LagPP() != 28 || row.LastOn != 30 || row.LastBy != "Wang" || row.Reports != 2 || row.Phone != "1" {
		t.Errorf("%+v, rate %v, lag %v", row, *row.Rate(), *row.LagPP())
	}
	if row := a.Roads(RoadQuery{Contract: 1}).Items[0]; row.Planned != 50 || row.Completed != 50 || row.Phone != "2" {
		t.Errorf("%+v", row)
	}
	if row := a.Roads(RoadQuery{Q: "disputed"}).Items[0]; row.LastBy != "zhao" || row.Disputed != 5 {
		t.Errorf("%+v", row)
	}
	if CanSortRoads("colour") || !CanSortRoads("-planned_m") || !CanSortRoads("") {
		t.Error("columns")
	}
}

// Programmes with their contracts and money: sums by source and in all, beside
// what is printed.
func TestProgrammeList(t *testing.T) {
	yuan := func(v int64) *int64 { return &v }
	s := &Snapshot{
		Region: Region{Code: "county"}, Rules: DefaultRules(), Standard: testStandard, AsOf: 60, Roads: []Road{{ID: 1, Version: 1, Length: 100}},
		Programmes: []Programme{{ID: 1, Starts: 10, Deadline: 110, CompletingStage: StageSurface, Scope: []ScopeItem{{ID: 1, Road: 1, Version: 1, Span: chainage.Span{To: 80}}}}},
		Contracts: []Contract{
			{ID: 1, Programme: 1, Scope: []ScopeItem{{Road: 1, Version: 1, Span: chainage.Span{To: 50}}}},
			{ID: 2, Programme: 1, Scope: []ScopeItem{{Road: 1, Version: 1, Span: chainage.Span{From: 40, To: 100}}}},
		},
		Progress: []Progress{{ID: "a", Road: 1, Version: 1, Span: chainage.Span{From: 30, To: 70}, Stage: StageSurface, On: 20}},
		Funding: []FundingItem{
			{ID: 1, Programme: 1, Source: "province", PlannedFen: yuan(100), PaidFen: yuan(60)},
			{ID: 2, Programme: 1, Source: "province", PlannedFen: yuan(50), PaidFen: yuan(1)},
			{ID: 3, Programme: 1, Source: "county", PlannedFen: yuan(7)},
			{ID: 4, Programme: 2, Source: "county", PlannedFen: yuan(1000)},
		},
		Totals: []FundingTotal{{ID: 1, Programme: 1, Source: "province", PlannedFen: yuan(150), PaidFen: yuan(62)}, {ID: 2, Programme: 1, PlannedFen: yuan(157), PaidFen: yuan(61)}},
	}
	list := Assess(s).ProgrammeList()
	if len(list) != 1 || list[0].Task != 80 || list[0].Completed != 40 || len(list[0].Funding) != 3 {
		t.Fatalf("%+v", list)
	}
	for i, want := range [][2]int64{{40, 10}, {30, 20}} { // 40 to 50 are of neither
		if c := list[0].Contracts[i]; c.Task != want[0] || c.Completed != want[1] {
			t.Errorf("contract %d: %d of %d", c.Contract.ID, c.Completed, c.Task)
		}
	}
	var got []string
	for _, sum := range list[0].Sums {
		agrees := "-"
		if sum.Agrees != nil {
			agrees = fmt.Sprint(*sum.Agrees)
		}
		got = append(got, fmt.Sprintf("%q %s %s %s", sum.Source, number(sum.PlannedFen), number(sum.PaidFen), agrees))
	}
	if diff := cmp.Diff([]string{`"county" 7 - -`, `"province" 150 61 false`, `"" 157 - true`}, got); diff != "" {
		t.Error(diff)
	}
}

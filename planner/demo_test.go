package planner

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
)

// demoCounty is an invented county for tests of the whole and for benchmarks:
// a lattice of roads with a village on most of their ends, tasks, reports,
// surveys, sites and moves. The same arguments give the same county.
func demoCounty(seed uint64, segments, villages int) *Snapshot {
	d := &demo{rand.New(rand.NewPCG(seed, 1)), &Snapshot{
		Region: Region{Code: "520527", Level: LevelCounty, Name: "县"}, AsOf: must(ParseDate("2020-06-30")),
		Rules: DefaultRules(), Standard: testStandard,
	}}
	for i := range 5 {
		d.s.Townships = append(d.s.Townships, Region{Code: fmt.Sprint(520527100 + i), Name: fmt.Sprint("镇", i), Level: LevelTownship})
	}
	d.s.Facilities = []Facility{{ID: 1, Kind: "county_seat", Name: "seat", Point: at(0, 0)}}
	d.roads(segments)
	d.villages(villages)
	d.sites()
	d.works(villages / 3)
	return d.s
}

type demo struct {
	*rand.Rand
	s *Snapshot
}

// at is a place of the lattice, 800 m from the next.
func at(x, y int) orb.Point { return orb.Point{104.5 + float64(x)*0.008, 27 + float64(y)*0.0072} }

func (d *demo) township() string { return d.s.Townships[d.IntN(len(d.s.Townships))].Code }

func (d *demo) roads(segments int) {
	p := Programme{
		ID: 1, Name: "组组通", Starts: must(ParseDate("2020-01-01")), Deadline: must(ParseDate("2020-12-31")),
		CompletingStage: StageSurface, Surface: "cement", AllSeason: Yes,
	}
	width := 1
	for width*width*2 < segments {
		width++
	}
	for i := range segments {
		x, y := i/2%width, i/2/width
		to := at(x+1-i%2, y+i%2)
		from := at(x, y)
		line := orb.LineString{from, {(from[0]+to[0])/2 + 0.0007, (from[1]+to[1])/2 - 0.0006}, to}
		d.road(ID(i+1), line, &p)
	}
	d.s.Programmes = append(d.s.Programmes, p)
}

func (d *demo) road(id ID, line orb.LineString, p *Programme) {
	length := int64(geo.Length(line))
	d.s.Roads = append(d.s.Roads, Road{ID: id, Version: 1, Class: "class4", Length: length, Line: line, Name: fmt.Sprint("road ", id)})
	seg := Segment{
		ID: id, Road: id, Version: 1, Span: chainage.Span{To: length}, Class: "class4", Direction: Both, Routable: true, Line: line,
		Township: d.township(), Surface: "cement", AllSeason: Yes, Built: BuiltYes,
	}
	switch d.IntN(5) {
	case 0:
		seg.Surface, seg.AllSeason, seg.Built = "earth", No, BuiltNone
		p.Scope = append(p.Scope, ScopeItem{ID: id, Road: id, Version: 1, Span: seg.Span})
		if done := d.Int64N(length); done > 0 {
			d.s.Progress = append(d.s.Progress, Progress{ID: fmt.Sprintf("s%06d", id), Road: id, Version: 1, Span: chainage.Span{To: done}, Stage: StageSurface, On: p.Starts + 90})
		}
	case 1:
		seg.AllSeason, seg.Surface = Unknown, "gravel"
	}
	if d.IntN(9) == 0 && seg.Township != d.s.Townships[0].Code {
		seg.OtherTownship, seg.OtherSharePPM = d.s.Townships[0].Code, 1+d.Int64N(ppm-1)
	}
	d.s.Segments = append(d.s.Segments, seg)
}

func (d *demo) villages(n int) {
	for i := range n {
		seg := &d.s.Segments[d.IntN(len(d.s.Segments))]
		end := seg.Line[len(seg.Line)-1]
		persons, households := 20+d.Int64N(300), 1+d.Int64N(60)
		v := Village{ID: ID(i + 1), Name: fmt.Sprint("village ", i+1), Kind: "hamlet", Township: d.township(), Surveyed: d.IntN(10) > 0}
		v.Point = orb.Point{end[0] + 0.0005, end[1] + 0.0005}
		if d.IntN(12) > 0 {
			v.Population = &Population{Persons: &persons, Households: &households}
		}
		d.s.Villages = append(d.s.Villages, v)
		litres, minutes, reliable, yes := 20+d.Float64()*60, d.Float64()*30, 85+d.Float64()*15, d.IntN(5) > 0
		cost := d.Int64N(1e8)
		d.s.Surveys = append(d.s.Surveys, WaterSurvey{ID: v.ID, Village: v.ID, LitresPerDay: &litres, FetchMinutes: &minutes, ReliabilityPct: &reliable, QualityOK: &yes, CloseCostFen: &cost})
	}
}

// works are some for a few villages each, of which some are not built, or too
// small, or nobody knows how large.
func (d *demo) works(n int) {
	for i := range n {
		w := WaterProject{ID: ID(i + 1), Name: fmt.Sprint("work ", i+1), Point: at(i, 2)}
		w.Kind = []string{"small", "medium", "dispersed", "pond"}[d.IntN(4)]
		w.Status = []string{"built", "built", "built", "built", "building", "unknown"}[d.IntN(6)]
		if capacity := float64(d.IntN(30)); d.IntN(8) > 0 {
			w.CapacityM3D = &capacity
		}
		for range 1 + d.IntN(4) {
			w.Serves = append(w.Serves, ID(1+d.IntN(len(d.s.Villages))))
		}
		d.s.Water = append(d.s.Water, w)
	}
}

func (d *demo) sites() {
	for i := range 4 {
		s := Site{ID: ID(i + 1), Name: fmt.Sprint("site ", i+1), Township: d.township(), Gate: at(i, 1)}
		for b := range 3 {
			s.Buildings = append(s.Buildings, Building{ID: ID(i*3 + b + 1), Name: fmt.Sprint(b + 1), Dwellings: 10 + d.Int64N(40),
				Events: []BuildingEvent{{ID: fmt.Sprint("b", i, b), Stage: DwellingStages[d.IntN(len(DwellingStages))]}}})
		}
		d.s.Sites = append(d.s.Sites, s)
	}
	for i := range min(40, len(d.s.Villages)) {
		d.move(ID(i + 1))
	}
	d.s.Target = &RelocationTarget{Households: 5000, Persons: 20000}
}

func (d *demo) move(id ID) {
	households := 1 + d.Int64N(20)
	moved := d.Int64N(households + 1)
	registered, demolished := d.Int64N(moved+1), d.Int64N(moved+1)
	m := Move{ID: id, Village: id, Site: ID(1 + d.IntN(4)), Households: households, Persons: households * 4, Registered: registered}
	m.Events = []MoveEvent{
		{ID: fmt.Sprint("m", id), Stage: "moved_in", Households: moved, Persons: moved * 4, Registered: registered, RegisteredPersons: registered * 4},
		{ID: fmt.Sprint("d", id), Stage: "demolished", Households: demolished, Registered: min(registered, demolished)},
	}
	d.s.Moves = append(d.s.Moves, m)
}

// Every figure of a rich county equals the sum of its evidence.
func TestEveryFigureOpens(t *testing.T) {
	checkParts(t, Assess(demoCounty(3, 120, 30)))
}

// Taking away one report takes away its metres and what depended on them, and
// spoiling one survey spoils that village's verdict, and nothing else moves.
func TestOneFactMovesItsFigures(t *testing.T) {
	s := demoCounty(5, 60, 20)
	before := Assess(s)
	less := *s
	gone := s.Progress[0]
	less.Progress = s.Progress[1:]
	after := Assess(&less)
	lost := before.County.Completed - after.County.Completed
	if lost != gone.Span.Length() || before.County.Planned != after.County.Planned {
		t.Errorf("lost %d mm, the report had %d", lost, gone.Span.Length())
	}
	spoiled := *s
	spoiled.Surveys = append([]WaterSurvey(nil), s.Surveys...)
	spoiled.Surveys[0].LitresPerDay = nil
	for i, v := range Assess(&spoiled).Villages {
		want := before.Villages[i].Water
		if i == 0 {
			want = WaterUnsurveyed
		}
		if v.Water != want || v.Road != before.Villages[i].Road {
			t.Errorf("village %d: water %s, want %s", v.Village.ID, v.Water, want)
		}
	}
}

// What can be added adds up: the townships sum to the county in everything that
// is counted once by township.
func TestTownshipsSumToTheCounty(t *testing.T) {
	s := demoCounty(9, 200, 60)
	s.Rules.MaskBelow = 0
	a := Assess(s)
	for _, kind := range []ReportKind{ReportCoverage, ReportWater, ReportRelocation} {
		r, err := a.Report(kind, ReportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		county, sum := map[string][3]int64{}, map[string][3]int64{}
		for _, f := range r.Figures {
			if f.Scope == "520527" {
				county[f.Metric] = sums(&f, [3]int64{})
			} else {
				sum[f.Metric] = sums(&f, sum[f.Metric])
			}
		}
		for metric, want := range county {
			if !additive(metric) {
				continue
			}
			if sum[metric] != want {
				t.Errorf("%s: townships %v, county %v", metric, sum[metric], want)
			}
		}
	}
}

// additive excludes what is no sum over townships: metres that villages of
// several townships lack, points of a distribution, what only the county has.
func additive(metric string) bool {
	for _, not := range []string{"C13 ", "C20 ", "_median", "_max", "M18 move_in_", "M18 moved_in_", "C60 ", "C61 ", "M16 capacity_ratio"} {
		if strings.Contains(metric, not) {
			return false
		}
	}
	return true
}

func sums(f *Figure, to [3]int64) [3]int64 {
	to[0] += f.Numerator
	to[1] += f.Unknown
	if f.Denominator != nil {
		to[2] += *f.Denominator
	}
	return to
}

// An assessment may be read by many at once.
func TestManyReaders(t *testing.T) {
	a := Assess(demoCounty(6, 60, 10))
	want := everything(t, a)
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			if everything(t, a) != want {
				t.Error("two readers saw different figures")
			}
			if _, _, err := a.Evidence("M02 completion_rate", ""); err != nil {
				t.Error(err)
			}
		})
	}
	readers.Wait()
}

func BenchmarkAssess(b *testing.B) {
	s := demoCounty(1, 5000, 500)
	b.ResetTimer()
	for b.Loop() {
		Assess(s)
	}
}

func BenchmarkReports(b *testing.B) {
	a := Assess(demoCounty(1, 5000, 500))
	for _, kind := range []ReportKind{ReportCompletion, ReportCoverage, ReportWater, ReportRelocation} {
		b.Run(string(kind), func(b *testing.B) {
			for b.Loop() {
				if _, err := a.Report(kind, ReportOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("layers", func(b *testing.B) {
		for b.Loop() {
			a.Layers()
		}
	})
}

package planner

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/geo"
)

// ramp is land that rises to the east by so many metres a metre.
type ramp struct{ rise float64 }

func (r ramp) Height(p orb.Point) (float64, bool) {
	east := geo.Distance(orb.Point{104.5, p[1]}, p)
	if p[0] < 104.5 {
		east = -east
	}
	return 1500 + r.rise*east, true
}

func square(at orb.Point, half float64) orb.Polygon {
	return orb.Polygon{{{at[0] - half, at[1] - half}, {at[0] + half, at[1] - half}, {at[0] + half, at[1] + half}, {at[0] - half, at[1] + half}, {at[0] - half, at[1] - half}}}
}

// oneSite is a county with a tertiary road of 4 km from its seat, and one site
// beside the far end of it.
func oneSite() (*Snapshot, *Site) {
	far := geo.Destination(orb.Point{104.5, 27}, 90, 4000)
	line := orb.LineString{{104.5, 27}, far}
	s := &Snapshot{Region: Region{Code: "520527", Level: LevelCounty}, AsOf: must(ParseDate("2020-06-30")), Rules: DefaultRules(), Standard: testStandard}
	length := int64(geo.Length(line))
	s.Roads = []Road{{ID: 1, Version: 1, Name: "大路", Class: "tertiary", Length: length, Line: line}}
	s.Segments = []Segment{{ID: 1, Road: 1, Version: 1, Class: "tertiary", Surface: "cement", AllSeason: Yes, Built: BuiltYes, Routable: true, Direction: Both, Line: line}}
	s.Segments[0].Span.To = length
	s.Facilities = []Facility{{ID: 1, Kind: "county_seat", Name: "县城", Point: line[0]}, {ID: 2, Kind: "school", Name: "一小", Point: line[0]}, {ID: 3, Kind: "clinic", Name: "卫生院", Point: far}}
	households, persons, jobs, water := int64(100), int64(400), int64(150), 30.0 // at 60 litres enough for 500
	s.Sites = []Site{{ID: 7, Name: "安置点", Gate: far, CapacityHouseholds: &households, CapacityPersons: &persons, Jobs: &jobs, WaterM3D: &water, Land: "unused"}}
	s.Heights, s.Terrain = ramp{math.Tan(11.5 * math.Pi / 180)}, Terrain{Source: "ramp.tif"}
	for i, layer := range []string{"hazard", "red_line", "farmland", "flood"} {
		s.References = append(s.References, Reference{ID: ID(i + 1), Layer: layer, Name: layer + " 1", Geometry: square(orb.Point{105, 28}, 0.1)})
	}
	return s, &s.Sites[0]
}

func scored(s *Snapshot) map[string]FactorScore {
	out := map[string]FactorScore{}
	for _, f := range Assess(s).Suitability()[0].Factors {
		out[f.Name] = f
	}
	return out
}

// Every factor against its score by hand.
func TestAScoreOpensToItsParts(t *testing.T) {
	s, _ := oneSite()
	for name, want := range map[string]struct{ measure, score int64 }{
		"town":     {4_000, 90_000},  // 4 km: a quarter of the way from 100 at 2 km to 60 at 10 km
		"jobs":     {1_500, 85_000},  // 1.5 a household: 60 at 1, 100 at 1.8
		"services": {6_000, 100_000}, // the school 4 km off at 40 km/h, the clinic at the gate
		"water":    {1_250, 50_000},  // 500 persons' worth for 400
		"road":     {2_000, 80_000},  // tertiary
		"slope":    {11_500, 80_000}, // between 100 at 8° and 60 at 15°
		"land":     {1_000, 100_000}, // unused
	} {
		f := scored(s)[name]
		if f.Measure == nil || math.Abs(float64(*f.Measure-want.measure)) > 15 || math.Abs(float64(f.Low-want.score)) > 80 || f.Low != f.High || f.Why != ScoreComputed {
			t.Errorf("%s: %+v, want %+v", name, f, want)
		}
	}
	got := Assess(s).Suitability()[0]
	want := int64(20*90+25*85+15*100+10*50+10*80+10*80+10*100) * 10
	if got.Class != SiteMost || math.Abs(float64(got.Low-want)) > 50 || got.Excluded() || len(got.Unchecked()) > 0 {
		t.Errorf("%+v, want a score of %d", got, want)
	}
}

// What excludes a site does so whatever its score, and says where it is from.
func TestExclusionsBeatScores(t *testing.T) {
	zero := 0.0
	for name, c := range map[string]struct {
		change func(*Snapshot, *Site)
		is     Ternary
		why    string
	}{
		"hazard":   {func(s *Snapshot, p *Site) { s.References[0].Geometry = square(p.Gate, 0.01) }, Yes, "inside"},
		"red_line": {func(s *Snapshot, p *Site) { s.References[1].Geometry = orb.MultiPolygon{square(p.Gate, 0.01)} }, Yes, "inside"},
		"farmland": {func(s *Snapshot, p *Site) { s.References = s.References[:2] }, Unknown, "no_layer"},
		"flood": {func(s *Snapshot, p *Site) {
			s.References[0].Kind, s.References[0].Geometry = "flood", square(p.Gate, 0.01)
		}, Yes, "inside"},
		"slope": {func(s *Snapshot, p *Site) { s.Heights = ramp{math.Tan(25.1 * math.Pi / 180)} }, Yes, "steep"},
		"water": {func(s *Snapshot, p *Site) { p.WaterM3D = &zero }, Yes, "too_little"},
		"quarry": {func(s *Snapshot, p *Site) {
			p.Scores = []StoredScore{{Factor: "quarry", Excluded: true, Source: "勘查"}}
		}, Yes, "stored"},
	} {
		s, site := oneSite()
		c.change(s, site)
		got := Assess(s).Suitability()[0]
		found := false
		for _, e := range got.Exclusions {
			if e.Name == name {
				found = true
				if e.Is != c.is || e.Why != c.why || c.why == "inside" && (e.Area == 0 || e.Source == "") {
					t.Errorf("%s: %+v", name, e)
				}
			}
		}
		if excluded := got.Class == SiteUnsuitable; !found || excluded != (c.is == Yes) || got.Excluded() != excluded {
			t.Errorf("%s: found %v, class %q", name, found, got.Class)
		}
	}
}

// A stored score and a stored "not excluded" win over what is computed, and say so.
func TestStoredScoresWin(t *testing.T) {
	s, site := oneSite()
	score := 12.5
	s.References[0].Geometry = square(site.Gate, 0.01)
	site.Scores = []StoredScore{{Factor: "slope", Score: &score, Source: "现场勘查"}, {Factor: "hazard", Source: "治理验收"}, {Factor: "view", Score: &score, Source: "自评"}}
	got := Assess(s).Suitability()[0]
	f := scored(s)
	if f["slope"].Low != 12_500 || f["slope"].Why != ScoreStored || f["slope"].Source != "现场勘查" || f["view"].Weight != 0 || got.Excluded() || got.Exclusions[0].Why != ScoreStored {
		t.Errorf("%+v", got)
	}
}

// What is not known is an interval: giving it any value lands inside, and the
// class of the whole is only said where every value gives it.
func TestUnknownFactorsAreIntervals(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s, site := oneSite()
		yes := func(label string) bool { return rapid.Bool().Draw(rt, label) }
		if yes("no jobs") {
			site.Jobs = nil
		}
		if yes("no water") {
			site.WaterM3D = nil
		}
		if yes("no heights") {
			s.Heights = nil
		}
		if yes("no land") {
			site.Land = "unknown"
		}
		if yes("no school") {
			s.Facilities = s.Facilities[:1]
		}
		if yes("unproven road") {
			s.Segments[0].Built = BuiltUnknown
		}
		before := Assess(s).Suitability()[0]
		for _, f := range before.Factors {
			if f.Low < 0 || f.High > fullScore || f.Low > f.High || (f.Low == f.High) != (f.Why == ScoreComputed || f.Why == ScoreCutOff) {
				rt.Fatalf("%+v", f)
			}
			if f.Low != f.High {
				score := float64(rapid.Int64Range(f.Low, f.High).Draw(rt, f.Name)) / 1000
				site.Scores = append(site.Scores, StoredScore{Factor: f.Name, Score: &score})
			}
		}
		after := Assess(s).Suitability()[0]
		if after.Low != after.High || after.Low < before.Low || after.High > before.High {
			rt.Fatalf("%d to %d becomes %d to %d", before.Low, before.High, after.Low, after.High)
		}
		if !after.Excluded() && before.Class != "" && after.Class != before.Class {
			rt.Fatalf("%s becomes %s", before.Class, after.Class)
		}
	})
}

// No number that a curve is asked with gives anything but a score of its range.
func TestCurves(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var points []ScorePoint
		x := int64(-1000)
		low, high := int64(fullScore), int64(0)
		for range rapid.IntRange(1, MaxScorePoints).Draw(rt, "points") {
			x += rapid.Int64Range(1, 1_000_000).Draw(rt, "step")
			p := ScorePoint{x, rapid.Int64Range(0, fullScore).Draw(rt, "score")}
			points, low, high = append(points, p), min(low, p.Score), max(high, p.Score)
		}
		c, err := NewScoreCurve(points...)
		if err != nil {
			rt.Fatal(err)
		}
		for _, p := range points {
			if c.score(p.X) != p.Score {
				rt.Fatalf("%v at %d: %d", points, p.X, c.score(p.X))
			}
		}
		if got := c.score(rapid.Int64Range(-curveAtMost, curveAtMost).Draw(rt, "x")); got < low || got > high {
			rt.Fatalf("%v gives %d", points, got)
		}
	})
	for _, bad := range [][]ScorePoint{nil, {{0, -1}}, {{0, fullScore + 1}}, {{1, 0}, {1, 5}}, {{2, 0}, {1, 5}}, make([]ScorePoint, MaxScorePoints+1), {{curveAtMost + 1, 0}}} {
		if _, err := NewScoreCurve(bad...); CodeOf(err) != Invalid {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

// A site on the moon, without numbers, or with absurd ones has a defined answer.
func TestNonsenseSites(t *testing.T) {
	huge, negative, nan := int64(math.MaxInt64), int64(-5), math.NaN()
	for _, change := range []func(*Snapshot, *Site){
		func(s *Snapshot, p *Site) { p.Gate = orb.Point{math.NaN(), math.Inf(1)} },
		func(s *Snapshot, p *Site) { p.Gate = orb.Point{-70, 10} },
		func(s *Snapshot, p *Site) {
			p.Jobs, p.CapacityHouseholds, p.CapacityPersons, p.SchoolPlaces = &huge, &huge, &huge, &huge
		},
		func(s *Snapshot, p *Site) {
			p.Jobs, p.CapacityHouseholds, p.CapacityPersons = &negative, &negative, &negative
		},
		func(s *Snapshot, p *Site) {
			p.WaterM3D = &nan
			p.Scores = []StoredScore{{Factor: "slope", Score: &nan}}
		},
		func(s *Snapshot, p *Site) { s.Rules.Site = SiteRules{} },
		func(s *Snapshot, p *Site) { *s = Snapshot{Sites: []Site{{ID: 1}}} },
	} {
		s, site := oneSite()
		change(s, site)
		a := Assess(s)
		got := a.Suitability()[0]
		if got.Low < 0 || got.High > fullScore || got.Low > got.High || len(a.SiteRegister()) != 1 {
			t.Errorf("%+v", got)
		}
	}
}

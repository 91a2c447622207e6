package planner

import (
	"cmp"
	"context"
	"math"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/geo/route"
)

// mapped is a county with something on every layer.
func mapped() *Snapshot {
	s := demoCounty(11, 80, 20)
	square := orb.Polygon{{{104.4, 26.9}, {104.6, 26.9}, {104.6, 27.1}, {104.4, 27.1}, {104.4, 26.9}}}
	s.Region.Boundary = orb.MultiPolygon{square}
	for i := range s.Townships {
		s.Townships[i].Boundary = orb.MultiPolygon{square}
	}
	s.Townships[1].Seat = &orb.Point{104.5, 27}
	s.Water = []WaterProject{{ID: 1, Name: "reservoir", Kind: "reservoir", Status: "building", Point: orb.Point{104.5, 27}}}
	s.References = []Reference{{ID: 1, Layer: "river", Name: "river", Geometry: orb.LineString{{104.5, 27}, {104.6, 27}}}}
	s.Warnings = []Warning{{ID: 1, Township: s.Townships[2].Code, Level: WarningOrange, Reason: "slow"}}
	three, persons := int64(3), int64(12)
	s.Villages[0].Population = &Population{Households: &three, Persons: &persons}
	return s
}

// attributes are those of docs/stream.md that every feature of a layer has.
var attributes = map[string][]string{
	"region":          {"kind", "level", "name_en"},
	"region_label":    {"kind", "level", "name_en"},
	"road":            {"state", "class", "surface", "all_season", "segment", "programme", "disputed", "length_m"},
	"village":         {"state", "verdict", "supply", "kind", "township"},
	"water_project":   {"state", "kind", "too_small"},
	"relocation_site": {"persons"},
	"move":            {"state", "persons", "site", "village"},
	"facility":        {"kind"},
	"reference":       {"layer", "kind"},
}

// Every layer has its features, with unique ids and the documented attributes,
// and every feature opens as a card.
func TestLayersAndCards(t *testing.T) {
	a := Assess(mapped())
	layers := a.Layers()
	for i, l := range layers {
		if l.Name != LayerNames[i] || len(l.Features) == 0 {
			t.Errorf("layer %d is %s with %d features", i, l.Name, len(l.Features))
		}
		seen := map[uint64]bool{}
		for _, f := range l.Features {
			if seen[f.ID] {
				t.Errorf("%s %d twice", l.Name, f.ID)
			}
			seen[f.ID] = true
			for _, name := range append([]string{"id", "name", "county"}, attributes[l.Name]...) {
				if _, ok := f.Properties[name]; !ok {
					t.Errorf("%s %d has no %s: %v", l.Name, f.ID, name, f.Properties)
				}
			}
			c, err := opened(a, l.Name, &f)
			if err != nil || c.Name != f.Properties["name"] || c.Center == nil || len(c.Facts) == 0 {
				t.Errorf("card of %s %d: %+v, %v", l.Name, f.ID, c, err)
			}
		}
	}
}

// opened is the card of a feature of the map.
func opened(a *Assessment, layer string, f *Feature) (*Card, error) {
	if layer == "region" || layer == "region_label" {
		return a.RegionCard(f.Properties["code"].(string))
	}
	return a.Card(layer, ID(f.Properties["id"].(int64)))
}

// The pieces on the map are as long together as the roads are.
func TestRoadFeaturesCoverTheRoads(t *testing.T) {
	a := Assess(demoCounty(11, 80, 1))
	var want, got float64
	for _, r := range a.Snapshot.Roads {
		want += float64(r.Length) / 1000
	}
	for _, f := range a.roadFeatures() {
		got += f.Properties["length_m"].(float64)
	}
	if math.Abs(want-got) > 1e-6 {
		t.Errorf("pieces %f m, roads %f m", got, want)
	}
}

func whyOf(t *testing.T, a *Assessment, layer string, id ID) []string {
	return codesOf(must(a.Card(layer, id)))
}

func codesOf(c *Card) []string {
	var out []string
	for _, w := range c.Why {
		out = append(out, w.Code)
	}
	return out
}

// A card says why, in codes.
func TestCardsSayWhy(t *testing.T) {
	a := Assess(readScenario(t, "testdata/unknown_season.txt").s)
	for id, want := range map[ID]string{1: "piece_season_unknown", 2: "piece_not_all_season", 3: "no_road", 4: "connected"} {
		if got := whyOf(t, a, "village", id); !slices.Contains(got, want) {
			t.Errorf("village %d: %v, want %s", id, got, want)
		}
	}
	if got := whyOf(t, a, "village", 3); !slices.Contains(got, "not_surveyed") {
		t.Errorf("village 3: %v", got)
	}
	disputed := Assess(readScenario(t, "testdata/dispute.txt").s)
	if got := whyOf(t, disputed, "village", 1); !slices.Contains(got, "piece_disputed") {
		t.Errorf("disputed: %v", got)
	}
	undrawn := Assess(readScenario(t, "testdata/length_only.txt").s)
	if got := whyOf(t, undrawn, "road", 1); !slices.Contains(got, "not_drawn") {
		t.Errorf("undrawn: %v", got)
	}
	water := Assess(readScenario(t, "testdata/water.txt").s)
	if got := whyOf(t, water, "village", 3); !slices.Contains(got, "water_convenience_failed") {
		t.Errorf("water: %v", got)
	}
	if got := whyOf(t, water, "village", 6); !slices.Contains(got, "water_not_surveyed") {
		t.Errorf("water: %v", got)
	}
	supplied := Assess(readScenario(t, "testdata/supply.txt").s)
	for id, want := range map[ID]string{
		1: "water_supply_no_capacity", 4: "water_supply_out_of_reach", 6: "water_supply_lacks_persons", 7: "water_supply_lacks_links", 8: "water_supply_served",
	} {
		if got := whyOf(t, supplied, "village", id); !slices.Contains(got, want) {
			t.Errorf("village %d: %v, want %s", id, got, want)
		}
	}
	for id, want := range map[ID]string{1: "water_work_too_small", 3: "water_work_not_built"} {
		if got := whyOf(t, supplied, "water_project", id); !slices.Contains(got, want) {
			t.Errorf("work %d: %v, want %s", id, got, want)
		}
	}
	open := Assess(readScenario(t, "testdata/supply_unknown.txt").s)
	if got := whyOf(t, open, "village", 8); !slices.Contains(got, "water_supply_no_capacity_dry") || !slices.Contains(got, "water_supply_served") {
		t.Errorf("served but for the dry season: %v", got)
	}
	for id, want := range map[ID]string{1: "water_work_unknown", 5: "water_work_users_unknown", 8: "water_work_too_small_dry"} {
		if got := whyOf(t, open, "water_project", id); !slices.Contains(got, want) {
			t.Errorf("work %d: %v, want %s", id, got, want)
		}
	}
	aged := Assess(readScenario(t, "testdata/water_cost.txt").s)
	if got := whyOf(t, aged, "village", 3); !slices.Contains(got, "water_survey_stale") {
		t.Errorf("an old survey: %v", got)
	}
	warned := Assess(mapped())
	if got := codesOf(must(warned.RegionCard(warned.Snapshot.Townships[2].Code))); !slices.Contains(got, "warned_by_hand") {
		t.Errorf("township: %v", got)
	}
}

// factOf is the first fact of a name; nil: none.
func factOf(c *Card, name string) *Fact {
	for i := range c.Facts {
		if c.Facts[i].Name == name {
			return &c.Facts[i]
		}
	}
	return nil
}

// A road's card has the whole road in pieces, and every report on it with its
// stage, day, reporter and length; the cards of its segments have them too.
func TestRoadCardsListPiecesAndReports(t *testing.T) {
	s := mapped()
	s.Progress[0].Reporter = "Wang"
	a := Assess(s)
	reports, bySegment := 0, map[string]bool{}
	for _, r := range a.Snapshot.Roads {
		var length float64
		for _, part := range must(a.Card("road", r.ID)).Parts {
			if part.Layer == "progress" {
				reports++
				continue
			}
			length += part.Facts[len(part.Facts)-1].Value.(float64)
		}
		if math.Abs(length-kilometres(r.Length)) > 1e-6 {
			t.Errorf("road %d is %f km, its pieces %f", r.ID, kilometres(r.Length), length)
		}
	}
	for _, seg := range a.Snapshot.Segments {
		for _, f := range must(a.Card("road_segment", seg.ID)).Facts {
			if f.Name == "stage" {
				bySegment[f.Value.(string)+f.On.String()+f.Source] = true
			}
		}
	}
	if reports != len(s.Progress) || reports == 0 {
		t.Errorf("%d reports on the cards of roads, %d in the store", reports, len(s.Progress))
	}
	for _, e := range s.Progress {
		if !bySegment[string(e.Stage)+e.On.String()+e.Reporter] {
			t.Errorf("report %+v is on no segment's card", e)
		}
	}
}

// The broken place of a village's way is named by road, K label and segment.
func TestWeakestLinkIsNamed(t *testing.T) {
	a := Assess(readScenario(t, "testdata/unknown_season.txt").s)
	seen := 0
	for i := range a.Villages {
		d := &a.Villages[i]
		if d.Link == nil || d.Link.First == nil {
			continue
		}
		seen++
		why := must(a.Card("village", d.Village.ID)).Why
		at := slices.IndexFunc(why, func(w Why) bool { return w.Code == d.Link.First.fault() })
		if at < 0 {
			t.Fatalf("village %d: %+v", d.Village.ID, why)
		}
		r := a.roads[d.Link.First.Road]
		want := map[string]any{"missing_m": metres(d.Link.MissingMM), "name": cmp.Or(r.Name, r.Code), "road": idString(r.ID),
			"segment": idString(d.Link.First.Segment), "from": r.Calibration.String(d.Link.Missing[0].Span.From)}
		if diff := gocmp.Diff(want, why[at].Params); diff != "" {
			t.Errorf("village %d (-want +got):\n%s", d.Village.ID, diff)
		}
	}
	if seen == 0 {
		t.Error("no way breaks in the scenario")
	}
}

// A way that breaks beyond the border names no road of this county, though one
// may have the same number.
func TestWeakestLinkBeyondTheBorder(t *testing.T) {
	a := Assess(readScenario(t, "testdata/unknown_season.txt").s)
	own := &a.Pieces[0]
	beyond := *own
	beyond.Halo = true
	c := &Card{}
	a.whyRoad(c, &VillageVerdict{Village: &Village{Surveyed: true}, Connected: No,
		Link: &WeakLink{MissingMM: 1500, First: &beyond, Missing: []PieceSpan{{&beyond, own.Span}}}})
	want := map[string]any{"missing_m": 1.5, "name": "", "from": chainage.FormatLabel(own.Span.From)}
	if diff := gocmp.Diff(want, c.Why[0].Params); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A card of a village says who lives there since when and by whom, what the
// surveyor found, and who moves where.
func TestVillageCardHasDaysAndSources(t *testing.T) {
	s := mapped()
	litres, cost := 35.5, int64(1_234_567)
	s.Villages[1].Population.AsOf, s.Villages[1].Population.Source = s.AsOf-10, "census"
	s.Surveys = []WaterSurvey{{ID: 1, Village: s.Villages[1].ID, On: s.AsOf - 5, LitresPerDay: &litres, CloseCostFen: &cost, Source: "bureau"}}
	s.Moves = []Move{{ID: 7, Village: s.Villages[1].ID, Site: s.Sites[0].ID, Households: 20, Persons: 70}}
	c := must(Assess(s).Card("village", s.Villages[1].ID))
	for _, want := range []Fact{
		{"persons", float64(*s.Villages[1].Population.Persons), UnitPerson, s.AsOf - 10, "census"},
		{"litres_per_day", 35.5, "l", s.AsOf - 5, "bureau"},
		{"tap", nil, "", s.AsOf - 5, "bureau"},
		{"close_cost", 12345.67, UnitYuan, s.AsOf - 5, "bureau"},
	} {
		if f := factOf(c, want.Name); f == nil || *f != want {
			t.Errorf("got %+v, want %+v", f, want)
		}
	}
	if len(c.Parts) != 1 || c.Parts[0].Layer != "move" || c.Parts[0].ID != "7" {
		t.Errorf("parts %+v", c.Parts)
	}
	names := map[string]bool{}
	for _, f := range c.Facts {
		if names[f.Name] {
			t.Errorf("%s twice", f.Name)
		}
		names[f.Name] = true
	}
}

// A small count of households is on no card and in no feature.
func TestSmallHouseholdsAreMasked(t *testing.T) {
	a := Assess(mapped())
	c := must(a.Card("village", 1))
	if f := factOf(c, "households"); f != nil || !slices.Contains(codesOf(c), "households_masked") {
		t.Errorf("facts %+v, why %v", c.Facts, c.Why)
	}
	if f := factOf(c, "persons"); f == nil || f.Value != 12.0 {
		t.Errorf("persons %+v", f)
	}
	if _, shown := a.villageFeatures()[0].Properties["households"]; shown {
		t.Error("3 households are on the map")
	}
	if a.villageFeatures()[0].Properties["persons"] != int64(12) {
		t.Error("12 persons are not on the map")
	}
}

// The few households that stay where all others move cannot be had by
// subtraction: the village's own count is not shown then.
func TestThoseWhoStayAreMasked(t *testing.T) {
	for stay, shown := range map[int64]bool{0: true, 1: false, 4: false, 5: true} {
		s := mapped()
		all, persons := 40+stay, int64(200)
		s.Villages[0].Population = &Population{Households: &all, Persons: &persons}
		s.Moves = []Move{{ID: 1, Village: s.Villages[0].ID, Site: s.Sites[0].ID, Households: 40, Persons: 180}}
		a := Assess(s)
		c := must(a.Card("village", s.Villages[0].ID))
		if f := factOf(c, "households"); (f != nil) != shown || slices.Contains(codesOf(c), "households_masked") == shown {
			t.Errorf("%d stay: %+v", stay, c)
		}
		if _, onMap := a.villageFeatures()[0].Properties["households"]; onMap != shown {
			t.Errorf("%d stay: on the map %v", stay, onMap)
		}
	}
}

// What is not there, or not known, is refused with the mend.
func TestRefusals(t *testing.T) {
	a := Assess(mapped())
	for name, k := range map[string]struct {
		err  error
		code Code
	}{
		"layer":     {second(a.Card("nonsense", 1)), NotFound},
		"village":   {second(a.Card("village", 999)), NotFound},
		"road":      {second(a.Card("road", 999)), NotFound},
		"region":    {second(a.RegionCard("999")), NotFound},
		"water":     {second(a.Card("water_project", 999)), NotFound},
		"report":    {second(a.Report("nonsense", ReportOptions{})), NotFound},
		"by":        {second(a.Report(ReportRelocation, ReportOptions{By: "village"})), Invalid},
		"by class":  {second(a.Report(ReportCoverage, ReportOptions{By: "class"})), Invalid},
		"class":     {second(a.Report(ReportCoverage, ReportOptions{Class: "nonsense+"})), Invalid},
		"within":    {second(a.Report(ReportCoverage, ReportOptions{WithinMM: []int64{-1}})), Invalid},
		"metric":    {second(a.Distances(DistanceOptions{Metric: "miles"})), Invalid},
		"season":    {second(a.Distances(DistanceOptions{Season: "spring"})), Invalid},
		"figure":    {third(a.Evidence("M99 nonsense", "520527")), NotFound},
		"no figure": {third(a.Evidence("M02 completion_rate", "nowhere")), NotFound},
	} {
		if CodeOf(k.err) != k.code {
			t.Errorf("%s: %v, want %s", name, k.err, k.code)
		}
	}
}

func second[T any](_ T, err error) error        { return err }
func third[T, U any](_ T, _ U, err error) error { return err }

// A figure is found by its whole name, its id or its name, and by default for
// the county.
func TestEvidenceIsFoundByName(t *testing.T) {
	a := Assess(mapped())
	for _, metric := range []string{"M09 rai_buffer", "M09", "rai_buffer", "C20 villages_within_750", "villages_within_0.5", "W01 townships_blue", "townships_blue"} {
		f, _, err := a.Evidence(metric, "")
		if err != nil || f.Scope != "520527" {
			t.Errorf("%s: %+v, %v", metric, f, err)
		}
	}
}

// Distances: nearest first by what is asked for, unreachable last, both legs in.
func TestDistances(t *testing.T) {
	a := Assess(demoCounty(2, 120, 20))
	for _, metric := range []string{"m", "s"} {
		rows, err := a.Distances(DistanceOptions{Metric: metric})
		if err != nil || len(rows) != 20*4 {
			t.Fatalf("%d rows, %v", len(rows), err)
		}
		near, err := a.Distances(DistanceOptions{Metric: metric, Nearest: 1})
		if err != nil || len(near) != 20 {
			t.Fatalf("%d nearest, %v", len(near), err)
		}
		for i, r := range rows {
			if r.MM != nil && (*r.MM < r.StraightMM-2 || *r.MM < r.AccessFromMM+r.AccessToMM || *r.MS <= 0) {
				t.Errorf("%+v is shorter than straight", r)
			}
			if i%4 > 0 && compareDistances(must(metricOf(metric)), &rows[i-1], &rows[i]) > 0 {
				t.Errorf("row %d of village %d is out of order", i%4, r.From)
			}
			if i%4 == 0 && (near[i/4].To != r.To || near[i/4].From != r.From) {
				t.Errorf("nearest of %d is %d, first is %d", r.From, near[i/4].To, r.To)
			}
		}
	}
}

// The fastest way is never slower than the shortest, nor the shortest longer.
// In the wet season nothing gets nearer.
func TestDistancesBySeasonAndMetric(t *testing.T) {
	a := Assess(demoCounty(4, 120, 20))
	key := func(r DistanceRow) [2]ID { return [2]ID{r.From, r.To} }
	byMetric := map[string]map[[2]ID]DistanceRow{}
	for _, k := range []struct{ metric, season string }{{"m", "dry"}, {"s", "dry"}, {"s", "wet"}} {
		rows := must(a.Distances(DistanceOptions{Metric: k.metric, Season: k.season}))
		byMetric[k.metric+k.season] = map[[2]ID]DistanceRow{}
		for _, r := range rows {
			byMetric[k.metric+k.season][key(r)] = r
		}
	}
	for k, short := range byMetric["mdry"] {
		fast, wet := byMetric["sdry"][k], byMetric["swet"][k]
		if short.MM == nil {
			continue
		}
		if *fast.MS > *short.MS || *short.MM > *fast.MM {
			t.Errorf("%v: shortest %d mm %d ms, fastest %d mm %d ms", k, *short.MM, *short.MS, *fast.MM, *fast.MS)
		}
		if wet.MS != nil && *wet.MS < *fast.MS && wet.AccessFromMM == fast.AccessFromMM {
			t.Errorf("%v is faster when wet", k)
		}
	}
}

// A village's card says how long it takes to the nearest place of each kind on
// record, dry and wet: what the services of either season say.
func TestVillageCardHasServiceTimes(t *testing.T) {
	s := demoCounty(11, 80, 20)
	s.Facilities = append(s.Facilities, Facility{ID: 2, Kind: "school", Point: at(2, 1)}, Facility{ID: 3, Kind: "school", Point: at(0, 3)}, Facility{ID: 4, Kind: "market", Point: at(1, 1)})
	a := Assess(s)
	reached, slower := 0, 0
	for i := range a.Villages {
		facts := map[string]any{}
		for _, f := range must(a.Card("village", a.Villages[i].Village.ID)).Facts {
			facts[f.Name] = f.Value
		}
		for prefix, season := range map[string]string{"": route.Dry, "wet_": route.Wet} {
			for _, is := range must(a.Ask(context.Background(), Question{Season: season})).Services(i) {
				var want any
				if is.Facility != nil {
					want = float64(is.MS) / 60_000
					reached++
				}
				got, there := facts[prefix+is.Kind+"_minutes"]
				if onRecord := is.Kind == "school" || is.Kind == "market"; there != onRecord || got != want {
					t.Errorf("village %d, %s%s: %v (%v), want %v", i, prefix, is.Kind, got, there, want)
				}
			}
		}
		if facts["school_minutes"] != facts["wet_school_minutes"] {
			slower++
		}
	}
	if reached == 0 || slower == 0 {
		t.Errorf("%d times are known, %d villages have another one when it is wet", reached, slower)
	}
}

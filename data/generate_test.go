package data_test

import (
	"fmt"
	"time"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// The county the generated loads are of, and a day after all of their facts.
const (
	testCounty   = "990101"
	testTownship = "990101001"
)

var lastDay = day("2030-01-01")

func day(s string) planner.Date {
	d, err := planner.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func ptr[T any](v T) *T { return &v }

// testRegions is a small legal tree.
func testRegions(county string) []planner.Region {
	box := orb.MultiPolygon{{{{104, 27}, {105, 27}, {105, 28}, {104, 28}, {104, 27}}}}
	return []planner.Region{
		{Code: "99", Level: planner.LevelProvince, Name: "试省"},
		{Code: "9901", Level: planner.LevelPrefecture, Name: "试市", Parent: "99"},
		{
			Code: county, Level: planner.LevelCounty, Name: "试县", NameEN: "Test", Parent: "9901", Boundary: box, Seat: ptr(orb.Point{104.5, 27.5}),
			DataDate: lastDay, Sample: true, Notice: "虚构", NoticeEN: "invented", Source: "nobody",
		},
		{Code: county + "001", Level: planner.LevelTownship, Name: "一乡", Parent: county},
		{Code: county + "002", Level: planner.LevelTownship, Name: "二乡", Parent: county},
	}
}

// loads draws whole counties: every noun, every optional member there and not.
func loads(county string) *rapid.Generator[*data.Load] {
	return rapid.Custom(func(t *rapid.T) *data.Load {
		g := drawer{t, county, new(int)}
		l := &data.Load{County: county, Regions: testRegions(county), Source: "test"}
		l.Villages = many(g, "villages", 6, g.village)
		l.Roads = many(g, "roads", 5, g.road)
		for i := range l.Roads {
			g.partition(l, l.Roads[i])
			if g.yes("realigned") {
				g.realigned(l, &l.Roads[i])
			}
		}
		l.Programmes = many(g, "programmes", 3, func(i int) planner.Programme { return g.programme(i, l) })
		g.works(l)
		g.reports(l)
		l.Water = many(g, "water", 3, func(i int) planner.WaterProject { return g.waterProject(i, l) })
		for _, v := range l.Villages {
			if g.yes("surveyed") {
				l.Surveys = append(l.Surveys, g.survey(len(l.Surveys)+1, v.ID))
			}
		}
		l.Sites = many(g, "sites", 3, g.site)
		g.buildings(l)
		g.moves(l)
		if g.yes("target") {
			l.Target = &planner.RelocationTarget{Households: 9, Persons: 40, RegisteredHouseholds: 3, RegisteredPersons: 12, Deadline: day("2025-12-31")}
		}
		l.Facilities = many(g, "facilities", 2, func(i int) planner.Facility {
			return planner.Facility{ID: planner.ID(i), Kind: g.of("school", "county_seat"), Name: g.name(), Point: g.point()}
		})
		l.References = many(g, "references", 4, g.reference)
		return l
	})
}

type drawer struct {
	t      *rapid.T
	county string
	serial *int // of the uuids drawn
}

func (g drawer) township() string  { return g.county + "001" }
func (g drawer) otherTown() string { return g.county + "002" }

func many[T any](g drawer, label string, most int, make func(i int) T) []T {
	var out []T
	for i := range rapid.IntRange(0, most).Draw(g.t, label) {
		out = append(out, make(i+1))
	}
	return out
}

func (g drawer) yes(label string) bool       { return rapid.Bool().Draw(g.t, label) }
func (g drawer) of(choices ...string) string { return rapid.SampledFrom(choices).Draw(g.t, "choice") }
func (g drawer) int(from, to int64) int64    { return rapid.Int64Range(from, to).Draw(g.t, "int") }
func (g drawer) float(from, to float64) float64 {
	return rapid.Float64Range(from, to).Draw(g.t, "float")
}
func (g drawer) name() string {
	return rapid.StringMatching(`[坪寨坝营岩箐a-z' ,"\\]{1,6}`).Draw(g.t, "name")
}
func (g drawer) date() planner.Date {
	return day("2015-01-01") + planner.Date(rapid.IntRange(0, 3000).Draw(g.t, "date"))
}
func (g drawer) instant() time.Time {
	return time.UnixMicro(g.int(1_500_000_000_000_000, 1_700_000_000_000_000)).UTC()
}
func (g drawer) uuid() string {
	*g.serial++
	return fmt.Sprintf("%08x-0000-7000-8000-%012x", g.int(0, 1<<32-1), *g.serial)
}

func maybe[T any](g drawer, make func() T) *T {
	if !g.yes("given") {
		return nil
	}
	return ptr(make())
}

func (g drawer) count() *int64    { return maybe(g, func() int64 { return g.int(0, 1_000_000) }) }
func (g drawer) amount() *float64 { return maybe(g, func() float64 { return g.float(0, 99) }) }
func (g drawer) boolean() *bool   { return maybe(g, func() bool { return g.yes("bool") }) }
func (g drawer) point() orb.Point { return orb.Point{g.float(-180, 180), g.float(-90, 90)} }
func (g drawer) ternary() planner.Ternary {
	return planner.Ternary(g.of("yes", "no", "unknown"))
}

// line draws a line that keeps moving, so that it is valid.
func (g drawer) line() orb.LineString {
	at := orb.Point{g.float(104, 104.5), g.float(27, 27.5)}
	line := orb.LineString{at}
	for range rapid.IntRange(1, 6).Draw(g.t, "steps") {
		at = orb.Point{at[0] + g.float(1e-7, 0.05), at[1] + g.float(-0.05, 0.05)}
		line = append(line, at)
	}
	return line
}

func (g drawer) span(length int64) chainage.Span {
	from := g.int(0, length-1)
	return chainage.Span{From: from, To: g.int(from+1, length)}
}

func (g drawer) village(i int) planner.Village {
	v := planner.Village{
		ID: planner.ID(i), Name: g.name(), Kind: g.of("administrative", "hamlet", "group"), Township: g.of("", g.township(), g.otherTown()),
		Point: g.point(), Hazard: g.of("none", "low", "medium", "high", "extreme", "unknown"), Surveyed: g.yes("surveyed"),
	}
	if g.yes("code") {
		v.Code = fmt.Sprintf("V%d", i)
	}
	v.Population = maybe(g, func() planner.Population {
		p := planner.Population{AsOf: g.date(), Households: g.count(), Persons: g.count(), Source: "census"}
		if p.Households != nil {
			p.PoorHouseholds = maybe(g, func() int64 { return g.int(0, *p.Households) })
		}
		if p.Persons != nil {
			p.PoorPersons = maybe(g, func() int64 { return g.int(0, *p.Persons) })
		}
		return p
	})
	v.Consent = maybe(g, func() planner.Consent {
		asked := g.int(1, 300)
		return planner.Consent{AsOf: g.date(), Asked: asked, Agreed: g.int(0, asked)}
	})
	return v
}

func (g drawer) road(i int) planner.Road {
	r := planner.Road{ID: planner.ID(i), Name: g.of("", "路"), Class: g.of("county", "unknown", "G"), Version: 1, Length: g.int(1, 50_000_000)}
	if g.yes("code") {
		r.Code = fmt.Sprintf("C%03d", i)
	}
	if g.yes("drawn") {
		r.Line = g.line()
	} else {
		r.Township = g.township()
	}
	if g.yes("calibrated") {
		c, err := chainage.NewCalibration(chainage.Mark{At: 0, K: 5_000_000}, chainage.Mark{At: r.Length, K: 5_000_000 + r.Length})
		if err != nil {
			g.t.Fatal(err)
		}
		r.Calibration = c
	}
	if g.yes("co-routed") {
		r.CoRouted = chainage.NewSet(g.span(r.Length), g.span(r.Length))
	}
	return r
}

// partition cuts a route into segments that never overlap.
func (g drawer) partition(l *data.Load, r planner.Road) {
	from := int64(0)
	for range rapid.IntRange(0, 4).Draw(g.t, "segments") {
		if from >= r.Length {
			return
		}
		to := g.int(from+1, r.Length)
		s := planner.Segment{
			ID: planner.ID(len(l.Segments) + 1), Road: r.ID, Version: r.Version, Span: chainage.Span{From: from, To: to}, Class: r.Class,
			Surface: g.of("asphalt", "cement", "earth", "unknown"), AllSeason: g.ternary(), Built: planner.Built(g.of("none", "built", "unknown")),
			Direction: planner.Direction(g.of("both", "forward", "backward")), Routable: g.yes("routable"), Township: g.of("", g.township()),
			WidthMM: maybe(g, func() int64 { return g.int(1, 20_000) }),
		}
		if s.Township != "" && g.yes("shared") {
			s.OtherTownship, s.OtherSharePPM = g.otherTown(), g.int(1, 999_999)
		}
		if g.yes("drawn") {
			s.Line = g.line()
		}
		l.Segments = append(l.Segments, s)
		from = to
	}
}

func (g drawer) programme(i int, l *data.Load) planner.Programme {
	p := planner.Programme{
		ID: planner.ID(i), Name: g.name(), Kind: "hamlet_road", Starts: day("2020-01-01"), Deadline: day("2020-12-31"),
		CompletingStage: planner.Stages[g.int(0, 6)], Surface: "cement", AllSeason: g.ternary(),
	}
	for _, r := range l.Roads {
		if g.yes("in the task") {
			s := planner.ScopeItem{ID: planner.ID(100*i + int(r.ID)), Road: r.ID, Version: r.Version, Span: g.span(r.Length), Responsible: g.of("", "李"), Phone: g.of("", "0857")}
			if len(l.Villages) > 0 && g.yes("for a village") {
				s.Village = l.Villages[0].ID
			}
			p.Scope = append(p.Scope, s)
		}
	}
	if g.yes("printed") {
		printed := g.int(0, 9_999_999)
		p.ReportedMM = &printed
	}
	if g.yes("curve") {
		p.Plan = []planner.PlanPoint{{On: p.Starts}, {On: p.Deadline, SharePPM: 1_000_000}, {Township: g.township(), On: p.Deadline, SharePPM: g.int(0, 1_000_000)}}
	}
	return p
}

func (g drawer) waterProject(i int, l *data.Load) planner.WaterProject {
	p := planner.WaterProject{
		ID: planner.ID(i), Name: g.name(), Kind: "small", Status: g.of("planned", "building", "built", "unknown"),
		CapacityM3D: g.amount(), DesignedPersons: g.count(), Point: g.point(), Serves: []planner.ID{},
	}
	if p.CapacityM3D != nil && g.yes("dry") {
		dry := *p.CapacityM3D / 2
		p.DryCapacityM3D = &dry
	}
	if g.yes("loss") {
		loss := float64(g.int(0, 100))
		p.LossPct = &loss
	}
	for _, v := range l.Villages {
		if g.yes("served") {
			p.Serves = append(p.Serves, v.ID)
		}
	}
	return p
}

func (g drawer) survey(i int, village planner.ID) planner.WaterSurvey {
	return planner.WaterSurvey{
		ID: planner.ID(i), Village: village, On: g.date(), LitresPerDay: g.amount(), QualityOK: g.boolean(), Tap: g.boolean(), FetchMinutes: g.amount(),
		DistanceM: g.amount(), ClimbM: g.amount(), ReliabilityPct: g.amount(), CloseCostFen: g.count(), Source: "survey",
	}
}

func (g drawer) site(i int) planner.Site {
	s := planner.Site{
		ID: planner.ID(i), Name: g.name(), NameEN: "Site", Mode: g.of("county_town", "park"), Township: g.of("", g.township()), Gate: g.point(),
		CapacityHouseholds: g.count(), CapacityPersons: g.count(), Jobs: g.count(), WaterM3D: g.amount(), SchoolPlaces: g.count(),
		Land: g.of("owned", "unused", "acquire", "unknown"),
	}
	g.register(&s)
	return s
}

// register draws what is known of a site beside its place and capacity.
func (g drawer) register(s *planner.Site) {
	day := func() planner.Date { // or none
		if g.yes("dated") {
			return g.date()
		}
		return 0
	}
	for _, step := range []planner.ApprovalStep{"drawing_review", "environment", "siting_opinion"} { // as the database sorts them
		if g.yes("approval") {
			a := planner.SiteApproval{Step: step, Needed: g.yes("needed"), Due: day(), Applied: day(), Document: g.of("", "批〔2019〕7号"), Note: g.of("", "注")}
			if !a.Applied.IsZero() && g.yes("granted") {
				a.Granted = a.Applied + planner.Date(g.int(0, 90))
			}
			s.Approvals = append(s.Approvals, a)
		}
	}
	for k, kind := range planner.FollowUpKinds {
		if g.yes("follow-up") {
			f := planner.SiteFollowUp{ID: planner.ID(10*int(s.ID) + k), Kind: kind, Due: g.date(), Done: day(), Amount: g.count(), Responsible: g.of("", "李"), Note: g.of("", "注")}
			s.FollowUps = append(s.FollowUps, f)
		}
	}
	for persons := range g.int(0, 3) {
		s.Types = append(s.Types, planner.DwellingType{Persons: persons + 1, AreaDM2: g.int(100, 20_000), Dwellings: g.int(0, 500)})
	}
	for _, item := range []string{"award", "housing", "land"} {
		if g.yes("cost") {
			s.Costs = append(s.Costs, planner.SiteCost{Item: item, Fen: g.int(0, 1_000_000_000)})
		}
	}
	for _, factor := range []string{"hazard", "slope"} {
		if g.yes("score") {
			s.Scores = append(s.Scores, planner.StoredScore{Factor: factor, Score: g.amount(), Excluded: g.yes("excluded"), Source: "survey"})
		}
	}
	s.Employment = maybe(g, func() planner.EmploymentCount {
		e := planner.EmploymentCount{AsOf: g.date(), Households: g.int(0, 900), Employed: g.int(0, 2000)}
		e.AbleHouseholds = maybe(g, func() int64 { return g.int(0, e.Households) })
		return e
	})
}

func (g drawer) buildings(l *data.Load) {
	next := planner.ID(1)
	for i := range l.Sites {
		for k := range rapid.IntRange(0, 2).Draw(g.t, "buildings") {
			b := planner.Building{ID: next, Name: fmt.Sprintf("%d栋", k+1), Dwellings: g.int(1, 60)}
			next++
			on := g.date()
			for _, stage := range planner.DwellingStages[:rapid.IntRange(0, 7).Draw(g.t, "stages")] {
				b.Events = append(b.Events, planner.BuildingEvent{ID: g.uuid(), Stage: stage, On: on, Recorded: g.instant()})
				on++
			}
			l.Sites[i].Buildings = append(l.Sites[i].Buildings, b)
		}
	}
}

func (g drawer) moves(l *data.Load) {
	for _, v := range l.Villages {
		if len(l.Sites) == 0 || !g.yes("moves") {
			continue
		}
		m := planner.Move{ID: planner.ID(len(l.Moves) + 1), Village: v.ID, Site: l.Sites[0].ID, Households: 10, Persons: 42, Registered: 4, RegisteredPersons: 20, Eligible: maybe(g, func() int64 { return g.int(0, 10) })}
		on := g.date()
		for range rapid.IntRange(0, 3).Draw(g.t, "events") {
			m.Events = append(m.Events, planner.MoveEvent{ID: g.uuid(), Stage: "moved_in", Households: 3, Persons: 9, Registered: 1, RegisteredPersons: 2, On: on, Recorded: g.instant()})
			on++
		}
		l.Moves = append(l.Moves, m)
	}
}

func (g drawer) reference(i int) planner.Reference {
	ring := func(x float64) orb.Ring { return orb.Ring{{x, 1}, {x + 1, 1}, {x + 1, 2}, {x, 1}} }
	shapes := []orb.Geometry{
		g.point(), orb.MultiPoint{g.point(), g.point()}, g.line(), orb.MultiLineString{g.line(), g.line()}, orb.Polygon{ring(1)},
		orb.MultiPolygon{{ring(1)}, {ring(5), {{5.5, 1.1}, {5.7, 1.1}, {5.7, 1.2}, {5.5, 1.1}}}},
	}
	return planner.Reference{ID: planner.ID(i), Layer: g.of("river", "hazard"), Name: g.of("", "河"), Geometry: rapid.SampledFrom(shapes).Draw(g.t, "shape")}
}

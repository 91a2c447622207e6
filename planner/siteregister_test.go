package planner

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The checklist has every step, the overdue first; what happens after the day
// has not happened.
func TestTheChecklist(t *testing.T) {
	day := func(s string) Date { return must(ParseDate(s)) }
	s, site := oneSite()
	site.Approvals = []SiteApproval{
		{Step: "siting_opinion", Needed: true, Due: day("2020-01-01"), Applied: day("2019-12-01"), Granted: day("2020-02-01")}, // late, but granted
		{Step: "environment", Needed: true, Due: day("2020-06-20"), Applied: day("2020-05-01")},
		{Step: "forest_land", Note: "不占林地"},
		{Step: "drawing_review", Needed: true, Due: day("2020-06-30"), Applied: day("2020-07-02")},
		{Step: "land_precheck", Needed: true, Due: day("2020-05-30"), Granted: day("2020-07-01")},
	}
	site.FollowUps = []SiteFollowUp{
		{ID: 1, Kind: "visit", Due: day("2020-05-01"), Done: day("2020-05-03")}, {ID: 2, Kind: "clinic", Due: day("2020-07-15")}, {ID: 3, Kind: "insurance", Due: day("2021-01-01")},
		{ID: 4, Kind: "school_places", Due: day("2020-06-29")}, {ID: 5, Kind: "visit", Due: day("2020-06-01"), Done: day("2020-06-03")}, {ID: 6, Kind: "visit", Due: day("2020-06-30"), Done: day("2020-07-03")},
	}
	r, ok := Assess(s).SiteRecord(7)
	if !ok {
		t.Fatal("no record")
	}
	var got []string
	for _, a := range r.Approvals {
		got = append(got, string(a.Step)+" "+a.State)
	}
	want := []string{
		"land_precheck open", "environment waiting", "siting_opinion granted", "planning_scheme open", "hazard_assessment open", "forest_land not_needed",
		"implementation_plan open", "drawing_review open", "land_certificate open",
	}
	if !slices.Equal(got, want) || r.Approvals[0].DaysLate != 31 || r.Approvals[1].DaysLate != 10 {
		t.Errorf("%q, %d and %d days late", got, r.Approvals[0].DaysLate, r.Approvals[1].DaysLate)
	}
	got = nil
	for _, f := range r.FollowUps {
		got = append(got, idString(f.ID)+f.State)
	}
	if want := []string{"4overdue", "6soon", "2soon", "3later", "5done", "1done"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	granted, needed := r.Granted()
	approvals, follows := r.Overdue()
	if granted != 1 || needed != 8 || approvals != 2 || follows != 1 {
		t.Errorf("%d of %d granted, %d and %d overdue", granted, needed, approvals, follows)
	}
}

// The funnel never widens, and consent is summed over what may be shown alone.
func TestTheFunnelAndConsent(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s, site := oneSite()
		n := func(from, to int64, label string) int64 { return rapid.Int64Range(from, to).Draw(rt, label) }
		for i := range n(0, 4, "buildings") {
			b := Building{ID: ID(i + 1), Dwellings: n(1, 50, "dwellings")}
			for k := range n(0, 7, "stages") {
				b.Events = append(b.Events, BuildingEvent{Stage: DwellingStages[(k*3)%7]}) // in any order
			}
			site.Buildings = append(site.Buildings, b)
		}
		site.CapacityHouseholds = rapid.SampledFrom([]*int64{nil, new(int64(2)), new(int64(60))}).Draw(rt, "planned")
		moved := rapid.SampledFrom([]int64{0, 3, 7, 12}).Draw(rt, "moved in")
		var want ConsentShare
		for i := range n(0, 6, "villages") {
			v := Village{ID: ID(i + 1), Point: site.Gate}
			if asked := n(0, 12, "asked"); asked == 0 {
				want.NotAsked++
			} else {
				agreed := n(0, asked, "agreed")
				v.Consent = &Consent{Asked: asked, Agreed: agreed}
				few := func(n int64) bool { return n >= 1 && n <= 4 }
				if few(asked) || few(agreed) || few(asked-agreed) {
					want.Withheld++
				} else {
					want.Shown, want.Asked, want.Agreed = want.Shown+1, want.Asked+asked, want.Agreed+agreed
				}
			}
			s.Villages = append(s.Villages, v)
			s.Moves = append(s.Moves, Move{ID: v.ID, Village: v.ID, Site: site.ID, Households: 12, Persons: 40, Events: []MoveEvent{{Stage: "moved_in", Households: moved, Persons: 3 * moved}}})
		}
		r := Assess(s).SiteRegister()[0]
		if r.Consent != want || r.Coming != int64(40*len(s.Moves)) {
			rt.Fatalf("%+v, want %+v; %d come", r.Consent, want, r.Coming)
		}
		var delivered, all int64
		for i := range site.Buildings {
			all += site.Buildings[i].Dwellings
			if site.Buildings[i].Reached() >= slices.Index(DwellingStages, DwellingDelivered) {
				delivered += site.Buildings[i].Dwellings
			}
		}
		in, come := moved*int64(len(s.Moves)), max(12*int64(len(s.Moves)), valueOf(site.CapacityHouseholds))
		if over := slices.Contains(r.Flags, FlagMovedInOverDelivered); over != (len(site.Buildings) > 0 && in > delivered && (delivered > 0 || in > all) && in >= 5) {
			rt.Fatalf("%d moved in, %d handed over: %v", in, delivered, r.Flags)
		}
		if over := slices.Contains(r.Flags, FlagPlannedOverDwellings); over != (len(site.Buildings) > 0 && come > all && come >= 5) {
			rt.Fatalf("%d planned, %d dwellings: %v", come, all, r.Flags)
		}
		last := r.Dwellings
		for _, f := range r.Funnel {
			if f.Dwellings > last || len(r.Funnel) != len(DwellingStages) {
				rt.Fatalf("%+v of %d", r.Funnel, r.Dwellings)
			}
			last = f.Dwellings
		}
	})
}

// movesOf is a county of one site and one move with these counts.
func movesOf(m Move, change func(*Snapshot, *Site)) map[string]Figure {
	s, site := oneSite()
	m.ID, m.Village, m.Site = 1, 1, site.ID
	s.Villages = []Village{{ID: 1, Point: site.Gate}}
	s.Moves = []Move{m}
	if change != nil {
		change(s, site)
	}
	out := map[string]Figure{}
	for _, f := range must(Assess(s).Report(ReportRelocation, ReportOptions{By: "none"})).Figures {
		out[f.Metric] = f
	}
	return out
}

// The worked examples of the domain page, section 4, M18 to M29, as printed there.
func TestWorkedExamplesOfRelocation(t *testing.T) {
	events := func(in, persons, registered, registeredPersons, demolished, reclaimed int64) []MoveEvent {
		return []MoveEvent{
			{Stage: "moved_in", Households: in, Persons: persons, Registered: registered, RegisteredPersons: registeredPersons},
			{Stage: "demolished", Households: demolished, Registered: min(demolished, registered)}, {Stage: "reclaimed", Households: reclaimed},
		}
	}
	hezhang := Move{Households: 2470, Persons: 13018, Registered: 2135, RegisteredPersons: 11120, Events: events(2470, 13018, 2135, 11120, 1664, 0)}
	huzhu := Move{Households: 1508, Persons: 6000, Events: events(1508, 6000, 0, 0, 1477, 1227)}
	eligible := int64(1700)
	counted := hezhang
	counted.Eligible = &eligible
	stages := func(last DwellingStage) []BuildingEvent {
		var out []BuildingEvent
		for _, s := range DwellingStages {
			if out = append(out, BuildingEvent{Stage: s}); s == last {
				break
			}
		}
		return out
	}
	for _, c := range []struct {
		metric string
		move   Move
		change func(*Snapshot, *Site)
		value  float64 // as printed
		num    int64
		den    int64
	}{
		{"M18 move_in_household_rate", hezhang, func(s *Snapshot, _ *Site) { s.Target = &RelocationTarget{Households: 6869, Persons: 35100} }, 35.96, 2470, 6869},
		{"M18 move_in_rate", hezhang, func(s *Snapshot, _ *Site) { s.Target = &RelocationTarget{Households: 6869, Persons: 35100} }, 37.09, 13018, 35100},
		{"M19 registered_household_share", hezhang, nil, 86.44, 2135, 2470},
		{"M19 registered_person_share", hezhang, nil, 85.42, 11120, 13018},
		{"M21 demolition_rate", hezhang, nil, 67.37, 1664, 2470},
		{"M21 demolition_rate_registered", hezhang, nil, 77.94, 1664, 2135}, // the wrong one has a name and a denominator of its own
		{"M21 demolition_rate_eligible", counted, nil, 97.88, 1664, 1700},
		{"M21 demolition_rate", huzhu, nil, 97.94, 1477, 1508},
		{"M22 reclamation_rate", huzhu, nil, 81.37, 1227, 1508},
		{"M22 reclamation_rate_demolished", huzhu, nil, 83.07, 1227, 1477},
		{"M20 foundation_rate", hezhang, func(_ *Snapshot, p *Site) {
			p.Buildings = []Building{{ID: 1, Dwellings: 2825, Events: stages(DwellingFoundationDone)}, {ID: 2, Dwellings: 4442 - 2825, Events: stages(DwellingStarted)}}
		}, 63.60, 2825, 4442},
		{"M23 occupancy_rate", hezhang, func(_ *Snapshot, p *Site) {
			p.Buildings = []Building{{ID: 1, Dwellings: 1381, Events: stages(DwellingMovedIn)}, {ID: 2, Dwellings: 1680 - 1381, Events: stages(DwellingDelivered)}, {ID: 3, Dwellings: 99, Events: stages(DwellingCompleted)}}
		}, 82.20, 1381, 1680},
		{"M24 jobs_per_household", hezhang, func(_ *Snapshot, p *Site) { p.Employment = &EmploymentCount{Households: 4125, Employed: 8379} }, 2.03, 8379, 4125},
		{"M25 area_per_person", hezhang, func(_ *Snapshot, p *Site) {
			p.Types = []DwellingType{{Persons: 4, AreaDM2: 13_100, Dwellings: 63}, {Persons: 3, AreaDM2: 13_100, Dwellings: 37}} // 131 m2, 3.63 persons
		}, 36.09, 13_100 * 100, 363},
		{"M26 cost_per_person", Move{Households: 2897, Persons: 8527}, func(_ *Snapshot, p *Site) { p.Costs = []SiteCost{{"housing", 38_000_000_000}} }, 44564.33, 38_000_000_000, 8527},
		{"M26 cost_per_household", Move{Households: 2897, Persons: 8527}, func(_ *Snapshot, p *Site) { p.Costs = []SiteCost{{"housing", 38_000_000_000}} }, 131170.18, 38_000_000_000, 2897},
		{"M26 cost_without_infrastructure_per_person", Move{Households: 100, Persons: 400}, func(_ *Snapshot, p *Site) {
			p.Costs = []SiteCost{{"housing", 2_000_000_00}, {"infrastructure", 400_000_00}}
		}, 5000, 2_000_000_00, 400},
	} {
		f, ok := movesOf(c.move, c.change)[c.metric]
		if !ok || f.Value == nil || f.Denominator == nil || f.Numerator != c.num || *f.Denominator != c.den || *f.Value < c.value-0.0051 || *f.Value > c.value+0.0051 {
			t.Errorf("%s: %+v, want %v = %d / %d", c.metric, f, c.value, c.num, c.den)
		}
	}
}

// Where it is not known whose house has to go there is no such rate; before
// anything is handed over nobody can live in it; 58 dwellings, 42 and 16 of them
// promised, leave nothing.
func TestRelocationWithoutADenominator(t *testing.T) {
	rows := movesOf(Move{Households: 100, Persons: 400, Events: []MoveEvent{{Stage: "moved_in", Households: 100, Persons: 400}}}, nil)
	for _, metric := range []string{"M21 demolition_rate_eligible", "M23 occupancy_rate", "M24 jobs_per_household", "M25 area_per_person", "M26 cost_per_person"} {
		if f := rows[metric]; f.Value != nil || f.Metric == "" {
			t.Errorf("%s: %+v", metric, f)
		}
	}
	if f := rows["M21 demolition_rate_eligible"]; f.Denominator != nil || f.Unknown != 1 {
		t.Errorf("%+v", f)
	}
	if got := rows["M21 demolition_rate"]; *got.Denominator != rows["M18 moved_in_households"].Numerator {
		t.Errorf("%+v is not over all who moved in", got)
	}
	dwellings, persons := int64(58), int64(58*4)
	rows = movesOf(Move{Households: 58, Persons: 232}, func(_ *Snapshot, p *Site) {
		*p = Site{ID: p.ID, Gate: p.Gate, CapacityHouseholds: &dwellings, CapacityPersons: &persons}
	})
	if rows["M29 site_capacity"].Numerator != 232 || rows["M29 site_capacity_free"].Numerator != 0 || rows["M29 site_over_assigned"].Numerator != 0 {
		t.Errorf("%+v", rows["M29 site_capacity_free"])
	}
}

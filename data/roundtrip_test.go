package data_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// wanted is the snapshot a load must come back as, its ids moved.
func wanted(l *data.Load, at *data.Stored) *planner.Snapshot {
	moveIDs(l, at)
	w := &planner.Snapshot{
		AsOf: lastDay, Villages: l.Villages, Roads: l.Roads, Segments: l.Segments, Programmes: l.Programmes, Progress: slices.Clone(l.Progress),
		Disputes: l.Disputes, Warnings: l.Warnings, Water: l.Water, Surveys: l.Surveys, Sites: l.Sites, Moves: l.Moves, Target: l.Target,
		Facilities: l.Facilities, References: l.References, Rules: planner.DefaultRules(),
		Contracts: l.Contracts, Funding: l.Funding, Totals: l.Totals, Inspections: l.Inspections, Overrides: l.Overrides,
	}
	wantedVersions(w, l)
	wantedFiles(w, l)
	for _, r := range l.Regions {
		switch {
		case r.Code == l.County:
			w.Region = r
		case r.Parent == l.County:
			w.Townships = append(w.Townships, r)
		}
	}
	slices.SortFunc(w.Progress, func(a, b planner.Progress) int { return strings.Compare(a.ID, b.ID) })
	return w
}

// wantedVersions are all versions of the routes: those in force begin where the
// last of the earlier ones ends.
func wantedVersions(w *planner.Snapshot, l *data.Load) {
	for _, r := range l.Roads {
		now := planner.RoadVersion{Road: r.ID, Number: r.Version, Length: r.Length}
		for _, v := range l.Earlier {
			if v.Road == r.ID {
				w.Versions, now.From = append(w.Versions, v.RoadVersion), v.To
			}
		}
		w.Versions = append(w.Versions, now)
	}
	for _, o := range l.Operations {
		w.Mappings = append(w.Mappings, o.Mappings...)
	}
}

// wantedFiles are those that something names, and the answers to broken rules.
func wantedFiles(w *planner.Snapshot, l *data.Load) {
	var named []string
	for _, p := range l.Progress {
		named = append(named, p.Evidence...)
	}
	for _, i := range l.Inspections {
		named = append(named, i.Evidence...)
	}
	for _, d := range l.Disputes {
		named = append(named, d.Evidence...)
	}
	for _, f := range l.Files {
		if slices.Contains(named, f.Hash) {
			w.Attachments = append(w.Attachments, f.Attachment)
		}
	}
	slices.SortFunc(w.Overrides, func(a, b planner.Override) int { return strings.Compare(a.Progress+a.Rule, b.Progress+b.Rule) })
}

// moveIDs puts the stored ids in the place of a load's own.
func moveIDs(l *data.Load, at *data.Stored) {
	each(l.Villages, func(v *planner.Village) { v.ID = at.ID("village", v.ID) })
	each(l.Roads, func(r *planner.Road) { r.ID = at.ID("road", r.ID) })
	each(l.Segments, func(s *planner.Segment) { s.ID, s.Road = at.ID("road_segment", s.ID), at.ID("road", s.Road) })
	each(l.Programmes, func(p *planner.Programme) {
		p.ID = at.ID("programme", p.ID)
		each(p.Scope, func(s *planner.ScopeItem) {
			s.ID, s.Road, s.Village = at.ID("programme_scope", s.ID), at.ID("road", s.Road), at.ID("village", s.Village)
		})
	})
	moveWorks(l, at)
	each(l.Warnings, func(w *planner.Warning) { w.ID = at.ID("warning", w.ID) })
	each(l.Water, func(p *planner.WaterProject) {
		p.ID = at.ID("water_project", p.ID)
		each(p.Serves, func(v *planner.ID) { *v = at.ID("village", *v) })
	})
	each(l.Surveys, func(s *planner.WaterSurvey) {
		s.ID, s.Village = at.ID("water_survey", s.ID), at.ID("village", s.Village)
	})
	each(l.Sites, func(s *planner.Site) {
		s.ID = at.ID("relocation_site", s.ID)
		each(s.Buildings, func(b *planner.Building) { b.ID = at.ID("building", b.ID) })
		each(s.FollowUps, func(f *planner.SiteFollowUp) { f.ID = at.ID("site_follow_up", f.ID) })
	})
	each(l.Moves, func(m *planner.Move) {
		m.ID, m.Village, m.Site = at.ID("move", m.ID), at.ID("village", m.Village), at.ID("relocation_site", m.Site)
	})
	each(l.Facilities, func(f *planner.Facility) { f.ID = at.ID("facility", f.ID) })
	each(l.References, func(r *planner.Reference) { r.ID = at.ID("reference", r.ID) })
}

// moveWorks does so for the ledger of works.
func moveWorks(l *data.Load, at *data.Stored) {
	each(l.Earlier, func(v *data.EarlierVersion) { v.Road = at.ID("road", v.Road) })
	each(l.Operations, func(o *planner.Operation) {
		each(o.Mappings, func(m *planner.Mapping) {
			m.ID, m.FromRoad, m.ToRoad = at.ID("road_mapping", m.ID), at.ID("road", m.FromRoad), at.ID("road", m.ToRoad)
			m.On = o.On
		})
	})
	each(l.Contracts, func(c *planner.Contract) {
		c.ID, c.Programme = at.ID("contract", c.ID), at.ID("programme", c.Programme)
		each(c.Scope, func(s *planner.ScopeItem) { s.ID, s.Road = at.ID("contract_scope", s.ID), at.ID("road", s.Road) })
	})
	each(l.Funding, func(f *planner.FundingItem) {
		f.ID, f.Programme = at.ID("funding", f.ID), at.ID("programme", f.Programme)
	})
	each(l.Totals, func(f *planner.FundingTotal) {
		f.ID, f.Programme = at.ID("funding_total", f.ID), at.ID("programme", f.Programme)
	})
	each(l.Progress, func(p *planner.Progress) {
		p.Road, p.Programme, p.Contract = at.ID("road", p.Road), at.ID("programme", p.Programme), at.ID("contract", p.Contract)
	})
	each(l.Disputes, func(d *planner.Dispute) {
		d.ID, d.Road, d.Awarded = at.ID("dispute", d.ID), at.ID("road", d.Road), at.ID("contract", d.Awarded)
	})
	each(l.Inspections, func(i *planner.Inspection) {
		i.ID, i.Road = at.ID("inspection", i.ID), at.ID("road", i.Road)
	})
}

func each[T any](things []T, change func(*T)) {
	for i := range things {
		change(&things[i])
	}
}

var sameSnapshot = cmp.Options{
	cmp.AllowUnexported(chainage.Calibration{}),
	cmpopts.EquateEmpty(),
	cmpopts.IgnoreFields(planner.Snapshot{}, "Revision", "Standard"),
	cmpopts.IgnoreFields(planner.Mapping{}, "Operation"),
}

// Every draw is stored as a county of its own beside those before it, so that
// ids move and counties must not leak into each other.
func TestSnapshotOfAStoredLoadIsTheLoad(t *testing.T) {
	store, _ := openStore(t)
	ctx := context.Background()
	number := 990100
	rapid.Check(t, func(t *rapid.T) {
		number++
		county := strconv.Itoa(number)
		load := loads(county).Draw(t, "load")
		stored, err := store.Store(ctx, load)
		if err != nil {
			t.Fatal(err)
		}
		snap, err := store.Snapshot(ctx, planner.SnapshotQuery{Region: county})
		if err != nil {
			t.Fatal(err)
		}
		if snap.Revision != stored.Revision {
			t.Fatalf("stored at revision %d, read at %d", stored.Revision, snap.Revision)
		}
		snap.Segments = slices.DeleteFunc(snap.Segments, func(s planner.Segment) bool { return s.Halo })
		if diff := cmp.Diff(wanted(load, stored), snap, sameSnapshot); diff != "" {
			t.Fatalf("the load came back changed (-load +snapshot):\n%s", diff)
		}
	})
}

func TestIdsOfAFreshDatabaseAreTheLoadsOwn(t *testing.T) {
	store, _ := openStore(t)
	load := loads(testCounty).Example(7)
	stored, err := store.Store(context.Background(), load)
	if err != nil {
		t.Fatal(err)
	}
	if len(load.Villages) == 0 || len(load.Segments) == 0 {
		t.Fatalf("this example has %d villages and %d segments; take another", len(load.Villages), len(load.Segments))
	}
	for _, v := range load.Villages {
		if got := stored.ID("village", v.ID); got != v.ID {
			t.Errorf("village %d became %d", v.ID, got)
		}
	}
	for _, s := range load.Segments {
		if got := stored.ID("road_segment", s.ID); got != s.ID {
			t.Errorf("segment %d became %d", s.ID, got)
		}
	}
}

// Dated counts and detailed money come back as the day asks for them.
func TestFurtherCountsAndFunding(t *testing.T) {
	store, _ := openStore(t)
	load := &data.Load{
		County: testCounty, Regions: testRegions(testCounty), Source: "list",
		Villages: []planner.Village{{ID: 1, Name: "v", Population: &planner.Population{AsOf: day("2019-01-01"), Persons: ptr(int64(40))}}},
		Populations: []data.VillagePopulation{
			{Village: 1, Population: planner.Population{AsOf: day("2020-01-01"), Persons: ptr(int64(38)), Source: "census"}},
			{Village: 1, Population: planner.Population{AsOf: day("2018-01-01"), Households: ptr(int64(9))}},
		},
		Programmes: []planner.Programme{{ID: 1, Name: "p", Starts: day("2019-01-01"), Deadline: lastDay}},
		Funding: []planner.FundingItem{
			{Programme: 1, Source: "state", Item: "works", PlannedFen: ptr(int64(500)), PaidFen: ptr(int64(100))},
			{Programme: 1, Source: "county", PlannedFen: ptr(int64(70))},
		},
	}
	if _, err := store.Store(t.Context(), load); err != nil {
		t.Fatal(err)
	}
	for on, want := range map[string]*planner.Population{
		"2017-12-31": nil,
		"2018-06-01": {AsOf: day("2018-01-01"), Households: ptr(int64(9)), Source: "list"},
		"2019-06-01": {AsOf: day("2019-01-01"), Persons: ptr(int64(40)), Source: "list"},
		"2021-01-01": {AsOf: day("2020-01-01"), Persons: ptr(int64(38)), Source: "census"},
	} {
		snap, err := store.Snapshot(t.Context(), planner.SnapshotQuery{Region: testCounty, AsOf: day(on)})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, snap.Villages[0].Population); diff != "" {
			t.Errorf("on %s (-want +got):\n%s", on, diff)
		}
		if p := snap.Programmes[0]; *p.PlannedFen != 570 || *p.PaidFen != 100 {
			t.Errorf("the programme plans %d fen and has paid %d", *p.PlannedFen, *p.PaidFen)
		}
	}
}

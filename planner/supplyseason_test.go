package planner

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// What report, list, card and map say of supply is of the season asked for: the
// dry season's only when that is asked.
func TestSupplyIsOfTheSeasonAsked(t *testing.T) {
	villages, works := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		a := Assess(demoCounty(rapid.Uint64Range(1, 200).Draw(rt, "seed"), 12, 30))
		season := rapid.SampledFrom([]string{"", "dry", "wet"}).Draw(rt, "season")
		asked := must(a.Ask(context.Background(), Question{Season: season}))
		want := a.supplies[0]
		if season == "dry" {
			want = a.supplies[1]
			for i := range want.Villages {
				villages += int(flag(want.Villages[i].Verdict != a.supplies[0].Villages[i].Verdict))
			}
			for i := range want.Projects {
				works += int(flag(want.Projects[i].Bottleneck != a.supplies[0].Projects[i].Bottleneck))
			}
		}
		if diff := cmp.Diff(asked.Layers(), asked.LayersAfter(a, a.Layers())); diff != "" {
			rt.Fatalf("anew (-), after the original (+) %s", diff)
		}
		checkVillagesOf(rt, asked, want)
		checkWorksOf(rt, asked, want)
		was, is := figuresOfWater(a), figuresOfWater(asked)
		for _, dry := range []string{"C27 dry_season_served", "C27 dry_season_supplied", "M16 dry_season_served_rate"} {
			if is[dry] == "" || was[dry] != is[dry] {
				rt.Errorf("%s is %q when %q is asked for, and was %q", dry, is[dry], season, was[dry])
			}
		}
	})
	if villages == 0 || works == 0 {
		t.Errorf("the dry season moves %d villages and %d works in all counties drawn; some of both must move", villages, works)
	}
}

// figuresOfWater are the county's own figures, by metric, as texts.
func figuresOfWater(a *Assessment) map[string]string {
	out := map[string]string{}
	for _, f := range a.reportWater(ReportOptions{}) {
		if f.Scope == a.Snapshot.Region.Code {
			out[f.Metric] = fmt.Sprint(f.Numerator, number(f.Denominator), f.Unknown)
		}
	}
	return out
}

// partsOfWater are the things that count to a figure of the county.
func partsOfWater(a *Assessment, metric string) []ID {
	var out []ID
	for _, f := range a.reportWater(ReportOptions{}) {
		if f.Metric != metric || f.Scope != a.Snapshot.Region.Code {
			continue
		}
		for _, p := range f.Parts {
			if p.Side == SideNumerator && p.Amount > 0 {
				out = append(out, p.ID)
			}
		}
	}
	return out
}

func checkVillagesOf(t *rapid.T, a *Assessment, want *Supply) {
	reported := map[ID]SupplyVerdict{}
	for _, verdict := range SupplyVerdicts {
		for _, id := range partsOfWater(a, "C25 supply_"+string(verdict)) {
			reported[id] = verdict
		}
	}
	listed := map[ID]SupplyVerdict{}
	for _, row := range a.VillagesBy(VillageQuery{}).Items {
		listed[row.Village.ID] = row.Supply
	}
	features := a.villageFeatures()
	for i := range a.Villages {
		id, verdict := a.Villages[i].Village.ID, want.Villages[i].Verdict
		card := factOf(must(a.Card("village", id)), "supply_verdict").Value
		if reported[id] != verdict || listed[id] != verdict || card != string(verdict) || features[i].Properties["supply"] != string(verdict) {
			t.Fatalf("village %d, %q: want %s; report %s, list %s, card %v, map %v", id, a.Question.Season,
				verdict, reported[id], listed[id], card, features[i].Properties["supply"])
		}
	}
}

func checkWorksOf(t *rapid.T, a *Assessment, want *Supply) {
	small := partsOfWater(a, "C61 works_too_small")
	code := "water_work_too_small"
	if a.Question.Season == "dry" {
		code = "water_work_too_small_dry"
	}
	features := a.waterFeatures()
	for i := range a.Snapshot.Water {
		id, is := a.Snapshot.Water[i].ID, want.Projects[i].Bottleneck
		card := slices.Contains(codesOf(must(a.Card("water_project", id))), code)
		if slices.Contains(small, id) != is || card != is || features[i].Properties["too_small"] != flag(is) {
			t.Fatalf("work %d, %q: too small %v; report %v, card %v, map %v", id, a.Question.Season, is, small, card, features[i].Properties["too_small"])
		}
	}
}

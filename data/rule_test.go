package data

import (
	"strings"
	"testing"

	"github.com/qiantu/qiantu/geo/route"
	"github.com/qiantu/qiantu/planner"
)

// Whatever stands in a rule, its thresholds are in order or it is refused.
func FuzzParseRules(f *testing.F) {
	for _, seed := range []string{
		`{}`, `null`, `[]`, ``, `{"connect_mm": 100000}`, `{"connect_mm": -1}`, `{"warning_steps_ppm": [1, 2, 3, 4]}`,
		`{"warning_steps_ppm": [4, 3, 2, 1]}`, `{"warning_steps_ppm": [1, 2]}`, `{"mask_below": 1e99}`, `{"faster_mm": -1}`, `{"length_off_ppm": 1}`, `{"unknown": 1}`,
		`{"join_mm": 0, "gap_mm": 100001}`, `{"terrain": "hill", "speeds": [{"class": "class4", "kmh": 18}]}`, `{"speeds": [{"kmh": -1}]}`,
		`{"water": {"dry_capacity_ppm": {"pond": 0, "other": 1e6}, "loss_ppm": 150000}}`, `{"water": {"dry_capacity_ppm": {"": -1}}}`,
		`{"site": {"weights": {"town": 30}, "curves": {"slope": [[10, 100], [25, 0]]}, "class_from": [80, 60, 40]}}`, `{"site": {"curves": {"land": [[1, 2], [1, 2]]}}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		rules, err := parseRules("v", body)
		if err != nil {
			return
		}
		if rules.Version != "v" || min(rules.ConnectMM, rules.RAIBufferMM, rules.SnapMaxMM, rules.MaskBelow,
			rules.FasterMM, rules.EvidenceOffMM, rules.TrackOffMM, rules.LengthOffPPM) < 0 {
			t.Errorf("%s gives %+v", body, rules)
		}
		if w := rules.Water; min(w.LossPPM, w.PublicPPM, w.HalfLifeDays-1, w.StaleDays, w.GapVillage, w.GapPerson) < 0 {
			t.Errorf("%s gives %+v", body, w)
		}
		for _, f := range rules.Site.Factors {
			for i := 1; i < f.Curve.N; i++ {
				if f.Curve.At[i].X <= f.Curve.At[i-1].X {
					t.Errorf("%s gives the curve %+v", body, f.Curve)
				}
			}
			if f.Weight < 0 || f.Curve.N < 1 {
				t.Errorf("%s gives the factor %+v", body, f)
			}
		}
		last := int64(0)
		for _, step := range rules.WarningStepsPPM {
			if step <= last {
				t.Errorf("%s gives warning steps %v", body, rules.WarningStepsPPM)
			}
			last = step
		}
	})
}

func TestARuleKeepsTheDefaultsItDoesNotName(t *testing.T) {
	got, err := parseRules("v", []byte(`{"mask_below": 3, "faster_mm": 5, "evidence_off_mm": 6, "track_off_mm": 7, "length_off_ppm": 8,
		"water": {"loss_ppm": 11, "public_ppm": 12, "half_life_days": 13, "stale_days": 14, "gap_village_fen": 15, "gap_person_fen": 16,
		"dry_capacity_ppm": {"pond": 17}}, "join_mm": 9, "gap_mm": 10, "rai_walk_ms": 18, "urban_seat_mm": 19, "service_ms": {"clinic": 20}, "road_cost_fen_per_km": {"mid": {"hill": 21}},
		"site": {"weights": {"jobs": 40.5}, "curves": {"slope": [[5, 90], [20.5, 0]]}, "class_from": [90, 70, 50], "slope_max_deg": 22, "area_max_m2": 20, "consent_ppm": 900000, "remind_days": 14},
		"terrain": "hill", "speeds": [{"class": "class4", "surface": "gravel", "kmh": 10}]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := planner.DefaultRules()
	want.Version, want.MaskBelow = "v", 3
	want.FasterMM, want.EvidenceOffMM, want.TrackOffMM, want.LengthOffPPM = 5, 6, 7, 8
	want.JoinMM, want.GapMM, want.Terrain = 9, 10, route.Hill
	want.Water = planner.WaterRules{LossPPM: 11, PublicPPM: 12, Dry: want.Water.Dry, HalfLifeDays: 13, StaleDays: 14, GapVillage: 15, GapPerson: 16}
	want.Water.Dry.Pond = 17
	want.RAIWalkMS, want.UrbanSeatMM, want.Services.ClinicMS, want.RoadCosts[planner.RoadCostMid].Hill = 18, 19, 20, 21
	want.Site.Factors[planner.FactorJobs].Weight = 40_500
	want.Site.Factors[planner.FactorSlope].Curve = planner.ScoreCurve{N: 2, At: [planner.MaxScorePoints]planner.ScorePoint{{X: 5_000, Score: 90_000}, {X: 20_500}}}
	want.Site.ClassFrom, want.Site.SlopeMax, want.Site.AreaMaxDM2 = [3]int64{90_000, 70_000, 50_000}, 22_000, 2_000
	want.Site.ConsentPPM, want.Site.RemindDays = 900_000, 14
	kmh := 10.0
	if want.Speeds, err = route.NewSpeedTable([]route.SpeedRow{{Class: route.Class4, Surface: route.SurfaceGravel, KMH: &kmh}}); err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("%+v, not %+v", got, want)
	}
}

func TestARuleIsRefused(t *testing.T) {
	for body, says := range map[string]string{
		`{"water": {"loss": 5}}`:                                    `unknown field "loss"`,
		`{"water": {"loss_ppm": 1000001}}`:                          "at most 1000000",
		`{"water": {"half_life_days": 0}}`:                          "at least 1",
		`{"water": {"dry_capacity_ppm": {"lake": 1}}}`:              `no kind of work "lake"`,
		`{"water": {"dry_capacity_ppm": {"pond": 1000001}}}`:        "0 to 1000000",
		`{"water": {"gap_village_fen": -1}}`:                        "below zero",
		`{"service_ms": {"hospital": 1}}`:                           "school, clinic, market",
		`{"service_ms": {"school": -1}}`:                            "from 0",
		`{"road_cost_fen_per_km": {"class4": {"": 1}}}`:             "low, mid or high",
		`{"road_cost_fen_per_km": {"low": {"moor": 1}}}`:            "plain, hill, mountain",
		`{"road_cost_fen_per_km": {"low": {"": 1000000000001}}}`:    "from 0 to 1000000000000",
		`{"site": {"weights": {"view": 1}}}`:                        "town, jobs, services",
		`{"site": {"weights": {"town": -1}}}`:                       "from 0 to 1000",
		`{"site": {"curves": {"town": []}}}`:                        "1 to 6",
		`{"site": {"curves": {"town": [[2, 50], [1, 60]]}}}`:        "beyond",
		`{"site": {"curves": {"town": [[2, 101]]}}}`:                "0 to 100",
		`{"site": {"class_from": [60, 80, 40]}}`:                    "fall",
		`{"site": {"slope_max_deg": 95}}`:                           "slope_max_deg",
		`{"site": {"consent_ppm": 1000001}}`:                        "consent_ppm",
		`{"urban_seat_mm": -1}`:                                     "below zero",
		`{"join_mm": 100001}`:                                       "at most 100000",
		`{"terrain": "hilly"}`:                                      "plain, hill or mountain",
		`{"speeds": [{"kmh": 20}, {"class": "class5", "kmh": 20}]}`: `speeds: row 2, class "class5"`,
		`{"speeds": [{"class": "class4", "speed": 20}]}`:            `unknown field "speed"`,
	} {
		if _, err := parseRules("v", []byte(body)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s gives %v, not %s", body, err, says)
		}
	}
}

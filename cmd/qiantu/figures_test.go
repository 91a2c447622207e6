package main

import (
	"encoding/json"
	"math"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/qiantu/qiantu/data/cluster/clustertest"
)

const hezhang = "520527"

// published reads the figures that public reports print, by topic and name.
func published(t testing.TB) map[string]float64 {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(clustertest.Shared(t), "data", "published", "figures.json"))
	if err != nil {
		t.Fatal(err)
	}
	var entries []struct {
		Topic      string
		Quantities map[string]any
		Derived    []struct {
			Name     string
			Computed any
			Rounded  string
		}
	}
	if err := json.Unmarshal(raw, &entries); err != nil {
		t.Fatal(err)
	}
	figures := map[string]float64{}
	for _, e := range entries {
		for name, value := range e.Quantities {
			if number, ok := value.(float64); ok {
				figures[e.Topic+"."+name] = number
			}
		}
		for _, d := range e.Derived {
			if number, ok := d.Computed.(float64); ok {
				figures[e.Topic+"."+d.Name] = number
			}
		}
	}
	return figures
}

func number(t testing.TB, text string) float64 {
	t.Helper()
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatalf("%q is no number", text)
	}
	return value
}

// TestDemoGivesThePublishedFigures: the demo county's facts, computed, are what two public reports print.
func TestDemoGivesThePublishedFigures(t *testing.T) {
	s := demoService(t)
	printed := published(t)
	rows := map[string]row{}
	for _, kind := range []string{"completion", "coverage", "relocation"} {
		for key, r := range reportCSV(t, s.dir, kind, hezhang) {
			rows[key] = r
		}
	}
	for metric, want := range map[string]float64{
		"C01 planned_length":              printed["road.hamlet.planned_km"],
		"C02 started_length":              printed["road.hamlet.started_km"],
		"C03 completed_length":            printed["road.hamlet.completed_km"],
		"C04 remaining_length":            printed["road.hamlet.road_remaining_km"],
		"M01 start_rate":                  printed["road.hamlet.road_start_rate_pct"],
		"M02 completion_rate":             printed["road.hamlet.road_completion_rate_pct"],
		"M31 time_progress":               50,
		"W01 townships_blue":              printed["warning.blue_townships"],
		"W02 townships_yellow":            printed["warning.yellow_townships"],
		"W03 townships_orange":            0,
		"W04 townships_red":               0,
		"C21 villages_without_safe_water": printed["water.gap.villages_without_safe_water"],
		"C22 water_gap_cost":              printed["water.gap.funding_gap_yi"] * 1e8,
		"C30 sites":                       printed["relocation.movein.sites"],
		"C31 buildings":                   printed["relocation.construction.buildings"],
		"C32 dwellings_planned":           printed["relocation.construction.units_planned"],
		"M18 moved_in_households":         printed["relocation.movein.households"],
		"M18 moved_in_persons":            printed["relocation.movein.persons"],
		"M19 registered_households":       printed["relocation.movein.registered_households"],
		"M19 registered_persons":          printed["relocation.movein.registered_persons"],
		"M19 registered_household_share":  printed["relocation.movein.registered_household_share_pct"],
		"M19 registered_person_share":     printed["relocation.movein.registered_person_share_pct"],
		"M20 started_rate":                printed["relocation.construction.unit_start_rate_pct"],
		"M20 foundation_rate":             printed["relocation.construction.foundation_completion_rate_pct"],
		"M20 structure_rate":              printed["relocation.construction.structure_completion_rate_pct"],
		"M21 demolition_rate":             printed["relocation.demolition.old_house_demolition_rate_pct"],
	} {
		got, ok := rows[metric+" "+hezhang]
		if !ok {
			t.Errorf("%s: no row for the county", metric)
			continue
		}
		if math.Abs(number(t, got["value"])-want) > 5e-5 {
			t.Errorf("%s = %s, published %v", metric, got["value"], want)
		}
	}
	demolition := rows["M21 demolition_rate "+hezhang]
	if demolition["numerator"] != "1664" || demolition["denominator"] != "2470" {
		t.Errorf("demolition is %s of %s households, want 1664 of 2470 (all, not the registered)",
			demolition["numerator"], demolition["denominator"])
	}
}

// TestTownshipsSumToTheCounty: to the millimetre, exactly, in decimals.
func TestTownshipsSumToTheCounty(t *testing.T) {
	s := demoService(t)
	rows := reportCSV(t, s.dir, "completion", hezhang)
	for _, metric := range []string{"C01 planned_length", "C02 started_length", "C03 completed_length", "C05 carry_over_length",
		"C06 disputed_length", "C07 not_drawn_length", "C08 road_length"} {
		sum, townships := new(big.Rat), 0
		for _, r := range rows {
			if r["metric"] == metric && strings.HasPrefix(r["scope"], hezhang) && r["scope"] != hezhang {
				part, ok := new(big.Rat).SetString(r["numerator"])
				if !ok {
					t.Fatalf("%s of %s: numerator %q", metric, r["scope"], r["numerator"])
				}
				sum.Add(sum, part)
				townships++
			}
		}
		whole, _ := new(big.Rat).SetString(rows[metric+" "+hezhang]["numerator"])
		if whole == nil || sum.Cmp(whole) != 0 {
			t.Errorf("%s: %d townships add up to %s, the county has %s", metric, townships, sum.FloatString(6), rows[metric+" "+hezhang]["numerator"])
		}
		if townships < 27 {
			t.Errorf("%s: only %d rows below the county", metric, townships)
		}
	}
}

// TestServiceAndCommandAgree: every row of every report, to the last digit.
func TestServiceAndCommandAgree(t *testing.T) {
	s := demoService(t)
	for _, kind := range []string{"completion", "coverage", "relocation"} {
		printed := reportCSV(t, s.dir, kind, hezhang)
		served := s.reportJSON(t, kind, url.Values{"region": {hezhang}})
		if len(printed) != len(served) || len(printed) == 0 {
			t.Errorf("%s: %d rows printed, %d served", kind, len(printed), len(served))
		}
		for key, r := range printed {
			other, ok := served[key]
			if !ok {
				t.Errorf("%s: %s is printed but not served", kind, key)
				continue
			}
			for _, column := range []string{"value", "numerator", "denominator", "unknown"} {
				if r[column] == "" != (other[column] == nil) || r[column] != "" && number(t, r[column]) != other[column] {
					t.Errorf("%s %s: %s printed %q, served %v", kind, key, column, r[column], other[column])
				}
			}
		}
	}
}

// TestEveryFigureOpens: the evidence of every figure of the county adds up to its numerator.
func TestEveryFigureOpens(t *testing.T) {
	s := demoService(t)
	for _, kind := range []string{"completion", "coverage", "relocation"} {
		for key, r := range s.reportJSON(t, kind, url.Values{"region": {hezhang}}) {
			if r["scope"] != hezhang || r["masked"] == true {
				continue
			}
			sum, total := s.evidence(t, r["metric"].(string))
			if want := r["numerator"].(float64); math.Abs(sum-want) > 1e-6*math.Max(1, math.Abs(want)) && !derived[r["metric"].(string)] {
				t.Errorf("%s: parts add up to %v, the numerator is %v", key, sum, want)
			}
			if total == 0 && r["numerator"].(float64) != 0 {
				t.Errorf("%s: %v made of nothing", key, r["numerator"])
			}
		}
	}
}

// evidence reads all pages of a county figure's parts: the sum of those on the numerator's side, and how many parts there are.
func (s *service) evidence(t testing.TB, metric string) (sum float64, total int) {
	t.Helper()
	for offset := 0; ; offset += 1000 {
		var page struct {
			Total int
			Items []struct {
				Part   string
				Amount float64
			}
		}
		s.get(t, "/api/v1/evidence?"+url.Values{"region": {hezhang}, "metric": {metric}, "scope": {hezhang},
			"limit": {"1000"}, "offset": {strconv.Itoa(offset)}}.Encode(), &page)
		for _, item := range page.Items {
			if item.Part == "numerator" {
				sum += item.Amount
			}
		}
		if offset+1000 >= page.Total {
			return sum, page.Total
		}
	}
}

// derived are figures that are a comparison or a choice, not a sum of parts.
var derived = map[string]bool{}

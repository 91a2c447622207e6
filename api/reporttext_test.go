package api

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/qiantu/qiantu/planner"
)

// Each unit has its decimals, and thousands are parted.
func TestTextNumbers(t *testing.T) {
	for _, k := range []struct {
		v    float64
		unit planner.Unit
		want string
	}{
		{45.75, planner.UnitPercent, "45.75"}, {366, planner.UnitKM, "366.00"}, {386_000_000, planner.UnitYuan, "386,000,000.00"},
		{1234.567, planner.UnitMinute, "1,234.57"}, {20_123.46, planner.UnitMetre, "20,123.5"}, {13_018, planner.UnitPerson, "13,018"},
		{2470, planner.UnitHousehold, "2,470"}, {224, planner.UnitCount, "224"}, {999, planner.UnitCount, "999"}, {1000, planner.UnitCount, "1,000"},
		{-3.456, planner.UnitPercent, "-3.46"}, {-0.004, planner.UnitPercent, "0.00"}, {-1234567, planner.UnitCount, "-1,234,567"}, {0, planner.UnitKM, "0.00"},
	} {
		if got := grouped(k.v, k.unit); got != k.want {
			t.Errorf("%v %s is %q, want %q", k.v, k.unit, got, k.want)
		}
	}
	for _, k := range []struct {
		e    exact
		want string
	}{
		{exact{}, ""}, {exactly(366_123_456, planner.UnitKM), "366.12"}, {exactly(38_600_000_050, planner.UnitYuan), "386,000,000.50"},
		{exactly(500_000, planner.UnitPercent), "500,000"}, {exactly(90_000, planner.UnitMinute), "1.50"}, {exactly(1_234_560, personMetre), "1,234.6"},
		{exactly(13_018, planner.UnitPerson), "13,018"}, {exactly(1, unknownIn(planner.UnitYuan)), "1"}, {exactly(1_500_000, unknownIn(planner.UnitKM)), "1.50"},
	} {
		if got := k.e.text(); got != k.want {
			t.Errorf("%+v is %q, want %q", k.e, got, k.want)
		}
	}
}

// Without its commas a number reads back as itself, rounded; between commas
// stand three digits.
func TestGroupedReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(-1e15, 1e15).Draw(t, "n")
		text := grouped(float64(n), planner.UnitPerson)
		if back, err := strconv.ParseInt(strings.ReplaceAll(text, ",", ""), 10, 64); err != nil || back != n {
			t.Fatalf("%d became %q", n, text)
		}
		groups := strings.Split(strings.TrimPrefix(text, "-"), ",")
		for i, g := range groups {
			if len(g) != 3 && i > 0 || len(g) < 1 || len(g) > 3 {
				t.Fatalf("%q", text)
			}
		}
	})
}

// The columns of the small county, as a reader sees them.
func TestReportTextColumns(t *testing.T) {
	var out strings.Builder
	figures := []planner.Figure{
		{Metric: "M18 moved_in_persons", Scope: "520527", ScopeName: "赫章县", Value: ptr(13_018.0), Numerator: 13_018, Denominator: ptr(int64(20_000)), Unit: planner.UnitPerson, Basis: planner.UnitPerson},
		{Metric: "M02 completion_rate", Scope: "520527", Value: ptr(45.75), Numerator: 366_000_000, Denominator: ptr(int64(800_000_000)), Unit: planner.UnitPercent, Basis: planner.UnitKM, Rule: "completion/1"},
		{Metric: "M18 moved_in_households", Scope: "520527100", Masked: true, Unit: planner.UnitHousehold, Basis: planner.UnitHousehold},
		{Metric: "M21 demolition_rate", Scope: "520527101", Denominator: ptr(int64(0)), Unit: planner.UnitPercent, Basis: planner.UnitHousehold},
	}
	if err := ReportText(&out, &planner.Report{Region: "520527", Kind: planner.ReportCompletion, AsOf: date("2020-06-30"), KnownAt: "2020-07-01T00:00:00Z", Revision: 3, Figures: figures, Programme: &planner.Programme{Code: "P2020", Name: "通组路"}}); err != nil {
		t.Fatal(err)
	}
	const want = `520527  completion  项目 programme P2020 通组路  数据日期 as of 2020-06-30  已知截至 known at 2020-07-01T00:00:00Z  版本 revision 3

指标 metric              范围 scope        数值 value  单位 unit  分子 numerator  分母 denominator  未知 unknown  口径 basis  依据 rule
M18 moved_in_persons     520527 赫章县         13,018  person             13,018            20,000             0  person
M02 completion_rate      520527                 45.75  %                  366.00            800.00          0.00  km          completion/1
M18 moved_in_households  520527100      已隐去 masked  household                                                  household
M21 demolition_rate      520527101                  –  %                       0                 0             0  household
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

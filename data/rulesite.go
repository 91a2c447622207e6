package data

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/qiantu/qiantu/planner"
)

// siteBody is what a rule says of relocation sites, in the units that people
// write: points, kilometres, minutes, degrees, square metres (docs/metrics.md).
type siteBody struct {
	Weights     map[string]float64      `json:"weights"`
	Curves      map[string][][2]float64 `json:"curves"`
	ClassFrom   *[3]float64             `json:"class_from"`
	SlopeMaxDeg *float64                `json:"slope_max_deg"`
	AreaMaxM2   *float64                `json:"area_max_m2"`
	ConsentPPM  *float64                `json:"consent_ppm"`
	RemindDays  *float64                `json:"remind_days"`
	FieldsM     *float64                `json:"fields_m"`
	FieldsMin   *float64                `json:"fields_min"`
}

// lay lays it over the rules.
func (b *siteBody) lay(to *planner.SiteRules) error {
	for _, name := range slices.Sorted(maps.Keys(b.Weights)) {
		f, err := siteFactor(name)
		if err != nil {
			return err
		}
		if w := b.Weights[name]; !(w >= 0 && w <= 1000) {
			return fmt.Errorf("site.weights: %s weighs %v; write points from 0 to 1000", name, w)
		}
		to.Factors[f].Weight = thousandths(b.Weights[name])
	}
	for _, name := range slices.Sorted(maps.Keys(b.Curves)) {
		f, err := siteFactor(name)
		if err != nil {
			return err
		}
		if to.Factors[f].Curve, err = curveOf(b.Curves[name]); err != nil {
			return fmt.Errorf("site.curves of %s: %w", name, err)
		}
	}
	if c := b.ClassFrom; c != nil {
		if !(c[0] <= 100 && c[0] > c[1] && c[1] > c[2] && c[2] > 0) {
			return fmt.Errorf("site.class_from is %v; the three must fall, from at most 100 and above 0", *c)
		}
		to.ClassFrom = [3]int64{thousandths(c[0]), thousandths(c[1]), thousandths(c[2])}
	}
	for _, l := range []struct {
		name       string
		from       *float64
		most, unit float64
		to         *int64
	}{
		{"slope_max_deg", b.SlopeMaxDeg, 90, 1000, &to.SlopeMax}, {"area_max_m2", b.AreaMaxM2, 1000, 100, &to.AreaMaxDM2},
		{"consent_ppm", b.ConsentPPM, 1_000_000, 1, &to.ConsentPPM}, {"remind_days", b.RemindDays, 3660, 1, &to.RemindDays},
		{"fields_m", b.FieldsM, 100_000, 1000, &to.FieldsMM}, {"fields_min", b.FieldsMin, 600, 60_000, &to.FieldsMS},
	} {
		if l.from == nil {
			continue
		}
		if !(*l.from >= 0 && *l.from <= l.most) {
			return fmt.Errorf("site.%s is %v; write a number from 0 to %v", l.name, *l.from, l.most)
		}
		*l.to = int64(math.Round(*l.from * l.unit))
	}
	return nil
}

func siteFactor(name string) (planner.SiteFactor, error) {
	names := make([]string, 0, 8)
	for _, f := range planner.SiteFactors() {
		if f.String() == name {
			return f, nil
		}
		names = append(names, f.String())
	}
	return 0, fmt.Errorf("site has no factor %q; they are %s", name, strings.Join(names, ", "))
}

func curveOf(points [][2]float64) (planner.ScoreCurve, error) {
	out := make([]planner.ScorePoint, min(len(points), planner.MaxScorePoints+1))
	for i := range out {
		for _, v := range points[i] {
			if math.Abs(v) > 1e6 {
				return planner.ScoreCurve{}, fmt.Errorf("point %d: %v is no measure and no score from 0 to 100", i+1, v)
			}
		}
		out[i] = planner.ScorePoint{X: thousandths(points[i][0]), Score: thousandths(points[i][1])}
	}
	return planner.NewScoreCurve(out...)
}

func thousandths(v float64) int64 { return int64(math.Round(v * 1000)) }

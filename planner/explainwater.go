package planner

import (
	"cmp"
	"context"
	"slices"
)

// The further causes why the supply of water moved.
const (
	CauseLinks    Cause = "links"    // which works there are, and whom they serve
	CauseCapacity Cause = "capacity" // what works give: capacity, losses, kind, whether they are built
)

// waterMetrics are the figures of the water report that are explained.
var waterMetrics = []string{
	"C26 persons_served", "C26 persons_no_capacity", "C26 persons_out_of_reach", "C26 persons_not_surveyed",
	"M16 served_rate", "C27 dry_season_persons_served", "M16 dry_season_served_rate", "M15 piped_supply_rate", "M14 safe_water_rate",
}

// ExplainWater splits the difference of two water reports of one county into
// parts that add up. What differs is taken over cause by cause, in this order:
// population, links, capacity, survey, rule (of supply, and the standard), the
// season of the question, and base, which is all the rest and moves nothing of
// water. Each part is what the figure moved when its turn came; thresholds and
// edits of a question change no water. When ctx ends, so does the splitting
// before its next world, with the error of ctx.
func ExplainWater(ctx context.Context, before, after *Assessment) (*CoverageDifference, error) {
	if before.Snapshot.Region.Code != after.Snapshot.Region.Code {
		return nil, Errorf(Invalid, "%s and %s are two counties; the two must be of one", before.Snapshot.Region.Code, after.Snapshot.Region.Code)
	}
	worlds := []coverageWorld{{a: before.origin()}}
	reports := []map[string]*Figure{before.origin().waterFigures(before.Question.Season)}
	add := func(a *Assessment, season string, cause Cause) {
		worlds, reports = append(worlds, coverageWorld{a: a, cause: cause}), append(reports, a.waterFigures(season))
	}
	last := before.origin()
	if last.Snapshot != after.origin().Snapshot {
		for _, step := range waterWorlds(last.Snapshot, after.origin().Snapshot) {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			last = AssessAfter(last, step.snapshot)
			add(last, before.Question.Season, step.cause)
		}
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	add(last, after.Question.Season, CauseSeason)
	if last != after.origin() {
		add(after.origin(), after.Question.Season, CauseBase)
	}
	d := &CoverageDifference{Before: before, After: after}
	for _, metric := range waterMetrics {
		d.Metrics = append(d.Metrics, movedBetween(metric, worlds, reports))
	}
	return d, nil
}

// waterFigures are the figures of the county's water report in a season, by metric.
func (a *Assessment) waterFigures(season string) map[string]*Figure {
	w := &waterReport{coverage{sheet: sheet{asOf: a.Snapshot.AsOf}, a: a}, a.Supply(season), a.Supply(SeasonDry)}
	scope, name, members := a.countyUnit()
	w.unit(scope, name, members)
	out := map[string]*Figure{}
	for i := range w.figures {
		out[w.figures[i].Metric] = &w.figures[i]
	}
	return out
}

// waterWorld is the county with what one more cause changed of its water.
type waterWorld struct {
	snapshot *Snapshot
	cause    Cause
}

// waterWorlds take over from the later snapshot, cause by cause, all that water
// hangs on.
func waterWorlds(before, after *Snapshot) []waterWorld {
	peopled := peopledAs(before, after)
	linked := *peopled
	linked.Water = linkedAs(before.Water, after.Water)
	able := linked
	able.Water = after.Water
	surveyed := able
	surveyed.Villages, surveyed.Surveys = after.Villages, after.Surveys
	ruled := surveyed
	ruled.Standard, ruled.Rules = after.Standard, after.Rules
	return []waterWorld{{peopled, CausePopulation}, {&linked, CauseLinks}, {&able, CauseCapacity}, {&surveyed, CauseSurvey}, {&ruled, CauseRule}}
}

// linkedAs are the works of the later list; those that were there before give
// what they gave then. Both are in order of id.
func linkedAs(before, after []WaterProject) []WaterProject {
	out := slices.Clone(after)
	for i := range out {
		w := &out[i]
		at, known := slices.BinarySearchFunc(before, w.ID, func(b WaterProject, id ID) int { return cmp.Compare(b.ID, id) })
		if known {
			was := &before[at]
			w.Kind, w.Status, w.CapacityM3D, w.DryCapacityM3D, w.LossPct = was.Kind, was.Status, was.CapacityM3D, was.DryCapacityM3D, was.LossPct
		}
	}
	return out
}

package main

import (
	"context"
	"flag"

	"github.com/qiantu/qiantu/planner"
)

func scenarioFlag(set *flag.FlagSet) *int64 {
	return set.Int64("scenario", 0, "number of a scenario of the county: its base, season, thresholds and edits are asked where nothing else is given, --edits come after its own; 0: none")
}

// under lays the scenario with a number under a question of a day; without a number both stay as they are, and the scenario is
// an empty one.
func (o *opened) under(ctx context.Context, scenario int64, day planner.SnapshotQuery, q planner.Question) (planner.SnapshotQuery, planner.Question, *planner.Scenario, error) {
	if scenario == 0 {
		return day, q, &planner.Scenario{}, nil
	}
	if scenario < 0 {
		return day, q, nil, usagef("--scenario %d is no number of a scenario", scenario)
	}
	sc, err := o.Scenario(ctx, day.Region, planner.ID(scenario))
	if err != nil {
		return day, q, nil, err
	}
	day, q, err = sc.Under(day, q)
	return day, q, sc, err
}

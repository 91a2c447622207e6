package main

import (
	"context"
	"flag"
	"math"

	"github.com/qiantu/qiantu/planner"
)

// questionFlags are what a report or a list of distances may be asked beside what stands: another season, other thresholds,
// roads closed, built or improved. The season is the command's own flag.
type questionFlags struct {
	season        *string
	connect, walk *float64 // metres, minutes; 0: the rule
	rai           *float64
	edits         *string
}

func addQuestion(set *flag.FlagSet, season *string) *questionFlags {
	return &questionFlags{
		season:  season,
		connect: set.Float64("connect", 0, "metres within which a road must pass a village; 0: the rule"),
		rai:     set.Float64("rai", 0, "metres within which an all-season road counts for the rural access index; 0: the rule"),
		walk:    set.Float64("walk", 0, "minutes of walking that count for it; 0: the rule"),
		edits:   set.String("edits", "", "what if: close:segment:17,build:road:5,improve:segment:9,place:site:3:104.7:27.1,capacity:site:3:1200,close:site:3,add:site:900001:104.7:27.1:800,people:village:12:35:160"),
	}
}

// question reads the flags.
func (f *questionFlags) question() (planner.Question, error) {
	q := planner.Question{Season: *f.season}
	if err := oneOf("season", q.Season, "", "dry", "wet"); err != nil {
		return q, err
	}
	for _, t := range []struct {
		name     string
		value    float64
		unit     float64
		into     *int64
		possible float64
	}{{"connect", *f.connect, 1000, &q.ConnectMM, 1e6}, {"rai", *f.rai, 1000, &q.RAIMM, 1e6}, {"walk", *f.walk, 60_000, &q.WalkMS, 1440}} {
		if !(t.value >= 0 && t.value <= t.possible) {
			return q, usagef("--%s %v is no threshold; write a number from 0 (the rule) to %v", t.name, t.value, t.possible)
		}
		*t.into = int64(math.Round(t.value * t.unit))
	}
	var err error
	if q.Edits, err = planner.ParseEdits(*f.edits); err != nil {
		return q, usagef("--edits: %v", err)
	}
	return q, nil
}

// asked says whether a question asks anything.
func asked(q planner.Question) bool {
	return q.Season != "" || q.ConnectMM != 0 || q.RAIMM != 0 || q.WalkMS != 0 || len(q.Edits) > 0
}

// ask judges a snapshot under a question; a question that the county cannot be asked is a matter of the command line.
func ask(ctx context.Context, s *planner.Snapshot, q planner.Question) (*planner.Assessment, error) {
	a, err := planner.Assess(s).Ask(ctx, q)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, usagef("%v", err)
	}
	return a, nil
}

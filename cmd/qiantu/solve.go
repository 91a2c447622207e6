package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/qiantu/qiantu/planner/solve"
	"github.com/qiantu/qiantu/planner/solve/orlib"
)

// exercise is what `qiantu solve` was asked: one instance of the OR-Library for one of the solver cores.
type exercise struct {
	kind, file string
	problem    int // of a file that holds several, from 1
	single     bool
	maximise   bool
	timeLimit  time.Duration // 0: none
	limits     solve.Limits
	json       bool
	out        string
}

// solved is what came out. Customers and sites are numbered from 0 here, from 1 in what is written.
type solved struct {
	solve.Outcome
	shares []siteShare
	notes  []string
}

// siteShare is the share of a customer's demand that a site serves.
type siteShare struct {
	customer, site int32
	share          float64
}

// kinds are the problems and how an instance of each is read and solved.
var kinds = map[string]func(context.Context, *exercise, io.Reader) (*solved, error){
	"pmedian":   solvePMedian,
	"pcenter":   solvePCenter,
	"cflp":      solveFacility,
	"transport": solveTransport,
	"gap":       solveGAP,
	"cpmedian":  solveCapMedian,
	"assign":    solveAssign,
}

// solving runs a solver within a time limit, with a bar that shows its bound and gap, and says how many seconds it took.
func solving(ctx context.Context, env environment, limits *solve.Limits, timeLimit time.Duration, run func(context.Context) error) (float64, error) {
	bar := newBar(env.stderr, "solving")
	defer bar.end()
	limits.Progress = func(o solve.Outcome) { bar.say(progress(o)) }
	if timeLimit > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, timeLimit)
		defer stop()
	}
	began := time.Now()
	err := run(ctx)
	return time.Since(began).Seconds(), err
}

func runSolve(ctx context.Context, env environment, args []string) error {
	x, err := parseExercise(env, args)
	if err != nil {
		return err
	}
	f, err := os.Open(x.file)
	if err != nil {
		return err
	}
	defer f.Close()
	var found *solved
	seconds, err := solving(ctx, env, &x.limits, x.timeLimit, func(ctx context.Context) (err error) {
		found, err = kinds[x.kind](ctx, x, f)
		return err
	})
	var misread *orlib.Error
	switch {
	case errors.As(err, &misread):
		return err // it names the file itself
	case err != nil:
		return fmt.Errorf("%s: %w", x.name(), err)
	}
	for _, note := range found.notes {
		fmt.Fprintf(env.stderr, "%s: %s\n", x.name(), note)
	}
	if x.out != "" && !math.IsInf(found.Objective, 0) {
		if err := writeTo(env, x.out, found.writeShares); err != nil {
			return err
		}
	}
	return found.print(env, x, seconds)
}

func parseExercise(env environment, args []string) (*exercise, error) {
	x := &exercise{}
	set := flags(env, "solve")
	set.StringVar(&x.file, "orlib", "", "instance, in the format of the OR-Library")
	set.IntVar(&x.problem, "problem", 1, "which problem of a file that holds several")
	set.BoolVar(&x.single, "single-source", false, "cflp: every customer wholly at one site")
	set.BoolVar(&x.maximise, "maximise", false, "gap, assign: the values are gained, not spent")
	set.DurationVar(&x.timeLimit, "time-limit", 0, "as 60s; the best until then is given; default: none")
	set.Float64Var(&x.limits.Gap, "gap", 0, "a proven gap that is enough, as 0.01; default: 0, the optimum")
	set.Uint64Var(&x.limits.Seed, "seed", 0, "of what is drawn")
	set.IntVar(&x.limits.Threads, "threads", 1, "threads")
	set.BoolVar(&x.json, "json", false, "for machines")
	set.StringVar(&x.out, "out", "", "file to write the answer to, as CSV: customer,site,share")
	words, err := parse(set, args)
	if err != nil {
		return nil, err
	}
	known := slices.Sorted(maps.Keys(kinds))
	if len(words) != 1 || kinds[words[0]] == nil {
		return nil, usagef("name one problem: %s", strings.Join(known, ", "))
	}
	x.kind = words[0]
	return x, x.check()
}

// check refuses what the flags do not mean together.
func (x *exercise) check() error {
	const mostThreads = 256
	switch {
	case x.file == "":
		return usagef("give --orlib, the file of the instance")
	case x.problem < 1:
		return usagef("--problem %d: problems are numbered from 1", x.problem)
	case x.problem > 1 && x.kind != "gap":
		return usagef("--problem %d: only files of gap hold several problems", x.problem)
	case x.single && x.kind != "cflp":
		return usagef("--single-source belongs to cflp; pmedian, pcenter, gap, assign and cpmedian never split a customer, transport always may")
	case x.maximise && x.kind != "gap" && x.kind != "assign":
		return usagef("--maximise belongs to gap and assign; the others have costs")
	case x.timeLimit < 0:
		return usagef("--time-limit %v: write a duration from 0 (none), as 60s", x.timeLimit)
	case !(x.limits.Gap >= 0 && x.limits.Gap <= 1):
		return usagef("--gap %v: write a share from 0 to 1, as 0.01 for 1 %%", x.limits.Gap)
	case x.limits.Threads < 1 || x.limits.Threads > mostThreads:
		return usagef("--threads %d: write a number from 1 to %d", x.limits.Threads, mostThreads)
	}
	return nil
}

// progress is what a bar says of a solver at work.
func progress(o solve.Outcome) string {
	if math.IsInf(o.Objective, 0) {
		return "no answer yet, bound " + plain(o.Bound)
	}
	return fmt.Sprintf("objective %s, bound %s, gap %.2f %%", plain(o.Objective), plain(o.Bound), 100*o.Gap())
}

// plain is a number without the last digits, which a sum of fractions may have wrong.
func plain(x float64) string {
	if math.IsInf(x, 0) {
		return "none"
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 13, 64), 64)
	if err != nil {
		rounded = x
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// print gives the five figures. An instance that has no answer is an answer: the status of the program is 0.
func (s *solved) print(env environment, x *exercise, seconds float64) error {
	if s.Reason != "" {
		fmt.Fprintf(env.stderr, "%s: %s\n", x.name(), s.Reason)
	}
	if x.json {
		return json.NewEncoder(env.stdout).Encode(struct {
			Objective *float64     `json:"objective"`
			Bound     *float64     `json:"bound"`
			Gap       *float64     `json:"gap"`
			Seconds   float64      `json:"seconds"`
			Status    solve.Status `json:"status"`
			Nodes     int          `json:"nodes"`
			Reason    string       `json:"reason,omitempty"`
		}{finite(s.Objective), finite(s.Bound), finite(s.Gap()), seconds, s.Status, s.Nodes, s.Reason})
	}
	_, err := fmt.Fprintf(env.stdout, "objective %s\nbound %s\ngap %s\nseconds %.3f\nstatus %s\n", plain(s.Objective), plain(s.Bound), plain(s.Gap()), seconds, s.Status)
	return err
}

// finite is null for what has no value.
func finite(x float64) *float64 {
	if math.IsInf(x, 0) {
		return nil
	}
	return &x
}

func (s *solved) writeShares(w io.Writer) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"customer", "site", "share"}}
	for _, x := range s.shares {
		rows = append(rows, []string{strconv.Itoa(int(x.customer) + 1), strconv.Itoa(int(x.site) + 1), strconv.FormatFloat(x.share, 'f', -1, 64)})
	}
	return out.WriteAll(rows)
}

package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/qiantu/qiantu/api"
	"github.com/qiantu/qiantu/planner"
	"github.com/qiantu/qiantu/planner/solve"
)

// planTask is what `qiantu plan` was asked.
type planTask struct {
	kind      string // assign, site, decide, curve
	steps     int    // of a curve
	region    string
	scenario  int64
	question  planner.Question
	assign    planner.AssignOptions
	decide    planner.DecideOptions
	limits    solve.Limits
	timeLimit time.Duration
	json      bool
	out       string
}

// made is a plan in whichever form it is wanted.
type made struct {
	solve.Outcome
	notes  []string
	worth  string // lines: the gap as an amount
	asCSV  func(io.Writer) error
	asXLSX func(io.Writer) error
	asJSON func(w io.Writer, seconds float64) error
}

func runPlan(ctx context.Context, env environment, args []string) (err error) {
	c, t, err := parsePlan(env, args)
	if err != nil {
		return err
	}
	o, err := c.open(ctx, env)
	if err != nil {
		return err
	}
	snapshot, err := t.read(ctx, o)
	if err != nil {
		return withClose(o, err)
	}
	if err := o.close(); err != nil { // nothing more is read, and a plan may take a minute
		return err
	}
	a, err := ask(ctx, snapshot, t.question)
	if err != nil {
		return err
	}
	return t.run(ctx, env, a)
}

// read reads the county of the plan, after laying its scenario under what is asked.
func (t *planTask) read(ctx context.Context, o *opened) (*planner.Snapshot, error) {
	day, question, sc, err := o.under(ctx, t.scenario, planner.SnapshotQuery{Region: t.region}, t.question)
	if err != nil {
		return nil, err
	}
	t.question, t.decide = question, t.decide.Over(sc.Options())
	return o.Snapshot(ctx, day)
}

func parsePlan(env environment, args []string) (*config, *planTask, error) {
	t := &planTask{}
	set := flags(env, "plan")
	c := storeFlags(set, env)
	set.StringVar(&t.region, "region", "", "code of the county")
	set.IntVar(&t.assign.Open, "sites", 0, "site: how many sites to open")
	to := set.String("to", "", "assign: only to these sites, ids with commas")
	set.BoolVar(&t.assign.Split, "split", false, "assign: a village may be divided among sites")
	set.StringVar(&t.assign.Metric, "metric", "m", "assign, site: least person-metres (m) or person-seconds (s)")
	set.IntVar(&t.steps, "steps", 0, "curve: how many budgets from nothing to the need; default: 8")
	budget := set.String("budget", "", "decide: yuan in total, or by year with commas")
	set.Int64Var(&t.decide.YuanPerKM, "yuan-per-km", 0, "decide: price of a kilometre of hamlet road; 0: the county's rules")
	set.Int64Var(&t.decide.YuanPerPerson, "yuan-per-person", 0, "decide: price of moving a person; 0: 60000")
	set.Int64Var(&t.decide.InterimPerHead, "interim", 0, "decide: yuan to serve a person until later; 0: none is offered")
	objective := set.String("objective", "", "decide: cost (also when empty), or unserved persons")
	scenario := scenarioFlag(set)
	edits := set.String("edits", "", "what if: close:segment:17,build:road:5,improve:segment:9,place:site:3:104.7:27.1,capacity:site:3:1200,close:site:3,add:site:900001:104.7:27.1:800,people:village:12:35:160")
	set.DurationVar(&t.timeLimit, "time-limit", time.Minute, "the best until then is given; 0: none")
	set.Float64Var(&t.limits.Gap, "gap", 0.01, "a proven gap that is enough; 0: the optimum")
	set.Uint64Var(&t.limits.Seed, "seed", 0, "of what is drawn")
	set.IntVar(&t.limits.Threads, "threads", 1, "threads")
	set.BoolVar(&t.json, "json", false, "all of it, for machines")
	set.StringVar(&t.out, "out", "", "file to write the rows to: .csv or .xlsx")
	words, err := parse(set, args)
	if err != nil {
		return nil, nil, err
	}
	if len(words) != 1 || !slices.Contains([]string{"assign", "site", "decide", "curve"}, words[0]) {
		return nil, nil, usagef("name one plan: assign, site, decide or curve")
	}
	t.kind, t.decide.Objective, t.scenario = words[0], solve.DecideObjective(*objective), *scenario
	if t.kind == "curve" && t.steps == 0 {
		t.steps = 8
	}
	if t.question.Edits, err = planner.ParseEdits(*edits); err != nil {
		return nil, nil, usagef("--edits: %v", err)
	}
	if t.decide.Budget, err = amounts(*budget); err != nil {
		return nil, nil, usagef("--budget: %v", err)
	}
	ids, err := amounts(*to)
	if err != nil {
		return nil, nil, usagef("--to: %v", err)
	}
	for _, id := range ids {
		t.assign.Sites = append(t.assign.Sites, planner.ID(id))
	}
	return c, t, t.check()
}

// amounts reads whole numbers with commas between them.
func amounts(text string) (out []int64, err error) {
	if text == "" {
		return nil, nil
	}
	for _, word := range strings.Split(text, ",") {
		n, err := strconv.ParseInt(strings.TrimSpace(word), 10, 64)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("%q is no whole number from 0 on", word)
		}
		out = append(out, n)
	}
	return out, nil
}

// check refuses what the flags do not mean together.
func (t *planTask) check() error {
	decide := len(t.decide.Budget) > 0 || t.decide.YuanPerKM != 0 || t.decide.YuanPerPerson != 0 || t.decide.InterimPerHead != 0 || t.decide.Objective != "" && t.decide.Objective != solve.LeastCost
	switch {
	case t.region == "":
		return usagef("--region is missing")
	case t.kind == "site" && t.assign.Open < 1:
		return usagef("give --sites, how many sites to open")
	case t.kind != "site" && t.assign.Open != 0:
		return usagef("--sites belongs to plan site; --to names the sites of plan assign")
	case t.kind != "assign" && (t.assign.Split || t.assign.Sites != nil):
		return usagef("--split and --to belong to plan assign; the others keep villages whole")
	case t.kind != "decide" && t.kind != "curve" && decide:
		return usagef("--budget, --yuan-per-km, --yuan-per-person, --interim and --objective belong to plan decide (all but --budget to plan curve too)")
	case t.timeLimit < 0:
		return usagef("--time-limit %v: write a duration from 0 (none), as 60s", t.timeLimit)
	case !(t.limits.Gap >= 0 && t.limits.Gap <= 1):
		return usagef("--gap %v: write a share from 0 to 1, as 0.01 for 1 %%", t.limits.Gap)
	case t.limits.Threads < 1 || t.limits.Threads > 256:
		return usagef("--threads %d: write a number from 1 to 256", t.limits.Threads)
	case t.out != "" && !strings.HasSuffix(t.out, ".csv") && !strings.HasSuffix(t.out, ".xlsx"):
		return usagef("--out %s: the name of the file must end in .csv or .xlsx", t.out)
	}
	if err := t.checkCurve(); err != nil {
		return err
	}
	return oneOf("objective", string(t.decide.Objective), "", "cost", "unserved")
}

// run makes the plan and writes it.
func (t *planTask) run(ctx context.Context, env environment, a *planner.Assessment) error {
	if t.kind == "curve" {
		return t.curve(ctx, env, a)
	}
	var m *made
	seconds, err := solving(ctx, env, &t.limits, t.timeLimit, func(ctx context.Context) (err error) {
		m, err = t.make(ctx, a)
		return err
	})
	if planner.CodeOf(err) == planner.Invalid {
		err = usagef("%v", err)
	}
	if err != nil {
		return err
	}
	for _, note := range m.notes {
		fmt.Fprintln(env.stderr, note)
	}
	if t.out != "" && m.Status != solve.Infeasible {
		write := m.asCSV
		if strings.HasSuffix(t.out, ".xlsx") {
			write = m.asXLSX
		}
		if err := writeTo(env, t.out, write); err != nil {
			return err
		}
	}
	if t.json {
		return m.asJSON(env.stdout, seconds)
	}
	_, err = fmt.Fprintf(env.stdout, "objective %s\nbound %s\ngap %s\n%sseconds %.3f\nstatus %s\n", plain(m.Objective), plain(m.Bound), plain(m.Gap()), m.worth, seconds, m.Status)
	return err
}

func (t *planTask) make(ctx context.Context, a *planner.Assessment) (*made, error) {
	if t.kind == "decide" {
		t.decide.Limits = t.limits
		p, err := t.decider(a)(ctx, t.decide)
		if err != nil {
			return nil, err
		}
		return decisions(a, p), nil
	}
	t.assign.Limits = t.limits
	p, err := a.Assign(ctx, t.assign)
	if err != nil {
		return nil, err
	}
	return assignments(a, p), nil
}

// decider makes joint plans. Of a scenario its roads are paid for first, as when it
// is submitted.
func (t *planTask) decider(a *planner.Assessment) func(context.Context, planner.DecideOptions) (*planner.DecisionPlan, error) {
	if t.scenario != 0 {
		return a.DecideSupposed
	}
	return a.Decide
}

func decisions(a *planner.Assessment, p *planner.DecisionPlan) *made {
	m := &made{Outcome: p.Outcome}
	m.asCSV = func(w io.Writer) error { return api.DecisionCSV(w, a, p) }
	m.asXLSX = func(w io.Writer) error { return api.DecisionSheet(w, a, p, api.Chinese) }
	m.asJSON = func(w io.Writer, seconds float64) error { return api.WriteDecision(w, a, p, seconds) }
	if p.Reason != "" {
		m.notes = append(m.notes, p.Reason)
		return m
	}
	m.worth = gapWorth(p)
	for _, d := range planner.Decisions {
		line := fmt.Sprintf("%s: %d villages, %d persons", d, p.County.Villages[d], p.County.Persons[d])
		if n := p.County.Unknown[d]; n > 0 {
			line += fmt.Sprintf(" and those of %d villages that nobody has counted", n)
		}
		m.notes = append(m.notes, line)
	}
	if p.Supposed > 0 {
		m.notes = append(m.notes, fmt.Sprintf("roads of the scenario: %d yuan, in objective, bound and budget, not in money", p.Supposed))
	}
	m.notes = append(m.notes, fmt.Sprintf("money: %d yuan, of that roads %d, services %d, moves %d, interim %d", p.Costs.Money, p.Costs.Roads, p.Costs.Stay, p.Costs.Moves, p.Costs.Interim),
		fmt.Sprintf("service cost unknown, counted as none: %d of the villages that get a road; power is not priced", p.County.Unpriced),
		fmt.Sprintf("violations of the published lists: %d villages in both, %d in none", p.County.Both, p.County.None))
	return m
}

// gapWorth are lines with the gap in yuan and in persons, where it has such a value.
func gapWorth(p *planner.DecisionPlan) (out string) {
	worth := p.GapWorth()
	if worth.Yuan != nil {
		out = fmt.Sprintf("gap_yuan %d\n", *worth.Yuan)
	}
	if worth.Persons != nil {
		out += fmt.Sprintf("gap_persons %d\n", *worth.Persons)
	}
	return out
}

func assignments(a *planner.Assessment, p *planner.AssignPlan) *made {
	m := &made{Outcome: p.Outcome}
	m.asCSV = func(w io.Writer) error { return api.AssignCSV(w, a, p) }
	m.asXLSX = func(w io.Writer) error { return api.AssignSheet(w, a, p, api.Chinese) }
	m.asJSON = func(w io.Writer, seconds float64) error { return api.WriteAssign(w, a, p, seconds) }
	for _, l := range p.Left {
		m.notes = append(m.notes, fmt.Sprintf("village %d %s has to move and is left out: %s", l.Village, l.Name, l.Why))
	}
	if p.Reason != "" {
		m.notes = append(m.notes, p.Reason)
	}
	for _, s := range p.Ways {
		if s.Mean == nil {
			continue
		}
		line := fmt.Sprintf("%s: mean %.1f, median %.1f, max %.1f", s.Name, *s.Mean, *s.Median, *s.Max)
		if s.Over20km != nil {
			line += fmt.Sprintf(", over 20 km %.2f %%", math.Round(*s.Over20km*100)/100)
		}
		m.notes = append(m.notes, fmt.Sprintf("%s of %d persons, %d unreachable", line, s.Persons, s.Unreachable))
	}
	return m
}

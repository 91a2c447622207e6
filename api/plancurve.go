package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// budgetCurveInput asks for the plans of a county under rising budgets.
type budgetCurveInput struct {
	DecideQuery
	Steps int `query:"steps" default:"8" minimum:"1" maximum:"20" doc:"budgets from nothing to the need, in equal steps"`
}

// budgetCurveJSON is what more money buys.
type budgetCurveJSON struct {
	Region   string            `json:"region"`
	Revision int64             `json:"revision"`
	AsOf     string            `json:"as_of"`
	Need     int64             `json:"need" doc:"yuan that the plan without a budget spends, with the roads that a scenario builds"`
	Points   []budgetPointJSON `json:"points" doc:"by budget; the last is the plan without one, its budget the need"`
}

// budgetPointJSON is the plan under a budget. GET /api/v1/plan/decide with the
// same parameters and this budget opens it.
type budgetPointJSON struct {
	Budget    int64                      `json:"budget" doc:"yuan"`
	Spent     int64                      `json:"spent" doc:"yuan"`
	Objective *float64                   `json:"objective" doc:"null: no plan"`
	Bound     *float64                   `json:"bound"`
	Gap       *float64                   `json:"gap"`
	Status    string                     `json:"status" enum:"optimal,feasible,infeasible,stopped"`
	Reason    string                     `json:"reason,omitempty" doc:"of an infeasible one"`
	Villages  map[planner.Decision]int64 `json:"villages"`
	Persons   map[planner.Decision]int64 `json:"persons"`
	Unserved  int64                      `json:"unserved" doc:"persons"`
	MeanMove  *float64                   `json:"metres_moved_mean" doc:"over persons whom the plan moves; null: it moves nobody"`
}

type budgetCurveOutput struct{ Body *budgetCurveJSON }

func (s *Server) routeCurvePlan(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "get-budget-curve", Method: http.MethodGet, Path: "/api/v1/plan/curve", Tags: []string{"plans"},
		Summary: "What more budget buys: the joint plans between nothing and the need", Errors: questionErrors,
	}, s.getBudgetCurve)
}

func (s *Server) getBudgetCurve(ctx context.Context, in *budgetCurveInput) (*budgetCurveOutput, error) {
	if len(in.Budget) > 0 {
		return nil, badParam("budget", "a curve has budgets of its own; leave it out, or ask for one plan")
	}
	ask := in.asked()
	limits, within, err := ask.limits()
	if err != nil {
		return nil, s.fail(inQuery(err))
	}
	c, revision, err := s.county(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	under, err := s.scenarioOptions(ctx, in.Region, in.Scenario)
	if err != nil {
		return nil, s.fail(err)
	}
	o := ask.options().Over(under)
	o.Budget = nil // the curve has its own
	if err := o.Check(&c.snapshot.Rules); err != nil {
		return nil, s.fail(err)
	}
	sweep := &budgetSweep{s, c, revision, o, limits, within / time.Duration(in.Steps+1), in.Steps, in.Scenario != 0}
	curve, err := workOut(ctx, s, c, fmt.Sprint("curve ", in.Scenario != 0, in.Steps, " ", within, " ", decideWords(&o, limits)),
		func(curve *budgetCurveJSON) int64 { return int64(512 * len(curve.Points)) }, sweep.run)
	if err != nil {
		return nil, s.fail(err)
	}
	return &budgetCurveOutput{curve}, nil
}

// budgetSweep makes the plans of a curve one after the other, each in an equal
// share of the time.
type budgetSweep struct {
	server   *Server
	county   *county
	revision int64
	options  planner.DecideOptions
	limits   planner.PlanLimits
	each     time.Duration
	steps    int
	scenario bool
}

func (b *budgetSweep) run(ctx context.Context) (*budgetCurveJSON, error) {
	whole, err := b.plan(ctx, nil)
	if err != nil {
		return nil, err
	}
	out := &budgetCurveJSON{Region: b.county.info.Code, Revision: b.revision, AsOf: b.county.snapshot.AsOf.String(), Need: whole.Costs.Money + whole.Costs.Supposed, Points: []budgetPointJSON{}}
	for _, budget := range planner.CurveBudgets(out.Need, b.steps) {
		p, err := b.plan(ctx, []int64{budget})
		if err != nil {
			return nil, err
		}
		out.Points = append(out.Points, pointOfCurve(budget, p))
	}
	out.Points = append(out.Points, pointOfCurve(out.Need, whole))
	return out, nil
}

// plan is one of them; it is held for whoever opens it.
func (b *budgetSweep) plan(ctx context.Context, budget []int64) (*decisionPlanJSON, error) {
	o := b.options
	o.Budget = budget
	job := decideOf(b.county, b.revision, o, b.limits, b.each, b.scenario)
	made, held := b.server.heldPlan(job)
	if !held {
		var err error
		if made, err = job.run(ctx); err != nil {
			return nil, err
		}
		if ctx.Err() != nil { // it was broken off, not out of its time
			return nil, ctx.Err()
		}
		b.server.holdPlan(job, made)
	}
	return made.wire.(*decisionPlanJSON), nil
}

func pointOfCurve(budget int64, p *decisionPlanJSON) budgetPointJSON {
	return budgetPointJSON{
		Budget: budget, Spent: p.Costs.Money + p.Costs.Supposed, Objective: p.Objective, Bound: p.Bound, Gap: p.Gap, Status: p.Status, Reason: p.Reason,
		Villages: p.County.Villages, Persons: p.County.Persons, Unserved: p.Costs.Unserved, MeanMove: p.County.MeanMove,
	}
}

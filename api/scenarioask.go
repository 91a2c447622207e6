package api

import (
	"context"
	"fmt"
	"time"

	"github.com/qiantu/qiantu/planner"
)

// supposed reads the scenario of a question and lays it under what is asked.
func (s *Server) supposed(ctx context.Context, q asking) (asking, error) {
	sc, err := s.store.Scenario(ctx, q.day.Region, q.scenario)
	if err != nil {
		return q, err
	}
	return q.over(sc)
}

// over lays a scenario under a question.
func (q asking) over(sc *planner.Scenario) (asking, error) {
	var err error
	if q.day, q.what, err = sc.Under(q.day, q.what); err != nil {
		return q, err
	}
	q.scenario, q.words = 0, wordsOfQuestion(&q.what)
	return q, nil
}

// scenarioOptions are the prices and limits of a scenario; those of none are
// the zero ones.
func (s *Server) scenarioOptions(ctx context.Context, region string, id int64) (planner.DecideOptions, error) {
	if id == 0 {
		return planner.DecideOptions{}, nil
	}
	sc, err := s.store.Scenario(ctx, region, planner.ID(id))
	if err != nil {
		return planner.DecideOptions{}, err
	}
	return sc.Options(), nil
}

// scenarioCounty is the county as a scenario asks it; a nil scenario is the
// live one.
func (s *Server) scenarioCounty(ctx context.Context, w *world, live *county, sc *planner.Scenario) (*county, error) {
	if sc == nil {
		return live, nil
	}
	q, err := asking{day: planner.SnapshotQuery{Region: live.info.Code}}.over(sc)
	if err != nil {
		return nil, err
	}
	return s.asks.get(ctx, w, live, q)
}

// baseOf is the base of a scenario, judged, as nobody asked it otherwise.
func (s *Server) baseOf(ctx context.Context, w *world, live *county, sc *planner.Scenario) (*planner.Assessment, error) {
	return s.assessmentIn(ctx, w, live, sc.Base.Day(planner.SnapshotQuery{Region: live.info.Code}))
}

// How hard the plan of a scenario is worked out: the same for who submits it and
// who compares it, and within the time that an answer is waited for.
const (
	scenarioGap  = 0.01
	scenarioTime = 30 * time.Second
)

// scenarioPlan makes the plan of a county at some prices, each once for all.
func (s *Server) scenarioPlan(ctx context.Context, c *county, o planner.DecideOptions) (*planner.DecisionPlan, error) {
	o.Limits = planner.PlanLimits{Gap: scenarioGap, Threads: 1}
	return workOut(ctx, s, c, "scenario plan "+wordsOfOptions(&o), weighPlan, func(ctx context.Context) (*planner.DecisionPlan, error) {
		ctx, cancel := context.WithTimeout(ctx, scenarioTime)
		defer cancel()
		return c.assessment.DecideSupposed(ctx, o)
	})
}

// wordsOfOptions writes prices and limits in one way.
func wordsOfOptions(o *planner.DecideOptions) string {
	or := func(n *int64) int64 {
		if n == nil {
			return -1
		}
		return *n
	}
	return fmt.Sprint(o.YuanPerKM, o.YuanPerPerson, o.InterimPerHead, or(o.LeavePerPerson), or(o.UpkeepPerKM), or(o.HaulPerKM), o.Budget, o.Objective)
}

// weighPlan is about how many bytes a plan takes.
func weighPlan(p *planner.DecisionPlan) int64 { return 512 * int64(len(p.Villages)+len(p.Candidates)) }

package planner

import "github.com/qiantu/qiantu/planner/solve"

// What a plan shares with the solver that makes it, named here for those who
// know plans and no solvers.
type (
	PlanLimits    = solve.Limits
	PlanOutcome   = solve.Outcome
	PlanObjective = solve.DecideObjective
)

// PlanStopped is the status of a plan whose time was up, or which was stopped.
const PlanStopped = solve.Stopped

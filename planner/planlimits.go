package planner

import "github.com/qiantu/qiantu/planner/solve"

// What a plan shares with the solver that makes it has names here for those who
// know plans and no solvers.

// PlanLimits are how hard a plan is searched for.
type PlanLimits = solve.Limits

// PlanOutcome is what was proven of a plan.
type PlanOutcome = solve.Outcome

// PlanObjective is what a joint plan minimises.
type PlanObjective = solve.DecideObjective

// PlanStopped is the status of a plan whose time was up, or which was stopped.
const PlanStopped = solve.Stopped

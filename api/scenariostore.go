package api

import (
	"context"

	"github.com/qiantu/qiantu/planner"
)

// Scenarios is where scenarios are read.
type Scenarios interface {
	// Scenarios lists those of a county by id, archived ones too, without the decisions that they propose.
	Scenarios(ctx context.Context, county string) ([]planner.Scenario, error)
	// Scenario reads one; NotFound where there is none.
	Scenario(ctx context.Context, county string, id planner.ID) (*planner.Scenario, error)
}

// ScenarioDeeds is where scenarios are written. Each is a Conflict where the
// scenario stands in another version than the deed says, and refused where its
// status does not allow it.
type ScenarioDeeds interface {
	// AddScenario begins one over the present: Name, Note, Parent, Settings, Base.AsOf, By, Authors and Edits are taken.
	AddScenario(ctx context.Context, county string, sc *planner.Scenario, once ...planner.Once) (planner.ID, int64, error)
	// ChangeScenario writes Name, Note and Settings.
	ChangeScenario(ctx context.Context, county string, sc *planner.Scenario) (int64, error)
	// EditScenario takes edits back, then adds others.
	EditScenario(ctx context.Context, county string, e *planner.ScenarioDeed) (int64, error)
	// RebaseScenario moves the base to the present, as of a day, and takes edits back. Like
	// SubmitScenario it is a Conflict where facts of the county changed since the deed's Seen.
	RebaseScenario(ctx context.Context, county string, e *planner.ScenarioDeed, asOf planner.Date) (int64, error)
	// SubmitScenario submits it with what it proposes.
	SubmitScenario(ctx context.Context, county string, e *planner.ScenarioDeed, plan *planner.PublishedPlan) (int64, error)
	// ApproveScenario makes what it proposed the plan.
	ApproveScenario(ctx context.Context, county string, e *planner.ScenarioDeed, plan planner.ID) (int64, error)
	// MoveScenario takes it to another status: withdrawn, returned, archived, reopened.
	MoveScenario(ctx context.Context, county string, e *planner.ScenarioDeed, to planner.ScenarioStatus) (int64, error)
}

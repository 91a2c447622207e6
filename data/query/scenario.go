package query

import _ "embed" // the statements

// The statements of scenarios and plans, by the name of their file.
var (
	//go:embed county_moved.sql
	CountyMoved string
	//go:embed plan_approve.sql
	PlanApprove string
	//go:embed plan_decision_list.sql
	PlanDecisionList string
	//go:embed plan_in_force.sql
	PlanInForce string
	//go:embed plan_insert.sql
	PlanInsert string
	//go:embed plan_list.sql
	PlanList string
	//go:embed plan_overtaken.sql
	PlanOvertaken string
	//go:embed plan_village_list.sql
	PlanVillageList string
	//go:embed scenario_change.sql
	ScenarioChange string
	//go:embed scenario_edit_insert.sql
	ScenarioEditInsert string
	//go:embed scenario_edit_list.sql
	ScenarioEditList string
	//go:embed scenario_insert.sql
	ScenarioInsert string
	//go:embed scenario_list.sql
	ScenarioList string
	//go:embed scenario_lock.sql
	ScenarioLock string
	//go:embed scenario_move.sql
	ScenarioMove string
	//go:embed scenario_rebase.sql
	ScenarioRebase string
	//go:embed scenario_revocation_insert.sql
	ScenarioRevocationInsert string
	//go:embed scenario_step_insert.sql
	ScenarioStepInsert string
	//go:embed scenario_step_list.sql
	ScenarioStepList string
)

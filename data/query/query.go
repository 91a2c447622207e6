// Package query holds every SQL statement of the product, one per file, each
// embedded into a variable of its own, so that a missing file does not compile.
//
// Parameters are $1, $2, ...; nothing is ever spliced into a statement. In the
// statements that read a county, $1 is its code, then come the day the facts
// shall be valid on and the instant they shall have been known at; at
// 'infinity' that is the present belief.
package query

import _ "embed" // the statements

// The statements, by the name of their file.
var (
	//go:embed building_list.sql
	BuildingList string
	//go:embed building_stage_list.sql
	BuildingStageList string
	//go:embed change_arm.sql
	ChangeArm string
	//go:embed change_list.sql
	ChangeList string
	//go:embed change_listen.sql
	ChangeListen string
	//go:embed change_prune.sql
	ChangePrune string
	//go:embed change_state.sql
	ChangeState string
	//go:embed county_codes.sql
	CountyCodes string
	//go:embed county_held.sql
	CountyHeld string
	//go:embed county_list.sql
	CountyList string
	//go:embed county_lock.sql
	CountyLock string
	//go:embed dispute_list.sql
	DisputeList string
	//go:embed facility_list.sql
	FacilityList string
	//go:embed id_reserve.sql
	IDReserve string
	//go:embed latest_fact.sql
	LatestFact string
	//go:embed load_analyze.sql
	LoadAnalyze string
	//go:embed load_number.sql
	LoadNumber string
	//go:embed move_event_list.sql
	MoveEventList string
	//go:embed move_list.sql
	MoveList string
	//go:embed plan_point_list.sql
	PlanPointList string
	//go:embed programme_list.sql
	ProgrammeList string
	//go:embed programme_scope_list.sql
	ProgrammeScopeList string
	//go:embed progress_list.sql
	ProgressList string
	//go:embed reference_list.sql
	ReferenceList string
	//go:embed region_children.sql
	RegionChildren string
	//go:embed region_get.sql
	RegionGet string
	//go:embed region_insert.sql
	RegionInsert string
	//go:embed region_stored.sql
	RegionStored string
	//go:embed region_where.sql
	RegionWhere string
	//go:embed relocation_site_list.sql
	RelocationSiteList string
	//go:embed revision_get.sql
	RevisionGet string
	//go:embed road_corouted_list.sql
	RoadCoroutedList string
	//go:embed road_list.sql
	RoadList string
	//go:embed road_segment_halo.sql
	RoadSegmentHalo string
	//go:embed road_segment_list.sql
	RoadSegmentList string
	//go:embed rule_get.sql
	RuleGet string
	//go:embed server_state.sql
	ServerState string
	//go:embed snapshot_plan.sql
	SnapshotPlan string
	//go:embed target_list.sql
	TargetList string
	//go:embed village_list.sql
	VillageList string
	//go:embed warning_list.sql
	WarningList string
	//go:embed water_project_list.sql
	WaterProjectList string
	//go:embed water_standard_get.sql
	WaterStandardGet string
	//go:embed water_survey_list.sql
	WaterSurveyList string
)

package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// scenarioJSON is a scenario as it stands.
type scenarioJSON struct {
	ID       planner.ID             `json:"id"`
	Name     string                 `json:"name"`
	Note     string                 `json:"note"`
	Parent   *planner.ID            `json:"parent" doc:"the scenario it was made from; null: none"`
	Base     scenarioBaseJSON       `json:"base"`
	Settings scenarioSettingsJSON   `json:"settings"`
	Status   planner.ScenarioStatus `json:"status" doc:"draft, submitted, approved, returned, archived"`
	Reason   string                 `json:"reason" doc:"given with the last step"`
	By       string                 `json:"by" doc:"login of who made it"`
	Authors  []string               `json:"authors" doc:"logins of all who ever changed it; none of them may answer it"`
	Version  int64                  `json:"version" doc:"to be sent with what changes it"`
	Changed  string                 `json:"changed"`
	Text     string                 `json:"text" doc:"the edits that stand, as in a question"`
	Edits    []scenarioEditJSON     `json:"edits" doc:"in order, those taken back too"`
	Steps    []scenarioStepJSON     `json:"steps"`
	Proposed *proposedJSON          `json:"proposed" doc:"what it proposed when it was last submitted; null: never"`
}

type scenarioBaseJSON struct {
	Revision int64  `json:"revision"`
	At       string `json:"at"`
	AsOf     string `json:"as_of"`
	Behind   int64  `json:"behind" doc:"revisions since then that changed facts of the county"`
	Fresh    bool   `json:"fresh" doc:"no fact of any county has changed since: the present is the base"`
}

// scenarioSettingsJSON is what is asked beside the edits; what is left out, or
// zero, is the rule or the default of a plan.
type scenarioSettingsJSON struct {
	Season        string  `json:"season,omitempty" enum:"dry,wet"`
	ConnectM      int64   `json:"connect_m,omitempty" minimum:"0" maximum:"5000"`
	RAIM          int64   `json:"rai_m,omitempty" minimum:"0" maximum:"20000"`
	WalkMin       int64   `json:"walk_min,omitempty" minimum:"0" maximum:"240"`
	YuanPerKM     int64   `json:"yuan_per_km,omitempty" minimum:"0" maximum:"1000000000"`
	YuanPerPerson int64   `json:"yuan_per_person,omitempty" minimum:"0" maximum:"1000000000"`
	Interim       int64   `json:"interim,omitempty" minimum:"0" maximum:"1000000000"`
	Leave         *int64  `json:"leave,omitempty" minimum:"0" maximum:"1000000000"`
	Upkeep        *int64  `json:"upkeep,omitempty" minimum:"0" maximum:"1000000000"`
	Haul          *int64  `json:"haul,omitempty" minimum:"0" maximum:"1000000000"`
	Budget        []int64 `json:"budget,omitempty" maxItems:"50"`
	Objective     string  `json:"objective,omitempty" enum:"cost,unserved"`
}

type scenarioEditJSON struct {
	ID        planner.ID  `json:"id"`
	Edit      string      `json:"edit"`
	By        string      `json:"by" doc:"login of who put it in"`
	Author    string      `json:"author" doc:"of who thought of it; another one where it was merged in"`
	From      *planner.ID `json:"from" doc:"the scenario it was merged from; null: none"`
	At        string      `json:"at"`
	Revoked   *string     `json:"revoked" doc:"when it was taken back; null: it stands"`
	RevokedBy string      `json:"revoked_by"`
}

type scenarioStepJSON struct {
	Step   string `json:"step" doc:"made, changed, rebased, merged, submitted, withdrawn, returned, approved, archived, reopened"`
	Reason string `json:"reason"`
	By     string `json:"by"`
	At     string `json:"at"`
}

type proposedJSON struct {
	Plan      planner.ID    `json:"plan"`
	Revision  int64         `json:"revision" doc:"of the base it was made of"`
	AsOf      string        `json:"as_of"`
	Objective string        `json:"objective"`
	Unit      string        `json:"unit" doc:"of value and bound: yuan, persons"`
	Value     float64       `json:"value"`
	Bound     float64       `json:"bound"`
	Money     int64         `json:"money" doc:"yuan, supposed roads included"`
	By        string        `json:"by"`
	At        string        `json:"at"`
	Approved  *approvedJSON `json:"approved" doc:"null: not"`
}

type approvedJSON struct {
	On     string `json:"on" doc:"from when it is the plan"`
	By     string `json:"by"`
	At     string `json:"at"`
	Reason string `json:"reason"`
}

type scenariosInput struct {
	Region string `query:"region" required:"true" maxLength:"64"`
	Status string `query:"status" enum:"draft,submitted,approved,returned,archived" doc:"default: all but archived"`
}

type scenariosOutput struct {
	Body struct {
		Revision int64          `json:"revision"`
		Items    []scenarioJSON `json:"items"`
		Plan     *inForceJSON   `json:"plan" doc:"in force as of the region's day; null: none was approved"`
	}
}

// inForceJSON is the plan in force.
type inForceJSON struct {
	Plan     planner.ID     `json:"plan"`
	Scenario planner.ID     `json:"scenario"`
	Name     string         `json:"name"`
	Approved approvedJSON   `json:"approved"`
	Villages map[string]int `json:"villages" doc:"by decision"`
}

type scenarioInput struct {
	ID     string `path:"id" maxLength:"20"`
	Region string `query:"region" required:"true" maxLength:"64"`
}

type scenarioOutput struct{ Body scenarioJSON }

func (s *Server) routeScenarios(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "list-scenarios", Method: http.MethodGet, Path: "/api/v1/scenarios", Tags: []string{"scenarios"},
		Summary: "What planners try in a county, and the plan in force", Errors: questionErrors,
	}, s.listScenarios)
	huma.Register(v1, huma.Operation{
		OperationID: "compare-scenarios", Method: http.MethodGet, Path: "/api/v1/scenarios/compare", Tags: []string{"scenarios"},
		Summary: "What differs between scenarios: edits, figures, villages, sites, money", Errors: questionErrors,
	}, s.compareScenarios)
	huma.Register(v1, huma.Operation{
		OperationID: "get-scenario", Method: http.MethodGet, Path: "/api/v1/scenarios/{id}", Tags: []string{"scenarios"},
		Summary: "A scenario as it stands", Errors: questionErrors,
	}, s.getScenario)
	huma.Register(v1, huma.Operation{
		OperationID: "list-conflicts", Method: http.MethodGet, Path: "/api/v1/scenarios/{id}/conflicts", Tags: []string{"scenarios"},
		Summary: "Edits about what has gone or changed since the scenario's base", Errors: questionErrors,
	}, s.listConflicts)
	s.routeProposal(v1)
	s.routeScenarioDeeds(v1)
}

func (s *Server) listScenarios(ctx context.Context, in *scenariosInput) (*scenariosOutput, error) {
	if err := s.allow(ctx, planner.ActionRead, in.Region, ""); err != nil {
		return nil, err
	}
	list, err := s.store.Scenarios(ctx, in.Region)
	if err != nil {
		return nil, s.fail(err)
	}
	w := s.world.Load()
	out := &scenariosOutput{}
	out.Body.Revision, out.Body.Items = w.revision, []scenarioJSON{}
	for i := range list {
		if status := string(list[i].Status); in.Status == status || in.Status == "" && list[i].Status != planner.ScenarioArchived {
			out.Body.Items = append(out.Body.Items, wireScenario(&list[i]))
		}
	}
	out.Body.Plan = wireInForce(w.counties[in.Region].snapshot.Plan)
	return out, nil
}

func wireInForce(p *planner.PublishedPlan) *inForceJSON {
	if p == nil {
		return nil
	}
	out := &inForceJSON{Plan: p.ID, Scenario: p.Scenario, Name: p.Name, Approved: *wireApproved(p), Villages: map[string]int{}}
	for i := range p.Villages {
		out.Villages[string(p.Villages[i].Decision)]++
	}
	return out
}

func (s *Server) getScenario(ctx context.Context, in *scenarioInput) (*scenarioOutput, error) {
	sc, err := s.readScenario(ctx, in.Region, in.ID)
	if err != nil {
		return nil, err
	}
	return &scenarioOutput{wireScenario(sc)}, nil
}

// readScenario is one that the caller may read, by the number in the path.
func (s *Server) readScenario(ctx context.Context, region, number string) (*planner.Scenario, error) {
	if err := s.allow(ctx, planner.ActionRead, region, ""); err != nil {
		return nil, err
	}
	id, err := pathID(number)
	if err != nil {
		return nil, err
	}
	sc, err := s.store.Scenario(ctx, region, id)
	return sc, s.fail(err)
}

func wireScenario(sc *planner.Scenario) scenarioJSON {
	out := scenarioJSON{
		ID: sc.ID, Name: sc.Name, Note: sc.Note, Parent: orNoID(sc.Parent), Status: sc.Status, Reason: sc.Reason, By: sc.By,
		Base:    scenarioBaseJSON{sc.Base.Revision, clock(sc.Base.At), sc.Base.AsOf.String(), sc.Base.Behind, sc.Base.Fresh},
		Authors: orEmpty(sc.Authors), Version: sc.Version, Changed: clock(sc.Changed), Text: sc.EditText(), Settings: wireSettings(&sc.Settings),
		Edits: make([]scenarioEditJSON, len(sc.Edits)), Steps: make([]scenarioStepJSON, len(sc.Steps)),
	}
	for i := range sc.Edits {
		out.Edits[i] = wireScenarioEdit(&sc.Edits[i])
	}
	for i, step := range sc.Steps {
		out.Steps[i] = scenarioStepJSON{step.Step, step.Reason, step.By, clock(step.At)}
	}
	if p := sc.Proposed; p != nil {
		out.Proposed = &proposedJSON{p.ID, p.Revision, p.AsOf.String(), p.Objective, unitOfObjective(p.Objective), p.Value, p.Bound, p.Money, p.By, clock(p.At), wireApproved(p)}
	}
	return out
}

func wireApproved(p *planner.PublishedPlan) *approvedJSON {
	if p.On.IsZero() {
		return nil
	}
	return &approvedJSON{p.On.String(), p.Approver, clock(p.Approved), p.Reason}
}

func wireScenarioEdit(e *planner.ScenarioEdit) scenarioEditJSON {
	out := scenarioEditJSON{ID: e.ID, Edit: e.Text, By: e.By, Author: e.Author, From: orNoID(e.From), At: clock(e.At), RevokedBy: e.Revoker}
	if !e.Stands() {
		at := clock(e.Revoked)
		out.Revoked = &at
	}
	return out
}

// orNoID is an id on the wire, null for none.
func orNoID(id planner.ID) *planner.ID {
	if id == 0 {
		return nil
	}
	return &id
}

func wireSettings(set *planner.ScenarioSettings) scenarioSettingsJSON {
	return scenarioSettingsJSON{
		Season: set.Season, ConnectM: set.ConnectMM / 1000, RAIM: set.RAIMM / 1000, WalkMin: set.WalkMS / 60_000,
		YuanPerKM: set.YuanPerKM, YuanPerPerson: set.YuanPerPerson, Interim: set.InterimPerHead, Leave: set.LeavePerPerson,
		Upkeep: set.UpkeepPerKM, Haul: set.HaulPerKM, Budget: slices.Clone(set.Budget), Objective: set.Objective,
	}
}

func (set *scenarioSettingsJSON) settings() planner.ScenarioSettings {
	return planner.ScenarioSettings{
		Season: set.Season, ConnectMM: set.ConnectM * 1000, RAIMM: set.RAIM * 1000, WalkMS: set.WalkMin * 60_000,
		YuanPerKM: set.YuanPerKM, YuanPerPerson: set.YuanPerPerson, InterimPerHead: set.Interim, LeavePerPerson: set.Leave,
		UpkeepPerKM: set.Upkeep, HaulPerKM: set.Haul, Budget: set.Budget, Objective: set.Objective,
	}
}

// conflictJSON is an edit about what is not what it was at the base.
type conflictJSON struct {
	Edit    scenarioEditJSON     `json:"edit"`
	Kind    planner.ConflictKind `json:"kind" doc:"gone, changed, taken"`
	Layer   string               `json:"layer" doc:"segment, road, site, village"`
	ID      planner.ID           `json:"id"`
	Name    string               `json:"name"`
	Changes []factChangeJSON     `json:"changes"`
}

type factChangeJSON struct {
	Field string `json:"field"`
	Was   string `json:"was"`
	Is    string `json:"is"`
}

type conflictsOutput struct {
	Body struct {
		Revision  int64          `json:"revision"`
		Version   int64          `json:"version"`
		Behind    int64          `json:"behind"`
		Conflicts []conflictJSON `json:"conflicts"`
	}
}

func (s *Server) listConflicts(ctx context.Context, in *scenarioInput) (*conflictsOutput, error) {
	if err := s.allow(ctx, planner.ActionRead, in.Region, ""); err != nil {
		return nil, err
	}
	id, err := pathID(in.ID)
	if err != nil {
		return nil, err
	}
	sc, err := s.store.Scenario(ctx, in.Region, id)
	if err != nil {
		return nil, s.fail(err)
	}
	w := s.world.Load()
	conflicts, err := s.conflictsOf(ctx, w, in.Region, sc)
	if err != nil {
		return nil, s.fail(err)
	}
	out := &conflictsOutput{}
	out.Body.Revision, out.Body.Version, out.Body.Behind, out.Body.Conflicts = w.revision, sc.Version, sc.Base.Behind, wireConflicts(conflicts)
	return out, nil
}

// conflictsOf holds the base of a scenario against the present.
func (s *Server) conflictsOf(ctx context.Context, w *world, region string, sc *planner.Scenario) ([]planner.RebaseConflict, error) {
	live := w.counties[region]
	if live == nil {
		return nil, noCounty(region)
	}
	if sc.Base.Behind == 0 {
		return nil, nil
	}
	base, err := s.baseOf(ctx, w, live, sc)
	if err != nil {
		return nil, err
	}
	return planner.Conflicts(sc, base, live.assessment), nil
}

func wireConflicts(list []planner.RebaseConflict) []conflictJSON {
	out := make([]conflictJSON, len(list))
	for i := range list {
		c := &list[i]
		out[i] = conflictJSON{wireScenarioEdit(&c.Edit), c.Kind, c.Subject.Kind, c.Subject.ID, c.Name, make([]factChangeJSON, len(c.Changes))}
		for k, f := range c.Changes {
			out[i].Changes[k] = factChangeJSON(f)
		}
	}
	return out
}

// scenarioEdits reads edits of a body.
func scenarioEdits(member, text, by string) ([]planner.ScenarioEdit, error) {
	edits, err := planner.ParseEdits(text)
	if err != nil {
		return nil, badMember(member, "%v", err)
	}
	out := make([]planner.ScenarioEdit, len(edits))
	for i, e := range edits {
		out[i] = planner.ScenarioEdit{Text: e.String(), By: by}
	}
	return out, nil
}

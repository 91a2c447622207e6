package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/qiantu/qiantu/planner"
)

// ScenarioDeed are the members of whatever changes a scenario.
type ScenarioDeed struct {
	Region  string `json:"region" minLength:"1" maxLength:"64"`
	Version int64  `json:"version" minimum:"1" maximum:"9007199254740992" doc:"of the scenario as the caller saw it; another one now is refused, with what stands"`
	Reason  string `json:"reason,omitempty" maxLength:"2000"`
}

type newScenarioInput struct {
	RawBody []byte
	Body    struct {
		Region   string                `json:"region" minLength:"1" maxLength:"64"`
		ID       string                `json:"id,omitempty" format:"uuid" doc:"made by the client, so that one sent twice is one"`
		Name     string                `json:"name" minLength:"1" maxLength:"200"`
		Note     string                `json:"note,omitempty" maxLength:"4000"`
		Parent   planner.ID            `json:"parent,omitempty" minimum:"0" maximum:"9007199254740992" doc:"the scenario it branches off; its edits are taken with their authors, and where no settings are given those, all its authors with them"`
		Settings *scenarioSettingsJSON `json:"settings,omitempty"`
		Edits    string                `json:"edits,omitempty" maxLength:"16000" doc:"as in questions; after those of the parent"`
	}
}

type changeScenarioInput struct {
	ID   string `path:"id" maxLength:"20"`
	Body struct {
		ScenarioDeed
		Name     *string               `json:"name,omitempty" minLength:"1" maxLength:"200"`
		Note     *string               `json:"note,omitempty" maxLength:"4000"`
		Settings *scenarioSettingsJSON `json:"settings,omitempty" doc:"all of them: what is left out is the default again"`
	}
}

type editScenarioInput struct {
	ID   string `path:"id" maxLength:"20"`
	Body struct {
		ScenarioDeed
		Add    string       `json:"add,omitempty" maxLength:"16000" doc:"as in questions; they come last"`
		Revoke []planner.ID `json:"revoke,omitempty" maxItems:"500" doc:"edits that are taken back"`
	}
}

type moveScenarioInput struct {
	ID   string `path:"id" maxLength:"20"`
	Body struct{ ScenarioDeed }
}

type archiveScenarioInput struct {
	ID      string `path:"id" maxLength:"20"`
	Region  string `query:"region" required:"true" maxLength:"64"`
	Version int64  `query:"version" required:"true" minimum:"1" maximum:"9007199254740992"`
	Reason  string `query:"reason" maxLength:"2000"`
}

// wroteScenarioJSON is a scenario after a deed.
type wroteScenarioJSON struct {
	Revision int64        `json:"revision" doc:"that shows it"`
	Scenario scenarioJSON `json:"scenario"`
}

type wroteScenario struct{ Body wroteScenarioJSON }

// scenarioProblem refuses a deed and says what stands instead.
type scenarioProblem struct {
	huma.ErrorModel
	Scenario  *scenarioJSON  `json:"scenario,omitempty"`
	Conflicts []conflictJSON `json:"conflicts,omitempty"`
	Clashes   []clashJSON    `json:"clashes,omitempty"`
}

func (s *Server) routeScenarioDeeds(v1 huma.API) {
	put := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: "/api/v1/scenarios" + path, Tags: []string{"scenarios"}, Summary: summary, Errors: writeErrors}
	}
	huma.Register(v1, put("add-scenario", http.MethodPost, "", "Begin a scenario over the present"), s.addScenario)
	huma.Register(v1, put("change-scenario", http.MethodPut, "/{id}", "Rename a scenario, or change what it asks"), s.changeScenario)
	huma.Register(v1, put("archive-scenario", http.MethodDelete, "/{id}", "Lay a scenario aside; nothing is deleted"), s.archiveScenario)
	huma.Register(v1, put("edit-scenario", http.MethodPost, "/{id}/edits", "Add edits to a scenario, or take some back"), s.editScenario)
	huma.Register(v1, put("rebase-scenario", http.MethodPost, "/{id}/rebase", "Move the base of a scenario to the present"), s.rebaseScenario)
	huma.Register(v1, put("merge-scenario", http.MethodPost, "/{id}/merge", "Bring chosen edits of another scenario into this one"), s.mergeScenario)
	huma.Register(v1, put("submit-scenario", http.MethodPost, "/{id}/submit", "Propose what a scenario plans"), s.submitScenario)
	huma.Register(v1, put("withdraw-scenario", http.MethodPost, "/{id}/withdraw", "Take a submitted scenario back"), s.withdrawScenario)
	huma.Register(v1, put("approve-scenario", http.MethodPost, "/{id}/approve", "Make what a scenario proposed the plan, as somebody who has not changed it"), s.approveScenario)
	huma.Register(v1, put("return-scenario", http.MethodPost, "/{id}/return", "Give a submitted scenario back, with a reason"), s.returnScenario)
	huma.Register(v1, put("reopen-scenario", http.MethodPost, "/{id}/reopen", "Take an archived scenario up again"), s.reopenScenario)
}

// opened is a scenario that somebody is about to change, and has the right to.
type opened struct {
	world  *world
	live   *county
	region string
	sc     *planner.Scenario
	deed   *planner.ScenarioDeed
}

// openScenario asks for the right and reads the scenario as it stands, in the
// version that the caller saw: of another one the caller is told.
func (s *Server) openScenario(ctx context.Context, action planner.Action, path string, d ScenarioDeed) (*opened, error) {
	if err := s.may(ctx, action, d.Region); err != nil {
		return nil, err
	}
	id, err := pathID(path)
	if err != nil {
		return nil, err
	}
	if err := cleanTexts(map[string]*string{"reason": &d.Reason}); err != nil {
		return nil, err
	}
	sc, err := s.store.Scenario(ctx, d.Region, id)
	if err != nil {
		return nil, s.fail(err)
	}
	w := s.world.Load()
	o := &opened{w, w.counties[d.Region], d.Region, sc, &planner.ScenarioDeed{Scenario: id, Version: d.Version, Reason: d.Reason, By: personOf(ctx).Login}}
	if sc.Version != d.Version {
		return nil, s.standsOtherwise(ctx, o, planner.Errorf(planner.Conflict, "somebody else changed the scenario meanwhile; this is how it stands"))
	}
	return o, nil
}

// standsOtherwise is a refusal that has the scenario as it stands.
func (s *Server) standsOtherwise(ctx context.Context, o *opened, err error) error {
	if planner.CodeOf(err) != planner.Conflict {
		return s.fail(err)
	}
	out := refusedScenario(ctx, err.Error())
	if sc, err := s.store.Scenario(ctx, o.region, o.sc.ID); err == nil {
		now := wireScenario(sc)
		out.Scenario = &now
	}
	return out
}

func refusedScenario(ctx context.Context, detail string) *scenarioProblem {
	return &scenarioProblem{ErrorModel: huma.ErrorModel{
		Title: http.StatusText(http.StatusConflict), Status: http.StatusConflict, Detail: detail, Instance: middleware.GetReqID(ctx),
	}}
}

// wrote answers a deed with the scenario after it. The refusal of a deed that
// came second has the scenario too.
func (s *Server) wrote(ctx context.Context, o *opened, revision int64, err error) (*wroteScenario, error) {
	if err != nil {
		return nil, s.standsOtherwise(ctx, o, err)
	}
	sc, err := s.store.Scenario(ctx, o.region, o.sc.ID)
	if err != nil {
		return nil, s.fail(err)
	}
	return &wroteScenario{wroteScenarioJSON{revision, wireScenario(sc)}}, nil
}

func (s *Server) addScenario(ctx context.Context, in *newScenarioInput) (*wroteScenario, error) {
	b := &in.Body
	if err := s.may(ctx, planner.ActionPlan, b.Region); err != nil {
		return nil, err
	}
	once, err := onceOf(ctx, b.Region, "scenario", b.ID, in.RawBody)
	if err != nil {
		return nil, s.fail(err)
	}
	w := s.world.Load()
	o := &opened{world: w, live: w.counties[b.Region], region: b.Region, sc: &planner.Scenario{}}
	done, err := s.doneBefore(ctx, once)
	if err != nil {
		return nil, s.fail(err)
	}
	if done != nil {
		o.sc.ID = done.IDs[0]
		return s.wrote(ctx, o, done.Revision, nil)
	}
	sc, err := s.newScenario(ctx, o, in)
	if err != nil {
		return nil, s.fail(err)
	}
	id, revision, err := s.works.ledger.AddScenario(ctx, b.Region, sc, once...)
	o.sc.ID = id
	return s.wrote(ctx, o, revision, err)
}

// newScenario reads what is to be begun. It is held against the county, so that
// nothing is stored that cannot be asked.
func (s *Server) newScenario(ctx context.Context, o *opened, in *newScenarioInput) (*planner.Scenario, error) {
	b := &in.Body
	if err := needed("name", &b.Name); err != nil {
		return nil, err
	}
	if err := cleanTexts(map[string]*string{"note": &b.Note}); err != nil {
		return nil, err
	}
	sc := &planner.Scenario{Name: b.Name, Note: b.Note, Parent: b.Parent, By: personOf(ctx).Login, Status: planner.ScenarioDraft}
	sc.Base = planner.ScenarioBase{AsOf: o.live.snapshot.AsOf, Fresh: true}
	if b.Parent != 0 {
		parent, err := s.store.Scenario(ctx, b.Region, b.Parent)
		if err != nil {
			return nil, badMember("parent", "%v", err)
		}
		if b.Settings == nil { // who set them is an author of the branch too
			sc.Settings, sc.Authors = parent.Settings, slices.Clone(parent.Authors)
		}
		for _, e := range parent.Edits {
			if e.Stands() {
				sc.Edits = append(sc.Edits, planner.ScenarioEdit{Text: e.Text, Author: e.Author, From: parent.ID})
			}
		}
	}
	if b.Settings != nil {
		sc.Settings = b.Settings.settings()
	}
	more, err := scenarioEdits("edits", b.Edits, sc.By)
	if err != nil {
		return nil, err
	}
	sc.Edits = append(sc.Edits, more...)
	return sc, s.askable(ctx, o, sc)
}

// askable refuses a scenario that its county cannot be asked, or planned by.
func (s *Server) askable(ctx context.Context, o *opened, sc *planner.Scenario) error {
	if err := o.live.assessment.CheckSettings(sc); err != nil {
		return err
	}
	_, err := s.scenarioCounty(ctx, o.world, o.live, sc)
	return err
}

func (s *Server) changeScenario(ctx context.Context, in *changeScenarioInput) (*wroteScenario, error) {
	o, err := s.openScenario(ctx, planner.ActionPlan, in.ID, in.Body.ScenarioDeed)
	if err != nil {
		return nil, err
	}
	next := *o.sc
	next.By = o.deed.By
	if in.Body.Name != nil {
		if err := needed("name", in.Body.Name); err != nil {
			return nil, err
		}
		next.Name = *in.Body.Name
	}
	if in.Body.Note != nil {
		if err := cleanTexts(map[string]*string{"note": in.Body.Note}); err != nil {
			return nil, err
		}
		next.Note = *in.Body.Note
	}
	if in.Body.Settings != nil {
		next.Settings = in.Body.Settings.settings()
		if err := s.askable(ctx, o, &next); err != nil {
			return nil, s.fail(err)
		}
	}
	if err := closed(o.sc); err != nil {
		return nil, s.standsOtherwise(ctx, o, err)
	}
	revision, err := s.works.ledger.ChangeScenario(ctx, o.region, &next)
	return s.wrote(ctx, o, revision, err)
}

// closed says why a scenario cannot be changed; nil: it can.
func closed(sc *planner.Scenario) error {
	if sc.Open() {
		return nil
	}
	mend := map[planner.ScenarioStatus]string{
		planner.ScenarioSubmitted: "withdraw it first", planner.ScenarioApproved: "branch off it instead", planner.ScenarioArchived: "reopen it first",
	}
	return planner.Errorf(planner.Conflict, "the scenario is %s; %s", sc.Status, mend[sc.Status])
}

func (s *Server) editScenario(ctx context.Context, in *editScenarioInput) (*wroteScenario, error) {
	o, err := s.openScenario(ctx, planner.ActionPlan, in.ID, in.Body.ScenarioDeed)
	if err != nil {
		return nil, err
	}
	o.deed.Revoke = sortedUnique(in.Body.Revoke)
	if o.deed.Add, err = scenarioEdits("add", in.Body.Add, o.deed.By); err != nil {
		return nil, err
	}
	if len(o.deed.Add)+len(o.deed.Revoke) == 0 {
		return nil, badMember("add", "neither an edit to add nor one to take back is given")
	}
	if err := closed(o.sc); err != nil {
		return nil, s.standsOtherwise(ctx, o, err)
	}
	if err := s.askable(ctx, o, after(o.sc, o.deed)); err != nil {
		return nil, s.fail(err)
	}
	revision, err := s.works.ledger.EditScenario(ctx, o.region, o.deed)
	return s.wrote(ctx, o, revision, err)
}

func sortedUnique(ids []planner.ID) []planner.ID {
	out := slices.Clone(ids)
	slices.Sort(out)
	return slices.Compact(out)
}

// after is a scenario as a deed would leave its edits.
func after(sc *planner.Scenario, d *planner.ScenarioDeed) *planner.Scenario {
	next := *sc
	next.Edits = slices.DeleteFunc(slices.Clone(sc.Edits), func(e planner.ScenarioEdit) bool { return slices.Contains(d.Revoke, e.ID) })
	next.Edits = append(next.Edits, d.Add...)
	return &next
}

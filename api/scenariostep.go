package api

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/qiantu/qiantu/planner"
)

type rebaseScenarioInput struct {
	ID   string `path:"id" maxLength:"20"`
	Body struct {
		ScenarioDeed
		Drop []planner.ID `json:"drop,omitempty" maxItems:"500" doc:"edits that are taken back with it"`
		Keep []planner.ID `json:"keep,omitempty" maxItems:"500" doc:"edits that stay although what they are about has changed"`
	}
}

// rebaseScenario moves the base to the present. Every conflict has to be
// answered: an edit about what has changed is kept or dropped, one about what is
// gone, or there already, is dropped.
func (s *Server) rebaseScenario(ctx context.Context, in *rebaseScenarioInput) (*wroteScenario, error) {
	o, err := s.openScenario(ctx, planner.ActionPlan, in.ID, in.Body.ScenarioDeed)
	if err != nil {
		return nil, err
	}
	if err := closed(o.sc); err != nil {
		return nil, s.standsOtherwise(ctx, o, err)
	}
	conflicts, err := s.conflictsOf(ctx, o.world, o.region, o.sc)
	if err != nil {
		return nil, s.fail(err)
	}
	o.deed.Revoke = sortedUnique(in.Body.Drop)
	left := slices.DeleteFunc(slices.Clone(conflicts), func(c planner.RebaseConflict) bool {
		kept := c.Kind == planner.ConflictChanged && slices.Contains(in.Body.Keep, c.Edit.ID)
		return kept || slices.Contains(o.deed.Revoke, c.Edit.ID)
	})
	if len(left) > 0 {
		out := refusedScenario(ctx, fmt.Sprintf("%d edits are about what has gone or changed since the base; keep or drop each", len(left)))
		out.Conflicts = wireConflicts(left)
		return nil, out
	}
	next := after(o.sc, o.deed)
	next.Base = planner.ScenarioBase{AsOf: o.live.snapshot.AsOf, Fresh: true}
	if err := s.askable(ctx, o, next); err != nil {
		return nil, s.fail(err)
	}
	o.deed.Seen = o.world.revision
	revision, err := s.works.ledger.RebaseScenario(ctx, o.region, o.deed, o.live.snapshot.AsOf)
	return s.wrote(ctx, o, revision, err)
}

// clashJSON is an edit that a merge would bring, and one about the same that
// stands.
type clashJSON struct {
	Brought scenarioEditJSON `json:"brought"`
	Stands  scenarioEditJSON `json:"stands"`
}

type mergeScenarioInput struct {
	ID   string `path:"id" maxLength:"20"`
	Body struct {
		ScenarioDeed
		From    planner.ID   `json:"from" minimum:"1" maximum:"9007199254740992" doc:"the scenario whose edits are brought"`
		Edits   []planner.ID `json:"edits" minItems:"1" maxItems:"500" doc:"which of them"`
		Replace bool         `json:"replace,omitempty" doc:"take back what says otherwise of the same; without it such a merge is refused and the pairs are listed"`
	}
}

// mergeScenario brings a part of one scenario into another, its parent or any.
func (s *Server) mergeScenario(ctx context.Context, in *mergeScenarioInput) (*wroteScenario, error) {
	o, err := s.openScenario(ctx, planner.ActionPlan, in.ID, in.Body.ScenarioDeed)
	if err != nil {
		return nil, err
	}
	if err := closed(o.sc); err != nil {
		return nil, s.standsOtherwise(ctx, o, err)
	}
	from, err := s.store.Scenario(ctx, o.region, in.Body.From)
	if err != nil {
		return nil, s.fail(err)
	}
	add, clashes, err := planner.Merge(from, o.sc, in.Body.Edits, o.live.assessment.RoadOf)
	if err != nil {
		return nil, s.fail(err)
	}
	if len(clashes) > 0 && !in.Body.Replace {
		return nil, refusedMerge(ctx, clashes)
	}
	if len(add) == 0 {
		return nil, badMember("edits", "all of them stand there already")
	}
	for _, e := range add {
		o.deed.Add = append(o.deed.Add, planner.ScenarioEdit{Text: e.Text, Author: e.Author, From: from.ID})
	}
	for i := range clashes {
		o.deed.Revoke = append(o.deed.Revoke, clashes[i].Stands.ID)
	}
	o.deed.Revoke, o.deed.Step = sortedUnique(o.deed.Revoke), "merged"
	if err := s.askable(ctx, o, after(o.sc, o.deed)); err != nil {
		return nil, s.fail(err)
	}
	revision, err := s.works.ledger.EditScenario(ctx, o.region, o.deed)
	return s.wrote(ctx, o, revision, err)
}

func refusedMerge(ctx context.Context, clashes []planner.MergeClash) error {
	out := refusedScenario(ctx, fmt.Sprintf("%d edits say otherwise of the same; replace them, or leave some out", len(clashes)))
	for i := range clashes {
		out.Clashes = append(out.Clashes, clashJSON{wireScenarioEdit(&clashes[i].Brought), wireScenarioEdit(&clashes[i].Stands)})
	}
	return out
}

// submitScenario works out the plan that the scenario asks for, and proposes
// that: what is approved later is what was looked at.
func (s *Server) submitScenario(ctx context.Context, in *moveScenarioInput) (*wroteScenario, error) {
	o, err := s.openScenario(ctx, planner.ActionPlan, in.ID, in.Body.ScenarioDeed)
	if err != nil {
		return nil, err
	}
	if err := closed(o.sc); err != nil {
		return nil, s.standsOtherwise(ctx, o, err)
	}
	if o.sc.Base.Behind > 0 {
		return nil, s.standsOtherwise(ctx, o, planner.Errorf(planner.Conflict, "the county has changed %d times since the scenario's base; rebase it first", o.sc.Base.Behind))
	}
	asked, err := s.scenarioCounty(ctx, o.world, o.live, o.sc)
	if err != nil {
		return nil, s.fail(err)
	}
	plan, err := s.scenarioPlan(ctx, asked, o.sc.Options())
	if err != nil {
		return nil, s.fail(err)
	}
	proposed, err := asked.assessment.Propose(plan)
	if err != nil {
		return nil, s.fail(err)
	}
	proposed.Revision, proposed.AsOf = o.sc.Base.Revision, o.sc.Base.AsOf
	o.deed.Seen = min(o.sc.Base.Revision, o.world.revision)
	revision, err := s.works.ledger.SubmitScenario(ctx, o.region, o.deed, proposed)
	return s.wrote(ctx, o, revision, err)
}

func (s *Server) withdrawScenario(ctx context.Context, in *moveScenarioInput) (*wroteScenario, error) {
	return s.moveScenario(ctx, planner.ActionPlan, in.ID, in.Body.ScenarioDeed, scenarioMove{"withdrawn", planner.ScenarioDraft, []planner.ScenarioStatus{planner.ScenarioSubmitted}})
}

func (s *Server) reopenScenario(ctx context.Context, in *moveScenarioInput) (*wroteScenario, error) {
	return s.moveScenario(ctx, planner.ActionPlan, in.ID, in.Body.ScenarioDeed, scenarioMove{"reopened", planner.ScenarioDraft, []planner.ScenarioStatus{planner.ScenarioArchived}})
}

func (s *Server) archiveScenario(ctx context.Context, in *archiveScenarioInput) (*wroteScenario, error) {
	return s.moveScenario(ctx, planner.ActionPlan, in.ID, ScenarioDeed{in.Region, in.Version, in.Reason},
		scenarioMove{"archived", planner.ScenarioArchived, []planner.ScenarioStatus{planner.ScenarioDraft, planner.ScenarioReturned}})
}

// scenarioMove is a step between states.
type scenarioMove struct {
	step string
	to   planner.ScenarioStatus
	from []planner.ScenarioStatus
}

func (s *Server) moveScenario(ctx context.Context, action planner.Action, path string, d ScenarioDeed, m scenarioMove) (*wroteScenario, error) {
	o, err := s.openScenario(ctx, action, path, d)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(m.from, o.sc.Status) {
		return nil, s.standsOtherwise(ctx, o, planner.Errorf(planner.Conflict, "the scenario is %s; it cannot be %s", o.sc.Status, m.step))
	}
	o.deed.Step = m.step
	revision, err := s.works.ledger.MoveScenario(ctx, o.region, o.deed, m.to)
	return s.wrote(ctx, o, revision, err)
}

// openAnswer opens a scenario for who answers it: submitted, and not changed by
// that person ever.
func (s *Server) openAnswer(ctx context.Context, in *moveScenarioInput) (*opened, error) {
	o, err := s.openScenario(ctx, planner.ActionDecide, in.ID, in.Body.ScenarioDeed)
	switch {
	case err != nil:
		return nil, err
	case o.sc.Status != planner.ScenarioSubmitted:
		return nil, s.standsOtherwise(ctx, o, planner.Errorf(planner.Conflict, "the scenario is %s; only one that is submitted is answered", o.sc.Status))
	case slices.Contains(o.sc.Authors, o.deed.By):
		return nil, s.standsOtherwise(ctx, o, planner.Errorf(planner.Conflict, "you changed this scenario (%s did); somebody else has to answer it", strings.Join(o.sc.Authors, ", ")))
	}
	return o, nil
}

// approveScenario makes what was proposed the plan. Facts may have changed since,
// but nothing that an edit is about, no village or site that is decided, and not
// the plan in force.
func (s *Server) approveScenario(ctx context.Context, in *moveScenarioInput) (*wroteScenario, error) {
	o, err := s.openAnswer(ctx, in)
	if err != nil {
		return nil, err
	}
	conflicts, err := s.conflictsOf(ctx, o.world, o.region, o.sc)
	if err != nil {
		return nil, s.fail(err)
	}
	if len(conflicts) > 0 {
		out := refusedScenario(ctx, fmt.Sprintf("%d edits are about what has gone or changed since the base; return it, so that it is rebased", len(conflicts)))
		out.Conflicts = wireConflicts(conflicts)
		return nil, out
	}
	if err := o.sc.Proposed.Stands(o.live.snapshot); err != nil {
		return nil, s.standsOtherwise(ctx, o, err)
	}
	revision, err := s.works.ledger.ApproveScenario(ctx, o.region, o.deed, o.sc.Proposed.ID)
	return s.wrote(ctx, o, revision, err)
}

func (s *Server) returnScenario(ctx context.Context, in *moveScenarioInput) (*wroteScenario, error) {
	if err := needed("reason", &in.Body.Reason); err != nil {
		return nil, err
	}
	o, err := s.openAnswer(ctx, in)
	if err != nil {
		return nil, err
	}
	o.deed.Step = "returned"
	revision, err := s.works.ledger.MoveScenario(ctx, o.region, o.deed, planner.ScenarioReturned)
	return s.wrote(ctx, o, revision, err)
}

package api

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// proposalJSON is what a scenario proposed, village by village.
type proposalJSON struct {
	Revision  int64                  `json:"revision" doc:"of the county that names and the plan in force are read from"`
	Plan      planner.ID             `json:"plan"`
	Objective string                 `json:"objective" doc:"cost, unserved"`
	Unit      string                 `json:"unit" doc:"of value and bound: yuan, persons"`
	Value     float64                `json:"value"`
	Bound     float64                `json:"bound" doc:"no plan is better than this"`
	Gap       float64                `json:"gap" doc:"how much better one could be at most, as a share of value"`
	Money     int64                  `json:"money" doc:"yuan, supposed roads included"`
	InForce   *planner.ID            `json:"in_force" doc:"the plan in force; null: none"`
	Changed   int                    `json:"changed" doc:"villages that are decided otherwise than in the plan in force, or where none is, all that are not connected"`
	Villages  []proposedDecisionJSON `json:"villages" doc:"by id"`
}

// proposedDecisionJSON is a village of a proposal beside the plan in force.
type proposedDecisionJSON struct {
	Village  planner.ID       `json:"village"`
	Name     string           `json:"name" doc:"empty: the village is gone"`
	Township string           `json:"township"`
	Persons  *int64           `json:"persons" doc:"null: not known"`
	Decision planner.Decision `json:"decision" doc:"connected, road, relocate, interim, review"`
	Site     *planner.ID      `json:"site"`
	SiteName string           `json:"site_name"`
	Segments []planner.ID     `json:"segments" doc:"of its road"`
	Was      planner.Decision `json:"was" doc:"in the plan in force; empty: it says nothing"`
	WasSite  *planner.ID      `json:"was_site"`
	WasName  string           `json:"was_site_name"`
	Changed  bool             `json:"changed"`
}

type proposalInput struct {
	ID     string `path:"id" maxLength:"20"`
	Region string `query:"region" required:"true" maxLength:"64"`
	Format string `query:"format" default:"json" enum:"json,csv"`
}

func (s *Server) routeProposal(v1 huma.API) {
	op := huma.Operation{
		OperationID: "get-proposal", Method: http.MethodGet, Path: "/api/v1/scenarios/{id}/proposed", Tags: []string{"scenarios"},
		Summary: "What a scenario proposed for every village, beside the plan in force", Errors: questionErrors,
	}
	huma.Register(v1, op, s.getProposal)
	v1.OpenAPI().Paths[op.Path].Get.Responses["200"].Content = map[string]*huma.MediaType{
		"application/json": {Schema: &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}},
		csvType:            {Schema: &huma.Schema{Type: huma.TypeString}},
	}
}

func (s *Server) getProposal(ctx context.Context, in *proposalInput) (*listOutput, error) {
	sc, err := s.readScenario(ctx, in.Region, in.ID)
	if err != nil {
		return nil, err
	}
	if sc.Proposed == nil {
		return nil, s.fail(planner.Errorf(planner.NotFound, "scenario %d has proposed nothing yet; submit it first", sc.ID))
	}
	w := s.world.Load()
	c := w.counties[in.Region]
	if c == nil { // its last data are gone since
		return nil, s.fail(planner.Errorf(planner.NotFound, "no region %.40q holds data", in.Region))
	}
	out := wireProposal(sc.Proposed, c.snapshot)
	out.Revision = w.revision
	if in.Format == "csv" {
		return asText(fmt.Sprintf("proposed-%s-%d", in.Region, sc.ID), out.writeCSV)
	}
	return &listOutput{Body: out}, nil
}

// wireProposal lays a proposed plan beside the one in force.
func wireProposal(p *planner.PublishedPlan, now *planner.Snapshot) *proposalJSON {
	villages, sites := map[planner.ID]*planner.Village{}, map[planner.ID]string{}
	for i := range now.Villages {
		villages[now.Villages[i].ID] = &now.Villages[i]
	}
	for i := range now.Sites {
		sites[now.Sites[i].ID] = now.Sites[i].Name
	}
	was := map[planner.ID]planner.PublishedDecision{}
	gap := planner.PlanOutcome{Objective: p.Value, Bound: p.Bound}
	out := &proposalJSON{Plan: p.ID, Objective: p.Objective, Unit: unitOfObjective(p.Objective), Value: p.Value, Bound: p.Bound, Gap: gap.Gap(), Money: p.Money, Villages: []proposedDecisionJSON{}}
	if now.Plan != nil {
		out.InForce = &now.Plan.ID
		for _, d := range now.Plan.Villages {
			was[d.Village] = d
		}
	}
	for i := range p.Villages {
		d, before := &p.Villages[i], was[p.Villages[i].Village]
		row := proposedDecisionJSON{
			Village: d.Village, Persons: d.Persons, Decision: d.Decision, Site: orNoID(d.Site), SiteName: sites[d.Site], Segments: append([]planner.ID{}, d.Segments...),
			Was: before.Decision, WasSite: orNoID(before.Site), WasName: sites[before.Site],
		}
		if v := villages[d.Village]; v != nil {
			row.Name, row.Township = v.Name, v.Township
		}
		row.Changed = d.Decision != before.Decision || d.Site != before.Site
		if before.Decision == "" { // no plan says that who is connected stays so
			row.Changed = d.Decision != planner.DecideConnected
		}
		if row.Changed {
			out.Changed++
		}
		out.Villages = append(out.Villages, row)
	}
	return out
}

// unitOfObjective is what an objective counts.
func unitOfObjective(objective string) string {
	if objective == "unserved" {
		return "persons"
	}
	return "yuan"
}

func (p *proposalJSON) writeCSV(w io.Writer) error {
	rows := [][]string{{"village", "name", "township", "persons", "decision", "site", "site_name", "segments", "was", "was_site", "was_site_name", "changed"}}
	id := func(id *planner.ID) string {
		if id == nil {
			return ""
		}
		return idText(*id)
	}
	for i := range p.Villages {
		v := &p.Villages[i]
		rows = append(rows, []string{
			idText(v.Village), v.Name, v.Township, whole(v.Persons), string(v.Decision), id(v.Site), v.SiteName, joinIDs(v.Segments), string(v.Was), id(v.WasSite), v.WasName, strconv.FormatBool(v.Changed),
		})
	}
	return writeRows(w, rows)
}

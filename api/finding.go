package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

type findingsInput struct {
	Question
	Offset int `query:"offset" default:"0" minimum:"0" maximum:"100000000"`
	Limit  int `query:"limit" default:"1000" minimum:"1" maximum:"10000"`
}

// storedFindingJSON is a rule that something stored breaks.
type storedFindingJSON struct {
	Finding
	Road      *planner.ID `json:"road" doc:"null: no one road"`
	RoadName  string      `json:"road_name"`
	Township  string      `json:"township"`
	LabelFrom string      `json:"label_from"`
	LabelTo   string      `json:"label_to"`
	Center    []float64   `json:"center" doc:"null: not drawn"`
	Bounds    []float64   `json:"bounds" doc:"null: not drawn"`
}

type findingsOutput struct {
	Body struct {
		Revision int64               `json:"revision"`
		Total    int                 `json:"total"`
		Items    []storedFindingJSON `json:"items"`
	}
}

func (s *Server) routeFindings(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "list-findings", Method: http.MethodGet, Path: "/api/v1/findings", Tags: []string{"works"},
		Summary: "The rules held against what is stored", Errors: questionErrors,
	}, s.listFindings)
}

func (s *Server) listFindings(ctx context.Context, in *findingsInput) (*findingsOutput, error) {
	a, revision, err := s.assessment(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	found, err := s.works.findings.do(ctx, a, func(context.Context) ([]planner.LedgerFinding, error) { return a.Findings(), nil })
	if err != nil {
		return nil, s.fail(err)
	}
	out := &findingsOutput{}
	out.Body.Revision, out.Body.Total = revision, len(found)
	from, to := Page{in.Offset, in.Limit}.of(len(found))
	out.Body.Items = make([]storedFindingJSON, 0, to-from)
	for i := from; i < to; i++ {
		out.Body.Items = append(out.Body.Items, wireStoredFinding(&found[i]))
	}
	return out, nil
}

func wireStoredFinding(f *planner.LedgerFinding) storedFindingJSON {
	out := storedFindingJSON{
		Finding: wireFinding(f.RuleFinding), RoadName: f.RoadName, Township: f.Township, LabelFrom: f.LabelFrom, LabelTo: f.LabelTo,
		Bounds: wireBounds(f.Bounds),
	}
	if f.Road != 0 {
		out.Road = &f.Road
	}
	if f.Center != nil {
		out.Center = []float64{f.Center[0], f.Center[1]}
	}
	return out
}

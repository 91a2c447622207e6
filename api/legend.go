package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

// legendJSON is one entry of the map's legend and how much of it is drawn.
type legendJSON struct {
	Entry  string   `json:"entry" doc:"layer:value, as in the legend: road:done, village:not, water:safe, approved:relocate, ..."`
	Count  int64    `json:"count" doc:"things; of roads the pieces"`
	Length *float64 `json:"length_km,omitempty" doc:"of roads, km drawn"`
}

type legendOutput struct {
	Body struct {
		Revision int64        `json:"revision"`
		Entries  []legendJSON `json:"entries"`
	}
}

func (s *Server) routeLegend(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "get-legend", Method: http.MethodGet, Path: "/api/v1/legend", Tags: []string{"regions"},
		Summary: "How much the map draws of each entry of its legend", Errors: questionErrors,
	}, s.getLegend)
}

func (s *Server) getLegend(ctx context.Context, in *struct{ Question }) (*legendOutput, error) {
	a, revision, err := s.assessment(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	out := &legendOutput{}
	out.Body.Revision, out.Body.Entries = revision, []legendJSON{}
	for _, c := range a.LegendCounts() {
		out.Body.Entries = append(out.Body.Entries, wireLegend(c))
	}
	return out, nil
}

func wireLegend(c planner.LegendCount) legendJSON {
	out := legendJSON{Entry: c.Entry, Count: c.Count}
	if c.MM > 0 {
		km := float64(c.MM) / 1e6
		out.Length = &km
	}
	return out
}

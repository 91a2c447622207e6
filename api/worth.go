package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

type worthInput struct {
	Question
	Page
}

// worthJSON is what an inspection would tell.
type worthJSON struct {
	Rank      int        `json:"rank"`
	Layer     string     `json:"layer" doc:"road_segment, road or village"`
	ID        planner.ID `json:"id"`
	Name      string     `json:"name"`
	Township  string     `json:"township"`
	IfGood    int64      `json:"if_good_persons" doc:"that would be known to be connected"`
	IfBad     int64      `json:"if_bad_persons" doc:"that would be known not to be"`
	Narrows   int64      `json:"narrows_persons" doc:"the greater of the two"`
	NarrowsPP float64    `json:"narrows_pp" doc:"percentage points of all known persons"`
	Bounds    []float64  `json:"bounds"`
}

type worthOutput struct {
	Body struct {
		Revision int64       `json:"revision"`
		Total    int         `json:"total"`
		Rows     []worthJSON `json:"rows"`
	}
}

func (s *Server) routeWorth(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "list-inspection-worth", Method: http.MethodGet, Path: "/api/v1/inspections/worth", Tags: []string{"figures"},
		Summary: "Which inspections would narrow the share of connected persons most", Errors: questionErrors,
	}, s.listWorth)
}

// weighWorth is about how many bytes a list takes.
func weighWorth(list []planner.InspectionWorth) int64 { return 192 * int64(len(list)) }

func (s *Server) listWorth(ctx context.Context, in *worthInput) (*worthOutput, error) {
	c, revision, err := s.county(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	list, err := workOut(ctx, s, c, "worth", weighWorth, c.assessment.Inspections)
	if err != nil {
		return nil, s.fail(err)
	}
	out := &worthOutput{}
	from, to := in.of(len(list))
	out.Body.Revision, out.Body.Total, out.Body.Rows = revision, len(list), make([]worthJSON, 0, to-from)
	for i := from; i < to; i++ {
		w := &list[i]
		out.Body.Rows = append(out.Body.Rows, worthJSON{i + 1, w.Layer, w.ID, w.Name, w.Township, w.IfGood, w.IfBad, w.Narrows, w.NarrowsPP, wireBounds(w.Bounds)})
	}
	return out, nil
}

package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

type evidenceInput struct {
	Question
	Metric string `query:"metric" required:"true" minLength:"1" maxLength:"80" doc:"as in the report: M02 completion_rate, M02, or completion_rate"`
	Scope  string `query:"scope" maxLength:"80" doc:"as in the report; default: the region"`
	Page
}

// evidenceJSON is a figure and what it is made of.
type evidenceJSON struct {
	Revision int64      `json:"revision"`
	Figure   rowJSON    `json:"figure"`
	Total    int        `json:"total"`
	Items    []itemJSON `json:"items"`
}

// itemJSON is one part of a figure.
type itemJSON struct {
	Layer     string       `json:"layer"`
	ID        *planner.ID  `json:"id" doc:"null: several things, masked together"`
	Segment   *planner.ID  `json:"segment" doc:"roads: the segment of the inventory"`
	Code      string       `json:"code"`
	Name      string       `json:"name"`
	Township  string       `json:"township"`
	Part      planner.Side `json:"part" doc:"numerator, rest, unknown, carry_over or disputed"`
	FromMM    int64        `json:"from_mm"`
	ToMM      int64        `json:"to_mm"`
	LabelFrom string       `json:"label_from"`
	LabelTo   string       `json:"label_to"`
	Amount    exact        `json:"amount"`
	Unit      planner.Unit `json:"unit"`
	Center    []float64    `json:"center" doc:"null: not drawn"`
	Bounds    []float64    `json:"bounds" doc:"null: not drawn"`
	Events    []Event      `json:"events"`

	Inspections []planner.ID `json:"inspections" doc:"that failed on the part, or measured it"`
	Disputes    []planner.ID `json:"disputes" doc:"that hold it out"`
}

// Event is a report that a part stands on.
type Event struct {
	ID        string         `json:"id"`
	Stage     string         `json:"stage"`
	On        string         `json:"on"`
	FromMM    int64          `json:"from_mm"`
	ToMM      int64          `json:"to_mm"`
	Reporter  string         `json:"reporter"`
	By        string         `json:"by" doc:"login of who entered it; empty: an import"`
	Recorded  *string        `json:"recorded" doc:"when we knew; null: not known"`
	Entered   string         `json:"entered" doc:"import, typed, strip, map, sheet, track, realign"`
	Contract  *planner.ID    `json:"contract" doc:"null: not said"`
	Note      string         `json:"note"`
	Evidence  []string       `json:"evidence" doc:"hashes of photos and files"`
	Overrides []overrideJSON `json:"overrides" doc:"rules it broke and that somebody answered for"`
}

// overrideJSON is a rule that a report broke and that somebody answered for.
type overrideJSON struct {
	Rule   string `json:"rule"`
	Reason string `json:"reason"`
	By     string `json:"by"`
}

func wireEvent(e *planner.EvidenceEvent) Event {
	out := Event{
		ID: e.ID, Stage: e.Stage, On: e.On.String(), FromMM: e.Span.From, ToMM: e.Span.To, Reporter: e.Reporter, By: e.By, Entered: e.Entered,
		Note: e.Note, Evidence: orEmpty(e.Evidence), Overrides: make([]overrideJSON, len(e.Overrides)),
	}
	if !e.Recorded.IsZero() {
		recorded := clock(e.Recorded)
		out.Recorded = &recorded
	}
	if e.Contract != 0 {
		out.Contract = &e.Contract
	}
	for i, o := range e.Overrides {
		out.Overrides[i] = overrideJSON{o.Rule, o.Reason, o.By}
	}
	return out
}

type evidenceOutput struct{ Body evidenceJSON }

func (s *Server) routeEvidence(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "get-evidence", Method: http.MethodGet, Path: "/api/v1/evidence", Tags: []string{"figures"},
		Summary: "What one figure is made of", Errors: questionErrors,
	}, s.getEvidence)
}

func (s *Server) getEvidence(ctx context.Context, in *evidenceInput) (*evidenceOutput, error) {
	a, revision, err := s.assessment(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	figure, items, err := a.Evidence(in.Metric, in.Scope)
	if err != nil {
		return nil, s.fail(err)
	}
	out := &evidenceOutput{Body: evidenceJSON{Revision: revision, Figure: wholeRow(figure), Total: len(items)}}
	from, to := in.of(len(items))
	out.Body.Items = make([]itemJSON, 0, to-from)
	for i := range items[from:to] {
		out.Body.Items = append(out.Body.Items, wireItem(figure, &items[from+i]))
	}
	return out, nil
}

func wireItem(f *planner.Figure, e *planner.EvidenceItem) itemJSON {
	out := itemJSON{
		Layer: e.Layer, Code: e.Code, Name: e.Name, Township: e.Township, Part: e.Side, FromMM: e.Span.From, ToMM: e.Span.To,
		LabelFrom: e.LabelFrom, LabelTo: e.LabelTo, Amount: amountOf(f, e), Unit: f.Basis, Bounds: wireBounds(e.Bounds),
		Events:      make([]Event, len(e.Events)),
		Inspections: orNone(e.Inspections), Disputes: orNone(e.Disputes),
	}
	if e.Side == planner.SideUnknown {
		out.Unit = unknownIn(f.Basis)
	}
	if e.ID != 0 {
		out.ID = &e.ID
	}
	if e.Segment != 0 {
		out.Segment = &e.Segment
	}
	if e.Center != nil {
		out.Center = []float64{e.Center[0], e.Center[1]}
	}
	for i := range e.Events {
		out.Events[i] = wireEvent(&e.Events[i])
	}
	return out
}

// amountOf writes an amount as the side of the figure it counts on is written,
// so that the amounts of the numerator add up to it.
func amountOf(f *planner.Figure, e *planner.EvidenceItem) exact {
	switch e.Side {
	case planner.SideNumerator:
		return exactly(e.Amount, numeratorOf(f).basis)
	case planner.SideUnknown:
		return exactly(e.Amount, unknownIn(f.Basis))
	}
	return exactly(e.Amount, f.Basis)
}

// orNone is a list that is never null.
func orNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

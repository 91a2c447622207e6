package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

type curveInput struct {
	Question
	Programme int64  `query:"programme" minimum:"0" maximum:"9007199254740992" doc:"default: the current one"`
	Township  string `query:"township" maxLength:"64" doc:"default: the whole programme"`
}

type curveJSON struct {
	Revision  int64       `json:"revision"`
	Programme planner.ID  `json:"programme"`
	Name      string      `json:"name"`
	TaskM     exact       `json:"task_m"`
	Starts    string      `json:"starts"`
	Deadline  string      `json:"deadline"`
	Points    []pointJSON `json:"points" doc:"when each metre that counts now was first reported; the last is the figure of the report"`
	Plan      []planJSON  `json:"plan" doc:"to the deadline; linear between two"`
}

type pointJSON struct {
	On         string `json:"on"`
	PlannedM   exact  `json:"planned_m"`
	StartedM   exact  `json:"started_m"`
	CompletedM exact  `json:"completed_m"`
}

type planJSON struct {
	On       string `json:"on"`
	PlannedM exact  `json:"planned_m"`
}

type curveOutput struct{ Body curveJSON }

type replayInput struct {
	Question
	Programme int64 `query:"programme" minimum:"0" maximum:"9007199254740992" doc:"default: the current one"`
}

type replayPieceJSON struct {
	Road planner.ID `json:"road"`
	Span
	Line      [][]float64 `json:"line" doc:"null: not drawn"`
	StartedOn *string     `json:"started_on" doc:"null: not started, or carried over"`
	DoneOn    *string     `json:"done_on" doc:"null: does not count as completed"`
}

type replayJSON struct {
	Revision  int64             `json:"revision"`
	Programme planner.ID        `json:"programme"`
	From      string            `json:"from"`
	To        string            `json:"to"`
	Pieces    []replayPieceJSON `json:"pieces"`
}

type replayOutput struct{ Body replayJSON }

func (s *Server) routeCurve(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "get-curve", Method: http.MethodGet, Path: "/api/v1/curve", Tags: []string{"works"},
		Summary: "The S-curve of a programme: plan against done", Errors: questionErrors,
	}, s.getCurve)
	huma.Register(v1, huma.Operation{
		OperationID: "get-replay", Method: http.MethodGet, Path: "/api/v1/replay", Tags: []string{"works"},
		Summary: "When each metre of a programme's task was begun and done", Errors: questionErrors,
	}, s.getReplay)
}

func (s *Server) getCurve(ctx context.Context, in *curveInput) (*curveOutput, error) {
	a, revision, err := s.assessment(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	c, err := a.Curve(planner.ID(in.Programme), in.Township)
	if err != nil {
		return nil, s.fail(err)
	}
	out := &curveOutput{Body: curveJSON{
		Revision: revision, Programme: c.Programme.ID, Name: c.Programme.Name, TaskM: exactly(c.Task, metres), Starts: c.Starts.String(),
		Deadline: c.Deadline.String(), Points: make([]pointJSON, len(c.Points)), Plan: make([]planJSON, len(c.Plan)),
	}}
	for i, p := range c.Points {
		out.Body.Points[i] = pointJSON{p.On.String(), exactly(p.Planned, metres), exactly(p.Started, metres), exactly(p.Completed, metres)}
	}
	for i, p := range c.Plan {
		out.Body.Plan[i] = planJSON{p.On.String(), exactly(p.Planned, metres)}
	}
	return out, nil
}

func (s *Server) getReplay(ctx context.Context, in *replayInput) (*replayOutput, error) {
	a, revision, err := s.assessment(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	r, err := a.Replay(planner.ID(in.Programme))
	if err != nil {
		return nil, s.fail(err)
	}
	out := &replayOutput{Body: replayJSON{
		Revision: revision, Programme: r.Programme.ID, From: r.From.String(), To: r.To.String(), Pieces: make([]replayPieceJSON, len(r.Pieces)),
	}}
	for i, p := range r.Pieces {
		piece := replayPieceJSON{Road: p.Road, Span: Span{p.Span.From, p.Span.To}, StartedOn: orNoDay(p.Started), DoneOn: orNoDay(p.Done)}
		for _, point := range p.Line {
			piece.Line = append(piece.Line, []float64{point[0], point[1]})
		}
		out.Body.Pieces[i] = piece
	}
	return out, nil
}

// orNoDay is a day on the wire, null for none.
func orNoDay(d planner.Date) *string {
	if d.IsZero() {
		return nil
	}
	text := d.String()
	return &text
}

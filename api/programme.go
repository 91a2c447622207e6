package api

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

type programmesInput struct{ Question }

// programmeJSON is a programme with its plan, its contracts and its money.
type programmeJSON struct {
	ID              planner.ID      `json:"id"`
	Code            string          `json:"code"`
	Name            string          `json:"name"`
	NameEN          string          `json:"name_en"`
	Starts          string          `json:"starts"`
	Deadline        string          `json:"deadline"`
	CompletingStage planner.Stage   `json:"completing_stage"`
	TaskM           exact           `json:"task_m"`
	ReportedM       exact           `json:"reported_m" doc:"of the task, at the completing stage; what counts as completed"`
	Plan            string          `json:"plan" doc:"linear or points"`
	Points          []planPointJSON `json:"points"`
	Contracts       []contractJSON  `json:"contracts"`
	Funding         fundingJSON     `json:"funding"`
}

type planPointJSON struct {
	Township string `json:"township" doc:"empty: all"`
	On       string `json:"on"`
	Share    exact  `json:"share" doc:"per cent of the task"`
}

type contractJSON struct {
	ID          planner.ID `json:"id"`
	Code        string     `json:"code"`
	Name        string     `json:"name"`
	Contractor  string     `json:"contractor"`
	Responsible string     `json:"responsible"`
	Phone       string     `json:"phone"`
	Price       exact      `json:"price" doc:"yuan; null: not known"`
	TaskM       exact      `json:"task_m" doc:"that it alone has"`
	CompletedM  exact      `json:"completed_m"`
	Rate        *float64   `json:"rate" doc:"per cent; null: no task"`
}

type fundingJSON struct {
	Items []fundingItemJSON `json:"items"`
	Sums  []fundingSumJSON  `json:"sums" doc:"by source; the last, with an empty source, of the programme"`
}

type fundingItemJSON struct {
	Source    string `json:"source"`
	Item      string `json:"item"`
	Planned   exact  `json:"planned" doc:"yuan; null: not known"`
	Allocated exact  `json:"allocated"`
	Paid      exact  `json:"paid"`
}

type fundingSumJSON struct {
	Source           string `json:"source"`
	Planned          exact  `json:"planned" doc:"yuan; null: one of the items is not known"`
	Allocated        exact  `json:"allocated"`
	Paid             exact  `json:"paid"`
	PrintedPlanned   exact  `json:"printed_planned" doc:"as a document has it; null: none has"`
	PrintedAllocated exact  `json:"printed_allocated"`
	PrintedPaid      exact  `json:"printed_paid"`
	Agrees           *bool  `json:"agrees" doc:"null: there is nothing to hold it against"`
}

type programmesOutput struct {
	Body struct {
		Revision int64           `json:"revision"`
		Items    []programmeJSON `json:"items"`
	}
}

type planInput struct {
	ID   string `path:"id" maxLength:"30"`
	Body struct {
		Region   string          `json:"region" minLength:"1" maxLength:"64"`
		Township string          `json:"township,omitempty" maxLength:"64" doc:"empty: all"`
		Points   []planPointBody `json:"points" maxItems:"1000" nullable:"false" doc:"none: linear"`
	}
}

type planPointBody struct {
	On    string  `json:"on" maxLength:"10"`
	Share float64 `json:"share" minimum:"0" maximum:"100" doc:"per cent of the task, at most four decimals"`
}

func (s *Server) routeProgrammes(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "list-programmes", Method: http.MethodGet, Path: "/api/v1/programmes", Tags: []string{"works"},
		Summary: "Programmes with their plan, contracts and money", Errors: questionErrors,
	}, s.listProgrammes)
	huma.Register(v1, huma.Operation{
		OperationID: "set-plan", Method: http.MethodPut, Path: "/api/v1/programmes/{id}/plan", Tags: []string{"works"},
		Summary: "Set the plan curve of a programme", Errors: writeErrors,
	}, s.setPlan)
}

func (s *Server) listProgrammes(ctx context.Context, in *programmesInput) (*programmesOutput, error) {
	a, revision, err := s.assessment(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	list := a.ProgrammeList()
	out := &programmesOutput{}
	out.Body.Revision, out.Body.Items = revision, make([]programmeJSON, len(list))
	for i := range list {
		out.Body.Items[i] = wireProgramme(&list[i])
	}
	return out, nil
}

func wireProgramme(x *planner.ProgrammeItem) programmeJSON {
	p := x.Programme
	out := programmeJSON{
		ID: p.ID, Code: p.Code, Name: p.Name, NameEN: p.NameEN, Starts: p.Starts.String(), Deadline: p.Deadline.String(),
		CompletingStage: p.CompletingStage, TaskM: exactly(x.Task, metres), ReportedM: exactly(x.Completed, metres),
		Plan: "linear", Points: make([]planPointJSON, len(p.Plan)), Contracts: make([]contractJSON, len(x.Contracts)),
		Funding: fundingJSON{make([]fundingItemJSON, len(x.Funding)), make([]fundingSumJSON, len(x.Sums))},
	}
	if len(p.Plan) > 0 {
		out.Plan = "points"
	}
	for i, v := range p.Plan {
		out.Points[i] = planPointJSON{v.Township, v.On.String(), exactly(v.SharePPM, percentOfPPM)}
	}
	for i := range x.Contracts {
		out.Contracts[i] = wireContract(&x.Contracts[i])
	}
	for i, f := range x.Funding {
		out.Funding.Items[i] = fundingItemJSON{f.Source, f.Item, yuan(f.PlannedFen), yuan(f.AllocatedFen), yuan(f.PaidFen)}
	}
	for i := range x.Sums {
		out.Funding.Sums[i] = wireSum(&x.Sums[i])
	}
	return out
}

// yuan is money that may not be known.
func yuan(fen *int64) exact {
	if fen == nil {
		return exact{}
	}
	return exactly(*fen, planner.UnitYuan)
}

func wireContract(x *planner.ContractItem) contractJSON {
	c := x.Contract
	return contractJSON{
		c.ID, c.Code, c.Name, c.Contractor, c.Responsible, c.Phone, yuan(c.PriceFen),
		exactly(x.Task, metres), exactly(x.Completed, metres), x.Rate(),
	}
}

func wireSum(x *planner.FundingSum) fundingSumJSON {
	out := fundingSumJSON{
		Source: x.Source, Planned: yuan(x.PlannedFen), Allocated: yuan(x.AllocatedFen), Paid: yuan(x.PaidFen), Agrees: x.Agrees,
	}
	if p := x.Printed; p != nil {
		out.PrintedPlanned, out.PrintedAllocated, out.PrintedPaid = yuan(p.PlannedFen), yuan(p.AllocatedFen), yuan(p.PaidFen)
	}
	return out
}

func (s *Server) setPlan(ctx context.Context, in *planInput) (*wroteOutput, error) {
	b := &in.Body
	var townships []string
	if b.Township != "" {
		townships = []string{b.Township}
	}
	if err := s.mayFor(ctx, planner.ActionEdit, b.Region, townships); err != nil {
		return nil, err
	}
	if err := s.writable(); err != nil {
		return nil, err
	}
	id, err := pathID(in.ID)
	if err != nil {
		return nil, err
	}
	a, err := s.present(ctx, b.Region)
	if err != nil {
		return nil, s.fail(err)
	}
	at := slices.IndexFunc(a.Snapshot.Programmes, func(p planner.Programme) bool { return p.ID == id })
	if at < 0 {
		return nil, huma.Error404NotFound("there is no programme with that number")
	}
	points, err := s.planPoints(&a.Snapshot.Programmes[at], b.Township, b.Points)
	if err != nil {
		return nil, err
	}
	revision, err := s.works.ledger.SetPlan(ctx, b.Region, id, b.Township, points, personOf(ctx).Login)
	if err != nil {
		return nil, s.fail(err)
	}
	return &wroteOutput{Body: wroteJSON{ID: &id, Revision: revision}}, nil
}

// planPoints reads a curve: days of the programme that rise, shares that do not
// fall. On the deadline everything is planned, whatever the points say, so none
// says otherwise.
func (s *Server) planPoints(of *planner.Programme, township string, in []planPointBody) ([]planner.PlanPoint, error) {
	out := make([]planner.PlanPoint, len(in))
	for i, p := range in {
		on, err := s.dayOf(fmt.Sprintf("points[%d].on", i), p.On)
		if err != nil {
			return nil, err
		}
		if on < of.Starts || !of.Deadline.IsZero() && on > of.Deadline {
			return nil, badMember(fmt.Sprintf("points[%d].on", i), "the programme runs from %s to %s; %s is not in it", of.Starts, of.Deadline, on)
		}
		if on == of.Deadline && p.Share != 100 {
			return nil, badMember(fmt.Sprintf("points[%d].share", i), "on the deadline, %s, all of it is planned: 100", on)
		}
		share := math.Round(p.Share * 1e4)
		if math.Abs(share-p.Share*1e4) > 1e-6 {
			return nil, badMember(fmt.Sprintf("points[%d].share", i), "want at most four decimals")
		}
		out[i] = planner.PlanPoint{Township: township, On: on, SharePPM: int64(share)}
		if i > 0 && (out[i].On <= out[i-1].On || out[i].SharePPM < out[i-1].SharePPM) {
			return nil, badMember(fmt.Sprintf("points[%d]", i), "days rise from point to point, and shares do not fall")
		}
	}
	return out, nil
}

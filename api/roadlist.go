package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/qiantu/qiantu/planner"
)

type roadsInput struct {
	Question
	Programme   int64  `query:"programme" minimum:"0" maximum:"9007199254740992" doc:"whose task; default: the current one"`
	Township    string `query:"township" maxLength:"64" doc:"lengths are those of the township's metres alone"`
	Village     int64  `query:"village" minimum:"0" maximum:"9007199254740992"`
	Class       string `query:"class" maxLength:"40"`
	Contract    int64  `query:"contract" minimum:"0" maximum:"9007199254740992"`
	State       string `query:"state" enum:"not_started,doing,done,disputed,no_task"`
	Level       string `query:"level" enum:"none,blue,yellow,orange,red" doc:"of the lag"`
	Responsible string `query:"responsible" maxLength:"100" doc:"part of the unit that answers for it"`
	Drawn       string `query:"drawn" enum:"true,false"`
	Q           string `query:"q" maxLength:"100" doc:"part of the code or of either name"`
	Sort        string `query:"sort" maxLength:"40" doc:"a column of the list, with - before it for falling; default: code"`
	Page
}

// RoadSums are lengths in metres.
type RoadSums struct {
	PlannedM   exact `json:"planned_m"`
	StartedM   exact `json:"started_m"`
	CompletedM exact `json:"completed_m"`
	DisputedM  exact `json:"disputed_m"`
	CarriedM   exact `json:"carried_m"`
}

// roadRowJSON is a route with its task.
type roadRowJSON struct {
	ID       planner.ID `json:"id"`
	Code     string     `json:"code"`
	Name     string     `json:"name"`
	NameEN   string     `json:"name_en"`
	Class    string     `json:"class"`
	Township string     `json:"township"`
	LengthM  exact      `json:"length_m"`
	RoadSums
	Rate        *float64  `json:"rate" doc:"per cent; null: no task"`
	LagPP       *float64  `json:"lag_pp" doc:"percentage points behind the plan; null: no task"`
	State       string    `json:"state"`
	Level       string    `json:"level"`
	Responsible string    `json:"responsible"`
	Phone       string    `json:"phone"`
	Contracts   []string  `json:"contracts"`
	LastOn      string    `json:"last_on" doc:"day of the latest report; empty: none"`
	LastBy      string    `json:"last_by"`
	Reports     int       `json:"reports"`
	Held        int       `json:"held" doc:"reports that need attention"`
	Drawn       bool      `json:"drawn"`
	Center      []float64 `json:"center" doc:"null: not drawn"`
	Bounds      []float64 `json:"bounds" doc:"null: not drawn"`
}

type roadsOutput struct {
	Body struct {
		Revision int64         `json:"revision"`
		Total    int           `json:"total"`
		Sums     RoadSums      `json:"sums" doc:"over all that is asked for, not the page alone"`
		Items    []roadRowJSON `json:"items"`
	}
}

func (s *Server) routeRoads(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "list-roads", Method: http.MethodGet, Path: "/api/v1/roads", Tags: []string{"works"},
		Summary: "The routes with their task, state and lag", Errors: questionErrors,
	}, s.listRoads)
}

func (s *Server) listRoads(ctx context.Context, in *roadsInput) (*roadsOutput, error) {
	if !planner.CanSortRoads(in.Sort) {
		return nil, badParam("sort", "the list has no column %.40q; write one of its members, with - before it for falling", in.Sort)
	}
	a, revision, err := s.assessment(ctx, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	if !knowsProgramme(a, planner.ID(in.Programme)) {
		return nil, badParam("programme", "no programme has the number %d", in.Programme)
	}
	held, err := s.heldByRoad(ctx, a, in.Question)
	if err != nil {
		return nil, s.fail(err)
	}
	list := a.Roads(in.query())
	out := &roadsOutput{}
	out.Body.Revision, out.Body.Total, out.Body.Sums = revision, list.Total, wireRoadSums(&list.Sums)
	out.Body.Items = make([]roadRowJSON, len(list.Items))
	for i := range list.Items {
		out.Body.Items[i] = wireRoadRow(&list.Items[i], held[list.Items[i].ID])
	}
	return out, nil
}

func (in *roadsInput) query() planner.RoadQuery {
	q := planner.RoadQuery{
		Programme: planner.ID(in.Programme), Township: in.Township, Village: planner.ID(in.Village), Class: in.Class, Contract: planner.ID(in.Contract),
		State: in.State, Level: in.Level, Responsible: in.Responsible, Q: in.Q, Sort: in.Sort,
		Offset: in.Offset, Limit: in.Limit,
	}
	if in.Drawn != "" {
		drawn := in.Drawn == "true"
		q.Drawn = &drawn
	}
	return q
}

// heldByRoad counts the reports that need attention; those of another day or
// instant are not kept, so that the past has none.
func (s *Server) heldByRoad(ctx context.Context, a *planner.Assessment, q Question) (map[planner.ID]int, error) {
	if s.works.ledger == nil || q.KnownAt != "" {
		return nil, nil
	}
	held, _, err := s.works.ledger.Submissions(ctx, planner.SubmissionQuery{County: q.Region, Status: planner.SubmissionHeld})
	if err != nil {
		return nil, err
	}
	words, out := newRoadWords(a), map[planner.ID]int{}
	for i := range held {
		if road := words.meant(&held[i]); road != nil {
			out[road.ID]++
		}
	}
	return out, nil
}

func wireRoadSums(r *planner.RoadSums) RoadSums {
	return RoadSums{
		exactly(r.Planned, metres), exactly(r.Started, metres), exactly(r.Completed, metres), exactly(r.Disputed, metres), exactly(r.CarryOver, metres),
	}
}

func wireRoadRow(r *planner.RoadRow, held int) roadRowJSON {
	out := roadRowJSON{
		ID: r.ID, Code: r.Code, Name: r.Name, NameEN: r.NameEN, Class: r.Class, Township: r.Township, LengthM: exactly(r.Length, metres),
		RoadSums: wireRoadSums(&r.RoadSums), Rate: r.Rate(), LagPP: r.LagPP(), State: r.State, Level: levelNames[r.Level],
		Responsible: r.Responsible, Phone: r.Phone, Contracts: orEmpty(r.Contracts), LastOn: r.LastOn.String(), LastBy: r.LastBy,
		Reports: r.Reports, Held: held, Drawn: r.Drawn, Bounds: wireBounds(r.Bounds),
	}
	if r.Center != nil {
		out.Center = []float64{r.Center[0], r.Center[1]}
	}
	return out
}

// levelNames are the warning levels as a query names them.
var levelNames = map[planner.WarningLevel]string{
	planner.WarningNone: "none", planner.WarningBlue: "blue", planner.WarningYellow: "yellow", planner.WarningOrange: "orange", planner.WarningRed: "red",
}

package api

import (
	"context"
	"math"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/paulmach/orb"

	"github.com/qiantu/qiantu/geo"
	"github.com/qiantu/qiantu/geo/chainage"
	"github.com/qiantu/qiantu/planner"
)

// pieceJSON is what becomes of an interval when a route gets a new version.
type pieceJSON struct {
	Kind     string      `json:"kind" enum:"carried,retired,new"`
	FromRoad *planner.ID `json:"from_road" required:"false" nullable:"true" doc:"null: new"`
	FromMM   *int64      `json:"from_mm" required:"false" nullable:"true"`
	ToMM     *int64      `json:"to_mm" required:"false" nullable:"true"`
	ToRoad   *planner.ID `json:"to_road" required:"false" nullable:"true" doc:"null: retired; 0 or below: a route that is new, until it is stored"`
	ToFromMM *int64      `json:"to_from_mm" required:"false" nullable:"true"`
	ToToMM   *int64      `json:"to_to_mm" required:"false" nullable:"true"`
	Reversed bool        `json:"reversed" required:"false"`
	LengthM  exact       `json:"length_m" required:"false"`
}

type operationInput struct {
	ID     string `path:"id" maxLength:"30"`
	DryRun bool   `query:"dry_run" doc:"only say what it would do"`
	Body   struct {
		Region    string      `json:"region" minLength:"1" maxLength:"64"`
		Kind      string      `json:"kind" enum:"realign,split,merge,reverse,extend,shorten"`
		On        string      `json:"on" maxLength:"10" doc:"first day of the new version"`
		Reason    string      `json:"reason" minLength:"1" maxLength:"2000"`
		Line      [][]float64 `json:"line,omitempty" maxItems:"20000" doc:"realign: the new line; extend: of the new piece"`
		AtMM      *int64      `json:"at_mm,omitempty" minimum:"0" maximum:"10000000000" doc:"split: where; extend by a length: 0 in front"`
		Other     planner.ID  `json:"other,omitempty" minimum:"0" maximum:"9007199254740992" doc:"merge: the route that comes behind"`
		Spans     []spanBody  `json:"spans,omitempty" maxItems:"1000" doc:"shorten: what is taken off"`
		LengthMM  *int64      `json:"length_mm,omitempty" minimum:"1" maximum:"10000000000" doc:"extend a route that is not drawn"`
		Tolerance *float64    `json:"tolerance_m,omitempty" minimum:"0" maximum:"1000" doc:"what is this near to the old line is carried"`
		Mapping   []pieceJSON `json:"mapping,omitempty" maxItems:"1000" doc:"the pieces, corrected by hand"`
		AddToTask bool        `json:"add_to_task,omitempty" doc:"new metres become part of the task"`
		Name      string      `json:"name,omitempty" maxLength:"200" doc:"split: of the second route"`
		Code      string      `json:"code,omitempty" maxLength:"64"`
	}
}

type spanBody struct {
	FromMM int64 `json:"from_mm" minimum:"0" maximum:"10000000000"`
	ToMM   int64 `json:"to_mm" minimum:"0" maximum:"10000000000"`
}

// operationJSON is what an operation does, or has done.
type operationJSON struct {
	Unchanged bool         `json:"unchanged" doc:"every metre stays where it is: nothing is stored"`
	Pieces    []pieceJSON  `json:"pieces"`
	Events    []movedJSON  `json:"events"`
	CarriedM  exact        `json:"carried_m"`
	RetiredM  exact        `json:"retired_m"`
	NewM      exact        `json:"new_m"`
	Completed reconciled   `json:"completed"`
	Road      planner.ID   `json:"road"`
	Version   int32        `json:"version" doc:"of the road, after it"`
	NewRoads  []planner.ID `json:"new_roads" doc:"that it made"`
	Revision  int64        `json:"revision" doc:"0: nothing was stored"`
}

// movedJSON is what becomes of a report.
type movedJSON struct {
	ID       string        `json:"id"`
	Stage    planner.Stage `json:"stage"`
	On       string        `json:"on"`
	Fate     string        `json:"fate" doc:"carried, cut or retired"`
	CarriedM exact         `json:"carried_m"`
	RetiredM exact         `json:"retired_m"`
}

// reconciled are completed metres: before = carried + retired.
type reconciled struct {
	BeforeM  exact `json:"before_m"`
	CarriedM exact `json:"carried_m"`
	RetiredM exact `json:"retired_m"`
}

type operationOutput struct{ Body operationJSON }

type lineInput struct {
	ID   string `path:"id" maxLength:"30"`
	Body struct {
		Region string      `json:"region" minLength:"1" maxLength:"64"`
		Line   [][]float64 `json:"line" minItems:"2" maxItems:"20000"`
	}
}

func (s *Server) routeOperation(v1 huma.API) {
	huma.Register(v1, huma.Operation{
		OperationID: "operate-road", Method: http.MethodPost, Path: "/api/v1/roads/{id}/operation", Tags: []string{"works"},
		Summary: "Put a route into a new version: realign, split, merge, reverse, extend, shorten", Errors: writeErrors,
	}, s.operateRoad)
	huma.Register(v1, huma.Operation{
		OperationID: "draw-road", Method: http.MethodPost, Path: "/api/v1/roads/{id}/line", Tags: []string{"works"},
		Summary: "Give a route its line that is known by its length alone", Errors: writeErrors,
	}, s.drawRoad)
}

// lineOf reads a line of a body.
func lineOf(member string, points [][]float64) (orb.LineString, error) {
	if len(points) == 0 {
		return nil, nil
	}
	line := make(orb.LineString, len(points))
	for i, p := range points {
		if len(p) != 2 {
			return nil, badMember(member, "point %d has %d numbers; want [longitude, latitude]", i+1, len(p))
		}
		line[i] = orb.Point{p[0], p[1]}
	}
	if err := geo.Check(line); err != nil {
		return nil, badMember(member, "%v", err)
	}
	if len(line) < 2 || geo.Length(line) == 0 {
		return nil, badMember(member, "a line has two points at least, and a length")
	}
	return line, nil
}

// roadForEdit finds a route that the caller may edit, all of it.
func (s *Server) roadForEdit(ctx context.Context, county, text string) (*planner.Assessment, *planner.Road, error) {
	if _, err := s.mayAnywhere(ctx, planner.ActionEdit, county); err != nil {
		return nil, nil, err
	}
	if err := s.writable(); err != nil {
		return nil, nil, err
	}
	id, err := pathID(text)
	if err != nil {
		return nil, nil, err
	}
	a, err := s.present(ctx, county)
	if err != nil {
		return nil, nil, err
	}
	road := roadOf(a, id)
	if road == nil {
		return nil, nil, huma.Error404NotFound("there is no road with that number")
	}
	return a, road, s.mayFor(ctx, planner.ActionEdit, county, townshipsOf(a, road, chainage.Span{To: road.Length}))
}

func (s *Server) operateRoad(ctx context.Context, in *operationInput) (*operationOutput, error) {
	b := &in.Body
	done, err := s.turnFor(ctx, b.Region, planner.ActionEdit)
	if err != nil {
		return nil, s.fail(err)
	}
	var wrote int64
	defer func() { done(wrote) }()
	a, road, err := s.roadForEdit(ctx, b.Region, in.ID)
	if err != nil {
		return nil, s.fail(err)
	}
	request, err := s.operationRequest(ctx, a, road, in)
	if err != nil {
		return nil, s.fail(err)
	}
	operation, effect, err := a.PlanOperation(*request)
	if err != nil {
		return nil, s.fail(err)
	}
	out := &operationOutput{Body: wireEffect(road, effect)}
	if in.DryRun || effect.Unchanged || operation == nil {
		return out, nil
	}
	made, revision, err := s.works.ledger.Operate(ctx, b.Region, operation)
	if err != nil {
		return nil, s.fail(err)
	}
	wrote = revision
	out.Body.Revision = revision
	out.Body.NewRoads = append(out.Body.NewRoads, made...)
	out.Body.number(operation, made)
	return out, nil
}

// number gives the pieces the numbers that new routes have got: those of o.New
// with an id of 0 or below, in that order.
func (j *operationJSON) number(o *planner.Operation, made []planner.ID) {
	stored := map[planner.ID]*planner.ID{}
	for i := range o.New {
		if id := o.New[i].ID; id <= 0 && len(stored) < len(made) {
			stored[id] = &made[len(stored)]
		}
	}
	for i := range j.Pieces {
		p := &j.Pieces[i]
		if p.ToRoad != nil && stored[*p.ToRoad] != nil {
			p.ToRoad = stored[*p.ToRoad]
		}
	}
}

// turnFor is turn for who may do something somewhere in the county: others do
// not wait in line.
func (s *Server) turnFor(ctx context.Context, county string, action planner.Action) (func(int64), error) {
	if _, err := s.mayAnywhere(ctx, action, county); err != nil {
		return nil, err
	}
	return s.turn(ctx, county)
}

func (s *Server) operationRequest(ctx context.Context, a *planner.Assessment, road *planner.Road, in *operationInput) (*planner.OperationRequest, error) {
	b := &in.Body
	if err := cleanTexts(map[string]*string{"name": &b.Name, "code": &b.Code}); err != nil {
		return nil, err
	}
	if err := needed("reason", &b.Reason); err != nil {
		return nil, err
	}
	on, err := s.pastDay("on", b.On)
	if err != nil {
		return nil, err
	}
	line, err := lineOf("line", b.Line)
	if err == nil {
		err = nearCounty(a, line)
	}
	if err != nil {
		return nil, err
	}
	r := &planner.OperationRequest{
		Kind: b.Kind, Road: road.ID, On: on, Reason: b.Reason, By: personOf(ctx).Login, Line: line, At: b.AtMM, Other: b.Other,
		Length: b.LengthMM, AddToTask: b.AddToTask, Name: b.Name, Code: b.Code,
	}
	if b.Other != 0 {
		other := roadOf(a, b.Other)
		if other == nil {
			return nil, badMember("other", "no route has the number %d", b.Other)
		}
		if err := s.mayFor(ctx, planner.ActionEdit, b.Region, townshipsOf(a, other, chainage.Span{To: other.Length})); err != nil {
			return nil, err
		}
	}
	for _, span := range b.Spans {
		r.Spans = append(r.Spans, chainage.Span{From: span.FromMM, To: span.ToMM})
	}
	if b.Tolerance != nil {
		mm := int64(math.Round(*b.Tolerance * 1000))
		r.Tolerance = &mm
	}
	for i := range b.Mapping {
		r.Mapping = append(r.Mapping, b.Mapping[i].piece())
	}
	return r, nil
}

// piece reads what was corrected by hand; a side that is not given is none.
func (p *pieceJSON) piece() planner.OperationPiece {
	return planner.OperationPiece{
		Kind: planner.MappingKind(p.Kind), FromRoad: orZero(p.FromRoad), FromSpan: chainage.Span{From: orZero(p.FromMM), To: orZero(p.ToMM)},
		ToRoad: orZero(p.ToRoad), ToSpan: chainage.Span{From: orZero(p.ToFromMM), To: orZero(p.ToToMM)}, Reversed: p.Reversed,
	}
}

func orZero[T any](v *T) T {
	if v == nil {
		var none T
		return none
	}
	return *v
}

func wirePiece(p *planner.OperationPiece) pieceJSON {
	out := pieceJSON{Kind: string(p.Kind), Reversed: p.Reversed, LengthM: exactly(p.Length(), metres)}
	if p.Kind != planner.MappingNew {
		out.FromRoad, out.FromMM, out.ToMM = &p.FromRoad, &p.FromSpan.From, &p.FromSpan.To
	}
	if p.Kind != planner.MappingRetired {
		out.ToRoad, out.ToFromMM, out.ToToMM = &p.ToRoad, &p.ToSpan.From, &p.ToSpan.To
	}
	return out
}

func wireEffect(road *planner.Road, e *planner.OperationEffect) operationJSON {
	out := operationJSON{
		Unchanged: e.Unchanged, Pieces: make([]pieceJSON, len(e.Pieces)), Events: make([]movedJSON, len(e.Events)),
		CarriedM: exactly(e.Carried, metres), RetiredM: exactly(e.Retired, metres), NewM: exactly(e.New, metres),
		Completed: reconciled{exactly(e.Completed.Before, metres), exactly(e.Completed.Carried, metres), exactly(e.Completed.Retired, metres)},
		Road:      road.ID, Version: road.Version, NewRoads: []planner.ID{},
	}
	for i := range e.Pieces {
		out.Pieces[i] = wirePiece(&e.Pieces[i])
	}
	for i, v := range e.Events {
		out.Events[i] = movedJSON{v.ID, v.Stage, v.On.String(), v.Fate, exactly(v.Carried, metres), exactly(v.Retired, metres)}
	}
	for i := range e.Roads {
		if e.Roads[i].ID == road.ID {
			out.Version = e.Roads[i].Version
		}
	}
	return out
}

func (s *Server) drawRoad(ctx context.Context, in *lineInput) (*wroteOutput, error) {
	a, road, err := s.roadForEdit(ctx, in.Body.Region, in.ID)
	if err != nil {
		return nil, s.fail(err)
	}
	line, err := lineOf("line", in.Body.Line)
	if err == nil {
		err = nearCounty(a, line)
	}
	if err != nil {
		return nil, err
	}
	if len(road.Line) > 0 {
		return nil, s.fail(planner.Errorf(planner.Conflict, "%s has a line; realign it to give it another", road.Name))
	}
	revision, err := s.works.ledger.DrawRoad(ctx, in.Body.Region, road.ID, line, personOf(ctx).Login)
	if err != nil {
		return nil, s.fail(err)
	}
	return &wroteOutput{Body: wroteJSON{ID: &road.ID, Revision: revision}}, nil
}
